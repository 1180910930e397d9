"""Hearing and answering, played on a real Bluesky network; everybody else speaks by plain XRPC."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from palabre.kit.http import Http
from palabre.networks.bluesky import connector as bluesky
from palabre.networks.contract import Address, Said, Session
from palabre.networks.errors import Rejected
from palabre.networks.outgoing import Target
from tests.contract.hearing import HearsContract, visit
from tests.contract.stage import PIXEL, Stage, drive
from tests.live.bluesky import test_publishing
from tests.live.bluesky.network import Account, Network

pytestmark = pytest.mark.live

LOOPBACK = test_publishing.LOOPBACK
ana, ben, password, plain_stage = (
    getattr(test_publishing, name) for name in ("ana", "ben", "password", "stage")
)


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Http(allow=LOOPBACK) as client:
        yield client


@pytest.fixture
def connector() -> Any:
    return bluesky


@pytest.fixture
def stage(plain_stage: Stage, bluesky_network: Network, ana: Account, ben: Account) -> Stage:
    async def speak(text: str, above: str) -> Target:
        return Target(remote_id=mention(bluesky_network, ben, ana, text, above))

    async def unsay(target: Target) -> None:
        ben.delete(target.remote_id)
        bluesky_network.wait_for(target.remote_id, shown=False)

    return replace(
        plain_stage, speak=speak, unsay=unsay, ear="notifications", own_ear="own", many=3, tells=("between",)
    )


@pytest.fixture
async def session(connector: Any, stage: Stage) -> Session:
    return await stage.signed(connector)


def mention(network: Network, author: Account, named: Account, text: str, above: str = "") -> str:
    """A post with somebody's name in it, below another or not."""
    whole = f"{text} @{named.handle}"
    begin = len(f"{text} ".encode())
    facet = {
        "index": {"byteStart": begin, "byteEnd": len(whole.encode())},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": named.did}],
    }
    more = {"reply": reply(author, above)} if above else {}
    uri = author.post(whole, facets=[facet], **more)
    network.wait_for(uri)
    return uri


def reply(asking: Account, above: str) -> dict[str, Any]:
    """The references of a reply."""
    post = asking.call("app.bsky.feed.getPosts", uris=above)["posts"][0]
    parent = {"uri": above, "cid": post["cid"]}
    return {"root": post["record"].get("reply", {}).get("root", parent), "parent": parent}


def answer(network: Network, author: Account, text: str, above: str) -> str:
    """A reply in the network's own client."""
    uri = author.post(text, reply=reply(author, above))
    network.wait_for(uri)
    return uri


async def heard(session: Session, ear: str = "notifications") -> dict[str, Said]:
    found, _ = await visit(bluesky, session, ear)
    return {said.item.remote_id: said for said in found}


class TestHearsLive(HearsContract):
    """Every scene of the contract."""


async def test_replies_mentions_and_quotes_come_with_their_posts_and_their_reason(
    bluesky_network: Network, session: Session, stage: Stage, ana: Account, ben: Account
) -> None:
    ours = await drive(bluesky, session, stage.content("Ouvert demain"))
    bluesky_network.wait_for(ours.remote_id)
    comment = answer(bluesky_network, ben, "À quelle heure ?", ours.remote_id)
    theirs = ben.post("Je cherche un café")
    bluesky_network.wait_for(theirs)
    native = answer(bluesky_network, ana, "Venez chez nous", theirs)
    below = answer(bluesky_network, ben, "Avec joie", native)
    record = {"uri": ours.remote_id, "cid": ours.sent[0].extra["cid"]}
    quote = ben.post("À lire", embed={"$type": "app.bsky.embed.record", "record": record})
    bluesky_network.wait_for(quote)
    like = {"$type": "app.bsky.feed.like", "subject": record, "createdAt": "2026-11-23T10:00:00Z"}
    ben.call(
        "com.atproto.repo.createRecord",
        {"repo": ben.did, "collection": "app.bsky.feed.like", "record": like},
    )
    said = await heard(session)
    assert (said[comment].address, said[below].address, said[quote].address) == (
        Address.COMMENT,
        Address.REPLY,
        Address.QUOTE,
    )
    assert [one.remote_id for one in said[comment].above] == [ours.remote_id]
    assert [one.remote_id for one in said[below].above] == [theirs, native]
    assert [one.text for one in said[quote].above] == ["Ouvert demain"]
    assert said[quote].item.thread_id == quote and said[below].item.thread_id == theirs
    author = said[comment].item.author
    assert author is not None and (author.remote_id, author.handle) == (ben.did, ben.handle)
    assert author.followers == 0
    assert all(one.item.author and one.item.author.remote_id != ana.did for one in said.values())
    own = await heard(session, "own")
    assert own[native].address is Address.OURS and own[ours.remote_id].counterpart is None
    counterpart = own[native].counterpart
    assert counterpart is not None and counterpart.remote_id == ben.did


async def test_an_answer_is_seen_by_whom_it_answers(
    bluesky_network: Network, session: Session, stage: Stage, ben: Account, ana: Account
) -> None:
    uri = mention(bluesky_network, ben, ana, "Vous livrez ?")
    deep = mention(bluesky_network, ben, ana, "Et le soir ?", uri)
    published = await drive(bluesky, session, stage.content("Oui", reply_to=Target(remote_id=deep)))
    bluesky_network.wait_for(published.remote_id)
    notices = ben.call("app.bsky.notification.listNotifications")["notifications"]
    assert published.remote_id in {one["uri"] for one in notices if one["reason"] == "reply"}
    thread = ben.call("app.bsky.feed.getPostThread", uri=uri)["thread"]
    (below,) = thread["replies"]
    assert [one["post"]["uri"] for one in below["replies"]] == [published.remote_id]


async def test_an_answer_to_what_was_taken_away_is_heard_with_whom_it_was_for(
    bluesky_network: Network, session: Session, ben: Account, ana: Account
) -> None:
    uri = mention(bluesky_network, ben, ana, "Je vais l’effacer")
    native = answer(bluesky_network, ana, "Trop tard", uri)
    ben.delete(uri)
    bluesky_network.wait_for(uri, shown=False)
    said = (await heard(session, "own"))[native]
    assert said.above == () and said.item.reply_to == uri
    assert said.counterpart is not None and said.counterpart.remote_id == ben.did


async def test_a_thread_that_takes_no_replies_is_not_answered(
    bluesky_network: Network, session: Session, stage: Stage, ben: Account, ana: Account
) -> None:
    uri = mention(bluesky_network, ben, ana, "Je ne lis pas les réponses")
    gate = {
        "$type": "app.bsky.feed.threadgate",
        "post": uri,
        "allow": [],
        "createdAt": "2026-11-23T10:00:00Z",
    }
    key = uri.rpartition("/")[2]
    made = {"repo": ben.did, "collection": "app.bsky.feed.threadgate", "rkey": key, "record": gate}
    ben.call("com.atproto.repo.createRecord", made)
    outgoing = stage.content("Bonjour", reply_to=Target(remote_id=uri))
    deadline = time.monotonic() + 60
    while not (told := await bluesky.check(session, outgoing)) and time.monotonic() < deadline:
        await asyncio.sleep(0.2)  # the view reads the gate on its own time
    assert [problem.code for problem in told] == ["replies_closed"]
    with pytest.raises(Rejected):
        await bluesky.publish(session, outgoing)


async def test_a_reply_that_says_nothing_but_a_picture_is_heard(
    bluesky_network: Network, session: Session, stage: Stage, ben: Account
) -> None:
    ours = await drive(bluesky, session, stage.content("Montrez-nous"))
    bluesky_network.wait_for(ours.remote_id)
    headers = {"Authorization": f"Bearer {ben.token}", "Content-Type": "image/png"}
    sent = httpx.post(
        f"{ben.server}/xrpc/com.atproto.repo.uploadBlob", content=PIXEL, headers=headers, timeout=30
    )
    images = [{"image": sent.json()["blob"], "alt": ""}]
    embed = {"$type": "app.bsky.embed.images", "images": images}
    uri = ben.post("", embed=embed, reply=reply(ben, ours.remote_id))
    bluesky_network.wait_for(uri)
    said = (await heard(session))[uri]
    assert said.item.text == "" and len(said.item.image_urls) == 1


async def test_who_is_blocked_has_deleted_nothing(
    bluesky_network: Network, session: Session, ana: Account, ben: Account
) -> None:
    kept = mention(bluesky_network, ben, ana, "Je reste")
    gone = mention(bluesky_network, ben, ana, "Je pars")
    _, cursor = await visit(bluesky, session, "notifications")
    block = {"$type": "app.bsky.graph.block", "subject": ben.did, "createdAt": "2026-11-23T10:00:00Z"}
    asked = {"repo": ana.did, "collection": "app.bsky.graph.block", "record": block}
    made = ana.call("com.atproto.repo.createRecord", asked)
    ben.delete(gone)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not ana.call("app.bsky.feed.getPosts", uris=kept)["posts"]:
            break
        await asyncio.sleep(0.2)  # the view reads the block on its own time
    bluesky_network.wait_for(gone, shown=False)
    found, _ = await visit(bluesky, session, "notifications", cursor)
    assert {said.item.remote_id for said in found if said.item.deleted} == {gone}
    key = made["uri"].rpartition("/")[2]
    ana.call("com.atproto.repo.deleteRecord", {**asked, "record": None, "rkey": key})
