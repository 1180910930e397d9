"""What the world sends that it should not: a clear word at its line, the rest goes on, nothing twice."""

import asyncio
import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from pytest_django import Settings

from palabre.intake.out import session
from palabre.intake.pull import gather_lines, pull_line
from palabre.intake.tests.scripted import hurried
from palabre.kit.tests.servers import Talk, answering, certificate, serving
from palabre.listening.models import Mention, Source
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.messages import sentence
from palabre.stream.models import Item
from tests.builders import Cast, build_cast, build_topic

GOOD = (
    b"<item><guid>bon</guid><title>Le caf\xc3\xa9 Baobab ouvre</title><link>https://e.example/1</link></item>"
)
BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))


def rss(*items: bytes) -> bytes:
    return b'<rss version="2.0"><channel><title>F</title>' + b"".join(items) + b"</channel></rss>"


def feed(body: bytes, **headers: str) -> Talk:
    return answering(body=body, content_type="application/rss+xml", **headers)


async def stops_in_the_middle(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n" + rss(GOOD)[:90])


async def two_gigabytes(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2147483648\r\n\r\n" + b"x" * 1000)


async def never_ends(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
    while True:
        writer.write(b"<item>" + b"x" * 1_000_000)
        await writer.drain()


async def ever_further(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    place = head.split()[1] + "x"
    await answering("302 Found", location=place)(head, reader, writer)


@pytest.fixture
def cast(db: None, settings: Settings) -> Cast:
    settings.ENV = replace(settings.ENV, allowed_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")))
    cast = build_cast()
    build_topic(cast.brand)
    return cast


@pytest.fixture
def visit(cast: Cast, tmp_path: Path) -> Callable[..., Source]:
    """A visit to a server of ours that answers so, by the whole way in; the source afterwards."""

    def added(network: str, kind: str, target: str) -> Source:
        with scope(brand=cast.brand):
            draft = SourceDraft(network=network, kind=kind, target=target)
            return add_source(brand=cast.brand, by=cast.owner, draft=draft)

    def line_of(source: Source, target: str) -> object:
        with scopes_disabled():
            Source.objects.filter(pk=source.pk).update(target=target)
            return gather_lines(Source.objects.select_related("brand").filter(pk=source.pk))[0]

    def visited(
        talk: Talk,
        network: str = "feeds",
        kind: str = "feed",
        *,
        tls: bool = False,
        again: Source | None = None,
    ) -> Source:
        async def run() -> Source:
            guarded = certificate(tmp_path) if tls else None
            async with serving(talk, guarded) as port, session() as out:
                target = f"{'https' if tls else 'http'}://localhost:{port}/flux"
                source = again or await sync_to_async(added)(network, kind, target)
                await pull_line(await sync_to_async(line_of)(source, target), out, hurried())  # type: ignore[arg-type]
            return source

        source = async_to_sync(run)()
        return Source._base_manager.get(pk=source.pk)

    return visited


@pytest.mark.parametrize(
    ("talk", "code", "place"),
    [
        (feed(b""), "feed_empty", {}),
        (feed(b"caf\xe9 \x00 nothing of a feed"), "not_a_feed", {}),
        (answering(body=b"<html><body><p>Bonjour</p></body></html>"), "feed_is_a_page", {}),
        (feed(b"<opml><body/></opml>"), "feed_other_xml", {}),
        (feed(b'{"items": ['), "feed_bad_json", {}),
        (
            feed(f"<!DOCTYPE r [{BOMB}]>".encode() + rss(b"<item><title>&l8;</title></item>")),
            "feed_entity_bomb",
            {},
        ),
        (feed(gzip.compress(b"\0" * 30_000_000), content_encoding="gzip"), "too_large", {}),
        (feed(rss(GOOD), content_encoding="gzip"), "bad_content_encoding", {}),
        (two_gigabytes, "too_large", {}),
        (never_ends, "too_large", {}),
        (stops_in_the_middle, "broken_answer", {}),
        (answering("302 Found", location="/flux"), "redirect_loop", {}),
        (ever_further, "too_many_redirects", {}),
        (answering("302 Found", location="http://169.254.169.254/latest"), "forbidden_address", {}),
        (feed(rss(GOOD)), "tls_self_signed", {"tls": True}),
        (answering(body=b"", content_type="text/html"), "page_empty", {"network": "webpage", "kind": "page"}),
        (
            answering(body=b"%PDF", content_type="application/pdf"),
            "page_not_text",
            {"network": "webpage", "kind": "page"},
        ),
        (answering(body=b"<html/>"), "not_a_sitemap", {"network": "sitemap", "kind": "sitemap"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_is_said_at_its_line_in_both_languages(
    visit: Callable[..., Source], talk: Talk, code: str, place: dict[str, object]
) -> None:
    source = visit(talk, **place)
    assert (source.error_code, source.failures, source.state) == (code, 1, "failing")
    assert source.failing_since is not None
    assert timezone.now() < source.next_at < timezone.now() + timedelta(days=2)
    french, english = (sentence(code, source.error_params, language) for language in ("fr", "en"))
    assert french != english and "{" not in french + english
    with scopes_disabled():
        assert not Item.objects.exists()


def test_a_source_that_gets_well_forgets_its_fault_and_tells_nothing_twice(
    visit: Callable[..., Source],
) -> None:
    source = visit(stops_in_the_middle)
    source = visit(feed(rss(GOOD, GOOD)), again=source)
    assert (source.state, source.error_code, source.failing_since) == ("working", "", None)
    source = visit(feed(rss(GOOD, GOOD.replace(b"<item>", b"<item><category>x</category>"))), again=source)
    with scopes_disabled():
        assert Item.objects.count() == 1


def test_odd_dates_scripts_and_tricks_of_writing_come_in_harmless(
    cast: Cast, visit: Callable[..., Source]
) -> None:
    zero, turned = "Le café Bao\u200bbab\u00ad", "\u202eLe café Baobab\u202c"
    items = [
        ("1970", "Le café Baobab en 1970", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("2090", "Le café Baobab en 2090", "Sun, 01 Jan 2090 00:00:00 GMT"),
        ("hier", "Le café Baobab hier", "avant-hier, vers midi"),
        ("zero", zero, "Mon, 16 Nov 2026 10:00:00 GMT"),
        ("turned", turned, "Mon, 16 Nov 2026 10:00:00 GMT"),
        (
            "script",
            "Au café Baobab &lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;",
            "",
        ),
    ]
    body = rss(
        *(
            f"<item><guid>{key}</guid><link>https://e.example/{key}</link><title>{key}</title>"
            f"<description>{text}</description><pubDate>{date}</pubDate></item>".encode()
            for key, text, date in items
        )
    )
    source = visit(feed(body))
    assert (source.state, source.items_found) == ("working", 6)
    with scope(brand=cast.brand):
        found = {m.item.title: m.item for m in Mention.objects.select_related("item")}
    assert sorted(found) == sorted(key for key, _, _ in items), "zero-width and turned words still match"
    now = timezone.now()
    for item in found.values():
        assert now.year - 1 <= item.occurred_at.year and item.occurred_at <= now
        assert "<" not in item.text and "alert" not in item.text and "\u202e" not in item.text
