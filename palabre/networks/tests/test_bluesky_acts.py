"""Acts at Bluesky where others act at the same moment, beyond the contract."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.networks.bluesky import connector as bluesky
from palabre.networks.bluesky.moderating import HIDDEN_MOST, key_about
from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import Gone, Rejected, Temporary
from palabre.networks.outgoing import Target
from tests.contract.bluesky_server import DID, OTHER, BlueskyServer
from tests.contract.scene import RecordedHttp, Reply, Request
from tests.contract.stages import bluesky as stages

ROOT = f"at://{DID}/app.bsky.feed.post/3kznkz2222222"
GATE = f"at://{DID}/app.bsky.feed.threadgate/3kznkz2222222"


@pytest.fixture
def server() -> BlueskyServer:
    made = BlueskyServer()
    made.records[ROOT] = {"text": "Ouvert", "createdAt": "2026-11-23T08:00:00.000Z"}
    return made


@pytest.fixture
async def session(server: BlueskyServer) -> Session:
    stage = replace(stages.app_password(), http=lambda: RecordedHttp(server.answer))
    return await stage.signed(bluesky)


def order(act: Act, uri: str, **more: Any) -> Order:
    return Order(act=act, target=Target(remote_id=uri), author_id=OTHER, key="order-1", **more)


@given(st.text(min_size=1))
def test_a_key_about_something_is_shaped_as_a_tid_and_always_the_same(subject: str) -> None:
    subject = subject.encode("utf-8", "ignore").decode()
    key = key_about(subject)
    assert key == key_about(subject) and len(key) == 13
    assert key[0] in "234567abcdefghij" and set(key) <= set("234567abcdefghijklmnopqrstuvwxyz")


async def test_a_gate_that_changes_meanwhile_is_read_again(server: BlueskyServer, session: Session) -> None:
    one, two = server.say("Un", ROOT), server.say("Deux", ROOT)
    rules = {"allow": [{"$type": "app.bsky.feed.threadgate#mentionRule"}]}
    colleague = {"$type": "app.bsky.feed.threadgate", "post": ROOT, "hiddenReplies": [two], **rules}

    def meanwhile(request: Request) -> Reply:
        if request.url.endswith("putRecord") and GATE not in server.records:
            server.records[GATE] = colleague
        return server.answer(request)

    await bluesky.moderate(replace(session, http=RecordedHttp(meanwhile)), order(Act.HIDE, one))
    assert server.records[GATE]["hiddenReplies"] == [two, one]
    assert server.records[GATE]["allow"] == rules["allow"]
    await bluesky.moderate(session, order(Act.UNHIDE, two))
    assert server.records[GATE]["hiddenReplies"] == [one]


async def test_a_gate_that_never_stands_still_is_left_for_later(
    server: BlueskyServer, session: Session
) -> None:
    reply = server.say("Un", ROOT)

    def restless(request: Request) -> Reply:
        if request.url.endswith("putRecord"):
            return Reply(status=400, body={"error": "InvalidSwap", "message": "Record was at bafy"})
        return server.answer(request)

    with pytest.raises(Temporary):
        await bluesky.moderate(replace(session, http=RecordedHttp(restless)), order(Act.HIDE, reply))
    liked = await bluesky.moderate(replace(session, http=RecordedHttp(restless)), order(Act.LIKE, reply))
    assert liked["uri"].endswith(key_about(reply)), "made in between by the same account: as good"


async def test_a_full_gate_says_so(server: BlueskyServer, session: Session) -> None:
    full = [f"at://{OTHER}/app.bsky.feed.post/3k{n:011}" for n in range(HIDDEN_MOST)]
    server.records[GATE] = {
        "$type": "app.bsky.feed.threadgate",
        "post": ROOT,
        "hiddenReplies": full,
    }
    reply = server.say("De trop", ROOT)
    with pytest.raises(Rejected) as told:
        await bluesky.moderate(session, order(Act.HIDE, reply))
    assert told.value.code == "hidden_full" and "300" in told.value.message("fr")
    assert server.records[GATE]["hiddenReplies"] == full


async def test_only_below_our_own_post_a_reply_is_hidden(server: BlueskyServer, session: Session) -> None:
    theirs = server.say("Chez moi")
    below = server.say("Et là", theirs)
    for uri in (theirs, below):
        for asked in (bluesky.moderate, bluesky.standing):
            with pytest.raises(Rejected) as told:
                await asked(session, order(Act.HIDE, uri, root_id=ROOT))
            assert told.value.code == "not_our_thread"


async def test_what_another_client_did_is_known_and_taken_back(
    server: BlueskyServer, session: Session
) -> None:
    uri = server.say("Bravo", ROOT)
    elsewhere = f"at://{DID}/app.bsky.feed.like/3jzfcijpj2z2a"
    server.records[elsewhere] = {"subject": {"uri": uri}}
    assert await bluesky.standing(session, order(Act.LIKE, uri))
    assert await bluesky.moderate(session, order(Act.LIKE, uri)) == {"uri": elsewhere}
    await bluesky.moderate(session, order(Act.UNLIKE, uri))
    assert elsewhere not in server.records


async def test_an_author_is_told_by_the_message_and_is_not_ourselves(
    server: BlueskyServer, session: Session
) -> None:
    uri = server.say("Un", ROOT)
    await bluesky.moderate(session, replace(order(Act.MUTE, uri), author_id=""))
    assert server.muted == {OTHER}
    for author, error in ((DID, Rejected), ("zoe", Gone), ("did:plc:nobody234567234567234567", Gone)):
        with pytest.raises(error):
            await bluesky.moderate(session, replace(order(Act.BLOCK, uri), author_id=author))
