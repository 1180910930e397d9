"""The recorded Mastodon server is credible, and what it says becomes the right items."""

import asyncio
import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.networks.contract import ItemKind, RemoteItem, Session, Watch
from palabre.networks.errors import NetworkError, NotPermitted, RateLimited, Rejected
from palabre.networks.mastodon import connector
from palabre.networks.mastodon.statuses import from_status
from tests.contract.mastodon_server import MastodonServer
from tests.contract.scene import NOW, RecordedHttp, Reply, Request
from tests.contract.scenes.mastodon import OPEN
from tests.contract.suite import items
from tests.shared import SHARED, needs_shared

WATCH = Watch(kind="public", target="tilleul.example")


def session(answers: Any) -> Session:
    return Session(http=RecordedHttp(answers), mailboxes=Mailboxes(), now=lambda: NOW)


def read(**status: Any) -> RemoteItem:
    server = MastodonServer()
    item = connector.normalise({**server.status(1, status.pop("content", "<p>x</p>")), **status}, WATCH)
    assert item is not None
    return item


def test_links_are_whole_and_mentions_and_hashtags_stay() -> None:
    item = connector.normalise(OPEN.statuses[0], WATCH)
    assert item is not None
    assert item.text.splitlines() == [
        "Au café des Tilleuls & ailleurs\u00a0: https://tilleuls.example/une-page",
        "avec @ben #cafe",
        "À bientôt.",
    ]


def test_a_content_warning_is_the_title() -> None:
    assert read(spoiler_text="Avis &amp; goûts").title == "Avis & goûts"


def test_alt_texts_choices_and_the_shared_page_are_said_too() -> None:
    media = [{"id": "1", "type": "image", "url": "https://x.example/1.png", "description": "Une tasse"}]
    poll = {"options": [{"title": "Thé"}, {"title": "Café"}]}
    card = {"title": "La <b>carte</b>", "url": "https://x.example/"}
    item = read(content="<p>Alors\u202f?</p>", media_attachments=media, poll=poll, card=card)
    assert item.text == "Alors\u202f?\nThé\nCafé\nUne tasse\nLa carte"
    assert item.image_urls == ("https://x.example/1.png",)


def test_a_boost_is_what_was_boosted() -> None:
    original = MastodonServer(host="loin.example").status(9, "<p>De loin</p>", name="zoe")
    item = read(content="", reblog=original)
    assert (item.remote_id, item.author and item.author.handle) == (original["uri"], "zoe@loin.example")
    assert item.outlet == "loin.example"


@pytest.mark.parametrize("visibility", ["private", "direct", "something-new"])
def test_what_is_not_public_is_not_read(visibility: str) -> None:
    status = {**MastodonServer().status(1, "<p>secret</p>"), "visibility": visibility}
    assert connector.normalise(status, WATCH) is None


def test_an_author_is_known_by_the_profile_on_every_server() -> None:
    author = read().author
    assert author is not None
    assert (author.remote_id, author.handle) == ("https://tilleul.example/@ana", "ana@tilleul.example")
    assert (author.name, author.followers) == ("Ana Tamaris & Cie", 321)


def test_an_edit_is_the_same_item() -> None:
    before, after = read(content="<p>Un</p>"), read(content="<p>Deux</p>", edited_at="2026-11-23T09:00:00Z")
    assert before.remote_id == after.remote_id
    assert (before.text, after.text) == ("Un", "Deux")


def test_a_reply_is_told_apart() -> None:
    assert read(in_reply_to_id="01X").kind is ItemKind.REPLY


async def test_later_looks_climb_from_the_newest_known_status() -> None:
    server = MastodonServer()
    server.statuses = [server.status(number, f"<p>{number}</p>") for number in range(1, 4)]
    page = await connector.fetch(session(server.answer), WATCH, None)
    server.statuses += [server.status(number, f"<p>{number}</p>") for number in range(4, 100)]
    climbed: list[str] = []
    more = True
    while more:
        page = await connector.fetch(session(server.answer), WATCH, page.cursor)
        climbed += [item.text for item in items(connector, page, WATCH)]
        more = page.more
    assert sorted(map(int, climbed)) == list(range(4, 100))


async def test_a_timeline_that_is_switched_off_is_said_so() -> None:
    server = MastodonServer(disabled=True)
    with pytest.raises(NotPermitted) as told:
        await connector.fetch(session(server.answer), WATCH, None)
    assert told.value.code == "mastodon_disabled"
    assert "tilleul.example" in told.value.message("fr")


async def test_an_empty_timeline_is_only_empty() -> None:
    page = await connector.fetch(session(MastodonServer().answer), WATCH, None)
    assert page.raw == () and not page.more


async def test_a_server_for_members_only_says_what_to_add() -> None:
    server = MastodonServer(closed=True, token="t")
    with pytest.raises(NotPermitted) as told:
        await connector.fetch(session(server.answer), WATCH, None)
    assert told.value.code == "mastodon_closed"


async def test_a_spent_budget_waits_for_its_reset() -> None:
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-11-23T10:02:30.5Z"}
    with pytest.raises(RateLimited) as told:
        await connector.fetch(session(lambda request: Reply(status=429, headers=reset)), WATCH, None)
    assert told.value.retry_after == 150.5
    page = await connector.fetch(
        session(lambda request: Reply(body=[], headers=reset)), WATCH, {"newest": "1"}
    )
    assert page.wait == 150.5


@pytest.mark.parametrize("typed", ["ana", "@ana", "https://tilleul.example/", "ana@", "@a b@c.example", "@@"])
async def test_what_is_no_account_is_refused_before_anything_is_asked(typed: str) -> None:
    watch = Watch(kind="account", target=typed)
    recorded = RecordedHttp()
    with pytest.raises(Rejected):
        await connector.fetch(Session(http=recorded, mailboxes=Mailboxes(), now=lambda: NOW), watch, None)
    assert recorded.asked == []


@pytest.mark.parametrize(
    "typed", ["@ana@tilleul.example", "https://tilleul.example/@ana", "acct:ana@tilleul.example"]
)
async def test_an_account_is_found_behind_what_was_typed(typed: str) -> None:
    (found,) = await connector.suggest(session(OPEN.answer), typed)
    assert (found.watch.kind, found.watch.target) == ("account", "@ana@tilleul.example")
    assert found.title.startswith("Ana Tamaris")


@pytest.mark.parametrize("tag", ["#", "", "un mot", "a/b", "../x"])
async def test_what_is_no_hashtag_is_refused(tag: str) -> None:
    with pytest.raises(Rejected):
        await connector.fetch(session(OPEN.answer), Watch(kind="tag", target=tag), None)


def _operation(spec: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The GET operation of a path of the description, its places filled or not."""
    asked = path.strip("/").split("/")
    if path in spec["paths"]:
        exact: Mapping[str, Any] = spec["paths"][path]["get"]
        return exact
    for known, methods in spec["paths"].items():
        parts = known.strip("/").split("/")
        same = len(parts) == len(asked) and all(
            part.startswith("{") or part == word for part, word in zip(parts, asked, strict=True)
        )
        if same and "get" in methods:
            found: Mapping[str, Any] = methods["get"]
            return found
    raise AssertionError(f"the API has no {path}")


@needs_shared
@pytest.mark.parametrize("kind", ["tag", "public", "local", "account", "search"])
async def test_requests_and_answers_follow_the_official_description(kind: str) -> None:
    import jsonschema

    spec = json.loads((SHARED / "data" / "specs" / "mastodon" / "openapi.json").read_text())
    server = MastodonServer(token="t")
    server.statuses = [
        server.status(
            number, "<p>café</p>", tags=[{"name": "cafe", "url": "https://tilleul.example/tags/cafe"}]
        )
        for number in range(1, 60)
    ]

    def checked(request: Request) -> Reply:
        operation = _operation(spec, request.path)
        allowed = {part["name"]: part["schema"] for part in operation["parameters"] if part["in"] == "query"}
        for name, value in request.params.items():
            assert name in allowed, f"{request.path} knows no {name}"
            if allowed[name].get("type") == "integer":
                assert value.isdigit()
            if allowed[name].get("type") == "boolean":
                assert value in ("true", "false")
        reply = server.answer(request)
        content = operation["responses"][str(reply.status)]["content"]["application/json"]["schema"]
        jsonschema.validate(reply.body, {**content, "components": spec["components"]})
        return reply

    targets = {
        "tag": "cafe",
        "public": "tilleul.example",
        "local": "tilleul.example",
        "account": "@ana@tilleul.example",
    }
    options = {"server": "tilleul.example", "token": "t"}
    watch = Watch(kind=kind, target=targets.get(kind, ""), words=("café",), options=options)
    recorded = RecordedHttp(checked)
    asking = Session(http=recorded, mailboxes=Mailboxes(), now=lambda: NOW)
    page = await connector.fetch(asking, watch, None)
    while page.more:
        page = await connector.fetch(asking, watch, page.cursor)
    await connector.fetch(asking, watch, page.cursor)
    assert len(recorded.asked) >= 3


@contextmanager
def served(server: MastodonServer, *, streams: bool = False) -> Iterator[str]:
    """The server of the scenes on a loopback port; with `streams`, lines and no WebSocket."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(
                method="GET", url=self.path, params=dict(parse_qsl(parts.query)), headers=headers
            )
            if parts.path.startswith("/api/v1/streaming"):
                self._stream(request)
                return
            reply = server.answer(request).answer(self.path)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def _stream(self, request: Request) -> None:
            self.close_connection = True
            if not streams or "sec-websocket-key" in request.headers:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for line in server.lines(request):
                self.wfile.write(f"{line}\n".encode())

        def log_message(self, *args: object) -> None:
            return

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_port}"
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def _loopback() -> Http:
    return Http(allow=[ip_network("127.0.0.0/8")])


def _talking(base: str = "") -> MastodonServer:
    server = MastodonServer(token="jeton", base=base)
    server.statuses = [server.status(1, "<p>Un</p>")]
    server.arriving = [server.status(2, "<p>Deux</p>"), server.status(3, "<p>Trois</p>")]
    return server


def test_an_independent_client_reads_the_recorded_server() -> None:
    from mastodon import Mastodon

    with served(OPEN) as base:
        client = Mastodon(api_base_url=base, version_check_mode="none")
        page = client.timeline_hashtag("cafe", limit=40)
        rest = client.fetch_next(page)
        account = client.account_lookup("ben")
        boosts = client.account_statuses(account)
    told = [status.uri for status in [*page, *rest]]
    assert told == [s["uri"] for s in OPEN.statuses if s["tags"]][::-1]
    assert [status.reblog.uri for status in boosts if status.reblog] == [OPEN.statuses[46]["uri"]]


async def test_it_listens_by_lines_to_a_server_without_websocket() -> None:
    server = _talking()
    with served(server, streams=True) as base:
        server.base = base
        async with _loopback() as client:
            live = Session(http=client, mailboxes=Mailboxes(), now=lambda: datetime.now(UTC))
            assert await _heard(live, Watch(kind="live", target=base)) == ["Deux", "Trois"]


async def test_it_listens_by_websocket_with_the_token_in_a_header() -> None:
    from websockets.asyncio.server import ServerConnection, serve

    server, asked = _talking(), []

    async def talk(connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        asked.append((request.path, request.headers.get("Authorization"), request.headers.get("User-Agent")))
        for name, payload in server.events():
            await connection.send(json.dumps({"stream": ["public:local"], "event": name, "payload": payload}))

    with served(server) as base:
        async with serve(talk, "127.0.0.1", 0) as sockets, _loopback() as client:
            port = next(iter(sockets.sockets)).getsockname()[1]
            server.base = f"http://127.0.0.1:{port}"  # as mastodon.social does: streams on another host
            live = Session(http=client, mailboxes=Mailboxes(), now=lambda: datetime.now(UTC))
            watch = Watch(kind="live_local", target=base, options={"token": "jeton"})
            assert await _heard(live, watch) == ["Deux", "Trois"]
    assert asked == [("/api/v1/streaming?stream=public%3Alocal", "Bearer jeton", "Palabre")]


async def _heard(live: Session, watch: Watch) -> list[str]:
    said: list[str] = []
    try:
        async with asyncio.timeout(30), aclosing(connector.stream(live, watch, None)) as stream:
            async for page in stream:
                said += [item.text for item in items(connector, page, watch)]
    except NetworkError as error:
        assert error.code == "stream_ended"
    return said


def _reply(**changes: Any) -> RemoteItem | None:
    ana = {"id": "7", "acct": "ana", "url": "https://ici.example/@ana"}
    said: dict[str, Any] = {
        "id": "110",
        "uri": "https://ici.example/users/ana/statuses/110",
        "content": "<p>Oui</p>",
        "account": ana,
        "in_reply_to_id": "109",
        "in_reply_to_account_id": "8",
        "mentions": [{"id": "8", "acct": "ben"}],
    }
    return from_status(said | changes)


@pytest.mark.parametrize(
    ("changes", "parent"),
    [
        ({}, "https://ici.example/users/ben/statuses/109"),
        ({"in_reply_to_account_id": "7", "mentions": []}, "https://ici.example/users/ana/statuses/109"),
        ({"mentions": [{"id": "8", "acct": "ben@ailleurs.example"}]}, None),
        ({"mentions": []}, None),
        ({"uri": "https://ailleurs.example/users/ana/statuses/55"}, None),
        ({"uri": "https://ici.example/ap/users/1/statuses/110"}, None),
        ({"in_reply_to_id": "../../x"}, None),
        ({"in_reply_to_id": None, "in_reply_to_account_id": None}, None),
    ],
)
def test_a_parent_is_named_where_the_server_that_was_asked_is_the_home_of_both(
    changes: dict[str, Any], parent: str | None
) -> None:
    reply = _reply(**changes)
    assert reply is not None and reply.reply_to == parent
