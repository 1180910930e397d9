"""How many mentions a filter means, and how they fall in time, tone, network and language.

From the counts where the filter allows (every condition but author, outlet, story and full text), else
from the cards; either way the sums come out of one statement, so a page and its charts agree.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import connection
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.listening.filters import MentionFilter
from palabre.listening.narrow import Narrow, narrow


class Step(StrEnum):
    """The width of a bar; days, weeks (from Monday) and hours begin in the brand's zone."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


Moment = date | datetime
"""The beginning of a bar: an aware datetime for hours, else a date."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What was said in one step of time, by tone (-1, 0, 1)."""

    at: Moment
    tones: Mapping[int, int]

    @property
    def total(self) -> int:
        """All tones together."""
        return sum(self.tones.values())


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The sums of one filter. Bars are in order of time, those without anything left out."""

    total: int
    reach: int
    step: Step
    tones: Mapping[int, int]
    bars: tuple[Bar, ...]
    networks: Mapping[str, int]
    languages: Mapping[str, int]

    def filled(self, first: date | None, last: date | None) -> tuple[Bar, ...]:
        """Days or weeks with the empty ones between the two days (included) put in; hours as they are."""
        if self.step is Step.HOUR or not (self.bars or (first and last)):
            return self.bars
        known = {bar.at: bar for bar in self.bars}
        days = [bar.at for bar in self.bars]
        at, end = first or min(days), last or max(days)  # type: ignore[type-var]
        if self.step is Step.WEEK:
            at -= timedelta(days=at.weekday())  # type: ignore[union-attr]
        width = timedelta(days=7 if self.step is Step.WEEK else 1)
        bars = []
        while at <= end:  # type: ignore[operator]
            bars.append(known.get(at) or Bar(at=at, tones={}))  # type: ignore[arg-type]
            at += width  # type: ignore[operator]
        return tuple(bars)


def step_for(first: date | None, last: date | None) -> Step:
    """Hours for up to three days, days for up to four months, weeks for longer."""
    if first is None:
        return Step.WEEK
    length = ((last or timezone.now().date()) - first).days + 1
    if length <= 3:
        return Step.HOUR
    return Step.DAY if length <= 124 else Step.WEEK


def tally(
    *, brand: Brand, mentions: MentionFilter, now: datetime | None = None, step: Step | None = None
) -> Tally:
    """Count the filter's mentions; an item that matches several topics counts once."""
    narrowed = narrow(brand=brand, mentions=mentions, now=now or timezone.now())
    return tally_of(narrowed, step)


def tally_of(narrowed: Narrow, step: Step | None = None) -> Tally:
    """As `tally`, for a filter that is resolved already."""
    step = step or step_for(narrowed.first_day, narrowed.last_day)
    if narrowed.is_empty:
        return Tally(total=0, reach=0, step=step, tones={}, bars=(), networks={}, languages={})
    by_counts = narrowed.filter.is_counted and not (narrowed.filter.is_fine and step is Step.HOUR)
    cells = _counted(narrowed, step) if by_counts else _rows(narrowed, step)
    statement = f"""
        WITH cells AS ({cells})
        SELECT cells.at, facet.tone, facet.network, facet.language,
               grouping(facet.tone, facet.network, facet.language), sum(cells.items), sum(cells.reach)
        FROM cells JOIN listening_facet AS facet ON facet.id = cells.facet_id
        GROUP BY GROUPING SETS ((cells.at, facet.tone), (facet.network), (facet.language))
        HAVING sum(cells.items) <> 0"""
    with connection.cursor() as cursor:
        cursor.execute(statement, narrowed.params)
        return _gather(cursor.fetchall(), step)


def items_of(
    *, brand: Brand, mentions: MentionFilter, groups: Sequence[Sequence[int]], now: datetime
) -> list[int]:
    """How many items the filter means with each group of topics in the place of its own, in one reading."""
    every = tuple(topic for topics in groups for topic in topics)
    narrowed = narrow(brand=brand, mentions=mentions.but(topics=every), now=now)
    if not every or narrowed.is_empty:
        return [0] * len(groups)
    if mentions.is_counted:
        source = f"listening_{daily_table(narrowed)} AS count WHERE {narrowed.counted('day')}"
        cells = f"SELECT blend_id, sum(items) AS items FROM {source} GROUP BY 1"
    else:
        source = f"{narrowed.source()} WHERE {narrowed.rows()}"
        cells = f"SELECT card.blend_id, count(*) AS items FROM {source} GROUP BY 1"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT blend.topics, sum(cell.items)::bigint FROM ({cells}) AS cell
                JOIN listening_blend AS blend ON blend.id = cell.blend_id GROUP BY 1""",
            narrowed.params,
        )
        found = [(frozenset(topics), items) for topics, items in cursor.fetchall()]
    return [sum(items for topics, items in found if topics & set(group)) for group in groups]


_BY_TONE, _BY_NETWORK, _BY_LANGUAGE = 0b011, 0b101, 0b110


def _gather(rows: list[tuple], step: Step) -> Tally:  # type: ignore[type-arg]
    bars: dict[Moment, dict[int, int]] = defaultdict(dict)
    tones: dict[int, int] = defaultdict(int)
    networks: dict[str, int] = {}
    languages: dict[str, int] = {}
    reached = 0
    for at, tone, network, language, grouping, items, reach in rows:
        if grouping == _BY_TONE:
            bars[at][tone] = int(items)
            tones[tone] += int(items)
            reached += int(reach)
        elif grouping == _BY_NETWORK:
            networks[network] = int(items)
        elif grouping == _BY_LANGUAGE:
            languages[language] = int(items)
    return Tally(
        total=sum(tones.values()),
        reach=reached,
        step=step,
        tones=dict(tones),
        bars=tuple(Bar(at=at, tones=bars[at]) for at in sorted(bars)),
        networks=_most(networks),
        languages=_most(languages),
    )


def _most(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _counted(narrowed: Narrow, step: Step) -> str:
    table, column = ("hourlycount", "hour") if step is Step.HOUR else (daily_table(narrowed), "day")
    at = "date_trunc('week', count.day)::date" if step is Step.WEEK else f"count.{column}"
    return f"""SELECT {at} AS at, count.facet_id, sum(count.items) AS items, sum(count.reach) AS reach
               FROM listening_{table} AS count WHERE {narrowed.counted(column)} GROUP BY 1, 2"""


def daily_table(narrowed: Narrow) -> str:
    """The table of days that knows what the filter asks for."""
    return "dailydetail" if narrowed.filter.is_fine else "dailycount"


def _rows(narrowed: Narrow, step: Step) -> str:
    at = {
        Step.HOUR: "date_trunc('hour', card.occurred_at, %(zone)s)",
        Step.DAY: "(card.occurred_at AT TIME ZONE %(zone)s)::date",
        Step.WEEK: "date_trunc('week', card.occurred_at AT TIME ZONE %(zone)s)::date",
    }[step]
    return f"""SELECT {at} AS at, card.coarse_id AS facet_id, count(*) AS items,
                      sum(coalesce(card.reach, 0)) AS reach
               FROM {narrowed.source()} WHERE {narrowed.rows()} GROUP BY 1, 2"""
