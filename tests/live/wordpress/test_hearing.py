"""Hearing and answering, played on a real WordPress; visitors speak through the site's own form."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from palabre.kit.http import Http
from palabre.networks.contract import Address, ItemKind, Session
from palabre.networks.errors import NotPermitted, OutcomeUnknown, Rejected
from palabre.networks.outgoing import Target
from palabre.networks.wordpress import connector as wordpress
from tests.contract.hearing import HearsContract, visit
from tests.contract.stage import Fault, Stage, Standing, drive
from tests.live.wordpress.site import Site
from tests.live.wordpress.talk import Talk
from tests.live.wordpress.test_wordpress import LOOPBACK, stage_of

pytestmark = pytest.mark.live


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Http(allow=LOOPBACK) as client:
        yield client


@pytest.fixture
def connector() -> Any:
    return wordpress


@pytest.fixture(scope="module")
def talk(wordpress_site: Site) -> Talk:
    return Talk.below(wordpress_site, "La carte & l’été")


@pytest.fixture
def stage(wordpress_site: Site, http: Http, talk: Talk) -> Stage:
    async def standing() -> list[Standing]:
        return talk.standing()

    def writes(method: str, url: str) -> bool:
        return method == "POST" and url.endswith("/wp/v2/comments")

    return replace(
        stage_of(wordpress_site, http, talk),
        standing=standing,
        writes=writes,
        speak=talk.speak,
        unsay=talk.unsay,
        ear="comments",
        own_ear="comments",
        many=3,
    )


@pytest.fixture
async def session(connector: Any, stage: Stage) -> Session:
    return await stage.signed(connector)


class TestHearsLive(HearsContract):
    """Every scene of the contract."""


async def test_a_comment_is_held_then_shown_then_binned(
    wordpress_site: Site, session: Session, talk: Talk
) -> None:
    text = 'Un mot <a href="https://pub.example/offre">par ici</a>\n\nÀ bientôt & merci'
    made = talk.visitor(text)
    asked = f"/wp/v2/comments/{made['id']}"

    async def heard() -> Any:
        found, _ = await visit(wordpress, session, "comments")
        return {said.item.remote_id: said for said in found}[talk.id_of(made)]

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
    session: Session, wordpress_site: Site, talk: Talk
) -> None:
    talk.visitor("Bonjour")
    page = await wordpress.hear(session, "comments", None)
    assert page.raw and "visiteurs.test" not in repr(page) and "127.0.0.1'" not in repr(page)


async def test_a_comment_that_waits_is_not_answered(
    wordpress_site: Site, stage: Stage, session: Session, talk: Talk
) -> None:
    made = talk.visitor("Vous répondez ?")
    outgoing = stage.content("Oui", reply_to=Target(remote_id=talk.id_of(made)))
    (problem,) = await wordpress.check(session, outgoing)
    assert problem.code == "reply_target_held" and problem.message("fr") and problem.message("en")
    with pytest.raises(Rejected):
        await wordpress.publish(session, outgoing)
    wordpress_site.call("POST", f"/wp/v2/comments/{made['id']}", json={"status": "approved"})
    assert await wordpress.check(session, outgoing) == ()
    assert (await drive(wordpress, session, outgoing)).complete


async def test_an_article_is_answered_below_it_until_its_comments_are_closed(
    wordpress_site: Site, stage: Stage, session: Session, talk: Talk
) -> None:
    target = Target(remote_id=f"{wordpress_site.address}/?p={talk.article}")
    text = "Un mot de nous <b>ici</b> & là"
    published = await drive(wordpress, session, stage.content(text, reply_to=target))
    (post,) = [one for one in await stage.standing() if one.id == published.remote_id]
    assert (post.above, post.text) == (target.remote_id, text)
    figures = await wordpress.measure(session, published.sent)
    assert figures[published.remote_id].replies == 0
    wordpress_site.call("POST", f"/wp/v2/posts/{talk.article}", json={"comment_status": "closed"})
    with pytest.raises(Rejected) as refused:
        await wordpress.publish(session, stage.content("Trop tard", reply_to=target))
    wordpress_site.call("POST", f"/wp/v2/posts/{talk.article}", json={"comment_status": "open"})
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
    with pytest.raises(NotPermitted) as told:
        await wordpress.hear(session, "comments", None)
    assert told.value.params["scope"] == "moderate_comments" and told.value.message("fr")
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
