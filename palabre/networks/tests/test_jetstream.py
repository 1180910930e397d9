"""Jetstream by its own wire: cut in the middle, resumed from its cursor, odd frames: nothing lost or twice"""

from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from palabre.kit.guard import LOOPBACK
from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.networks.bluesky import Bluesky
from palabre.networks.bluesky.lines import JETSTREAM_OVERLAP
from palabre.networks.contract import Cursor, RemoteItem, Session, Watch
from palabre.networks.errors import NetworkError, Rejected, Temporary
from palabre.networks.tests.jetstream import START, Event, Jetstream, commit, event, running

MANY = [commit(number, f"message {number}") for number in range(60)]


class Ear:
    """Listens as Palabre does: a page is kept with its cursor, then the next one is heard."""

    def __init__(self) -> None:
        self.cursor: Cursor | None = None
        self.said: list[RemoteItem] = []
        self.bluesky = Bluesky()

    async def hear(self, server: str) -> NetworkError:
        """Until the line breaks; why it did."""
        watch = Watch(
            kind="jetstream", target=server, options={"view": "http://127.0.0.1:9"}, words=("rare",)
        )
        async with Http(allow=LOOPBACK) as http:
            session = Session(http=http, mailboxes=Mailboxes(), now=lambda: datetime.now(UTC))
            with pytest.raises(NetworkError) as ended:
                async with aclosing(self.bluesky.stream(session, watch, self.cursor)) as pages:
                    async for page in pages:
                        items = (self.bluesky.normalise(raw, watch) for raw in page.raw)
                        self.said += [item for item in items if item is not None]
                        self.cursor = page.cursor
        return ended.value

    def kept(self) -> dict[str, RemoteItem]:
        """What a store holds that knows an item by its id."""
        held: dict[str, RemoteItem] = {}
        for item in self.said:
            if item.deleted:
                held.pop(item.remote_id, None)
            else:
                held[item.remote_id] = item
        return held


def texts(ear: Ear) -> list[str]:
    return sorted(item.text for item in ear.kept().values())


def whole(events: list[Event]) -> list[str]:
    return sorted(told["commit"]["record"]["text"] for told in events)


async def test_a_line_cut_again_and_again_loses_nothing_and_repeats_only_its_overlap() -> None:
    server, ear = Jetstream(list(MANY), cuts=[0, 1, 20, 13, 25]), Ear()
    async with running(server) as address:
        for _ in range(6):
            assert isinstance(await ear.hear(address), Temporary)
    assert texts(ear) == whole(MANY)
    assert "cursor" not in server.asked[0], "a first visit begins with the present"
    for before, after, asked in zip(server.sent[1:], server.sent[2:], server.asked[2:], strict=False):
        assert int(asked["cursor"][0]) == before[-1] - JETSTREAM_OVERLAP
        again = set(before) & set(after)
        assert all(number >= before[-1] - JETSTREAM_OVERLAP for number in again)
    for asked in server.asked:
        assert asked["wantedCollections"] == ["app.bsky.feed.post"] and "compress" not in asked


async def test_edits_replace_and_deletions_remove_also_when_they_are_told_again() -> None:
    events = [
        commit(0, "premier jet", rkey="3ka"),
        commit(9, "au propre", rkey="3ka", operation="update"),
        commit(3, "à oublier", rkey="3kb"),
        commit(12, None, rkey="3kb"),
    ]
    server, ear = Jetstream(sorted(events, key=lambda told: told["time_us"]), cuts=[3]), Ear()
    async with running(server) as address:
        await ear.hear(address)
        assert texts(ear) == ["au propre", "à oublier"]
        await ear.hear(address)
    assert texts(ear) == ["au propre"]
    assert any(item.deleted for item in ear.said)


async def test_accounts_names_and_kinds_nobody_knows_pass_by() -> None:
    did = "did:plc:1aaaaaaaaaaaaaaaaaaaaaaa"
    events = [
        MANY[0],
        event(1, "account", account={"active": False, "did": did, "seq": 1, "status": "deleted"}),
        event(2, "identity", identity={"did": did, "handle": "nouveau.test", "seq": 2}),
        event(3, "sync", sync={"did": did, "rev": "3m"}),
        event(4, "hologram", hologram={"commit": {"collection": "app.bsky.feed.post"}}),
        event(5, "commit", commit={"operation": "levitate", "collection": "app.bsky.feed.post", "rkey": "x"}),
        commit(6, "un j’aime", collection="app.bsky.feed.like"),
        MANY[7],
    ]
    server, ear = Jetstream(events), Ear()
    async with running(server) as address:
        await ear.hear(address)
    assert texts(ear) == ["message 0", "message 7"]
    assert ear.cursor == {"time_us": START + 7 * 500_000}


async def test_a_giant_event_is_left_out_and_holds_nothing_up() -> None:
    events = [MANY[0], commit(1, "x" * 3_000_000), MANY[2]]
    server, ear = Jetstream(events), Ear()
    async with running(server) as address:
        assert (await ear.hear(address)).code == "stream_ended"
    assert texts(ear) == ["message 0", "message 2"]


@pytest.mark.parametrize(
    ("path", "code"), [("/elsewhere", "not_found"), ("/subscribe?cursor=now", "request_refused")]
)
async def test_a_refusal_before_the_stream_is_told_for_what_it_is(path: str, code: str) -> None:
    ear = Ear()
    async with running(Jetstream([])) as address:
        ended = await ear.hear(address + path)
    assert (type(ended), ended.code, ear.cursor) == (Rejected, code, None)
