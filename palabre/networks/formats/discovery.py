"""What a page says about the feeds, sitemap and channel behind it."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml import etree

from palabre.networks.formats.addresses import joined
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.plain import one_line

COMMON_PATHS = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/blog/feed",
)
"""Where feeds usually lie when the page does not tell, the most frequent first."""

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
               "text/xml", "application/xml")  # fmt: skip
_FEED_PATH = re.compile(
    r"(?:^|[/._-])(?:rss|feed|feeds|atom)(?:$|[/._-])|\.(?:rss|atom|rdf)$|feed\.json$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment", re.IGNORECASE)
_MAX_PAGE = 2_000_000
_MAX_LINKS = 12
_PARSER = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")


class HtmlPage:
    """A page's head and links, read once."""

    def __init__(self, body: bytes, *, content_type: str = "", url: str = "") -> None:
        text = decode(body[:_MAX_PAGE], content_type).replace("\x00", "")
        try:
            self._root = etree.fromstring(text.encode("utf-8", "replace") or b"<html/>", _PARSER)
        except etree.XMLSyntaxError:
            self._root = None
        base = self._first("//base/@href")
        self.url = joined(url, base) if base else url

    @property
    def title(self) -> str:
        """The page's name."""
        return one_line(self.meta("og:site_name") or self._first("//title/text()"))

    @property
    def language(self) -> str:
        """The language the page declares, as it declares it."""
        return self._first("/html/@lang").strip()

    def feeds(self) -> tuple[str, ...]:
        """Addresses of feeds, the declared ones first, those of comments last."""
        declared, likely = [], []
        for link in self._all("//link[@href]"):
            relations = (link.get("rel") or "").lower().split()
            kind = (link.get("type") or "").split(";")[0].strip().lower()
            json_feed = kind == "application/json" and "feed" in (link.get("href") or "").lower()
            if ("alternate" in relations and (kind in _FEED_TYPES or json_feed)) or "feed" in relations:
                declared.append(((link.get("title") or "") + link.get("href"), link.get("href")))
        for anchor in self._all("//a[@href]"):
            path = path_of(anchor.get("href"))
            if path and _FEED_PATH.search(path):
                likely.append((anchor.get("href"), anchor.get("href")))
        declared.sort(key=lambda link: bool(_COMMENTS.search(link[0])))
        return self._addresses(href for _, href in [*declared, *likely])

    def meta(self, *names: str) -> str:
        """The content of the first of these meta elements that has one."""
        for name in names:
            for attribute in ("name", "property", "itemprop"):
                found = self._first(f'//meta[@{attribute}="{name}"]/@content')
                if found.strip():
                    return found.strip()
        return ""

    def canonical(self) -> str:
        """The address the page gives as its own, absolute, or nothing."""
        found = self._addresses([self._first('//link[@rel="canonical"]/@href')])
        return found[0] if found else ""

    def _addresses(self, hrefs: Iterable[str]) -> tuple[str, ...]:
        whole = (joined(self.url, href.strip()) for href in hrefs if href and href.strip())
        web = (address.partition("#")[0] for address in whole if address.startswith(("http://", "https://")))
        return tuple(dict.fromkeys(web))[:_MAX_LINKS]

    def _first(self, path: str) -> str:
        found = self._all(path)
        return str(found[0]) if found else ""

    def _all(self, path: str) -> list[etree._Element]:
        return list(self._root.xpath(path)) if self._root is not None else []


def common_places(url: str) -> tuple[str, ...]:
    """The addresses to try when a page declares no feed."""
    parts = urlsplit(url)
    return tuple(f"{parts.scheme}://{parts.netloc}{path}" for path in COMMON_PATHS)


def path_of(href: str) -> str:
    """The path of a link, nothing for what is no link."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    return parts.path if parts.scheme in ("", "http", "https", "feed") else ""
