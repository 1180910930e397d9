"""The live lines of the Mastodon API: over WebSocket, and over server-sent events where there is none.

Read on 2026-11-23: https://docs.joinmastodon.org/methods/streaming/
"""

import json
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from palabre.kit.http import Http, HttpFailure
from palabre.networks.errors import UnexpectedAnswer
from palabre.networks.mastodon.statuses import host_of
from palabre.networks.shapes import word

PATHS = {"public": "public", "public:local": "public/local", "hashtag": "hashtag"}
"""Where each stream is among the server-sent events."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """What came over a line: `payload` is text, JSON for statuses."""

    name: str
    payload: str


@dataclass(kw_only=True)
class Line:
    """Which stream of which server, and where it stands: `newest` is a status of that server."""

    base: str
    name: str
    tag: str = ""
    newest: str = ""
    token: str = ""
    opened: bool = False

    def __repr__(self) -> str:
        return f"Line({self.base}, {self.name})"

    def cursor(self) -> dict[str, Any]:
        """Where it stands."""
        return {"newest": self.newest} if self.newest else {}

    def unspoken(self, failure: HttpFailure) -> bool:
        """Whether the server seems to know no WebSocket at all."""
        refused = failure.reason == "stream_refused" and failure.detail not in ("401", "403", "429")
        return refused and not self.opened and not failure.detail.startswith("5")

    def headers(self) -> dict[str, str]:
        """The token goes in a header, never in the address: addresses end up in logs."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


async def by_socket(http: Http, line: Line, server: str) -> AsyncGenerator[Event, None]:
    """The events of a WebSocket. Raises `HttpFailure` when it breaks, `UnexpectedAnswer`."""
    asked = {"stream": line.name, **({"tag": line.tag} if line.tag else {})}
    url = f"{re.sub('^http', 'ws', server)}/api/v1/streaming?{urlencode(asked)}"
    async with aclosing(http.websocket(url, headers=line.headers())) as messages:
        async for message in messages:
            line.opened = True
            said = parsed(message)
            if not isinstance(said, dict):
                raise UnexpectedAnswer("other_shape", host=host_of(server), excerpt="event")
            payload = said.get("payload")
            yield Event(
                name=word(said.get("event")),
                payload=payload if isinstance(payload, str) else json.dumps(payload),
            )


async def by_lines(http: Http, line: Line, server: str) -> AsyncGenerator[Event, None]:
    """The same as server-sent events. Raises `HttpFailure` when it breaks."""
    tag = f"?tag={quote(line.tag)}" if line.tag else ""
    url = f"{server}/api/v1/streaming/{PATHS[line.name]}{tag}"
    name, payload = "", ""
    async with aclosing(http.lines(url, headers=line.headers())) as lines:
        async for text in lines:
            line.opened = True
            key, _, value = text.partition(":")
            if key == "event":
                name = value.strip()
            elif key == "data":
                payload += value.strip()
            elif not text and name:
                yield Event(name=name, payload=payload)
                name, payload = "", ""


def parsed(message: str | bytes) -> Any:
    """The JSON in a message, None when it is none."""
    try:
        return json.loads(message)
    except (ValueError, RecursionError):
        return None
