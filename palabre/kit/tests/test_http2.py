"""The same way out over HTTP/2, against a live server (Hypercorn): the same limits, the same guard."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypercorn.asyncio import serve
from hypercorn.config import Config

from palabre.kit.guard import LOOPBACK
from palabre.kit.http import Http, HttpFailure, Limits
from palabre.kit.tests.servers import answering, certificate, trusting
from palabre.kit.tests.servers import serving as raw

LIMITS = Limits(connect=5.0, read=5.0, total=20.0)


class Site:
    """An application that answers each path in its own way and keeps what it saw."""

    def __init__(self) -> None:
        self.versions: set[str] = set()
        self.lines: set[Any] = set()
        self.asked: list[str] = []
        self.sent = 0

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        self.versions.add(scope["http_version"])
        self.lines.add(tuple(scope["client"]))
        self.asked.append(scope["path"])

        async def begin(status: int = 200, **headers: str) -> None:
            pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": status, "headers": pairs})

        async def say(body: bytes, more: bool = False) -> None:
            self.sent += len(body)
            await send({"type": "http.response.body", "body": body, "more_body": more})

        path = scope["path"]
        if path == "/endless":
            await begin()
            for _ in range(10_000):
                await say(b"x" * 100_000, more=True)
        elif path == "/giant":
            await begin(content_length="2000000000")
            await say(b"x" * 1000, more=True)
            await asyncio.sleep(30)
        elif path == "/bomb":
            await begin(content_encoding="gzip")
            await say(gzip.compress(b"\x00" * 50_000_000))
        elif path == "/silent":
            await asyncio.sleep(30)
        elif path == "/drops":
            await begin()
            while True:
                await say(b".", more=True)
                await asyncio.sleep(0.02)
        elif path == "/cut":
            await begin(content_length="1000")
            await say(b"x" * 10)
        elif path == "/round":
            await begin(302, location="/round")
            await say(b"")
        elif path == "/inside":
            await begin(302, location="https://10.0.0.1/")
            await say(b"")
        else:
            await begin(etag='"1"')
            await say(f"voilà {path}".encode())


@asynccontextmanager
async def serving(site: Site, folder: Path) -> AsyncIterator[str]:
    certificate(folder)
    listening = socket.create_server(("127.0.0.1", 0))
    config = Config()
    port = listening.getsockname()[1]
    config.bind = [f"fd://{listening.detach()}"]  # the server closes it
    config.certfile, config.keyfile = str(folder / "localhost.pem"), str(folder / "localhost.key")
    config.alpn_protocols = ["h2", "http/1.1"]
    config.graceful_timeout = 0.1
    config.errorlog = config.accesslog = None
    ending = asyncio.Event()
    running = asyncio.create_task(serve(site, config, shutdown_trigger=ending.wait))  # type: ignore[arg-type]
    try:
        yield f"https://localhost:{port}"
    finally:
        ending.set()
        await running


def client(folder: Path, **options: Any) -> Http:
    return Http(**{"allow": LOOPBACK, "tls": trusting(folder), "limits": LIMITS, **options})


async def test_pages_asked_at_once_share_one_line(tmp_path: Path) -> None:
    site = Site()
    async with serving(site, tmp_path) as url, client(tmp_path) as http:
        await http.request("GET", f"{url}/0")
        answers = await asyncio.gather(*(http.request("GET", f"{url}/{n}") for n in range(1, 20)))
    assert [answer.body.decode() for answer in answers] == [f"voilà /{n}" for n in range(1, 20)]
    assert (site.versions, len(site.lines)) == ({"2"}, 1)
    assert answers[0].headers["ETag"] == '"1"'


@pytest.mark.parametrize("path", ["/endless", "/giant", "/bomb"])
async def test_a_body_is_never_read_beyond_its_limit(path: str, tmp_path: Path) -> None:
    site = Site()
    async with serving(site, tmp_path) as url, client(tmp_path) as http:
        with pytest.raises(HttpFailure) as failure:
            await http.request("GET", url + path, max_bytes=300_000)
        assert (failure.value.reason, failure.value.detail) == ("too_large", "300000")
        assert site.sent < 50_000_000  # what buffers hold, of a billion
        assert (await http.request("GET", f"{url}/after")).status == 200


@pytest.mark.parametrize("path", ["/silent", "/drops"])
async def test_a_page_that_takes_too_long_does_not_hold_the_others(path: str, tmp_path: Path) -> None:
    site = Site()
    async with (
        serving(site, tmp_path) as url,
        client(tmp_path, limits=Limits(connect=5.0, read=1.0, total=1.5)) as http,
    ):
        await http.request("GET", f"{url}/before")
        slow = asyncio.create_task(http.request("GET", url + path))
        while path not in site.asked:
            await asyncio.sleep(0.01)
        assert (await http.request("GET", f"{url}/beside")).status == 200
        with pytest.raises(HttpFailure) as failure:
            await slow
        assert (failure.value.reason, failure.value.sent) == ("timeout", True)
        assert (await http.request("GET", f"{url}/after")).status == 200


async def test_a_body_that_stops_in_the_middle_is_no_body(tmp_path: Path) -> None:
    site = Site()
    async with serving(site, tmp_path) as url, client(tmp_path) as http:
        with pytest.raises(HttpFailure) as failure:
            await http.request("GET", f"{url}/cut")
        assert failure.value.reason == "broken_answer"
        assert (await http.request("GET", f"{url}/after")).status == 200


async def test_redirects_are_counted_and_judged_as_ever(tmp_path: Path) -> None:
    site = Site()
    async with serving(site, tmp_path) as url, client(tmp_path) as http:
        with pytest.raises(HttpFailure, match="redirect_loop"):
            await http.request("GET", f"{url}/round")
        with pytest.raises(HttpFailure, match="forbidden_address"):
            await http.request("GET", f"{url}/inside")


async def test_the_guard_and_the_certificate_come_first(tmp_path: Path) -> None:
    site = Site()
    async with serving(site, tmp_path) as url:
        async with client(tmp_path, allow=()) as http:
            with pytest.raises(HttpFailure, match="forbidden_address"):
                await http.request("GET", url)
        async with client(tmp_path, tls=None) as http:
            with pytest.raises(HttpFailure, match="tls_self_signed"):
                await http.request("GET", url)
    assert site.asked == []


async def test_nonsense_on_the_line_is_a_broken_answer(tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    tls.set_alpn_protocols(["h2"])
    async with raw(answering(body=b"this is no frame"), tls) as port, client(tmp_path) as http:
        with pytest.raises(HttpFailure) as failure:
            await http.request("GET", f"https://localhost:{port}/")
        assert failure.value.reason == "broken_answer"
