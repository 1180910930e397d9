"""From the messages of a line to pages: small, often, and nothing held back when the line breaks."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")

MESSAGES = 200
SECONDS = 0.5


async def batches(
    messages: AsyncGenerator[T, None] | AsyncIterator[T], *, most: int = MESSAGES, seconds: float = SECONDS
) -> AsyncGenerator[list[T], None]:
    """Lists of at most `most` messages, each given at the latest `seconds` after its first message.

    What the source raises is raised again, after what came before it was given. Closing this
    generator closes the source.
    """
    loop = asyncio.get_running_loop()
    coming: asyncio.Task[T] | None = None
    batch: list[T] = []
    until = 0.0
    try:
        while True:
            if coming is None:
                coming = asyncio.ensure_future(_next(messages))
            wait = until - loop.time() if batch else None
            done, _ = await asyncio.wait({coming}, timeout=wait)
            if not done:
                yield batch
                batch = []
                continue
            task, coming = coming, None
            if task.exception() is not None:
                if batch:
                    yield batch
                if isinstance(task.exception(), _Ended):
                    return
                task.result()
            if not batch:
                until = loop.time() + seconds
            batch.append(task.result())
            if len(batch) >= most:
                yield batch
                batch = []
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait({coming})
        close = getattr(messages, "aclose", None)
        if close is not None:
            await close()


class _Ended(Exception):
    """The source is exhausted; a task cannot hold a StopAsyncIteration."""


async def _next(messages: AsyncIterator[T]) -> T:
    try:
        return await anext(messages)
    except StopAsyncIteration:
        raise _Ended from None
