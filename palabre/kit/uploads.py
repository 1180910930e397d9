"""A body that leaves from where it lies, piece by piece: what is sent need not fit in memory.

On the way out: made from a file by whoever publishes, handed to `kit.http` as the content of a request.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Self

PIECE = 1 << 18
"""Bytes held at once."""


class Unreadable(Exception):
    """The file that was being sent can no longer be read."""


@dataclass(frozen=True, kw_only=True)
class Upload:
    """`before`, the whole file and `after`, read anew each time it is iterated: it can be sent again.

    `open` gives the file at its beginning, `size` is that of all three in bytes.
    """

    open: Callable[[], BinaryIO] = field(repr=False, compare=False)
    size: int
    before: bytes = field(default=b"", repr=False)
    after: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, file: Callable[[], BinaryIO], *, before: bytes = b"", after: bytes = b"") -> Self:
        """The body of a file, which is measured now. Raises OSError where it cannot be opened."""
        with file() as there:
            held = there.seek(0, 2)
        return cls(open=file, size=len(before) + held + len(after), before=before, after=after)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The bytes in order, a piece at a time, read beside the event loop. Raises Unreadable."""
        if self.before:
            yield self.before
        try:
            file = self.open()
        except OSError as lost:
            raise Unreadable from lost
        with file:
            while piece := await self._read(file):
                yield piece
        if self.after:
            yield self.after

    @staticmethod
    async def _read(file: BinaryIO) -> bytes:
        try:
            return await asyncio.to_thread(file.read, PIECE)
        except OSError as lost:
            raise Unreadable from lost
