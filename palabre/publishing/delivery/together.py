"""Writes that come while one is being committed are committed next, together: at the database’s pace."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from asgiref.sync import sync_to_async

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Together(Generic[Asked, Answer]):
    """One writer of an event loop. `write` answers each of what it is handed, in order, in one transaction.

    What fails together is written one by one, so that the fault of one is told to it alone.
    """

    def __init__(self, write: Callable[[Sequence[Asked]], Sequence[Answer]]) -> None:
        self._write = write
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def __call__(self, asked: Asked) -> Answer:
        """Hand something in; the answer once it is committed. Raises as `write` does for this one alone."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._writer is None:
            self._writer = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            answers = await sync_to_async(self._answers)([asked for asked, _ in batch])
            for (_, future), answer in zip(batch, answers, strict=True):
                if future.cancelled():
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
        self._writer = None

    def _answers(self, asked: Sequence[Asked]) -> Sequence[Answer | Exception]:
        try:
            return self._write(asked)
        except Exception as error:  # noqa: BLE001 - handed to whoever asked
            if len(asked) == 1:
                return [error]
            return [answer for one in asked for answer in self._answers([one])]
