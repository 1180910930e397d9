"""What a feed says, whichever dialect it says it in: the plain values every reader here returns."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from palabre.networks.formats.plain import clean, to_text

SUMMARY_MAX = 1500
"""Characters of text from which a description is taken for the whole article."""

MAX_ENTRIES = 2000
"""Entries read of one document; no honest feed has more, and feeds put the newest first."""


class NotAFeed(Exception):
    """The document cannot be read as a feed; `reason` is a code of `messages.py`, `line` is where, from 1."""

    def __init__(self, reason: str, found: str = "", line: int = 0) -> None:
        super().__init__(reason, found)
        self.reason = reason
        self.found = found
        self.line = line


class _Fields(NamedTuple):
    """The plain fields of an entry: a tuple, for a frozen dataclass costs as much as reading the entry."""

    id: str
    url: str = ""
    title: str = ""
    author: str = ""
    author_url: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    html: str = ""
    markup: bool = True
    full: bool = False
    language: str = ""
    image: str = ""
    enclosure: str = ""
    enclosure_type: str = ""
    views: int | None = None
    comments: int | None = None
    reply_to: str = ""
    tags: tuple[str, ...] = ()


class FeedEntry(_Fields):
    """One entry. Dates are UTC; None when the feed gives none anybody can have meant.

    `id` is never empty and unique in its document. `html` is the publisher's markup, never to be
    shown as it is (`markup` False: it is plain text). `full`: the feed gives the whole article.
    `url` is absolute or empty. `tags` are the site's own words for it, each once.
    """

    @cached_property
    def text(self) -> str:
        """Plain text, one paragraph a line; made when first asked for, as most entries are known already."""
        return to_text(self.html) if self.markup else clean(self.html)

    @property
    def summary_only(self) -> bool:
        """Whether the article itself is elsewhere: a titled entry with a short description and no content."""
        return not self.full and bool(self.title and self.url) and len(self.text) < SUMMARY_MAX


@dataclass(frozen=True, kw_only=True)
class FeedDocument:
    """A feed. `every` is the publisher's advice in seconds; hours and days are UTC, days from Monday 0.

    `unreliable_ids`: two different entries carry the same id, so their addresses tell them apart.
    `doubtful`: the document had to be mended or holds dates that could not be read.
    """

    kind: str
    title: str = ""
    link: str = ""
    language: str = ""
    entries: tuple[FeedEntry, ...] = ()
    next_page: str = ""
    hub: str = ""
    own_url: str = ""
    moved_to: str = ""
    every: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    unreliable_ids: bool = False
    doubtful: bool = False
