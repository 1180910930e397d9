"""Messages become pages: small, often, and nothing held back when the line breaks."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from palabre.networks.batches import batches


class Line:
    """A line that says `count` messages at once, then waits or breaks; it remembers being closed."""

    def __init__(self, count: int, *, then: Exception | None = None, waits: bool = False) -> None:
        self.count, self.then, self.waits = count, then, waits
        self.closed = False

    async def messages(self) -> AsyncGenerator[int, None]:
        try:
            for number in range(self.count):
                yield number
            if self.waits:
                await asyncio.Event().wait()
            if self.then is not None:
                raise self.then
        finally:
            self.closed = True


async def test_pages_hold_at_most_what_was_asked() -> None:
    pages = [page async for page in batches(Line(7).messages(), most=3)]
    assert pages == [[0, 1, 2], [3, 4, 5], [6]]


async def test_what_came_before_the_break_is_given_first() -> None:
    came: list[int] = []
    with pytest.raises(ConnectionError):
        async for page in batches(Line(2, then=ConnectionError()).messages()):
            came += page
    assert came == [0, 1]


async def test_a_line_that_falls_silent_does_not_hold_back_what_came() -> None:
    line = Line(2, waits=True)
    came: list[int] = []
    async with aclosing(batches(line.messages(), seconds=0)) as pages:
        while came != [0, 1]:
            came += await anext(pages)
    assert line.closed


async def test_hanging_up_closes_the_line() -> None:
    line = Line(5, waits=True)
    async with aclosing(batches(line.messages(), most=2)) as pages:
        await anext(pages)
    assert line.closed


async def test_cancelling_the_listener_closes_the_line() -> None:
    line = Line(1, waits=True)

    async def listen() -> None:
        async with aclosing(batches(line.messages(), most=1)) as pages:
            async for _ in pages:
                pass

    listener = asyncio.ensure_future(listen())
    await asyncio.sleep(0.01)
    listener.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listener
    assert line.closed
