"""The main text of an article page, for feeds, alerts and sitemaps that give only a summary."""

import asyncio
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from palabre.networks.answers import ask
from palabre.networks.contract import Session
from palabre.networks.errors import Rejected
from palabre.networks.formats.addresses import site_of
from palabre.networks.formats.dates import credible, parse_date
from palabre.networks.formats.discovery import HtmlPage
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.plain import clean, one_line

# It writes whole addresses, which may hold a token, and says nothing we could use.
for _name in ("trafilatura", "htmldate", "courlan"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

MAX_BYTES = 4_000_000
MAX_CHARACTERS = 1_500_000
"""Characters of a page looked at: extraction takes time in proportion."""
_PAGE_TYPES = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml")


@dataclass(frozen=True, kw_only=True)
class Article:
    """What a page says in the main; `text` is plain, one paragraph a line, empty when none was found."""

    url: str
    title: str = ""
    text: str = ""
    author: str = ""
    published: datetime | None = None
    language: str = ""
    site: str = ""
    image: str = ""


async def read_article(session: Session, url: str) -> Article:
    """Fetch a page and extract its article; the address is the one it ended at.

    Raises `NetworkError`: `Rejected("article_not_a_page")` for a picture, a PDF or the like,
    `Rejected("article_empty")` when no text was found (a page drawn by script, a wall).
    """
    answer = await ask(session, "GET", url, headers={"accept": "text/html,*/*;q=0.5"}, max_bytes=MAX_BYTES)
    kind = answer.headers.get("content-type", "")
    if kind and not kind.lower().startswith(_PAGE_TYPES):
        raise Rejected("article_not_a_page", host=site_of(answer.url), found=kind.partition(";")[0][:60])
    now = session.now()
    article = await asyncio.to_thread(
        extract_article, answer.body, content_type=kind, url=answer.url, now=now
    )
    if not article.text:
        raise Rejected("article_empty", host=site_of(answer.url))
    return article


def extract_article(body: bytes, *, content_type: str = "", url: str = "", now: datetime) -> Article:
    """The article in a page; only the address where there is none. Pure, and slow: 5 to 50 ms."""
    import trafilatura  # a heavy import, for the worker that reads articles alone

    html = decode(body, content_type)[:MAX_CHARACTERS].replace("\x00", "")
    if not html.strip():
        return Article(url=url)
    page = HtmlPage(body, content_type=content_type, url=url)
    found: Any = trafilatura.bare_extraction(
        html,
        url=url or None,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"max_date": now.date().isoformat(), "original_date": True},
    )
    if found is None:
        return Article(url=url, title=page.title, language=page.language)
    return Article(
        url=url,
        title=one_line(found.title or ""),
        text=clean(found.text or ""),
        author=_person(found.author or ""),
        published=credible(_published(page) or parse_date(found.date or ""), now=now),
        language=_language(page.language or found.language or ""),
        site=one_line(found.sitename or ""),
        image=found.image if (found.image or "").startswith(("http://", "https://")) else "",
    )


def _published(page: HtmlPage) -> datetime | None:
    """The moment a page declares; the extraction itself knows only days."""
    declared = page.meta("article:published_time", "og:article:published_time", "datePublished", "pubdate",
                         "date", "dc.date", "DC.date.issued")  # fmt: skip
    moment = parse_date(declared, patient=False) if declared else None
    return moment.astimezone(UTC) if moment else None


def _person(author: str) -> str:
    """Names alone: no addresses, no links."""
    names = [name.strip() for name in re.split(r"[;|]", author)]
    return ", ".join(one_line(name) for name in names if name and "@" not in name and "://" not in name)[:200]


def _language(tag: str) -> str:
    primary = re.split(r"[-_]", tag.strip().lower())[0]
    return primary if 2 <= len(primary) <= 3 and primary.isalpha() else ""
