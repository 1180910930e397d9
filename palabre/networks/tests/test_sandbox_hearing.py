"""The sandbox is told what people say to an account; the account hears all of it, whatever goes wrong."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.networks.contract import Address, Said, Session, SignIn
from palabre.networks.errors import AuthExpired, Rejected, Temporary
from palabre.networks.outgoing import Outgoing, Part, Target
from palabre.networks.sandbox import connector
from palabre.networks.sandbox.manifest import Behaviour

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
async def session() -> Session:
    bare = Session(http=Http(), mailboxes=Mailboxes(), now=lambda: NOW)
    name = f"tilleuls{id(bare)}"
    grant = await connector.exchange(bare, SignIn(kind="name", fields={"name": name}), {}, {})
    return replace(bare, credentials=grant.credentials, account=name)


def say(session: Session, text: str, author: str = "zoe", **more: object) -> str:
    return connector.store().say(session.account, author, text, at=NOW, **more)  # type: ignore[arg-type]


async def heard(session: Session, cursor: object = None) -> list[Said]:
    found, more = [], True
    while more:
        page = await connector.hear(session, "talk", cursor)  # type: ignore[arg-type]
        found += [connector.said(raw, "talk", session.account) for raw in page.raw]
        cursor, more = page.cursor, page.more
    return [said for said in found if said is not None]


def answer(target: str, text: str = "Merci", key: str = "delivery-1") -> Outgoing:
    return Outgoing(key=key, begun_at=NOW, parts=(Part(text=text),), reply_to=Target(remote_id=target))


async def test_each_thing_said_comes_with_why_it_came_and_what_it_hangs_under(session: Session) -> None:
    post = say(session, "Ouvert demain", author=session.account)
    comment = say(session, "À quelle heure ?", reply_to=post)
    ours = say(session, "À huit heures", author=session.account, reply_to=comment)
    theirs = say(session, "Je parlais de vous", author="leo")
    reply = say(session, "Avec joie", author=session.account, reply_to=theirs)
    under = say(session, "À bientôt", author="leo", reply_to=reply)
    secret = say(session, "Entre nous", private=True)
    review = say(session, "Cinq étoiles", address="review")
    by_id = {said.item.remote_id: said for said in await heard(session)}
    assert {one: by_id[one].address for one in by_id} == {
        post: Address.OURS,
        comment: Address.COMMENT,
        ours: Address.OURS,
        theirs: Address.MENTION,
        reply: Address.OURS,
        under: Address.REPLY,
        secret: Address.MESSAGE,
        review: Address.REVIEW,
    }
    assert [one.remote_id for one in by_id[ours].above] == [post, comment]
    assert (by_id[ours].item.thread_id, by_id[ours].item.reply_to) == (post, comment)
    assert by_id[post].item.thread_id == post and by_id[post].above == ()
    assert by_id[ours].counterpart == by_id[comment].item.author


async def test_an_answer_is_heard_as_ours_and_in_private_stays_private(session: Session) -> None:
    first = say(session, "Entre nous", private=True)
    second = say(session, "Vous êtes là ?", private=True)
    await connector.publish(session, answer(second))
    one, two, ours = await heard(session)
    assert two.item.reply_to == first and ours.item.thread_id == first
    assert ours.address is Address.OURS and ours.counterpart == one.item.author
    assert connector.store().of(session.account)[0].said["private"] is True


async def test_an_edit_comes_again_and_a_removal_asks_for_removal(session: Session) -> None:
    one, two = say(session, "Bonjour"), say(session, "Tant pis")
    page = await connector.hear(session, "talk", None)
    assert connector.store().rewrite("zoe", one, "Bonsoir") and not connector.store().rewrite("leo", one, "")
    connector.store().remove("zoe", two)
    changed, gone = await heard(session, page.cursor)
    assert (changed.item.remote_id, changed.item.text) == (one, "Bonsoir")
    assert (gone.item.remote_id, gone.item.deleted, gone.item.text) == (two, True, "")


async def test_a_post_that_is_gone_cannot_be_answered_but_its_answer_stands(session: Session) -> None:
    target = say(session, "Bonjour")
    published = await connector.publish(session, answer(target))
    connector.store().remove("zoe", target)
    assert await connector.publish(session, answer(target)) == published
    late = answer(target, key="delivery-2")
    (problem,) = await connector.check(session, late)
    assert problem.code == "reply_target_missing" and problem.field == "reply_to"
    with pytest.raises(Rejected) as refused:
        await connector.publish(session, late)
    assert refused.value.problems == (problem,)


@pytest.mark.parametrize("behaviour", [Behaviour.REPEATED_PAGE, Behaviour.DUPLICATES, Behaviour.OLD_CURSOR])
async def test_what_comes_twice_loses_nothing(session: Session, behaviour: Behaviour) -> None:
    said = [say(session, f"Un mot, {number}") for number in range(120)]
    connector.store().plan(f"{session.account}@ear", "well", behaviour)
    found = [one.item.remote_id for one in await heard(session)]
    assert set(found) == set(said) and len(found) > len(said)


async def test_a_visit_that_fails_begins_again_where_it_stood(session: Session) -> None:
    page = await connector.hear(session, "talk", None)
    said = say(session, "Bonjour")
    connector.store().plan(f"{session.account}@ear", Behaviour.TEMPORARY)
    with pytest.raises(Temporary):
        await connector.hear(session, "talk", page.cursor)
    assert [one.item.remote_id for one in await heard(session, page.cursor)] == [said]


async def test_the_first_visit_goes_back_thirty_days_or_two_hundred_things(session: Session) -> None:
    store = connector.store()
    old = store.say(session.account, "zoe", "Il y a longtemps", at=NOW - timedelta(days=31))
    found = [say(session, f"Un mot, {number}") for number in range(3)]
    assert [one.item.remote_id for one in await heard(session)] == found and old
    found += [say(session, f"Encore, {number}") for number in range(250)]
    assert [one.item.remote_id for one in await heard(session)] == found[-200:]


async def test_nobody_hears_without_a_sign_in_nor_through_an_unknown_ear(session: Session) -> None:
    with pytest.raises(Rejected):
        await connector.hear(session, "?", None)
    connector.store().kill(session.credentials["token"])
    with pytest.raises(AuthExpired):
        await connector.hear(session, "talk", None)


async def test_one_account_does_not_hear_what_is_said_to_another(session: Session) -> None:
    connector.store().say("somebody-else", "zoe", "Pas pour vous", at=NOW)
    assert await heard(session) == []
