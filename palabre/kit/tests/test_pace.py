"""The pace of visits: one host is never stampeded, another never waits for it."""

import asyncio
from itertools import pairwise
from random import Random

import pytest

from palabre.kit.pace import HostBusy, HostPacer


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.now += seconds


def pacer(clock: Clock, **options: object) -> HostPacer:
    return HostPacer(clock=clock, sleep=clock.sleep, random=Random(1), **{"jitter": 0.0, **options})  # type: ignore[arg-type]


async def visits(pace: HostPacer, clock: Clock, hosts: list[str]) -> list[tuple[str, float]]:
    begun: list[tuple[str, float]] = []

    async def visit(host: str) -> None:
        async with pace.turn(host):
            begun.append((host, clock.now))

    await asyncio.gather(*(visit(host) for host in hosts))
    return begun


async def test_a_thousand_feeds_of_one_host_are_read_one_interval_apart() -> None:
    clock = Clock()
    begun = await visits(pacer(clock, interval=2.0), clock, ["example.org"] * 1000)
    moments = [moment for _, moment in begun]
    assert len(moments) == 1000
    assert all(later - earlier >= 2.0 for earlier, later in pairwise(moments))


async def test_another_host_does_not_wait() -> None:
    clock = Clock()
    begun = await visits(
        pacer(clock, interval=60.0), clock, ["slow.example", "slow.example", "other.example"]
    )
    assert dict(reversed(begun))["other.example"] == 100.0


async def test_the_interval_is_stretched_by_chance_and_never_shortened() -> None:
    clock = Clock()
    begun = await visits(pacer(clock, interval=1.0, jitter=1.0), clock, ["example.org"] * 50)
    moments = [moment for _, moment in begun]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert all(1.0 <= gap <= 2.0 for gap in gaps)
    assert len({round(gap, 6) for gap in gaps}) > 40


async def test_no_more_than_the_given_number_are_inside_at_once() -> None:
    clock = Clock()
    pace = pacer(clock, interval=0.0, concurrency=2)
    inside, most = 0, 0

    async def visit() -> None:
        nonlocal inside, most
        async with pace.turn("example.org"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(visit() for _ in range(20)))
    assert most == 2


async def test_a_host_that_asks_for_rest_gets_it_also_from_those_already_waiting() -> None:
    clock = Clock()
    pace = pacer(clock, interval=5.0)
    begun: list[float] = []

    async def first() -> None:
        async with pace.turn("Example.org"):
            pace.rest("example.org", 300.0)

    async def second() -> None:
        await asyncio.sleep(0)
        async with pace.turn("example.org"):
            begun.append(clock.now)

    await asyncio.gather(first(), second())
    assert begun[0] >= 400.0


async def test_one_who_will_not_wait_is_told_when_to_come_back() -> None:
    clock = Clock()
    pace = pacer(clock, interval=1.0)
    pace.rest("example.org", 90.0)
    with pytest.raises(HostBusy) as busy:
        async with pace.turn("example.org", patience=10.0):
            pytest.fail("not our turn")
    assert busy.value.retry_after == 90.0


async def test_a_failure_inside_a_turn_gives_the_turn_back() -> None:
    clock = Clock()
    pace = pacer(clock, interval=0.0)
    with pytest.raises(ValueError, match="broken"):
        async with pace.turn("example.org"):
            raise ValueError("broken")
    async with asyncio.timeout(1), pace.turn("example.org"):
        pass


async def test_hosts_that_are_done_with_are_forgotten() -> None:
    clock = Clock()
    pace = pacer(clock, interval=1.0)
    for number in range(3000):
        async with pace.turn(f"site{number}.example"):
            pass
        clock.now += 2.0
    assert len(pace._hosts) <= 1001
