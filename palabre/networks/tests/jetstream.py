"""A Jetstream on loopback: what https://github.com/bluesky-social/jetstream promises, and its bad days.

Written from its documentation and the lexicons of `network.bsky.jetstream`, read on 2026-11-23: events are
numbered by arrival (`time_us`), a cursor is inclusive, accounts and identities come whatever the wanted
collections are, and events above `maxMessageSizeBytes` are passed over.
"""

import http
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Request, Response, ServerConnection, serve

START = 1_795_000_000_000_000
"""Microseconds: 18 November 2026."""
Event = Mapping[str, Any]


def event(number: int, kind: str, **body: Any) -> Event:
    """An event of account 1 to 9, half a second after the one before."""
    did = f"did:plc:{number % 9 + 1}aaaaaaaaaaaaaaaaaaaaaaa"
    return {"did": did, "time_us": START + number * 500_000, "kind": kind, **body}


def commit(number: int, text: str | None, *, rkey: str = "", operation: str = "create", **more: Any) -> Event:
    """A change of a post; `text` None deletes it."""
    changed = {
        "rev": f"3m{number:011}",
        "operation": operation if text is not None else "delete",
        "collection": "app.bsky.feed.post",
        "rkey": rkey or f"3k{number:011}",
    }
    if text is not None:
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-18T10:00:00.000Z"}
        changed |= {"record": record, "cid": "bafyreiguce4jh7kcbmof3pmcvasifqtw24b6isakj5ve5ga2b4z4alpc4i"}
    return event(number, "commit", commit={**changed, **more})


@dataclass
class Jetstream:
    """What happened, and after how many messages each connection dies: in the middle of the next one."""

    events: list[Event]
    cuts: list[int] = field(default_factory=list)
    asked: list[Mapping[str, list[str]]] = field(default_factory=list)
    sent: list[list[int]] = field(default_factory=list)
    """For each connection, the numbers (`time_us`) of what went out whole."""

    def gate(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refused before the upgrade: another path, a cursor that is no number."""
        parts = urlsplit(request.path)
        if parts.path != "/subscribe":
            return connection.respond(http.HTTPStatus.NOT_FOUND, "no such page")
        if not all(cursor.isdecimal() for cursor in parse_qs(parts.query).get("cursor", [])):
            return connection.respond(http.HTTPStatus.BAD_REQUEST, "invalid cursor")
        return None

    async def talk(self, connection: ServerConnection) -> None:
        """One subscription from its cursor to the end of what happened, or to its cut."""
        assert connection.request is not None
        asked = parse_qs(urlsplit(connection.request.path).query)
        self.asked.append(asked)
        left = self.cuts.pop(0) if self.cuts else None
        self.sent.append([])
        for told in self._wanted(asked):
            message = json.dumps(told)
            if left == 0:
                # The head announces the whole text frame; half of it follows, and no goodbye.
                raw = message.encode()[:120]
                connection.transport.write(b"\x81\x7e" + (2000).to_bytes(2, "big") + raw[: len(raw) // 2])
                connection.transport.abort()
                return
            await connection.send(message)
            self.sent[-1].append(told["time_us"])
            left = None if left is None else left - 1

    def _wanted(self, asked: Mapping[str, list[str]]) -> Iterable[Event]:
        collections = asked.get("wantedCollections", [])
        since = int(asked.get("cursor", ["0"])[0])
        most = int(asked.get("maxMessageSizeBytes", ["0"])[0])
        for told in self.events:
            collection = told.get("commit", {}).get("collection")
            if told["time_us"] < since or (collection and collections and collection not in collections):
                continue
            if not most or len(json.dumps(told)) <= most:
                yield told


@asynccontextmanager
async def running(jetstream: Jetstream) -> AsyncIterator[str]:
    """Its address."""
    server = await serve(jetstream.talk, "127.0.0.1", 0, process_request=jetstream.gate)
    try:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()
