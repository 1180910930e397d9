"""The second opinion: feedparser, slower by far and more forgiving than any other reader."""

from calendar import timegm
from datetime import UTC, datetime
from typing import Any

import feedparser

from palabre.networks.formats.feed_model import MAX_ENTRIES, FeedDocument, FeedEntry
from palabre.networks.formats.plain import one_line


def read(body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument | None:
    """What feedparser finds, None when it sees no feed and no entry at all."""
    headers = {"content-type": content_type or "text/xml"}
    if url:
        headers["content-location"] = url
    found = feedparser.parse(body, response_headers=headers, sanitize_html=False)
    if not found.entries and not found.version:
        return None
    head = found.feed
    return FeedDocument(
        kind=found.version[:4] or "rss",
        title=one_line(head.get("title", "")),
        link=_address(head.get("link", "")),
        language=head.get("language", "") or "",
        entries=tuple(_entry(entry) for entry in found.entries[:MAX_ENTRIES]),
    )


def _entry(entry: Any) -> FeedEntry:
    content = next((c.get("value", "") for c in entry.get("content", []) if c.get("value")), "")
    return FeedEntry(
        id=entry.get("id", "") or "",
        url=_address(entry.get("link", "")),
        title=one_line(entry.get("title", "") or ""),
        author=one_line(entry.get("author", "") or ""),
        published=_moment(entry.get("published_parsed")),
        updated=_moment(entry.get("updated_parsed")),
        html=content or entry.get("summary", "") or "",
        full=bool(content),
    )


def _address(value: str | None) -> str:
    return value if value and value.startswith(("http://", "https://")) else ""


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(value), UTC) if value else None
    except (ValueError, OverflowError, OSError):
        return None
