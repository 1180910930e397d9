"""A server of the Mastodon API for the benchmarks: the contract suite's, over HTTP, slow to answer.

    python -m tests.bench.slow_network PORT SECONDS

Every token is an account of its own. It knows no idempotency key (as servers of the family do not),
so that what is sent twice stands twice. `GET /report` tells when each status was taken (seconds of
the epoch), and how many say what another one says already.
"""

import asyncio
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import uvicorn

from tests.contract.mastodon_publishing import NAME, MastodonHome
from tests.contract.scene import Reply, Request

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class SlowNetwork:
    """An ASGI application; `rest` seconds pass before anything is answered."""

    def __init__(self, base: str, rest: float) -> None:
        self.base, self.rest = base, rest
        self.homes: defaultdict[str, MastodonHome] = defaultdict(self._home)
        self.taken: list[float] = []
        self.said: Counter[tuple[str, str]] = Counter()

    def _home(self) -> MastodonHome:
        return MastodonHome(family=True, base=self.base)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """One exchange."""
        if scope["type"] != "http":
            return
        content, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":  # killed before it had said all: nothing was asked
                return
            content += message.get("body", b"")
            more = message.get("more_body", False)
        if scope["path"] == "/report":
            twice = sum(times - 1 for times in self.said.values())
            reply = Reply(body={"taken": sorted(self.taken), "twice": twice})
        else:
            reply = self._answered(scope, content)
            await asyncio.sleep(self.rest)
        body = json.dumps(reply.body).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answered(self, scope: dict[str, Any], content: bytes) -> Reply:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        token = headers["authorization"].removeprefix("Bearer ")
        home = self.homes[token]
        home.token, home.alive, home.now = token, {token}, datetime.now(UTC)
        path = scope["path"]
        if path.startswith("/api/v1/accounts/") and path.endswith("/statuses"):
            path = f"/api/v1/accounts/01ACC{NAME.upper()}/statuses"
        asked = json.loads(content) if content else None
        request = Request(
            method=scope["method"],
            url=f"{self.base}{path}",
            params=dict(parse_qsl(scope["query_string"].decode())),
            headers=headers,
            json=asked,
            content=content,
        )
        reply = home.answer(request)
        if scope["method"] == "POST" and path == "/api/v1/statuses" and reply.status == 200:
            self.taken.append(time.time())
            self.said[token, asked["status"]] += 1
        return reply


if __name__ == "__main__":
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    uvicorn.run(
        SlowNetwork(f"http://127.0.0.1:{port}", seconds),  # type: ignore[arg-type]
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
    )
