"""A filter in the database's words: which blends, which facets, which moments, which rows.

Shared by `counts` (how many) and `selectors` (which ones), so that both mean the same items.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from palabre.agency.models import Brand
from palabre.kit.text import fold
from palabre.listening.bands import BANDS, band
from palabre.listening.filters import MentionFilter, Read, Show
from palabre.listening.themes import kept

SEARCH = (
    "(websearch_to_tsquery('pg_catalog.french', %(q)s) || websearch_to_tsquery('pg_catalog.english', %(q)s))"
)
"""Either language's forms of the words; `search` holds both forms of every text."""

_ADDING_UP = """
    SET LOCAL jit = off;
    SET LOCAL work_mem = '32MB';
    SET LOCAL parallel_setup_cost = 100;
    SET LOCAL parallel_tuple_cost = 0.01;
    SET LOCAL seq_page_cost = 0.1;
    SET LOCAL random_page_cost = 0.11;"""
"""The planner takes a second core for dearer than it is, where few sums come out of many rows, and pages for
dearer too, which are in memory: it is the rows that cost."""
_OF_COUNTS = "SET LOCAL enable_indexscan = off;"
"""It takes walks from index to row and back for cheaper than they are: counts are better read as they lie."""


@contextmanager
def adding_up(*, counts: bool) -> Iterator[CursorWrapper]:
    """A cursor for statements that add up many rows, of the counts or else of the cards.

    The settings end with the transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ADDING_UP + (_OF_COUNTS if counts else ""))
        yield cursor


_QUOTES = str.maketrans("«»“”„", '"""""')


@dataclass(frozen=True, kw_only=True)
class Narrow:
    """A filter resolved for one brand and one day. `params` are named; `until` is not included.

    `blends` None: every live one. `dead` are the blends whose topics are all put away. `topics` are those
    of each blend of the brand.
    `items` and `reach` are what a row of the daily counts (`count`) holds of the filter.
    """

    brand: Brand
    filter: MentionFilter
    zone: ZoneInfo
    first_day: date | None
    last_day: date | None
    any_blend: int | None
    blends: tuple[int, ...] | None
    dead: tuple[int, ...]
    topics: Mapping[int, frozenset[int]]
    facets: tuple[int, ...]
    items: str
    reach: str
    params: dict[str, Any]

    @property
    def is_empty(self) -> bool:
        """Whether no item can match, whatever its date."""
        nobody = self.blends is not None and not self.blends
        return nobody or self.any_blend is None or not self.facets

    def meant(self, blends: str = "") -> str:
        """The condition on any table of counts, whatever the time; `blends` names a parameter."""
        facets = "count.facet_id = ANY(%(facets)s::bigint[])"
        if not blends and self.blends is None:
            return f"{facets} AND count.blend_id = %(any)s"
        return f"{facets} AND count.blend_id = ANY(%({blends or 'blends'})s::bigint[])"

    def counted(self, column: str, blends: str = "") -> str:
        """The condition on a table of counts, whose time is in `column`; `blends` names a parameter."""
        parts = [self.meant(blends)]
        bounds = ("%(since)s", "%(until)s") if column == "hour" else ("%(first_day)s", "%(end_day)s")
        if self.first_day:
            parts.append(f"count.{column} >= {bounds[0]}")
        if self.last_day:
            parts.append(f"count.{column} < {bounds[1]}")
        return " AND ".join(parts)

    def rows(self, *, of_brand: bool = True) -> str:
        """The condition on cards (`card`).

        Facets are a brand's own: that the card is too goes without saying, and is said for the indexes
        that begin with it. Those of authors and stories answer alone when it is not.
        """
        parts = ["card.facet_id = ANY(%(facets)s::bigint[])"]
        if of_brand and not self.filter.authors and self.filter.story is None:
            parts.append("card.brand_id = %(brand)s")
        if self.blends is not None:
            parts.append("card.blend_id = ANY(%(blends)s::bigint[])")
        elif self.dead:
            parts.append("card.blend_id <> ALL(%(dead)s::bigint[])")
        if self.first_day:
            parts.append("card.occurred_at >= %(since)s")
        if self.last_day:
            parts.append("card.occurred_at < %(until)s")
        if len(self.filter.authors) == 1:  # said so, the index gives them in their order
            parts.append("card.author_id = %(author)s")
        elif self.filter.authors:
            parts.append("card.author_id = ANY(%(authors)s::bigint[])")
        if self.filter.outlet:
            parts.append("card.outlet = %(outlet)s")
        if self.filter.story is not None:
            parts.append("card.story_id = %(story)s")
        if self.filter.theme is not None:
            parts.append("card.item_id = ANY(%(theme)s::bigint[])")
        if self.filter.reach_min is not None:
            parts.append("card.reach >= %(reach_min)s")
        if self.filter.reach_max is not None:
            parts.append("card.reach < %(reach_max)s")
        if self.filter.tags:
            parts.append("card.tags <> '{}' AND card.tags && %(tags)s::bigint[]")
        if self.filter.q:
            parts.append(f"card.search @@ {SEARCH}")
        return " AND ".join(parts)


def narrow(*, brand: Brand, mentions: MentionFilter, now: datetime) -> Narrow:
    """Resolve the filter; `now` decides which day is today in the brand's zone."""
    zone = ZoneInfo(brand.time_zone)
    first_day, last_day = mentions.between(now.astimezone(zone).date())
    topics, blends, dead = _blends(brand, mentions)
    any_blend = next((id_ for id_, of in topics.items() if not of), None)
    facets = _facets(brand, mentions)
    items, reach = _within(mentions)
    return Narrow(
        brand=brand,
        filter=mentions,
        zone=zone,
        first_day=first_day,
        last_day=last_day,
        any_blend=any_blend,
        blends=blends,
        dead=dead,
        topics=topics,
        facets=facets,
        items=items,
        reach=reach,
        params={
            "brand": brand.pk,
            "zone": brand.time_zone,
            "any": any_blend,
            "blends": list(blends or ()),
            "dead": list(dead),
            "facets": list(facets),
            "first_day": first_day,
            "end_day": last_day and last_day + timedelta(days=1),
            "since": first_day and midnight(first_day, zone),
            "until": last_day and midnight(last_day + timedelta(days=1), zone),
            "author": next(iter(mentions.authors), None),
            "authors": list(mentions.authors),
            "outlet": mentions.outlet,
            "story": mentions.story,
            "theme": _theme(brand, mentions),
            "reach_min": mentions.reach_min,
            "reach_max": mentions.reach_max,
            "tags": list(mentions.tags),
            "q": fold(mentions.q.translate(_QUOTES)),
        },
    )


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day in a zone."""
    return datetime.combine(day, time(), tzinfo=zone)


def _theme(brand: Brand, mentions: MentionFilter) -> list[int]:
    """The items of the theme; none when it is not kept any more."""
    found = None if mentions.theme is None else kept(brand=brand, theme=mentions.theme)
    return list(found.items) if found else []


def _blends(
    brand: Brand, mentions: MentionFilter
) -> tuple[dict[int, frozenset[int]], tuple[int, ...] | None, tuple[int, ...]]:
    """Every blend with its topics; those with a chosen topic that is not put away; the dead ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT blend.id, blend.topics, NOT blend.is_live, blend.topics && live.topics
               FROM listening_blend AS blend, (
                   SELECT coalesce(array_agg(id), '{}') AS topics FROM listening_topic
                   WHERE brand_id = %s AND deleted_at IS NULL AND id = ANY(%s::bigint[])) AS live
               WHERE blend.brand_id = %s""",
            [brand.pk, list(mentions.topics), brand.pk],
        )
        rows = cursor.fetchall()
    chosen = tuple(id_ for id_, _, _, matches in rows if matches) if mentions.topics else None
    dead = tuple(id_ for id_, _, is_dead, _ in rows if is_dead)
    return {id_: frozenset(topics) for id_, topics, _, _ in rows}, chosen, dead


def _facets(brand: Brand, mentions: MentionFilter) -> tuple[int, ...]:
    """The facets the filter means."""
    parts: list[str] = ["brand_id = %s"]
    values: list[Any] = [brand.pk]

    def ask(condition: str, value: Any) -> None:
        parts.append(condition)
        values.append(value)

    for column, wanted in (
        ("network", mentions.networks),
        ("language", mentions.languages),
        ("tone", mentions.tones),
        ("kind", mentions.kinds),
    ):
        if wanted:
            ask(f"{column} = ANY(%s)", list(wanted))
    if mentions.read is not Read.ANY:
        ask("is_read = %s", mentions.read is Read.READ)
    for column, show in (
        ("is_spam", mentions.spam),
        ("is_toxic", mentions.toxic),
        ("is_ignored", mentions.ignored),
    ):
        if show is not Show.SHOWN:
            ask(f"{column} = %s", show is Show.ONLY)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM listening_facet WHERE {' AND '.join(parts)}", values)
        return tuple(row[0] for row in cursor.fetchall())


def _within(mentions: MentionFilter) -> tuple[str, str]:
    """What a day's row counts of the asked steps of reach: items, and their reach."""
    if not mentions.has_reach:
        return "count.items", "count.reach"
    least = 1 if mentions.reach_min is None else band(mentions.reach_min)
    most = BANDS[-1] if mentions.reach_max is None else band(mentions.reach_max) - 1
    asked = [step for step in BANDS if least <= step <= most]
    items, reach = (
        " + ".join(f"coalesce(count.{name}_{step}, 0)" for step in asked) or "0"
        for name in ("items", "reach")
    )
    return f"({items})", f"({reach})"
