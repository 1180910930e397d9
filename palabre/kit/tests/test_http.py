"""The way out: limits on time and size, redirects, certificates, addresses judged where they are met."""

import asyncio
import gzip
import itertools
import zlib
from pathlib import Path

import pytest
from websockets.asyncio.server import serve

from palabre.kit.guard import LOOPBACK
from palabre.kit.http import REASONS, Answer, Http, HttpFailure, Limits
from palabre.kit.redaction import redact
from palabre.kit.tests.servers import answering, certificate, serving, trusting

USUAL = Limits()
QUICK = Limits(connect=2.0, read=0.4, total=1.0)


async def got(talk: object, path: str = "/", *, limits: Limits = USUAL, **options: object) -> Answer:
    async with serving(talk) as port, Http(allow=LOOPBACK, limits=limits) as http:  # type: ignore[arg-type]
        return await http.request("GET", f"http://127.0.0.1:{port}{path}", **options)  # type: ignore[arg-type]


async def failed(talk: object, path: str = "/", *, limits: Limits = USUAL, **options: object) -> HttpFailure:
    with pytest.raises(HttpFailure) as failure:
        await got(talk, path, limits=limits, **options)
    assert failure.value.reason in REASONS
    return failure.value


def redirecting(*hops: tuple[str, str], at_last: str = "200 OK") -> object:
    """A server whose path /0 leads to /1 and so on, by these statuses and locations."""

    async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        place = int(head.split()[1].lstrip("/").partition("?")[0] or 0)
        if place < len(hops):
            status, location = hops[place]
            await answering(f"{status} Moved", location=location)(head, reader, writer)
        else:
            await answering(at_last, b"there")(head, reader, writer)

    return talk


async def test_a_plain_answer_comes_back_whole() -> None:
    answer = await got(answering(body=b"bonjour", etag='"1"'))
    assert (answer.status, answer.body, answer.headers["ETag"]) == (200, b"bonjour", '"1"')
    assert answer.moved_to is None


async def test_an_error_status_is_an_answer() -> None:
    assert (await got(answering("503 Busy", retry_after="9"))).headers["retry-after"] == "9"


async def test_what_is_asked_carries_query_form_and_headers() -> None:
    heard: list[str] = []

    async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(head)
        await answering()(head, reader, writer)

    async with serving(talk) as port, Http(allow=LOOPBACK, user_agent="Palabre/1") as http:
        await http.request("GET", f"http://127.0.0.1:{port}/x?a=1", params={"q": "é à"}, headers={"x-y": "z"})
    assert heard[0].startswith("GET /x?a=1&q=%C3%A9%20%C3%A0 HTTP/1.1") or "q=%C3%A9+%C3%A0" in heard[0]
    assert "x-y: z" in heard[0].lower() and "user-agent: palabre/1" in heard[0].lower()


class TestAddresses:
    async def test_loopback_is_refused_unless_allowed(self) -> None:
        async with serving(answering()) as port, Http() as http:
            for host in ("127.0.0.1", "localhost", "[::1]", "0x7f.1"):
                with pytest.raises(HttpFailure) as failure:
                    await http.request("GET", f"http://{host}:{port}/")
                assert failure.value.reason == "forbidden_address"
                assert not failure.value.sent

    async def test_a_name_that_changes_its_mind_is_judged_where_the_socket_opens(self) -> None:
        """DNS rebinding: public when first asked, loopback when asked again."""
        turns = itertools.chain([["8.8.8.8"]], itertools.repeat(["127.0.0.1"]))
        asked: list[str] = []

        async def rebinding(host: str, port: int) -> list[str]:
            asked.append(host)
            return next(turns)

        hasty = Http(resolver=rebinding, limits=Limits(connect=0.2, total=1))
        async with serving(answering(body=b"inner")) as port, hasty as http:
            await rebinding("evil.example", port)
            with pytest.raises(HttpFailure) as failure:
                await http.request("GET", f"http://evil.example:{port}/")
        assert failure.value.reason == "forbidden_address"
        assert len(asked) == 2

    async def test_a_name_is_resolved_once_a_connection_and_its_host_header_kept(self) -> None:
        asked: list[str] = []
        heads: list[str] = []

        async def resolver(host: str, port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"]

        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(head)
            await answering()(head, reader, writer)

        async with serving(talk) as port, Http(allow=LOOPBACK, resolver=resolver) as http:
            await http.request("GET", f"http://site.example:{port}/")
        assert asked == ["site.example"]
        assert f"host: site.example:{port}" in heads[0].lower()

    async def test_a_redirect_inside_is_refused(self) -> None:
        async def resolver(host: str, port: int) -> list[str]:
            return ["127.0.0.1"] if host == "public.example" else [host]

        talk = redirecting(("302", "http://169.254.169.254/latest/meta-data/"))
        async with serving(talk) as port, Http(allow=LOOPBACK, resolver=resolver) as http:  # type: ignore[arg-type]
            with pytest.raises(HttpFailure) as failure:
                await http.request("GET", f"http://public.example:{port}/0")
        assert failure.value.reason == "forbidden_address"

    async def test_a_redirect_to_another_scheme_is_refused(self) -> None:
        assert (await failed(redirecting(("302", "file:///etc/passwd")), "/0")).reason == "bad_scheme"

    async def test_a_name_that_does_not_exist_is_told_apart(self) -> None:
        async def nowhere(host: str, port: int) -> list[str]:
            raise OSError("no such name")

        async with Http(resolver=nowhere) as http:
            with pytest.raises(HttpFailure) as failure:
                await http.request("GET", "http://nowhere.example/")
        assert (failure.value.reason, failure.value.host) == ("name_not_found", "nowhere.example")

    async def test_nobody_listening_is_told_apart(self) -> None:
        async with serving(answering()) as port:
            pass
        async with Http(allow=LOOPBACK) as http:
            with pytest.raises(HttpFailure) as failure:
                await http.request("GET", f"http://127.0.0.1:{port}/")
        assert failure.value.reason == "connection_refused"


class TestRedirects:
    async def test_only_permanent_hops_move_a_source(self) -> None:
        answer = await got(redirecting(("301", "/1"), ("308", "/2")), "/0")
        assert answer.moved_to == answer.url and answer.url.endswith("/2")
        assert (await got(redirecting(("301", "/1"), ("302", "/2")), "/0")).moved_to is None
        assert (await got(redirecting(("301", "/1"), at_last="404 Lost"), "/0")).moved_to is None

    async def test_a_loop_is_seen(self) -> None:
        assert (await failed(redirecting(("302", "/1"), ("302", "/0")), "/0")).reason == "redirect_loop"

    async def test_an_endless_chain_is_cut(self) -> None:
        hops = [("302", f"/{n + 1}") for n in range(50)]
        assert (await failed(redirecting(*hops), "/0")).reason == "too_many_redirects"

    async def test_a_cookie_that_ends_a_loop_is_kept_for_the_chain(self) -> None:
        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if "seen=1" in head:
                await answering(body=b"in")(head, reader, writer)
            else:
                await answering("302 Found", location="/", set_cookie="seen=1")(head, reader, writer)

        assert (await got(talk)).body == b"in"

    async def test_secrets_do_not_follow_to_another_site(self) -> None:
        heads: list[str] = []

        async def other(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(head.lower())
            await answering()(head, reader, writer)

        async with serving(other) as there:
            talk = redirecting(("307", f"http://127.0.0.1:{there}/"))
            async with serving(talk) as port, Http(allow=LOOPBACK) as http:  # type: ignore[arg-type]
                url = f"http://127.0.0.1:{port}/0"
                await http.request(
                    "GET", url, headers={"authorization": "Bearer s3cr3t", "x-api-key": "s3cr3t"}
                )
                with pytest.raises(HttpFailure):
                    await http.request("POST", url, json={"password": "s3cr3t"})
        assert len(heads) == 1 and "s3cr3t" not in heads[0]

    async def test_a_post_becomes_a_get_after_303_and_keeps_its_body_after_307(self) -> None:
        heard: list[tuple[str, bytes]] = []

        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            length = next(
                (int(x.split(":")[1]) for x in head.lower().split("\r\n") if "content-length" in x), 0
            )
            heard.append((head.split()[0], await reader.readexactly(length)))
            path = head.split()[1]
            codes = {"/see": "303 See", "/keep": "307 Keep"}
            await answering(codes.get(path, "200 OK"), location="/end")(head, reader, writer)

        async with serving(talk) as port, Http(allow=LOOPBACK) as http:
            await http.request("POST", f"http://127.0.0.1:{port}/see", form={"a": "1"})
            await http.request("POST", f"http://127.0.0.1:{port}/keep", form={"a": "1"})
        assert heard == [("POST", b"a=1"), ("GET", b""), ("POST", b"a=1"), ("POST", b"a=1")]


class TestSize:
    async def test_a_declared_giant_is_refused_unread(self) -> None:
        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2000000000\r\n\r\nx")
            await writer.drain()
            await asyncio.sleep(5)

        failure = await failed(talk, max_bytes=1000)
        assert (failure.reason, failure.detail) == ("too_large", "1000")

    async def test_an_endless_body_is_cut(self) -> None:
        sent = 0

        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            while True:
                writer.write(b"2000\r\n" + b"x" * 8192 + b"\r\n")
                await writer.drain()
                sent += 8192

        assert (await failed(talk, max_bytes=100_000)).reason == "too_large"
        assert sent < 20_000_000

    async def test_a_gzip_bomb_is_cut_before_it_is_unpacked(self) -> None:
        packed = gzip.compress(b"\0" * 200_000_000, 9)
        assert len(packed) < 1_000_000
        failure = await failed(answering(body=packed, content_encoding="gzip"), max_bytes=50_000)
        assert failure.reason == "too_large"

    @pytest.mark.parametrize(
        ("encoding", "packed"),
        [
            ("gzip", gzip.compress(b"bonjour")),
            ("gzip", gzip.compress(b"bon") + gzip.compress(b"jour")),
            ("gzip", gzip.compress(b"bonjour") + b"\0\0\0"),
            ("deflate", zlib.compress(b"bonjour")),
            ("deflate", zlib.compress(b"bonjour")[2:-4]),
        ],
    )
    async def test_compressed_bodies_are_unpacked(self, encoding: str, packed: bytes) -> None:
        assert (await got(answering(body=packed, content_encoding=encoding))).body == b"bonjour"

    @pytest.mark.parametrize(
        ("encoding", "packed"),
        [("gzip", b"not gzip at all"), ("gzip", gzip.compress(b"x" * 999)[:-9]), ("br", b"\x0b\x02\x80")],
    )
    async def test_what_cannot_be_unpacked_says_so(self, encoding: str, packed: bytes) -> None:
        failure = await failed(answering(body=packed, content_encoding=encoding))
        assert failure.reason == "bad_content_encoding"

    async def test_a_body_that_stops_in_the_middle_is_no_body(self) -> None:
        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<rss>")
            await writer.drain()

        assert (await failed(talk)).reason == "broken_answer"


class TestTime:
    async def test_a_silent_server_is_left(self) -> None:
        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)

        failure = await failed(talk, limits=QUICK)
        assert failure.reason == "timeout" and failure.sent

    async def test_one_byte_at_a_time_does_not_hold_us_for_ever(self) -> None:
        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)

        assert (await failed(talk, limits=QUICK)).reason == "timeout"

    async def test_what_is_no_http_is_a_broken_answer(self) -> None:
        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
            await writer.drain()

        assert (await failed(talk)).reason == "broken_answer"

    async def test_a_write_is_never_sent_twice(self) -> None:
        heard: list[str] = []

        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard.append(head)

        async with serving(talk) as port, Http(allow=LOOPBACK) as http:
            with pytest.raises(HttpFailure) as failure:
                await http.request("POST", f"http://127.0.0.1:{port}/", json={})
            assert failure.value.sent and len(heard) == 1
            with pytest.raises(HttpFailure):
                await http.request("GET", f"http://127.0.0.1:{port}/")
            assert len(heard) == 3


class TestCertificates:
    async def fails(
        self, folder: Path, *, name: str = "localhost", expired: bool = False, trusted: bool
    ) -> str:
        tls = certificate(folder, name, expired=expired)
        client = trusting(folder, name) if trusted else None
        async with serving(answering(), tls) as port, Http(allow=LOOPBACK, tls=client) as http:
            with pytest.raises(HttpFailure) as failure:
                await http.request("GET", f"https://localhost:{port}/")
        return failure.value.reason

    async def test_a_good_one_is_accepted(self, tmp_path: Path) -> None:
        tls = certificate(tmp_path)
        client = Http(allow=LOOPBACK, tls=trusting(tmp_path))
        async with serving(answering(body=b"ok"), tls) as port, client as http:
            assert (await http.request("GET", f"https://localhost:{port}/")).body == b"ok"

    async def test_each_fault_has_its_name(self, tmp_path: Path) -> None:
        assert await self.fails(tmp_path, trusted=False) == "tls_self_signed"
        assert await self.fails(tmp_path, trusted=True, expired=True) == "tls_expired"
        assert await self.fails(tmp_path, trusted=True, name="other.example") == "tls_wrong_host"

    async def test_silence_after_the_handshake_is_no_fault_of_the_certificate(self, tmp_path: Path) -> None:
        """And what was written may have been done: it is never told as unsent."""

        async def silent(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)

        async def cut(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf")
            await writer.drain()
            writer.transport.abort()

        tls = certificate(tmp_path)
        for talk, reason in ((silent, "timeout"), (cut, "broken_answer")):
            client = Http(allow=LOOPBACK, tls=trusting(tmp_path), limits=Limits(read=0.4, total=5.0))
            async with serving(talk, tls) as port, client as http:
                with pytest.raises(HttpFailure) as failure:
                    await http.request("POST", f"https://localhost:{port}/", content=b"x")
            assert (failure.value.reason, failure.value.sent) == (reason, True)

    async def test_plain_text_where_tls_is_expected_fails_clearly(self) -> None:
        async with serving(answering()) as port, Http(allow=LOOPBACK, limits=Limits(connect=0.3)) as http:
            with pytest.raises(HttpFailure) as failure:
                await http.request("GET", f"https://localhost:{port}/")
        assert failure.value.reason in ("tls_failed", "connect_timeout")


class TestWebSockets:
    async def test_messages_come_until_the_line_ends(self) -> None:
        async def handler(connection: object) -> None:
            await connection.send("un")  # type: ignore[attr-defined]
            await connection.send(b"deux")  # type: ignore[attr-defined]

        async with serve(handler, "127.0.0.1", 0) as server, Http(allow=LOOPBACK) as http:
            port = next(iter(server.sockets)).getsockname()[1]
            heard: list[object] = []
            with pytest.raises(HttpFailure) as failure:
                async for message in http.websocket(f"ws://127.0.0.1:{port}/"):
                    heard.append(message)
        assert heard == ["un", b"deux"] and failure.value.reason == "stream_ended"

    async def test_a_giant_message_is_not_read(self) -> None:
        async def handler(connection: object) -> None:
            await connection.send("x" * 100_000)  # type: ignore[attr-defined]

        async with serve(handler, "127.0.0.1", 0) as server, Http(allow=LOOPBACK) as http:
            port = next(iter(server.sockets)).getsockname()[1]
            with pytest.raises(HttpFailure) as failure:
                async for _ in http.websocket(f"ws://127.0.0.1:{port}/", max_bytes=1000):
                    pytest.fail("too large to be given")
        assert failure.value.reason == "too_large"

    async def test_the_guard_and_a_refusal_are_told(self) -> None:
        async with serving(answering("401 No")) as port:
            with pytest.raises(HttpFailure) as failure:
                async for _ in Http().websocket(f"ws://127.0.0.1:{port}/"):
                    pass
            assert failure.value.reason == "forbidden_address"
            with pytest.raises(HttpFailure) as failure:
                async for _ in Http(allow=LOOPBACK).websocket(f"ws://127.0.0.1:{port}/"):
                    pass
        assert (failure.value.reason, failure.value.detail) == ("stream_refused", "401")
        with pytest.raises(HttpFailure, match="bad_scheme"):
            async for _ in Http().websocket("http://example.org/"):
                pass


class TestLines:
    async def test_lines_come_until_the_line_ends_wherever_they_were_cut(self) -> None:
        async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            for piece in ("event: up", "date\r\nda", "ta: é\n\n"):
                packed = piece.encode()
                writer.write(f"{len(packed):x}\r\n".encode() + packed + b"\r\n")
                await writer.drain()

        heard: list[str] = []
        async with serving(talk) as port, Http(allow=LOOPBACK) as http:
            with pytest.raises(HttpFailure) as failure:
                async for line in http.lines(f"http://127.0.0.1:{port}/"):
                    heard.append(line)
        assert heard == ["event: update", "data: é", ""] and failure.value.reason == "stream_ended"

    async def test_an_endless_line_a_refusal_and_the_guard_are_told(self) -> None:
        async with serving(answering(body=b"x" * 5000)) as port, serving(answering("403 No")) as shut:
            for http, url, reason in (
                (Http(allow=LOOPBACK), f"http://127.0.0.1:{port}/", "too_large"),
                (Http(allow=LOOPBACK), f"http://127.0.0.1:{shut}/", "stream_refused"),
                (Http(), f"http://127.0.0.1:{port}/", "forbidden_address"),
            ):
                with pytest.raises(HttpFailure) as failure:
                    async for _ in http.lines(url, max_bytes=1000):
                        pytest.fail("nothing to be given")
                assert failure.value.reason == reason
                await http.aclose()


def test_nothing_sensitive_is_left_in_an_address_for_logs() -> None:
    url = "https://me:s3cr3t@example.org/x?access_token=s3cr3t&q=tilleul&api_key=s3cr3t#s3cr3t"
    assert redact(url) == "https://example.org/x?access_token=***&q=tilleul&api_key=***"
    assert redact("http://[") == "***"


async def test_no_failure_tells_a_secret() -> None:
    async with Http(limits=QUICK) as http:
        for url in ("http://me:s3cr3t@127.0.0.1/?token=s3cr3t", "ftp://me:s3cr3t@x/", "http://[s3cr3t"):
            with pytest.raises(HttpFailure) as failure:
                await http.request("GET", url, headers={"authorization": "s3cr3t"})
            assert "s3cr3t" not in repr(failure.value) + str(failure.value)


async def test_a_rush_is_answered_whole_by_lines_that_are_used_again() -> None:
    """More at once than one pool takes; what was kept open serves the next rush."""
    lines: set[object] = set()

    async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.add(writer)
        while head:
            await asyncio.sleep(0.01)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n" + head.split()[1][1:].encode())
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode()

    async with serving(talk) as port, Http(allow=LOOPBACK) as http:
        for _ in range(3):
            asked = [http.request("GET", f"http://127.0.0.1:{port}/{n}") for n in range(1000, 1060)]
            assert [int(answer.body) for answer in await asyncio.gather(*asked)] == list(range(1000, 1060))
        assert len(lines) < 180
        assert http._transport is not None
        assert [pool.busy for pool in http._transport._pools] == [0, 0, 0]


async def test_a_large_body_has_the_time_that_its_size_asks_for() -> None:
    """The server takes nothing of it for longer than a small request may last in all."""

    async def talk(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2 * QUICK.total)
        body = await reader.readexactly(int(head.lower().partition("content-length: ")[2].split()[0]))
        await answering(body=str(len(body)).encode())(head, reader, writer)

    slow_line = Limits(connect=2.0, read=QUICK.read, total=QUICK.total, upload=500_000)
    film = bytes(20_000_000)
    async with serving(talk) as port, Http(allow=LOOPBACK, limits=slow_line) as http:
        answer = await http.request("POST", f"http://127.0.0.1:{port}/", content=film)
    assert int(answer.body) == len(film)
