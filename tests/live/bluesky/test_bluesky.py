"""The contract, played against a real Bluesky network; accounts and posts are made by plain XRPC."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from palabre.kit.http import Http, HttpFailure
from palabre.kit.mailbox import Mailboxes
from palabre.networks.bluesky import Bluesky
from palabre.networks.contract import ItemKind, Page, Session, Watch
from palabre.networks.errors import AuthExpired, NetworkError, Rejected
from tests.contract.scene import Listening, Walk
from tests.contract.suite import CollectsContract, StreamsContract, ids, items, pages
from tests.live.bluesky.network import Account, Network

pytestmark = pytest.mark.live

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
PATIENCE = 60.0
"""Seconds a loaded machine may take to say the next thing."""


class CutHttp(Http):
    """Palabre's own client, cut after `most` messages, or after the one about the post `last`."""

    def __init__(self, *, most: int | None = None, last: str = "") -> None:
        super().__init__(allow=LOOPBACK)
        self.most = most
        self.last = last.rpartition("/")[2].encode()

    async def websocket(self, url: str, **options: Any) -> AsyncGenerator[str | bytes, None]:
        async with aclosing(super().websocket(url, **options)) as messages:
            count = 0
            while self.most is None or count < self.most:
                async with asyncio.timeout(PATIENCE):
                    message = await anext(messages)
                yield message
                count += 1
                if self.last and isinstance(message, bytes) and self.last in message:
                    break
        raise HttpFailure("stream_ended", "localhost")


def session(http: Http, credentials: Mapping[str, str] | None = None) -> Session:
    """A session as Palabre makes it, on the clock of the machine."""
    return Session(
        http=http, mailboxes=Mailboxes(), now=lambda: datetime.now(UTC), credentials=credentials or {}
    )


@dataclass(frozen=True, kw_only=True)
class LiveWalk(Walk):
    """A walk over the real network."""

    http: Http = field(repr=False, compare=False)

    def session(self, answers: Any = None) -> Session:
        return session(self.http, self.credentials)


@dataclass(frozen=True, kw_only=True)
class LiveListening(Listening):
    """A real stream, from a cursor that stands before the first of `ids`."""

    http: CutHttp = field(repr=False, compare=False)

    def session(self, messages: Any = None) -> Session:
        return session(self.http)

    def cut_after(self, count: int) -> "LiveListening":
        return replace(self, http=CutHttp(most=count, last=self.ids[-1]))


@pytest.fixture(scope="module")
def ana(bluesky_network: Network) -> Account:
    return bluesky_network.account("ana")


@pytest.fixture(scope="module")
def ben(bluesky_network: Network) -> Account:
    return bluesky_network.account("ben")


@pytest.fixture
async def http() -> AsyncIterator[CutHttp]:
    async with CutHttp() as client:
        yield client


@pytest.fixture
def connector() -> Bluesky:
    return Bluesky()


@pytest.fixture(scope="module")
def talk(bluesky_network: Network, ana: Account, ben: Account) -> tuple[str, ...]:
    """Posts about a brand of this run alone: 120 of one account at once, a reply and a quote of another."""
    records = [
        {
            "$type": "com.atproto.repo.applyWrites#create",
            "collection": "app.bsky.feed.post",
            "value": {
                "$type": "app.bsky.feed.post",
                "text": f"Tilleulette sert un café à la table {number}",
                "langs": ["fr"],
                "createdAt": (datetime.now(UTC) - timedelta(minutes=number)).isoformat(),
            },
        }
        for number in range(120)
    ]
    made = ana.call("com.atproto.repo.applyWrites", {"repo": ana.did, "writes": records})["results"]
    first = {"uri": made[0]["uri"], "cid": made[0]["cid"]}
    reply = ben.post("Merci Tilleulette !", langs=["fr"], reply={"root": first, "parent": first})
    quote = ben.post("Lu chez Tilleulette", embed={"$type": "app.bsky.embed.record", "record": first})
    bluesky_network.wait_for(quote)
    bluesky_network.wait_for(made[-1]["uri"])
    return (*(result["uri"] for result in made), reply, quote)


@pytest.fixture(params=["stranger", "signed-in", "author"])
def walk(
    request: pytest.FixtureRequest,
    bluesky_network: Network,
    ana: Account,
    ben: Account,
    talk: tuple[str, ...],
    http: CutHttp,
) -> LiveWalk:
    view = {"server": bluesky_network.view}
    search = Watch(kind="search", target="", words=("Tilleulette", "mot-que-personne-n-a-dit"), options=view)
    everybody = frozenset(talk)  # this view knows no `since`: the newest page comes again
    if request.param == "stranger":
        return LiveWalk(name="search", watch=search, ids=talk, http=http, repeats=everybody)
    if request.param == "author":
        watch = Watch(kind="author", target=f"@{ben.handle}", options=view)
        return LiveWalk(name="author", watch=watch, ids=talk[-2:], http=http)
    account = {"identifier": ana.handle, "app_password": ana.app_password()}
    watch = replace(search, options={"server": bluesky_network.pds})
    return LiveWalk(
        name="signed-in", watch=watch, ids=talk, http=http, credentials=account, repeats=everybody
    )


class TestCollectsLive(CollectsContract):
    """Search as a stranger and signed in, and an account's posts."""


async def _where_it_stands(network: Network, account: Account) -> Mapping[str, Any]:
    """The cursor of the repository stream behind a post made for that."""
    last = account.post("Jusqu’ici")
    watch = Watch(kind="repos", target=network.pds)
    cursor: Mapping[str, Any] = {"seq": 0}
    async with CutHttp(last=last) as client:
        found, _ = await _heard(Bluesky(), client, watch, cursor)
    return found[-1].cursor


@pytest.fixture
async def listening(bluesky_network: Network, ana: Account, ben: Account) -> AsyncIterator[LiveListening]:
    cursor = await _where_it_stands(bluesky_network, ben)
    said = [ana.post("Un matin"), ben.post("Un midi"), ana.post("Un soir"), ben.post("Une erreur")]
    ben.delete(said[-1])
    said.append(ana.post("Une nuit"))
    async with CutHttp(last=said[-1]) as client:
        yield LiveListening(
            name="repos",
            watch=Watch(kind="repos", target=bluesky_network.pds, options={"view": bluesky_network.view}),
            ids=tuple(said),
            gone=(said[3],),
            cursor=cursor,
            http=client,
        )


class TestStreamsLive(StreamsContract):
    """The repository stream of the account server."""


async def _heard(connector: Bluesky, client: Http, watch: Watch, cursor: Any) -> tuple[list[Page], str]:
    found: list[Page] = []
    try:
        async with aclosing(connector.stream(session(client), watch, cursor)) as stream:
            async for page in stream:
                found.append(page)
    except NetworkError as error:
        return found, type(error).__name__
    return found, ""


class Cable:
    """Loopback to loopback, byte by byte; cut in the middle of a frame, it never says goodbye."""

    def __init__(self, port: int, *, most: int) -> None:
        self.port, self.most = port, most
        self._lines: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> "Cable":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.here = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for line in self._lines:
            line.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._lines |= {writer, far_writer}
        asking = asyncio.ensure_future(self._carry(reader, far_writer, 10**9))
        await self._carry(far_reader, writer, self.most)
        asking.cancel()
        writer.transport.abort()
        far_writer.transport.abort()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, most: int) -> None:
        while most > 0 and (part := await source.read(min(most, 4096))):
            sink.write(part)
            await sink.drain()
            most -= len(part)


async def test_a_line_cut_in_the_middle_of_a_frame_loses_nothing_and_repeats_nothing(
    bluesky_network: Network, listening: LiveListening, connector: Bluesky
) -> None:
    port = int(bluesky_network.pds.rpartition(":")[2])
    came: list[Page] = []
    cursor = listening.cursor
    for most in (1500, 2500, 4000, 10**9):  # bytes: each connection dies a little later than the last one
        async with Cable(port, most=most) as cable, CutHttp(last=listening.ids[-1]) as client:
            watch = replace(listening.watch, target=f"http://127.0.0.1:{cable.here}")
            found, how = await _heard(connector, client, watch, cursor)
        assert how == "Temporary"
        came += found
        cursor = found[-1].cursor if found else cursor
    said = [item for page in came for item in items(connector, page, listening.watch)]
    written = [item.remote_id for item in said if not item.deleted]
    assert sorted(written) == sorted(listening.ids)
    assert [item.remote_id for item in said if item.deleted] == list(listening.gone)


async def test_a_post_is_read_as_it_was_written(
    bluesky_network: Network, ana: Account, ben: Account, http: CutHttp, connector: Bluesky
) -> None:
    text = "Tilleulin ☕ : tilleuls.example/ac… #café"
    raw = text.encode()
    place = raw.index(b"tilleuls.example"), raw.index("…".encode()) + len("…".encode())
    link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://tilleuls.example/actualite"}
    uri = ana.post(
        text,
        langs=["fr-FR", "en"],
        tags=["patrimoine"],
        facets=[{"index": {"byteStart": place[0], "byteEnd": place[1]}, "features": [link]}],
    )
    bluesky_network.wait_for(uri)
    watch = Watch(kind="search", target="", words=("Tilleulin",), options={"server": bluesky_network.view})
    found = await pages(connector, session(http), watch)
    (item,) = [item for page in found for item in items(connector, page, watch)]
    assert item.text == "Tilleulin ☕ : https://tilleuls.example/actualite #café\n#patrimoine"
    assert item.language == "fr"
    assert item.author is not None and item.author.handle == ana.handle and item.author.remote_id == ana.did
    assert item.published_at is not None and abs(item.published_at.timestamp() - time.time()) < 300
    assert (item.kind, item.likes, item.replies) == (ItemKind.POST, 0, 0)


async def test_search_and_stream_give_one_item_the_same_id(
    bluesky_network: Network, ana: Account, http: CutHttp, connector: Bluesky
) -> None:
    cursor = await _where_it_stands(bluesky_network, ana)
    uri = ana.post("Tilleulot, une seule fois")
    bluesky_network.wait_for(uri)
    options = {"server": bluesky_network.view, "view": bluesky_network.view}
    search = Watch(kind="search", target="", words=("Tilleulot",), options=options)
    repos = Watch(kind="repos", target=bluesky_network.pds, options=options)
    found = await pages(connector, session(http), search)
    async with CutHttp(last=uri) as client:
        heard, _ = await _heard(connector, client, repos, cursor)
    assert ids(connector, found, search) == ids(connector, heard, repos) == [uri]
    (live,) = [item for page in heard for item in items(connector, page, repos)]
    assert live.author is not None and live.author.handle == ana.handle and live.author.followers == 0


async def test_a_deleted_post_is_no_longer_found(
    bluesky_network: Network, ana: Account, http: CutHttp, connector: Bluesky
) -> None:
    uri = ana.post("Tilleulasse, à effacer")
    bluesky_network.wait_for(uri)
    ana.delete(uri)
    bluesky_network.wait_for(uri, shown=False)
    watch = Watch(kind="search", target="", words=("Tilleulasse",), options={"server": bluesky_network.view})
    assert ids(connector, await pages(connector, session(http), watch), watch) == []


async def test_a_wrong_app_password_asks_for_a_new_sign_in(
    bluesky_network: Network, ana: Account, http: CutHttp, connector: Bluesky
) -> None:
    watch = Watch(kind="search", target="", words=("x",), options={"server": bluesky_network.pds})
    account = {"identifier": ana.handle, "app_password": "abcd-efgh-ijkl-mnop"}
    with pytest.raises(AuthExpired):
        await connector.fetch(session(http, account), watch, None)


async def test_an_account_that_does_not_exist_is_said_so(
    bluesky_network: Network, http: CutHttp, connector: Bluesky
) -> None:
    watch = Watch(kind="author", target="personne.test", options={"server": bluesky_network.view})
    with pytest.raises(Rejected) as told:
        await connector.fetch(session(http), watch, None)
    assert told.value.code == "not_found"


async def test_the_independent_client_sees_the_same_posts(
    bluesky_network: Network, ana: Account, http: CutHttp, connector: Bluesky
) -> None:
    from atproto import Client

    client = Client(base_url=bluesky_network.pds)
    client.login(ana.handle, ana.password)
    uri = client.send_post("Tilleulonne, par un autre client").uri
    bluesky_network.wait_for(uri)
    watch = Watch(kind="search", target="", words=("Tilleulonne",), options={"server": bluesky_network.view})
    found = await pages(connector, session(http), watch)
    theirs = client.app.bsky.feed.search_posts({"q": "Tilleulonne"}).posts
    assert ids(connector, found, watch) == [post.uri for post in theirs] == [uri]
