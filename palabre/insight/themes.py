"""Themes of a filter's mentions: what the small model read of them, grouped and named, with figures.

The newest `HEAP` read mentions of the filter are grouped (`enrichment.themes`); each theme is kept under a
number, so that a click shows its mentions and nothing else.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from math import sqrt

import numpy as np
from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext as _

from palabre.agency.models import Brand
from palabre.enrichment import quality
from palabre.enrichment.themes import LEAST, Said, Theme, themes
from palabre.insight.selectors import names_of
from palabre.insight.stopwords import STOPWORDS
from palabre.listening.counts import tally
from palabre.listening.filters import MentionFilter
from palabre.listening.narrow import Narrow, narrow
from palabre.listening.themes import Kept, keep
from palabre.stream import vectors
from palabre.stream.vectors import Store
from palabre.ui import typography

HEAP = 2_000
"""Mentions grouped: the newest read ones. More would not be named better, and would be waited for."""
BARS = 12
"""Equal parts of the heap's time, for the little lines."""
CERTAIN = 1.96
"""A share moved when chance alone would not move it so far 19 times out of 20."""
SHOWN = 240
"""Characters of an example."""
REMEMBERED = 600
"""Seconds for which the same heap is not grouped again."""


class Reading(StrEnum):
    """Whether there is something to group, and if not, what is in the way."""

    DONE = "done"
    NO_MODEL = "no_model"
    NO_STORE = "no_store"
    NOT_ENABLED = "not_enabled"
    FEW = "few"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A mention of the heap."""

    id: int
    text: str
    language: str
    story: int | None
    tone: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Example:
    """A typical mention of a theme."""

    id: int
    text: str
    language: str


@dataclass(frozen=True, kw_only=True)
class ThemeRow:
    """A theme with its figures; shares are of the heap, 0 to 1, `before` and `after` of its halves."""

    id: int
    name: str
    items: int
    share: float
    negative: float
    before: float
    after: float
    moved: bool
    series: Sequence[int]
    examples: Sequence[Example]
    link: str

    @property
    def trend(self) -> str:
        """Where it goes, in a word."""
        if not self.moved:
            return _("steady")
        return _("rising") if self.after > self.before else _("falling")

    @property
    def trend_words(self) -> str:
        """Its part in the older half of the time, then in the newer."""
        return f"{typography.share(self.before)} → {typography.share(self.after)}"


@dataclass(frozen=True, kw_only=True)
class Themes:
    """The themes of a filter. `read` of its `total` mentions have been read; `heap` of these were grouped."""

    reading: Reading
    rows: Sequence[ThemeRow] = ()
    read: int = 0
    total: int = 0
    heap: int = 0
    goes_on: bool = False

    @property
    def apart(self) -> int:
        """Grouped mentions that are in no theme."""
        return self.heap - sum(row.items for row in self.rows)

    @property
    def least(self) -> int:
        """Fewer read mentions are not grouped."""
        return LEAST


def absence() -> Reading | None:
    """What keeps mentions from being read here; None when nothing does."""
    found = vectors.store()
    if found is Store.READY:
        return None
    if not quality.available():
        return Reading.NO_MODEL
    return {Store.ABSENT: Reading.NO_STORE, Store.NOT_ENABLED: Reading.NOT_ENABLED}.get(found, Reading.FEW)


def themes_of(brand: Brand, mentions: MentionFilter, *, now: datetime) -> Themes:
    """Group and name the filter's mentions, largest theme first."""
    missing = absence()
    if missing in (Reading.NO_MODEL, Reading.NO_STORE, Reading.NOT_ENABLED):
        return Themes(reading=missing)
    narrowed = narrow(brand=brand, mentions=mentions.but(theme=None), now=now)
    total = tally(brand=brand, mentions=mentions.but(theme=None), now=now).total
    goes_on = quality.available()
    if missing or narrowed.is_empty:
        return Themes(reading=Reading.FEW, total=total, goes_on=goes_on)
    read = _read(narrowed)
    heap = _heap(narrowed) if read >= LEAST else []
    rows = _rows(brand, mentions, heap, now) if heap else ()
    return Themes(
        reading=Reading.DONE if heap else Reading.FEW,
        rows=rows,
        read=read,
        total=total,
        heap=len(heap),
        goes_on=goes_on and read < total,
    )


_KNOWN = """EXISTS (SELECT FROM stream_vector AS known
                    WHERE known.brand_id = %(brand)s AND known.item_id = card.item_id)"""


def _read(narrowed: Narrow) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM listening_card AS card WHERE {narrowed.rows()} AND {_KNOWN}",
            narrowed.params,
        )
        return int(cursor.fetchone()[0])


def _heap(narrowed: Narrow) -> list[Heard]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT said.id, left(concat_ws(E'\\n', nullif(said.title, ''), said.text), 1000),
                       said.language, said.story_id, said.tone, said.occurred_at
                FROM (SELECT card.item_id FROM listening_card AS card
                      WHERE {narrowed.rows()} AND {_KNOWN}
                      ORDER BY card.occurred_at DESC, card.item_id DESC LIMIT {HEAP}) AS newest
                JOIN stream_item AS said ON said.id = newest.item_id
                ORDER BY said.occurred_at, said.id""",
            narrowed.params,
        )
        return [
            Heard(id=id_, text=text, language=language, story=story, tone=tone, at=at)
            for id_, text, language, story, tone, at in cursor.fetchall()
        ]


def _rows(brand: Brand, mentions: MentionFilter, heap: Sequence[Heard], now: datetime) -> list[ThemeRow]:
    found = _grouped(brand, heap)
    ids = keep(
        brand=brand,
        found=[Kept(name=one.name, items=[heap[place].id for place in one.members]) for one in found],
        now=now,
    )
    return [
        _row(id_, one, heap, mentions.but(theme=id_).query_string())
        for id_, one in zip(ids, found, strict=True)
    ]


def _grouped(brand: Brand, heap: Sequence[Heard]) -> list[Theme]:
    """The themes of a heap; one grouped lately is remembered."""
    told = sha256(repr([(heard.id, heard.text) for heard in heap]).encode()).hexdigest()
    key = f"themes:{brand.pk}:{told}"
    found: list[Theme] | None = cache.get(key)
    if found is None:
        known = vectors.load(brand=brand, ids=[heard.id for heard in heap])
        found = themes(
            [Said(text=heard.text, language=heard.language, story=heard.story) for heard in heap],
            np.stack([known[heard.id] for heard in heap]),
            own=names_of(brand),
            dull=STOPWORDS,
        )
        cache.set(key, found, REMEMBERED)
    return found


def _row(id_: int, theme: Theme, heap: Sequence[Heard], link: str) -> ThemeRow:
    members = [heap[place] for place in theme.members]
    first, last = heap[0].at, heap[-1].at
    length = max((last - first).total_seconds(), 1.0)
    parts = [min(int(BARS * (heard.at - first).total_seconds() / length), BARS - 1) for heard in members]
    middle = first + (last - first) / 2
    older = sum(heard.at <= middle for heard in heap)
    before = sum(heard.at <= middle for heard in members)
    return ThemeRow(
        id=id_,
        name=theme.name,
        items=len(members),
        share=len(members) / len(heap),
        negative=sum(heard.tone == -1 for heard in members) / len(members),
        before=before / max(older, 1),
        after=(len(members) - before) / max(len(heap) - older, 1),
        moved=moved(before, older, len(members) - before, len(heap) - older),
        series=[parts.count(part) for part in range(BARS)],
        examples=[
            Example(id=heard.id, text=_short(heard.text), language=heard.language)
            for heard in (heap[place] for place in theme.examples)
        ],
        link=link,
    )


def moved(before: int, older: int, after: int, newer: int) -> bool:
    """Whether `after` of `newer` is another share than `before` of `older` (two-proportion z-test)."""
    if not older or not newer:
        return False
    pooled = (before + after) / (older + newer)
    spread = sqrt(pooled * (1 - pooled) * (1 / older + 1 / newer))
    return spread > 0 and abs(after / newer - before / older) >= CERTAIN * spread


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN].rsplit(" ", 1)[0] + " …"
