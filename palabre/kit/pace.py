"""Going easy on other people's servers: one call at a time to a host, with a pause between two."""

import asyncio
import random
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

REMEMBERED = 10_000
"""Hosts whose last call is remembered; the longest unasked is forgotten first."""


@dataclass
class _Host:
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    waiting: int = 0


class HostPacer:
    """Serialises calls to each host within one process; `pause` in seconds, longer by up to a third at random."""

    def __init__(
        self,
        *,
        pause: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._pause, self._clock, self._sleep, self._jitter = pause, clock, sleep, jitter
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @asynccontextmanager
    async def turn(self, target: str) -> AsyncIterator[None]:
        """Wait for one's turn at the host of `target` (an address, or any name), and hold it."""
        name = urlsplit(target).hostname or target
        host = self._hosts.setdefault(name, _Host())
        self._hosts.move_to_end(name)
        host.waiting += 1
        try:
            async with host.gate:
                if (wait := host.free_at - self._clock()) > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    rest = self._pause * (1 + self._jitter() / 3)
                    host.free_at = max(host.free_at, self._clock() + rest)
        finally:
            host.waiting -= 1
            self._forget()

    def rest(self, target: str, seconds: float) -> None:
        """A host asked for a pause (Retry-After): nobody of this process calls before it is over."""
        host = self._hosts.setdefault(urlsplit(target).hostname or target, _Host())
        host.free_at = max(host.free_at, self._clock() + seconds)

    def _forget(self) -> None:
        for name in list(self._hosts):
            if len(self._hosts) <= REMEMBERED:
                return
            if not self._hosts[name].waiting:
                del self._hosts[name]
