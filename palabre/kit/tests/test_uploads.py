"""What is sent from where it lies: whole, in order, again where it must be, never held in memory."""

import asyncio
import io
import tracemalloc
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import BinaryIO

import pytest

from palabre.kit.http import Http, HttpFailure
from palabre.kit.tests.servers import answering, serving
from palabre.kit.uploads import PIECE, Upload

LOOPBACK = (ip_network("127.0.0.0/8"),)


def film(folder: Path, size: int) -> Callable[[], BinaryIO]:
    """A file of so many bytes, of which most are a hole."""
    path = folder / "film.mp4"
    with path.open("wb") as file:
        file.write(b"begin")
        file.truncate(size - 3)
        file.seek(size - 3)
        file.write(b"end")
    return lambda: path.open("rb")


class Server:
    """Takes a body a piece at a time; how long it was, how it began and how it ended."""

    def __init__(self, *, first: str = "200 OK") -> None:
        self.heads: list[str] = []
        self.bodies: list[tuple[int, bytes, bytes]] = []
        self._answers = [first]

    async def talk(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append(head.lower())
        left = size = int(head.lower().partition("content-length: ")[2].split()[0])
        begin = end = b""
        while left:
            piece = await reader.read(min(left, 1 << 16))
            if not piece:
                return
            begin, end, left = (begin + piece)[:12], (end + piece)[-12:], left - len(piece)
        self.bodies.append((size, begin, end))
        status = self._answers.pop() if self._answers else "200 OK"
        await answering(status, b"taken", location="/there")(head, reader, writer)


async def test_a_file_leaves_whole_between_what_goes_before_and_after_it(tmp_path: Path) -> None:
    server = Server()
    body = Upload.of(film(tmp_path, 1_000_000), before=b"<<", after=b">>")
    async with serving(server.talk) as port, Http(allow=LOOPBACK) as http:
        answer = await http.request("POST", f"http://127.0.0.1:{port}/", content=body)
    assert answer.body == b"taken"
    assert server.bodies == [(1_000_004, b"<<begin" + bytes(5), bytes(7) + b"end>>")]
    assert "transfer-encoding" not in server.heads[0], "servers behind proxies want its length"


async def test_a_redirect_gets_the_file_again_from_its_beginning(tmp_path: Path) -> None:
    server = Server(first="307 Temporary Redirect")
    async with serving(server.talk) as port, Http(allow=LOOPBACK) as http:
        await http.request("POST", f"http://127.0.0.1:{port}/", content=Upload.of(film(tmp_path, 700_000)))
    assert len(server.bodies) == 2
    assert server.bodies[0] == server.bodies[1]
    assert server.heads[1].startswith("post /there")


async def test_a_file_that_can_no_longer_be_read_is_a_failure_after_sending(tmp_path: Path) -> None:
    class Torn(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("bad sector")

    async with serving(Server().talk) as port, Http(allow=LOOPBACK) as http:
        with pytest.raises(HttpFailure) as failure:
            await http.request("POST", f"http://127.0.0.1:{port}/", content=Upload(open=Torn, size=9))
    assert failure.value.sent


async def test_a_film_is_never_held_in_memory(tmp_path: Path) -> None:
    server, size = Server(), 200 * PIECE
    body = Upload.of(film(tmp_path, size))
    async with serving(server.talk) as port, Http(allow=LOOPBACK) as http:
        tracemalloc.start()
        try:
            await http.request("POST", f"http://127.0.0.1:{port}/", content=body)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert server.bodies[0][0] == size
    assert peak < size / 10
