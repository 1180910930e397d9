"""What is done to what others said at the sandbox shows in what is heard afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest

from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import Rejected, Temporary
from palabre.networks.moderating import Instead, acting, place_of
from palabre.networks.outgoing import Target
from palabre.networks.sandbox import MANIFEST, connector
from palabre.networks.sandbox.manifest import Behaviour
from palabre.networks.tests.test_sandbox_hearing import NOW, heard, say
from palabre.networks.tests.test_sandbox_hearing import session as session


def order(act: Act, message: str, **more: object) -> Order:
    return Order(act=act, target=Target(remote_id=message), author_id="zoe", key="order-1", **more)  # type: ignore[arg-type]


async def test_what_is_held_binned_or_spam_is_heard_so_and_comes_back(session: Session) -> None:
    message = say(session, "Achetez mes montres")
    for act, undo in ((Act.SPAM, Act.UNSPAM), (Act.DELETE, Act.RESTORE)):
        await connector.moderate(session, order(act, message))
        assert (await heard(session))[-1].item.deleted
        await connector.moderate(session, order(undo, message))
        assert not (await heard(session))[-1].item.deleted
    await connector.moderate(session, order(Act.HOLD, message))
    assert (await heard(session))[-1].held
    await connector.moderate(session, order(Act.APPROVE, message))
    assert not (await heard(session))[-1].held


async def test_who_is_banned_for_a_day_is_heard_again_the_day_after(session: Session) -> None:
    message = say(session, "Un")
    banned = order(Act.BAN, message, until=NOW + timedelta(days=1))
    await connector.moderate(session, banned)
    assert await connector.standing(session, banned)
    say(session, "Deux")
    assert [said.item.text for said in await heard(session)] == ["Un"]
    later = replace(session, now=lambda: NOW + timedelta(days=2))
    assert not await connector.standing(later, banned)
    connector.store().say(session.account, "zoe", "Trois", at=later.now())
    assert [said.item.text for said in await heard(session)] == ["Un", "Trois"]


async def test_the_account_does_not_mute_itself(session: Session) -> None:
    ours = say(session, "À nous", author=session.account)
    with pytest.raises(Rejected) as refused:
        await connector.moderate(session, replace(order(Act.MUTE, ours), author_id=""))
    assert refused.value.code == "not_yourself"


async def test_an_act_goes_wrong_as_planned_and_then_well(session: Session) -> None:
    message = say(session, "Un")
    connector.store().plan(f"{session.account}@acts", Behaviour.CUT_AFTER, Behaviour.TEMPORARY)
    for _ in range(2):
        with pytest.raises(Temporary):
            await connector.moderate(session, order(Act.HIDE, message))
    assert await connector.standing(session, order(Act.HIDE, message))
    cannot = replace(session, credentials={**session.credentials, "behaviour": Behaviour.CANNOT_TELL})
    assert await connector.standing(cannot, order(Act.HIDE, message)) is None


def test_an_order_needs_a_key_and_an_aware_end() -> None:
    for wrong in ({"key": ""}, {"key": "k", "until": NOW.replace(tzinfo=None)}):
        with pytest.raises(ValueError, match="an order needs"):
            Order(act=Act.BAN, target=Target(remote_id="1"), **wrong)  # type: ignore[arg-type]


def test_what_to_do_instead_leads_to_its_page_where_all_of_it_is_known() -> None:
    instead = Instead(fr="Là", en="There", where="https://{server}/bin?u={url}")
    assert place_of(instead, server="x.example", url="y") == "https://x.example/bin?u=y"
    assert place_of(instead, server="x.example") == ""
    assert place_of(Instead(fr="Là", en="There")) == ""
    found = acting(MANIFEST.acts, Act.BAN)
    assert found is not None and found.durations and found.on == "author"
    assert acting((), Act.BAN) is None
