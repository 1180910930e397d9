"""From the messages of a line to pages: small, often, and nothing held back when the line breaks.

A line that has much to say (it is read again from an old cursor) gives larger pages by itself: it is read on
while a page is being worked on, so the next one is what came meanwhile.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

MESSAGES = 2_000
"""Messages of a page at most, and held in memory beside it; a fifth of a second of work."""
SECONDS = 0.5


async def batches(
    messages: AsyncGenerator[T, None] | AsyncIterator[T], *, most: int = MESSAGES, seconds: float = SECONDS
) -> AsyncGenerator[list[T], None]:
    """Lists of at most `most` messages, each given at the latest `seconds` after its first message.

    What the source raises is raised again, after what came before it was given. Closing this
    generator closes the source.
    """
    inbox = _Inbox[T](most)
    reader = asyncio.ensure_future(inbox.fill(messages))
    try:
        while batch := await inbox.taken(seconds):
            yield batch
        await reader
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        close = getattr(messages, "aclose", None)
        if close is not None:
            await close()


class _Inbox(list[T]):
    """What came and was not taken yet, at most `most`; the source waits while it is full."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.begun, self.full, self.room = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.since = 0.0
        self.ended = False

    async def fill(self, messages: AsyncIterator[T]) -> None:
        """Read until the source ends; a message costs no task of its own."""
        clock = asyncio.get_running_loop().time
        try:
            async for message in messages:
                if not self:
                    self.since = clock()
                    self.begun.set()
                self.append(message)
                if len(self) >= self.most:
                    self.full.set()
                    self.room.clear()
                    await self.room.wait()
        finally:
            self.ended = True
            self.begun.set()
            self.full.set()

    async def taken(self, seconds: float) -> list[T]:
        """What came, once it is enough or old enough; empty when the source has ended."""
        await self.begun.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self.since + seconds):
                await self.full.wait()
        batch = list(self)
        self.clear()
        if not self.ended:
            self.begun.clear()
            self.full.clear()
        self.room.set()
        return batch
