"""The only way out: outgoing HTTP and WebSocket with time limits, size limits and an address guard.

One `Http` belongs to one event loop and keeps its connections for the next request. Nothing of
the environment is trusted (no proxy variables); certificates are always verified.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx
from h2.exceptions import H2Error

from palabre.kit.guard import Forbidden, Guard, Network, Resolver, safe_url, system_resolver
from palabre.kit.lines import GuardedTransport, NameNotFound
from palabre.kit.unpacking import BadPacking, unpacker
from palabre.kit.uploads import Unreadable, Upload

MAX_REDIRECTS = 8
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
# Sent again after a redirect to another origin; anything else may hold a secret of the first one.
_HARMLESS_HEADERS = frozenset(
    ("accept", "accept-language", "user-agent", "if-none-match", "if-modified-since")
)


class HttpFailure(Exception):
    """No usable answer came from `host`; `reason` is a stable code (see `REASONS`).

    `detail` is what the reason is about where it needs it: a scheme, a port, a limit in bytes, the
    status that refused a stream; never a secret. `sent`: the request may have reached the server,
    so a write may have happened.
    """

    def __init__(self, reason: str, host: str = "", detail: str = "", *, sent: bool = False) -> None:
        super().__init__(reason, host, detail)
        self.reason = reason
        self.host = host
        self.detail = detail
        self.sent = sent


REASONS = frozenset(
    (
        "bad_url",
        "bad_scheme",
        "forbidden_port",
        "forbidden_address",
        "name_not_found",
        "connection_refused",
        "connect_timeout",
        "tls_expired",
        "tls_not_yet_valid",
        "tls_self_signed",
        "tls_wrong_host",
        "tls_untrusted",
        "tls_failed",
        "timeout",
        "too_large",
        "too_many_redirects",
        "redirect_loop",
        "broken_answer",
        "bad_content_encoding",
        "stream_ended",
        "stream_refused",
    )
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, read whole within the size limit and decompressed.

    `headers` is case-insensitive. `url` is where the answer came from in the end. `moved_to` is set
    only when every hop there was permanent (301 or 308) and the answer is a success.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved_to: str | None = None


Body = bytes | Upload
"""What a request carries: bytes, or a file that is read as it leaves."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds: `connect` for a socket and its TLS, `read` between two bytes, `total` for everything.

    A body that is sent adds its own time to `total`: `upload` bytes a second, as a slow line sends them.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    upload: float = 125_000.0

    def sending(self, content: "Body | None") -> float:
        """Seconds that a body may take on its way."""
        size = content.size if isinstance(content, Upload) else len(content or b"")
        return size / self.upload


class Http:
    """Guarded client; see the module. Close it with `aclose()` or use it as an async context."""

    def __init__(
        self,
        *,
        allow: Sequence[Network] = (),
        user_agent: str = "Palabre",
        limits: Limits = Limits(),
        resolver: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allow`: networks of one's own that may be reached; `tls`: further trusted authorities."""
        self.allow = tuple(allow)
        self.user_agent = user_agent
        self.limits = limits
        self.guard = Guard(allow=self.allow, resolver=resolver)
        self._tls = tls
        self._transport: GuardedTransport | None = None

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: Body | None = None,
        max_bytes: int = 10_000_000,
    ) -> Answer:
        """One exchange, redirects followed, the body at most `max_bytes` once decompressed.

        A `content` that is an `Upload` is read from where it lies as it leaves, anew at each redirect.
        A status of 400 and more is an answer, not a failure. A read is tried again once when a
        kept connection turns out to be closed; a write never is. Raises `HttpFailure`.
        """
        try:
            async with asyncio.timeout(self.limits.total + self.limits.sending(content)):
                target = safe_url(url).geturl()
                first = self._build(
                    method, target, headers=headers, params=params, json=json, form=form, content=content
                )
                return await self._follow(first, max_bytes, content)
        except Forbidden as error:
            raise HttpFailure(error.reason, _host(url), error.detail) from None
        except TimeoutError:
            raise HttpFailure("timeout", _host(url), sent=True) from None

    def _build(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: Body | None = None,
    ) -> httpx.Request:
        sent = httpx.Headers(
            {"accept": "*/*", "accept-encoding": "gzip, deflate", "user-agent": self.user_agent}
        )
        sent.update(headers or {})
        wait = self.limits
        write = wait.read + wait.sending(content)  # httpcore hands bytes over in one piece
        if isinstance(content, Upload):
            sent["content-length"] = str(content.size)
        timeout = httpx.Timeout(wait.read, write=write, connect=wait.connect, pool=wait.total).as_dict()
        try:
            address = httpx.URL(url)
            if params:
                address = address.copy_merge_params(params)
            return httpx.Request(
                method,
                address,
                headers=sent,
                json=json,
                data=form,
                content=content,
                extensions={"timeout": timeout},
            )
        except httpx.InvalidURL:
            raise Forbidden("bad_url") from None

    async def _follow(self, request: httpx.Request, max_bytes: int, content: Body | None) -> Answer:
        cookies = httpx.Cookies()
        visited: set[tuple[str, str]] = set()
        permanent = True
        for _ in range(MAX_REDIRECTS + 1):
            # A site may answer by a cookie and a redirect to the same page, once: not a loop.
            visit = (str(request.url), request.headers.get("cookie", ""))
            if visit in visited:
                raise HttpFailure("redirect_loop", _host(str(request.url)), sent=True)
            visited.add(visit)
            response = await self._send(request)
            try:
                location = response.headers.get("location")
                if response.status_code not in _REDIRECTS or not location:
                    body = await _read(response, max_bytes, host=request.url.host)
                    url = str(request.url)
                    moved = permanent and len(visited) > 1 and response.status_code < 400
                    return Answer(
                        status=response.status_code,
                        headers=response.headers,
                        body=body,
                        url=url,
                        moved_to=url if moved else None,
                    )
            finally:
                await response.aclose()
            permanent = permanent and response.status_code in _PERMANENT
            response.request = request
            cookies.extract_cookies(response)
            request = self._next(request, response.status_code, location, content)
            cookies.set_cookie_header(request)
        raise HttpFailure("too_many_redirects", _host(str(request.url)), sent=True)

    def _next(
        self, request: httpx.Request, status: int, location: str, content: Body | None
    ) -> httpx.Request:
        here = str(request.url)
        there = safe_url(urljoin(here, location)).geturl()
        same_origin = urlsplit(here)[:2] == urlsplit(there)[:2]
        headers = httpx.Headers(request.headers)
        for name in ("host", "content-length", "transfer-encoding", "cookie"):
            headers.pop(name, None)
        if not same_origin:
            headers = httpx.Headers([(k, v) for k, v in headers.items() if k.lower() in _HARMLESS_HEADERS])
        method = request.method
        if method not in ("GET", "HEAD"):
            if status in (307, 308):
                if not same_origin:  # a body with secrets does not follow to another site
                    raise HttpFailure("redirect_loop", _host(there), sent=True)
                body = content if isinstance(content, Upload) else request.content
                return self._build(method, there, headers=headers, content=body)
            method = "GET"
            headers.pop("content-type", None)
        return self._build(method, there, headers=headers)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        if self._transport is None:
            self._transport = GuardedTransport(self.guard, self._tls or trusted())
        attempts = 2 if request.method in ("GET", "HEAD") else 1
        while True:
            attempts -= 1
            try:
                return await self._transport.handle_async_request(request)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, H2Error):
                if not attempts:
                    raise HttpFailure("broken_answer", request.url.host, sent=True) from None
            except httpx.HTTPError as error:
                raise _failure(error, request.url.host) from None
            except Unreadable:
                raise HttpFailure("broken_answer", request.url.host, sent=True) from None

    async def websocket(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 2_000_000,
        ping: float = 20.0,
    ) -> AsyncGenerator[str | bytes, None]:
        """Messages as they come, each at most `max_bytes` once decompressed; close the iterator to hang up.

        Silence is probed by a ping every `ping` seconds. No redirect is followed. The normal way out
        of the iterator is `HttpFailure`: `stream_ended`, or `stream_refused` with the HTTP status as
        `detail`, or what `request` raises.
        """
        from websockets.asyncio.client import connect
        from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

        host = _host(url)
        try:
            parts = safe_url(url, schemes=("ws", "wss"))
            host = parts.hostname or ""
            secure = parts.scheme == "wss"
            port = parts.port or (443 if secure else 80)
            sock = await self.guard.connect(host, port, timeout=self.limits.connect)
            tls: dict[str, Any] = {"ssl": self._tls or trusted(), "server_hostname": host} if secure else {}
            async with connect(
                parts.geturl(),
                sock=sock,
                proxy=None,
                additional_headers=dict(headers or {}),
                user_agent_header=self.user_agent,
                open_timeout=self.limits.connect,
                ping_interval=ping,
                ping_timeout=ping,
                close_timeout=2,
                max_size=max_bytes,
                **tls,
            ) as connection:
                async for message in connection:
                    yield message
        except Forbidden as error:
            raise HttpFailure(error.reason, _host(url), error.detail) from None
        except InvalidStatus as error:
            raise HttpFailure("stream_refused", host, str(error.response.status_code)) from None
        except InvalidHandshake:
            raise HttpFailure("stream_refused", host) from None
        except WebSocketException as error:
            too_large = getattr(getattr(error, "sent", None), "code", None) == 1009
            raise HttpFailure("too_large" if too_large else "stream_ended", host) from None
        except (OSError, ValueError) as error:
            raise _failure(error, host) from None
        raise HttpFailure("stream_ended", host)

    async def lines(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 2_000_000,
        idle: float = 90.0,
    ) -> AsyncGenerator[str, None]:
        """The lines of an answer that never ends (server-sent events), each at most `max_bytes`.

        A server silent for `idle` seconds has gone. No redirect is followed. The normal way out is
        `HttpFailure`, as of `websocket`. Close the generator to hang up.
        """
        host = _host(url)
        response: httpx.Response | None = None
        try:
            async with asyncio.timeout(self.limits.total):
                wanted = {"accept": "text/event-stream", **(headers or {}), "accept-encoding": "identity"}
                request = self._build("GET", safe_url(url).geturl(), headers=wanted)
                request.extensions["timeout"]["read"] = idle
                response = await self._send(request)
            if response.status_code != 200:
                raise HttpFailure("stream_refused", host, str(response.status_code), sent=True)
            rest = b""
            async for piece in response.aiter_raw():
                *whole, rest = (rest + piece).split(b"\n")
                if len(rest) > max_bytes or any(len(line) > max_bytes for line in whole):
                    raise HttpFailure("too_large", host, str(max_bytes), sent=True)
                for line in whole:
                    yield line.rstrip(b"\r").decode("utf-8", "replace")
        except Forbidden as error:
            raise HttpFailure(error.reason, host, error.detail) from None
        except (httpx.ReadError, httpx.RemoteProtocolError, H2Error):
            raise HttpFailure("stream_ended", host, sent=True) from None
        except (TimeoutError, httpx.HTTPError) as error:
            raise _failure(error, host) from None
        finally:
            if response is not None:
                await response.aclose()
        raise HttpFailure("stream_ended", host, sent=True)

    async def aclose(self) -> None:
        """Close the kept connections; the next request opens new ones."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def trusted() -> ssl.SSLContext:
    """Verification against the usual authorities, and `SSL_CERT_FILE` where the machine sets it."""
    return httpx.create_ssl_context()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:253]
    except ValueError:
        return ""


async def _read(response: httpx.Response, max_bytes: int, *, host: str) -> bytes:
    """The body, unpacked as it comes and cut off at `max_bytes` without ever being held whole."""
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > max_bytes:
        raise HttpFailure("too_large", host, str(max_bytes), sent=True)
    body = bytearray()
    try:
        unpack = unpacker(response.headers.get("content-encoding", ""))
        async for packed in response.aiter_raw():
            body += unpack.feed(packed, max_bytes + 1 - len(body))
            if len(body) > max_bytes:
                raise HttpFailure("too_large", host, str(max_bytes), sent=True)
        unpack.finish()
    except (httpx.HTTPError, H2Error) as error:  # httpcore lets those of h2 through
        raise _failure(error, host) from None
    except BadPacking:
        raise HttpFailure("bad_content_encoding", host, sent=True) from None
    return bytes(body)


TLS_REASONS = {
    9: "tls_not_yet_valid",
    10: "tls_expired",
    18: "tls_self_signed",
    19: "tls_self_signed",
    62: "tls_wrong_host",
    64: "tls_wrong_host",
}


def _failure(error: BaseException, host: str) -> HttpFailure:
    """The stable reason behind a library's exception; of a connection that failed, the cause of its cause.

    What happens after the connection stood is told by its own type: the cause of a read that ran out
    of time over TLS is an SSL error too.
    """
    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return HttpFailure("connect_timeout", host)
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return HttpFailure("timeout", host, sent=True)
    if isinstance(error, httpx.HTTPError) and not isinstance(error, httpx.ConnectError):
        return HttpFailure("broken_answer", host, sent=True)
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, ssl.SSLCertVerificationError):
            return HttpFailure(TLS_REASONS.get(link.verify_code, "tls_untrusted"), host)
        if isinstance(link, ssl.SSLError):
            return HttpFailure("tls_failed", host)
        if isinstance(link, (NameNotFound, socket.gaierror)):
            return HttpFailure("name_not_found", host)
        link = link.__cause__ or link.__context__
    if isinstance(error, (httpx.ConnectError, OSError)):
        return HttpFailure("connection_refused", host)
    return HttpFailure("broken_answer", host, sent=True)
