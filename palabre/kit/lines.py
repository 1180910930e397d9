"""The connections of the way out: sockets that the guard opens, kept for the next request, in small pools.

What a pool of httpcore does for one request grows with the square of its connections. So a pool is
given only a few requests at once, and the next pool is opened when it has them: a server that talks
HTTP/2 still gets one connection for all but the greatest rush.
"""

import asyncio
import select
import ssl
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpcore
import httpx

from palabre.kit.guard import Guard

POOLS, SHARE = 8, 25
"""Pools at most, and the requests under way in one before the next one is used."""
KEPT = 4.0
"""Seconds an idle connection is kept: many servers hang up after 5, a write must not meet that on its way."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's own transport over pools whose sockets are opened by the guard."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext) -> None:
        self._guard, self._tls = guard, tls
        self._pools: list[_Pool] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        pool = self._roomy()
        pool.busy += 1
        try:
            response = await pool.handle_async_request(request)
        except BaseException:
            pool.busy -= 1
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Counted(response.stream, pool)
        return response

    def _roomy(self) -> "_Pool":
        """The first pool with room, else a new one, else the one that has least to do."""
        for pool in self._pools:
            if pool.busy < SHARE:
                return pool
        if len(self._pools) < POOLS:
            self._pools.append(_Pool(self._guard, self._tls))
            return self._pools[-1]
        return min(self._pools, key=lambda pool: pool.busy)

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


class _Pool(httpx.AsyncHTTPTransport):
    """One pool; `busy` counts the requests that have not been answered to the end."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        self.busy = 0
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=2 * SHARE,
            max_keepalive_connections=2 * SHARE,
            keepalive_expiry=KEPT,
            http1=True,
            http2=True,
            network_backend=_GuardedBackend(guard),
        )


class _Counted(httpx.AsyncByteStream):
    """A body whose end its pool hears of."""

    def __init__(self, body: httpx.AsyncByteStream, pool: _Pool) -> None:
        self._body, self._pool, self._open = body, pool, True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._body:
            yield piece

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            self._pool.busy -= 1
        await self._body.aclose()


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens sockets for httpcore: names resolved once, the judged address is the one connected to.

    Host header, SNI and the certificate's name stay those of the URL.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._guard.addresses(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout("name") from None
        except OSError as error:
            raise NameNotFound(host) from error
        last: Exception = httpcore.ConnectError("no address")
        share = None if timeout is None else timeout / min(len(addresses), 4)
        for address in addresses[:4]:
            try:
                return _Line(await self._sockets.connect_tcp(address, port, share, None, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Line(httpcore.AsyncNetworkStream):
    """A stream that has its socket at hand.

    Before each request the pool asks every idle connection whether the server has hung up. anyio's
    stream answers by asking the system for both ends' addresses: with 64 connections that was a third
    of all that sending costs.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket = stream.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _Line(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        if info != "is_readable":
            return self._stream.get_extra_info(info)
        number = self._socket.fileno()
        if number < 0:
            return True
        asked = select.poll()
        asked.register(number, select.POLLIN)
        return bool(asked.poll(0))


class NameNotFound(httpcore.ConnectError):
    """The name has no address."""
