"""Sitemaps: lists of a site's pages, plain, compressed, of news, or of further lists.

https://www.sitemaps.org/protocol.html and Google's news extension, read 2026-11-23.
"""

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from lxml import etree

from palabre.networks.formats.dates import credible, parse_date
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.plain import one_line
from palabre.networks.formats.xml import Bomb, parse_xml

MAX_PLACES = 50_000
"""Pages in one list, by the protocol."""
MAX_UNPACKED = 50_000_000
"""Bytes of one list, by the protocol."""


class NotASitemap(Exception):
    """The document is no list of pages; `reason` is a code of `messages.py`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Place:
    """One page, or one further list, of a sitemap."""

    url: str
    modified: datetime | None = None
    published: datetime | None = None
    title: str = ""
    language: str = ""

    @property
    def moment(self) -> datetime | None:
        """When it became what it is, as far as the list tells."""
        return self.published or self.modified


@dataclass(frozen=True, kw_only=True)
class Sitemap:
    """A list of pages, or (`index`) of further lists."""

    index: bool
    places: tuple[Place, ...]


def read_sitemap(body: bytes, *, content_type: str = "", now: datetime) -> Sitemap:
    """Read a list, packed or not, in XML or one address a line. Raises `NotASitemap`."""
    if body.startswith(b"\x1f\x8b"):
        body = _unpacked(body)
    text = decode(body, content_type)
    if not text.lstrip().startswith("<"):
        lines = (line.strip() for line in text.splitlines()[:MAX_PLACES])
        places = tuple(Place(url=line) for line in lines if _is_web(line))
        if not places:
            raise NotASitemap("not_a_sitemap")
        return Sitemap(index=False, places=places)
    try:
        root, _ = parse_xml(text)
    except Bomb:
        raise NotASitemap("feed_entity_bomb") from None
    kind = etree.QName(root).localname.lower() if root is not None else ""
    if root is None or kind not in ("urlset", "sitemapindex"):
        raise NotASitemap("not_a_sitemap")
    read = (_place(element, now) for element in root[:MAX_PLACES])
    return Sitemap(index=kind == "sitemapindex", places=tuple(place for place in read if place.url))


def title_from(url: str) -> str:
    """A readable title out of the last words of an address; its host when there are none."""
    parts = urlsplit(url)
    for piece in reversed(parts.path.split("/")):
        words = re.sub(r"\.\w{2,5}$", "", unquote(piece))
        words = re.sub(r"[-_+]+", " ", words).strip()
        if sum(character.isalpha() for character in words) >= 3:
            return words[:1].upper() + words[1:300]
    return parts.hostname or url


def _place(element: etree._Element, now: datetime) -> Place:
    found = {etree.QName(child).localname.lower(): child for child in element.iterdescendants(etree.Element)}
    url = (found["loc"].text or "").strip() if "loc" in found else ""
    return Place(
        url=url if _is_web(url) else "",
        modified=_moment(found.get("lastmod"), now),
        published=_moment(found.get("publication_date"), now),
        title=one_line(_text(found.get("title"))),
        language=_text(found.get("language")).strip()[:10],
    )


def _text(element: etree._Element | None) -> str:
    return (element.text or "") if element is not None else ""


def _moment(element: etree._Element | None, now: datetime) -> datetime | None:
    text = _text(element).strip()
    return credible(parse_date(text, patient=False), now=now) if text else None


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://")) and len(url) <= 2048 and not any(c.isspace() for c in url)


def _unpacked(body: bytes) -> bytes:
    engine = zlib.decompressobj(31)
    try:
        unpacked = engine.decompress(body, MAX_UNPACKED)
    except zlib.error:
        raise NotASitemap("not_a_sitemap") from None
    if engine.unconsumed_tail:
        raise NotASitemap("sitemap_too_large")
    return unpacked
