"""Acts on posts and people, played on a real Bluesky network; what came of them is asked by plain XRPC."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.networks.bluesky import connector as bluesky
from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import Gone, Rejected
from palabre.networks.outgoing import Target
from tests.contract.moderating import ModeratesContract, order_of
from tests.contract.stage import Stage
from tests.live.bluesky import test_hearing
from tests.live.bluesky.network import Account, Network
from tests.live.bluesky.test_hearing import LOOPBACK, answer, heard, mention
from tests.live.bluesky.test_oauth import oauth, say_yes, signed

pytestmark = pytest.mark.live

ana, ben, password, http, connector, plain_stage, hearing_stage, session = (
    getattr(test_hearing, name)
    for name in ("ana", "ben", "password", "http", "connector", "plain_stage", "stage", "session")
)


@pytest.fixture(scope="module")
def readings() -> dict[str, Session]:
    """Sign-ins of this module that may read alone, by account."""
    return {}


async def reading(network: Network, account: Account, monkeypatch: pytest.MonkeyPatch, http: Http) -> Session:
    """The account by OAuth, having granted nothing but its name."""
    session = Session(http=http, mailboxes=Mailboxes(allow=LOOPBACK), now=lambda: datetime.now(UTC))
    monkeypatch.setattr("palabre.networks.bluesky.connecting.SCOPE", "atproto")
    sign_in = oauth(network, account)
    asked = await bluesky.authorise_url(session, sign_in)
    came = await say_yes(asked, account, button="Authorize")
    return signed(session, await bluesky.exchange(session, sign_in, asked.pending, came), account)


@pytest.fixture
def stage(
    hearing_stage: Stage,
    bluesky_network: Network,
    ana: Account,
    ben: Account,
    http: Http,
    readings: dict[str, Session],
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    async def beneath(text: str) -> Target:
        ours = ana.post("Ouvert demain")
        bluesky_network.wait_for(ours)
        uri = answer(bluesky_network, ben, text, ours)
        return Target(remote_id=uri)

    async def acted(act: Act, target: Target) -> bool:
        uri = target.remote_id
        if act is Act.MUTE:
            return bool(profile(ana, ben)["viewer"].get("muted"))
        if act is Act.REPORT:
            return uri in bluesky_network.reported(ben.did)
        if act is Act.HIDE:
            return any(uri in gate["hiddenReplies"] for gate in records(ana, "app.bsky.feed.threadgate"))
        if act is Act.BLOCK:
            return any(one["subject"] == ben.did for one in records(ana, "app.bsky.graph.block"))
        return [one["subject"]["uri"] for one in records(ana, f"app.bsky.feed.{act.value}")].count(uri) == 1

    async def powerless(session: Session) -> Session:
        if ana.did not in readings:
            readings[ana.did] = await reading(bluesky_network, ana, monkeypatch, http)
        return replace(readings[ana.did], http=session.http)

    return replace(hearing_stage, beneath=beneath, acted=acted, powerless=powerless)


def profile(asking: Account, of: Account) -> Any:
    return asking.call("app.bsky.actor.getProfile", actor=of.did)


def records(account: Account, collection: str) -> list[dict[str, Any]]:
    asked = {"repo": account.did, "collection": collection, "limit": 100}
    return [one["value"] for one in account.call("com.atproto.repo.listRecords", **asked)["records"]]


class TestModeratesLive(ModeratesContract):
    """Every scene of the contract."""


async def test_a_hidden_reply_is_hidden_for_everybody_and_the_gate_keeps_its_other_rules(
    bluesky_network: Network, session: Session, ana: Account, ben: Account
) -> None:
    ours = ana.post("Entre abonnés")
    bluesky_network.wait_for(ours)
    reply = answer(bluesky_network, ben, "Nul", ours)
    gate = {
        "$type": "app.bsky.feed.threadgate",
        "post": ours,
        "allow": [{"$type": "app.bsky.feed.threadgate#followerRule"}],
        "createdAt": "2026-11-23T10:00:00Z",
    }
    key = ours.rpartition("/")[2]
    made = {"repo": ana.did, "collection": "app.bsky.feed.threadgate", "rkey": key, "record": gate}
    ana.call("com.atproto.repo.createRecord", made)
    said = (await heard(session))[reply]
    await bluesky.moderate(session, order_of(Act.HIDE, said))
    (kept,) = [one for one in records(ana, "app.bsky.feed.threadgate") if one["post"] == ours]
    assert kept == {**gate, "hiddenReplies": [reply]}
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        thread = ben.call("app.bsky.feed.getPostThread", uri=ours)["thread"]
        if reply in _hidden(thread):
            break
        await asyncio.sleep(0.2)
    assert reply in _hidden(thread)


def _hidden(thread: dict[str, Any]) -> list[str]:
    found: list[str] = thread["post"].get("threadgate", {}).get("record", {}).get("hiddenReplies", [])
    return found


async def test_a_reply_in_another_s_thread_is_not_ours_to_hide(
    bluesky_network: Network, session: Session, ana: Account, ben: Account
) -> None:
    theirs = mention(bluesky_network, ben, ana, "Chez moi")
    said = (await heard(session))[theirs]
    for act in (Act.HIDE, Act.UNHIDE):
        with pytest.raises(Rejected) as told:
            await bluesky.moderate(session, order_of(act, said))
        assert told.value.code == "not_our_thread" and told.value.message("fr")


async def test_a_like_and_a_block_of_another_client_are_known_and_taken_back(
    bluesky_network: Network, session: Session, ana: Account, ben: Account
) -> None:
    uri = mention(bluesky_network, ben, ana, "Bravo")
    said = (await heard(session))[uri]
    cid = ana.call("app.bsky.feed.getPosts", uris=uri)["posts"][0]["cid"]
    made_at = "2026-11-23T10:00:00Z"
    like = {"$type": "app.bsky.feed.like", "subject": {"uri": uri, "cid": cid}, "createdAt": made_at}
    block = {"$type": "app.bsky.graph.block", "subject": ben.did, "createdAt": made_at}
    for record in (like, block):
        asked = {"repo": ana.did, "collection": record["$type"], "record": record}
        ana.call("com.atproto.repo.createRecord", asked)
    deadline = time.monotonic() + 60
    while "blocking" not in profile(ana, ben)["viewer"] and time.monotonic() < deadline:
        await asyncio.sleep(0.2)  # the view learns of it on its own time
    assert await bluesky.standing(session, order_of(Act.BLOCK, said))
    assert await bluesky.moderate(session, order_of(Act.REPORT, said))  # whom one blocks one reports too
    await bluesky.moderate(session, order_of(Act.UNBLOCK, said))
    assert not records(ana, "app.bsky.graph.block")
    while "blocking" in profile(ana, ben)["viewer"] and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    assert await bluesky.standing(session, order_of(Act.LIKE, said))
    await bluesky.moderate(session, order_of(Act.LIKE, said))
    assert [one["subject"]["uri"] for one in records(ana, "app.bsky.feed.like")].count(uri) == 1
    await bluesky.moderate(session, order_of(Act.UNLIKE, said))
    assert uri not in [one["subject"]["uri"] for one in records(ana, "app.bsky.feed.like")]


async def test_nobody_mutes_themselves_nor_somebody_who_is_not_there(session: Session, ana: Account) -> None:
    target = Target(remote_id=f"at://{ana.did}/app.bsky.feed.post/3kznkz2222222")
    with pytest.raises(Rejected):
        await bluesky.moderate(session, Order(act=Act.MUTE, target=target, key="order-1"))
    for act in (Act.BLOCK, Act.UNBLOCK):
        nobody = Order(act=act, target=target, key="order-2", author_id="did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")
        with pytest.raises(Gone) as told:
            await bluesky.moderate(session, nobody)
        assert told.value.code == "author_gone"
