"""The contract of publishing, played on a real WordPress; what stands is asked without Palabre."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from palabre.kit.http import Http
from palabre.networks.contract import SignIn
from palabre.networks.errors import AuthExpired, Rejected
from palabre.networks.outgoing import Article, Media, Outgoing, Part, Visibility
from palabre.networks.rules import MediaKind
from palabre.networks.wordpress import connector as wordpress
from tests.contract.publishing import PublishesContract
from tests.contract.stage import PIXEL, Stage, Standing, drive
from tests.contract.wordpress_server import plain
from tests.live.wordpress.site import Site
from tests.live.wordpress.talk import Talk

pytestmark = pytest.mark.live

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Http(allow=LOOPBACK) as client:
        yield client


@pytest.fixture
def connector() -> Any:
    return wordpress


@pytest.fixture(scope="module")
def talk(wordpress_site: Site) -> Talk:
    return Talk.below(wordpress_site, "Ce que l’on en dit")


@pytest.fixture
def stage(wordpress_site: Site, http: Http, talk: Talk) -> Stage:
    return stage_of(wordpress_site, http, talk)


def stage_of(site: Site, http: Http, talk: Talk) -> Stage:
    """The site as the contract plays on it; others speak below the article of `talk`."""

    async def standing() -> list[Standing]:
        asked = {"status": "publish,future,draft,pending,private", "context": "edit", "per_page": "100"}
        posts = site.call("GET", "/wp/v2/posts", params=asked).json()
        return [
            Standing(
                id=f"{site.address}/?p={post['id']}",
                text=plain(post["content"]["raw"]),
                alts=_alts(site, post["featured_media"]),
            )
            for post in reversed(posts)
        ] + talk.standing()

    def writes(method: str, url: str) -> bool:
        return method == "POST" and url.endswith("/wp/v2/posts")

    fields = {"server": site.address, "user": site.user, "app_password": site.password}
    return Stage(
        name="live",
        key="wordpress",
        sign_in=SignIn(kind="application_password", fields=fields),
        http=lambda: http,
        standing=standing,
        writes=writes,
        said_by_other=talk.speak,
        now=lambda: datetime.now(UTC),
        impossible={"refresh": "an application password does not end by itself and is not renewed"},
    )


def _alts(site: Site, number: int) -> tuple[str, ...]:
    if not number:
        return ()
    return (site.call("GET", f"/wp/v2/media/{number}", params={"context": "edit"}).json()["alt_text"],)


class TestPublishesLive(PublishesContract):
    """Every scene of the contract."""


def _article(stage: Stage, **more: Any) -> Outgoing:
    article = Article(
        title="L’été & nous",
        slug="l-ete-et-nous",
        excerpt="Un extrait",
        categories=("Actualités", "Été & soleil"),
        tags=("café", "tilleuls"),
    )
    return stage.content(
        "Un paragraphe.\nUne ligne.\n\nVoir https://tilleuls.com/a?b=1&c=2", article=article, **more
    )


async def test_an_article_has_its_terms_its_slug_and_its_paragraphs(
    wordpress_site: Site, stage: Stage
) -> None:
    session = await stage.signed(wordpress)
    outgoing = _article(stage)
    published = await drive(wordpress, session, outgoing)
    assert published.first is not None
    post = wordpress_site.call(
        "GET", f"/wp/v2/posts/{published.first.extra['id']}", params={"context": "edit"}
    ).json()
    assert post["title"]["raw"] == "L’été & nous" and post["excerpt"]["raw"] == "Un extrait"
    assert post["slug"].startswith("l-ete-et-nous") and post["link"] == published.url
    assert post["content"]["raw"].startswith("<p>Un paragraphe.<br>Une ligne.</p>\n\n<p>Voir <a href=")
    assert "<!--" not in post["title"]["raw"] + post["excerpt"]["raw"]
    names = [
        wordpress_site.call("GET", f"/wp/v2/{kind}/{number}").json()["name"]
        for kind in ("categories", "tags")
        for number in post[kind]
    ]
    assert sorted(name.replace("&amp;", "&") for name in names) == sorted(
        ["Actualités", "Été & soleil", "café", "tilleuls"]
    )
    again = await drive(wordpress, session, replace(outgoing, key="delivery-of-the-same-terms"))
    assert again.first is not None
    second = wordpress_site.call("GET", f"/wp/v2/posts/{again.first.extra['id']}").json()
    assert (second["categories"], second["tags"]) == (post["categories"], post["tags"])


async def test_a_draft_stays_a_draft_and_a_date_is_left_to_the_site(
    wordpress_site: Site, stage: Stage
) -> None:
    session = await stage.signed(wordpress)
    draft = await drive(wordpress, session, _article(stage, visibility=Visibility.DRAFT))
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    later = await drive(wordpress, session, _article(stage, publish_at=tomorrow))
    assert draft.first is not None and later.first is not None
    assert draft.first.extra["status"] == "draft" and not draft.url
    assert later.first.extra["status"] == "future" and later.first.at == tomorrow


async def test_the_same_files_are_uploaded_once(wordpress_site: Site, stage: Stage) -> None:
    session = await stage.signed(wordpress)
    image = replace(Media.of(PIXEL, kind=MediaKind.IMAGE, mime="image/png"), alt="Un point")
    outgoing = replace(_article(stage), parts=(Part(text="Deux images", media=(image, image)),))

    def files() -> int:
        return int(wordpress_site.call("GET", "/wp/v2/media").headers["X-WP-Total"])

    before = files()
    published = await drive(wordpress, session, outgoing)
    await wordpress.edit(session, outgoing, published.sent)
    assert files() == before + 1
    raw = wordpress_site.call(
        "GET", f"/wp/v2/posts/{published.sent[0].extra['id']}", params={"context": "edit"}
    ).json()["content"]["raw"]
    assert raw.count("<img") == 1 and 'alt="Un point"' in raw


async def test_who_may_not_publish_is_told_before(wordpress_site: Site, http: Http, stage: Stage) -> None:
    fields = {"server": wordpress_site.address, "user": "zoe", "app_password": wordpress_site.writer}
    writer = replace(stage, sign_in=replace(stage.sign_in, fields=fields))
    session = await writer.signed(wordpress)
    assert session.rules is not None and session.rules.visibilities == ("draft",)
    (problem,) = [p for p in await wordpress.check(session, stage.content()) if p.field == "visibility"][:1]
    assert problem.message("fr")
    with pytest.raises(Rejected):
        await wordpress.publish(session, stage.content())
    draft = await drive(wordpress, session, stage.content(visibility=Visibility.DRAFT))
    assert draft.complete
    refused = await wordpress.check(session, stage.content(visibility=Visibility.DRAFT))
    assert refused == ()


async def test_a_password_never_goes_in_clear_to_the_open_internet(stage: Stage) -> None:
    fields = dict(stage.sign_in.fields) | {"server": "http://blog.tilleuls.com"}
    with pytest.raises(Rejected) as refused:
        await wordpress.exchange(stage.stranger(), replace(stage.sign_in, fields=fields), {}, {})
    assert refused.value.code == "unsafe_address"


async def test_the_sites_own_page_is_found(stage: Stage, wordpress_site: Site) -> None:
    sign_in = SignIn(
        kind="page",
        fields={"server": wordpress_site.address},
        redirect_uri="https://palabre.example/back",
        state="state",
    )
    page = await wordpress.authorise_url(stage.stranger(), sign_in)
    assert page.url.startswith(f"{wordpress_site.address}/wp-admin/authorize-application.php?")
    answer = {
        "state": "state",
        "user_login": wordpress_site.user,
        "password": wordpress_site.password,
        "site_url": wordpress_site.address,
    }
    grant = await wordpress.exchange(stage.stranger(), sign_in, page.pending, answer)
    (account,) = await wordpress.accounts(replace(stage.stranger(), credentials=grant.credentials))
    assert account.name == "Le café des Tilleuls"


async def test_a_password_that_was_revoked_asks_for_a_new_sign_in(wordpress_site: Site, stage: Stage) -> None:
    made = wordpress_site.call(
        "POST", "/wp/v2/users/me/application-passwords", json={"name": "à révoquer"}
    ).json()
    fields = dict(stage.sign_in.fields) | {"app_password": made["password"]}
    session = await replace(stage, sign_in=replace(stage.sign_in, fields=fields)).signed(wordpress)
    await wordpress.revoke(session)
    await wordpress.revoke(session)
    with pytest.raises(AuthExpired):
        await wordpress.publish(session, stage.content())


async def test_comments_are_counted_once_they_are_shown(wordpress_site: Site, stage: Stage) -> None:
    session = await stage.signed(wordpress)
    published = await drive(wordpress, session, stage.content())
    post = int(published.sent[0].extra["id"])
    for status in ("approve", "hold"):
        made = wordpress_site.call(
            "POST", "/wp/v2/comments", json={"post": post, "content": f"Un mot, {status}", "status": status}
        )
        assert made.status_code == 201
    figures = await wordpress.measure(session, published.sent)
    assert figures[published.remote_id].replies == 1
