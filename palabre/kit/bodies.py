"""How much a request may bring: looked at before a byte of it is kept, and while it comes.

An ASGI server hands the body over piece by piece; Django keeps all of it on disk before a page is asked.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]
View = TypeVar("View", bound=Callable[..., Any])

USUAL = 12_000_000
"""Bytes a request may bring to a page that asks for no more."""
DRAINED = 32_000_000
"""Bytes of a refused body that are read all the same, to nowhere: a browser hears an answer only after."""


def takes(most: int) -> Callable[[View], View]:
    """A view whose requests may bring up to `most` bytes."""

    def marked(view: View) -> View:
        view.body_most = most  # type: ignore[attr-defined]
        return view

    return marked


class Limit:
    """An ASGI application whose requests bring what `most_of` allows them, in bytes; others get `refusal`."""

    def __init__(
        self, inner: App, *, most_of: Callable[[Any], int], refusal: Callable[[Any, int], bytes]
    ) -> None:
        self._inner, self._most_of, self._refusal = inner, most_of, refusal

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Announced too large: refused at once. Too large as it comes: cut off, then told."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._inner(scope, receive, send)
            return
        most = self._most_of(scope)
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit() and int(announced) > most:
            await self._refuse(scope, send, most)
            await _drain(receive)
            return
        counted = _Counted(receive, send, most)
        await self._inner(scope, counted.receive, counted.send)
        if counted.over and not counted.answered:
            await self._refuse(scope, send, most)

    async def _refuse(self, scope: Any, send: Send, most: int) -> None:
        body = self._refusal(scope, most)
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"connection", b"close")]
        headers += [(b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
        headers += [(b"content-security-policy", b"default-src 'self'")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class _Counted:
    """A body that ends, as if its sender had left, once it is over `most`."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._left = receive, send, most
        self.over = self.answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.over = True
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        self.answered = True
        await self._send(message)


async def _drain(receive: Receive) -> None:
    left = DRAINED
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return
