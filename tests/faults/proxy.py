"""A line that misbehaves: TCP on loopback between a sender and a real server.

Of the writes it is told to look for, some never arrive, some are answered by 503 before they do, some
are slow, and of some the answer is cut off after the server accepted. Some lines are hung up at once.
"""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
WAYS = ("well", "well", "well", "slow", "busy", "cut before", "cut after", "cut after")
HUNG_UP = 0.05


@dataclass
class Proxy:
    """`write` is in the first line of the requests that are to suffer; `done` counts what was done.

    `under_way`: requests the server has not answered yet, whether somebody still waits for it or not.
    """

    server: str
    write: bytes
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    done: Counter[str] = field(default_factory=Counter)
    address: str = ""
    under_way: int = 0

    async def serve(self, ready: threading.Event, over: asyncio.Event) -> None:
        """Until `over`."""
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await over.wait()
        server.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            if self.chance.random() < HUNG_UP:
                self.done["hung up"] += 1
                writer.transport.abort()
                return
            there = urlsplit(self.server)
            up, down = await asyncio.open_connection(there.hostname, there.port)
            try:
                while request := await _message(reader):
                    if not await self._exchange(request, up, down, writer):
                        return
            finally:
                down.transport.abort()
                writer.transport.abort()

    async def _exchange(
        self,
        request: bytes,
        up: asyncio.StreamReader,
        down: asyncio.StreamWriter,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """One request and its answer; False when the line is cut."""
        line = request.partition(b"\r\n")[0]
        suffers = line.startswith(b"POST ") and self.write in line
        way = self.chance.choice(WAYS) if suffers else "well"
        if suffers:
            self.done[way] += 1
        if way == "cut before":
            return False
        if way == "busy":
            return await _say(BUSY, writer)
        self.under_way += 1
        try:
            down.write(request)
            await down.drain()
            answer = await _message(up)
        finally:
            self.under_way -= 1
        if way == "cut after" or not answer:
            return False
        if way == "slow":
            await asyncio.sleep(1.0)
        return await _say(answer, writer)


async def _say(answer: bytes, writer: asyncio.StreamWriter) -> bool:
    """Hand an answer over; False when it was the last one of its line, which is closed behind it."""
    writer.write(answer)
    await writer.drain()
    if b"\r\nconnection: close\r\n" not in answer.partition(b"\r\n\r\n")[0].lower() + b"\r\n":
        return True
    writer.close()
    await writer.wait_closed()
    return False


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One whole HTTP/1.1 message, b"" at the end of the line."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
            body = b""
            while True:
                size = await reader.readuntil(b"\r\n")
                body += size + await reader.readexactly(int(size, 16) + 2)
                if int(size, 16) == 0:
                    return head + body
        if b"content-length" in fields:
            return head + await reader.readexactly(int(fields[b"content-length"]))
        if head.startswith(b"HTTP/"):
            empty = head.split(b" ", 2)[1] in (b"204", b"304")
            return head if empty else head + await reader.read()
        return head
    except asyncio.IncompleteReadError:
        return b""


@contextmanager
def misbehaving(server: str, *, write: bytes) -> Iterator[Proxy]:
    """A proxy before `server`, in a thread of its own."""
    proxy, ready = Proxy(server, write), threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=[proxy.serve(ready, over)], daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
