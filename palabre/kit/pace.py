"""How fast one host is visited, however many feeds live there: a turn at a time, and rest when asked.

The poller of thousands of feeds takes a turn of the host before each request; feeds of other hosts
go on meanwhile. One `HostPacer` serves one process and one event loop.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

_PRUNE_FROM = 1000


class HostBusy(Exception):
    """The turn would come later than one wants to wait: come back in `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass
class _Host:
    """One host: when its next turn is, until when it rests, and how many are in line or inside."""

    slots: asyncio.Semaphore
    next_turn: float = 0.0
    resting_until: float = 0.0
    waiting: int = field(default=0)


class HostPacer:
    """At most `concurrency` requests at a time to a host, begun at least `interval` seconds apart.

    `jitter` is the most that is added at random to an interval, so that what started together does
    not stay together. `clock` counts seconds and never goes back.
    """

    def __init__(
        self,
        *,
        interval: float = 1.0,
        jitter: float = 0.5,
        concurrency: int = 1,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        random: Random | None = None,
    ) -> None:
        self._interval = interval
        self._jitter = jitter
        self._concurrency = concurrency
        self._clock = clock
        self._sleep = sleep
        self._random = random or Random()  # noqa: S311 - spread, not secrecy
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, patience: float | None = None) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it; `patience` in seconds, None for any time.

        Raises `HostBusy` at once when the turn is known to come later than `patience`.
        """
        state = self._state(host)
        if patience is not None and (wait := self.wait(host)) > patience:
            raise HostBusy(wait)
        state.waiting += 1
        try:
            async with state.slots:
                start = max(self._clock(), state.next_turn)
                state.next_turn = start + self._interval + self._random.random() * self._jitter
                # The host may ask for rest while we wait, so the clock is looked at again.
                while (ahead := max(start, state.resting_until) - self._clock()) > 0:
                    await self._sleep(ahead)
                yield
        finally:
            state.waiting -= 1

    def rest(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long, as its Retry-After asked; a longer rest is not shortened."""
        state = self._state(host)
        state.resting_until = max(state.resting_until, self._clock() + max(seconds, 0.0))

    def wait(self, host: str) -> float:
        """Seconds until a turn begun now would come, as far as is known."""
        state = self._hosts.get(host.lower())
        if state is None:
            return 0.0
        return max(0.0, state.next_turn - self._clock(), state.resting_until - self._clock())

    def _state(self, host: str) -> _Host:
        name = host.lower()
        if len(self._hosts) >= _PRUNE_FROM and name not in self._hosts:
            now = self._clock()
            self._hosts = {
                known: state
                for known, state in self._hosts.items()
                if state.waiting or state.next_turn > now or state.resting_until > now
            }
        return self._hosts.setdefault(name, _Host(slots=asyncio.Semaphore(self._concurrency)))
