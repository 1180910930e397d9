"""The two live lines of the AT Protocol: Jetstream's light JSON, and a server's own repository stream.

Each knows its address, reads one message into events of one shape, and tells where it stands.
"""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from palabre.networks.bluesky.heard import Heard, glance
from palabre.networks.bluesky.posts import POSTS
from palabre.networks.bluesky.repo import BadFrame, events, read_frame
from palabre.networks.contract import Cursor, Watch
from palabre.networks.errors import UnexpectedAnswer
from palabre.networks.shapes import count, table

JETSTREAM = "wss://jetstream2.us-east.bsky.network/subscribe"
RELAY = "wss://bsky.network"
JETSTREAM_OVERLAP = 5_000_000
"""Microseconds: Jetstream numbers by arrival time, and two servers differ by seconds."""

MOST_BYTES = 1_000_000
"""Jetstream passes larger events over; one that broke the line would be the first one after it, for ever."""


def host_of(url: str) -> str:
    """The name in an address, "" when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class Jetstream:
    """https://github.com/bluesky-social/jetstream, read on 2026-11-23."""

    def __init__(self, watch: Watch, cursor: Cursor | None) -> None:
        self.refused = False
        self._at = count(table(cursor).get("time_us"))
        self._server = watch.target.strip() or JETSTREAM

    def url(self) -> str:
        """Where to listen, resumed from where it stands."""
        asked = {"wantedCollections": POSTS, "maxMessageSizeBytes": str(MOST_BYTES)}
        if self._at is not None:
            asked["cursor"] = str(max(self._at - JETSTREAM_OVERLAP, 0))
        server = self._server if "://" in self._server else f"wss://{self._server}"
        path = "" if urlsplit(server).path.strip("/") else "/subscribe"
        return f"{server.rstrip('/')}{path}?{urlencode(asked)}"

    def read(self, messages: Iterable[str | bytes]) -> list[Heard | dict[str, Any]]:
        """The events about posts and names in these messages, new posts at a glance.

        Raises `UnexpectedAnswer`.
        """
        said: list[Heard | dict[str, Any]] = []
        for message in messages:
            seen = glance(message)
            if seen is None or (commit := seen.commit) is None or seen.kind != "commit":
                said += self._whole(message)
            elif (
                commit.collection == POSTS and commit.operation != "delete" and commit.record and commit.rkey
            ):
                self._stand(seen.time_us)
                said.append(Heard(seen.did, commit.rkey, commit.record, message))
            else:
                said += self._whole(message)
        return said

    def _stand(self, at: int | None) -> None:
        if at is not None and at > (self._at or 0):
            self._at = at

    def _whole(self, message: str | bytes) -> list[dict[str, Any]]:
        event = self._parsed(message)
        if not isinstance(event, dict):
            raise UnexpectedAnswer("other_shape", host=host_of(self._server), excerpt="")
        self._stand(count(event.get("time_us")))
        if event.get("kind") == "commit" and table(event.get("commit")).get("collection") != POSTS:
            return []
        return [event]

    def _parsed(self, message: str | bytes) -> Any:
        try:
            return orjson.loads(message)
        except ValueError:
            pass  # the fast reader refuses a lone surrogate: half an emoji, which people do send
        try:
            return json.loads(message)
        except (ValueError, RecursionError):
            raise UnexpectedAnswer("not_json", host=host_of(self._server), excerpt="") from None

    def cursor(self) -> dict[str, Any]:
        """Where it stands."""
        return {} if self._at is None else {"time_us": self._at}


class Repos:
    """`com.atproto.sync.subscribeRepos` of a server or relay: everything after `seq` comes once."""

    def __init__(self, watch: Watch, cursor: Cursor | None) -> None:
        self.refused = False
        self._seq = count(table(cursor).get("seq"))
        self._server = watch.target.strip().rstrip("/") or RELAY

    def url(self) -> str:
        """Where to listen, resumed from where it stands."""
        server = re.sub(r"^http", "ws", self._server) if "://" in self._server else f"wss://{self._server}"
        cursor = f"?cursor={self._seq}" if self._seq is not None else ""
        return f"{server}/xrpc/com.atproto.sync.subscribeRepos{cursor}"

    def read(self, messages: Iterable[str | bytes]) -> list[Heard | dict[str, Any]]:
        """The events about posts and names in these messages. Raises `UnexpectedAnswer`."""
        said: list[Heard | dict[str, Any]] = []
        for message in messages:
            said += self._frame(message)
        return said

    def _frame(self, message: str | bytes) -> list[dict[str, Any]]:
        host = host_of(self._server)
        try:
            frame = read_frame(message if isinstance(message, bytes) else message.encode())
            if frame.failed:
                self.refused = True
                if frame.kind == "FutureCursor":  # the server began anew: its numbers too
                    self._seq = None
                return []
            said = events(frame, collection=POSTS)
        except BadFrame:
            raise UnexpectedAnswer("other_shape", host=host, excerpt="frame") from None
        if frame.seq is not None:
            self._seq = frame.seq
        return said

    def cursor(self) -> dict[str, Any]:
        """Where it stands."""
        return {} if self._seq is None else {"seq": self._seq}
