"""Hearing and answering, played on a real WordPress; visitors speak through the site's own form."""

from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from itertools import count
from typing import Any

import httpx
import pytest

from palabre.kit.http import Http
from palabre.networks.contract import Address, ItemKind, Session
from palabre.networks.errors import NotPermitted, OutcomeUnknown, Rejected
from palabre.networks.outgoing import Target
from palabre.networks.wordpress import connector as wordpress
from tests.contract.hearing import HearsContract, visit
from tests.contract.stage import Fault, Stage, Standing, drive
from tests.live.wordpress.site import Site
from tests.live.wordpress.test_wordpress import LOOPBACK, _stage

pytestmark = pytest.mark.live

_people = count(1)


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Http(allow=LOOPBACK) as client:
        yield client


@pytest.fixture
def connector() -> Any:
    return wordpress


@pytest.fixture(scope="module")
def article(wordpress_site: Site) -> int:
    asked = {"title": "La carte & l’été", "content": "<p>Du jour</p>", "status": "publish"}
    return int(wordpress_site.call("POST", "/wp/v2/posts", json=asked).json()["id"])


@pytest.fixture
def stage(wordpress_site: Site, http: Http, article: int) -> Stage:
    site = wordpress_site

    async def speak(text: str, above: str) -> Target:
        parent = int(above.rpartition("-")[2]) if above else 0
        asked = {
            "post": article,
            "parent": parent,
            "content": f"{text} ({next(_people)})",
            "author_name": "Zoé",
            "author_email": "zoe@visiteurs.test",
            "status": "approve",
        }
        answer = site.call("POST", "/wp/v2/comments", json=asked)
        assert answer.status_code == 201, answer.text
        return Target(remote_id=_id(site, answer.json()))

    async def unsay(target: Target) -> None:
        number = target.remote_id.rpartition("-")[2]
        assert site.call("DELETE", f"/wp/v2/comments/{number}", params={"force": "true"}).is_success

    async def standing() -> list[Standing]:
        return [_standing(site, comment) for comment in _comments(site)]

    def writes(method: str, url: str) -> bool:
        return method == "POST" and url.endswith("/wp/v2/comments")

    return replace(
        _stage(site, http),
        standing=standing,
        writes=writes,
        speak=speak,
        unsay=unsay,
        ear="comments",
        own_ear="comments",
        many=3,
    )


@pytest.fixture
async def session(connector: Any, stage: Stage) -> Session:
    return await stage.signed(connector)


def _comments(site: Site) -> list[dict[str, Any]]:
    asked = {"status": "all", "context": "edit", "per_page": "100", "order": "asc"}
    found: list[dict[str, Any]] = site.call("GET", "/wp/v2/comments", params=asked).json()
    return found


def _id(site: Site, comment: dict[str, Any]) -> str:
    return f"{site.address}/?p={comment['post']}#comment-{comment['id']}"


def _standing(site: Site, comment: dict[str, Any]) -> Standing:
    above = f"{site.address}/?p={comment['post']}"
    above += f"#comment-{comment['parent']}" if comment["parent"] else ""
    return Standing(id=_id(site, comment), text=unescape(comment["content"]["raw"]), above=above)


def visitor(site: Site, article: int, text: str) -> dict[str, Any]:
    """Somebody fills in the form below an article; gives the comment as its moderators have it."""
    mail = f"leo{next(_people)}@visiteurs.test"
    form = {"comment": text, "author": "Léo", "email": mail, "url": "", "comment_post_ID": str(article)}
    answer = httpx.post(f"{site.address}/wp-comments-post.php", data=form, timeout=60)
    assert answer.status_code == 302, answer.text
    return next(one for one in reversed(_comments(site)) if one["author_email"] == mail)


class TestHearsLive(HearsContract):
    """Every scene of the contract."""


async def test_a_comment_is_held_then_shown_then_binned(
    wordpress_site: Site, session: Session, article: int
) -> None:
    text = 'Un mot <a href="https://pub.example/offre">par ici</a>\n\nÀ bientôt & merci'
    made = visitor(wordpress_site, article, text)
    asked = f"/wp/v2/comments/{made['id']}"

    async def heard() -> Any:
        found, _ = await visit(wordpress, session, "comments")
        return {said.item.remote_id: said for said in found}[_id(wordpress_site, made)]

    said = await heard()
    assert said.held and said.address is Address.COMMENT and not said.item.deleted
    assert said.item.text == "Un mot par ici (https://pub.example/offre)\nÀ bientôt & merci"
    (above,) = said.above
    assert (above.kind, above.title) == (ItemKind.ARTICLE, "La carte & l’été")
    assert said.item.thread_id == above.remote_id == said.item.reply_to
    assert said.item.author.name == "Léo" and "visiteurs" not in repr(said)
    wordpress_site.call("POST", asked, json={"status": "approved"})
    assert not (await heard()).held
    for state in ("spam", "trash"):
        wordpress_site.call("POST", asked, json={"status": state})
        assert (await heard()).item.deleted


async def test_a_page_of_answers_holds_no_address_of_anybody(
    session: Session, wordpress_site: Site, article: int
) -> None:
    visitor(wordpress_site, article, "Bonjour")
    page = await wordpress.hear(session, "comments", None)
    assert page.raw and "visiteurs.test" not in repr(page) and "127.0.0.1'" not in repr(page)


async def test_a_comment_that_waits_is_not_answered(
    wordpress_site: Site, stage: Stage, session: Session, article: int
) -> None:
    made = visitor(wordpress_site, article, "Vous répondez ?")
    outgoing = stage.content("Oui", reply_to=Target(remote_id=_id(wordpress_site, made)))
    (problem,) = await wordpress.check(session, outgoing)
    assert problem.code == "reply_target_held" and problem.message("fr") and problem.message("en")
    with pytest.raises(Rejected):
        await wordpress.publish(session, outgoing)
    wordpress_site.call("POST", f"/wp/v2/comments/{made['id']}", json={"status": "approved"})
    assert await wordpress.check(session, outgoing) == ()
    assert (await drive(wordpress, session, outgoing)).complete


async def test_an_article_is_answered_below_it_until_its_comments_are_closed(
    wordpress_site: Site, stage: Stage, session: Session, article: int
) -> None:
    target = Target(remote_id=f"{wordpress_site.address}/?p={article}")
    text = "Un mot de nous <b>ici</b> & là"
    published = await drive(wordpress, session, stage.content(text, reply_to=target))
    (post,) = [one for one in await stage.standing() if one.id == published.remote_id]
    assert (post.above, post.text) == (target.remote_id, text)
    figures = await wordpress.measure(session, published.sent)
    assert figures[published.remote_id].replies == 0
    wordpress_site.call("POST", f"/wp/v2/posts/{article}", json={"comment_status": "closed"})
    with pytest.raises(Rejected) as refused:
        await wordpress.publish(session, stage.content("Trop tard", reply_to=target))
    wordpress_site.call("POST", f"/wp/v2/posts/{article}", json={"comment_status": "open"})
    assert refused.value.problems[0].code == "replies_closed"


async def test_an_answer_is_changed_where_it_stands(stage: Stage, session: Session) -> None:
    assert stage.speak is not None
    target = await stage.speak("Combien ?", "")
    outgoing = stage.content("Deux", reply_to=target)
    published = await drive(wordpress, session, outgoing)
    later = replace(outgoing, parts=(replace(outgoing.parts[0], text="Deux & demi"),))
    (sent,) = await wordpress.edit(session, later, published.sent)
    assert sent.remote_id == published.remote_id
    assert "Deux & demi" in [post.text for post in await stage.standing()]


async def test_the_same_words_twice_from_us_are_refused_and_not_taken_for_sent(
    stage: Stage, session: Session
) -> None:
    assert stage.speak is not None
    target = await stage.speak("Merci !", "")
    await drive(wordpress, session, stage.content("Avec plaisir", reply_to=target))
    with pytest.raises(Rejected) as refused:
        await wordpress.publish(session, stage.content("Avec plaisir", reply_to=target))
    assert refused.value.problems[0].field == "text"


async def test_who_may_not_moderate_does_not_hear_and_says_when_it_cannot_tell(
    wordpress_site: Site, stage: Stage
) -> None:
    assert stage.speak is not None
    fields = {"server": wordpress_site.address, "user": "zoe", "app_password": wordpress_site.writer}
    writer = replace(stage, sign_in=replace(stage.sign_in, fields=fields))
    session = await writer.signed(wordpress)
    with pytest.raises(NotPermitted):
        await wordpress.hear(session, "comments", None)
    target = await stage.speak("Et vous ?", "")
    outgoing = stage.content("Moi aussi", reply_to=target)
    lost = stage.with_fault(session, Fault(lost=True))
    with pytest.raises(OutcomeUnknown):
        await wordpress.publish(lost, outgoing)
    with pytest.raises(OutcomeUnknown) as unsure:
        await wordpress.find(session, outgoing)
    assert unsure.value.code == "cannot_tell"
    texts = [post.text for post in await stage.standing()]
    assert texts.count("Moi aussi") == 1
