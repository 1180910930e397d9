"""Going easy on other people's servers."""

import asyncio

from palabre.kit.pace import HostPacer


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def pacer(clock: Clock) -> HostPacer:
    return HostPacer(pause=1.0, clock=clock, sleep=clock.sleep, jitter=lambda: 0.0)


async def calls(given: HostPacer, clock: Clock, targets: list[str]) -> list[tuple[str, float]]:
    made: list[tuple[str, float]] = []

    async def call(target: str) -> None:
        async with given.turn(target):
            made.append((target, clock()))

    await asyncio.gather(*(call(target) for target in targets))
    return made


async def test_two_calls_to_one_host_are_a_pause_apart() -> None:
    clock = Clock()
    made = await calls(pacer(clock), clock, ["https://a.example/1", "https://a.example/2", "https://a.example/3"])
    times = [at for _, at in made]
    assert times == [100.0, 101.0, 102.0]


async def test_other_hosts_do_not_wait() -> None:
    clock = Clock()
    made = await calls(pacer(clock), clock, [f"https://{name}.example/" for name in "abc"])
    assert [at for _, at in made] == [100.0] * 3


async def test_a_host_that_asks_for_a_rest_gets_it() -> None:
    clock = Clock()
    given = pacer(clock)
    given.rest("https://a.example/", 60)
    made = await calls(given, clock, ["https://a.example/1"])
    assert made == [("https://a.example/1", 160.0)]


async def test_a_call_that_fails_frees_its_place() -> None:
    clock = Clock()
    given = pacer(clock)
    try:
        async with given.turn("https://a.example/"):
            raise ValueError
    except ValueError:
        pass
    assert len(await calls(given, clock, ["https://a.example/"])) == 1
