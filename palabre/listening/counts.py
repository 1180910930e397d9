"""How many mentions a filter means, and how they fall in time, tone, network and language.

From the counts where the filter allows (every condition but tag, author, outlet, story and full text),
else from the cards; either way the sums come out of one statement, so a page and its charts agree.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone

from palabre.agency.models import Brand
from palabre.listening.filters import MentionFilter
from palabre.listening.narrow import Narrow, adding_up, midnight, narrow


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
    step = step or step_of(narrowed)
    bars = bars_of(narrowed, step)
    if narrowed.is_empty:
        return gathered([], bars)
    counts = by_counts(narrowed, step)
    cells = _counted(narrowed, step) if counts else _read(narrowed, bars)
    with adding_up(counts=counts) as cursor:
        cursor.execute(
            f"WITH cell AS MATERIALIZED ({cells}) {SUMS}", {**narrowed.params, "edges": list(bars.edges)}
        )
        return gathered(cursor.fetchall(), bars)


def step_of(narrowed: Narrow) -> Step:
    """The width of the bars that suits the filter's period."""
    return step_for(narrowed.first_day, narrowed.last_day)


def by_counts(narrowed: Narrow, step: Step) -> bool:
    """Whether the counts know: those by reach are kept by day alone."""
    return narrowed.filter.is_counted and not (narrowed.filter.has_reach and step is Step.HOUR)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What was said of one set of topics on one network in one tone, now or in the period before.

    `is_own`: the filter means it, topics and all; the others are there for other topics alone.
    """

    is_now: bool
    is_own: bool
    topics: frozenset[int]
    network: str
    tone: int
    items: int
    reach: int


def compared(*, brand: Brand, mentions: MentionFilter, topics: Collection[int], now: datetime) -> list[Cell]:
    """The filter's period beside the one before, with its topics and with each of `topics`, read at once.

    What the filter would mean with some of `topics` in the place of its own is in the cells whose topics
    meet these. `topics` are live ones. Without a period before, every cell is of now.
    """
    here = narrow(brand=brand, mentions=mentions, now=now)
    before = mentions.previous(now.astimezone(here.zone).date())
    wide = mentions.but(days=None, since=before.since, until=here.last_day) if before else mentions
    narrowed = narrow(brand=brand, mentions=wide.but(topics=()), now=now)
    if narrowed.is_empty:
        return []
    heard = {id_ for id_, of in narrowed.topics.items() if of & frozenset(topics)}
    own = set(here.blends or ())
    if mentions.is_counted and here.blends is None and narrowed.any_blend is not None:
        own = {narrowed.any_blend}
    given = dict(narrowed.params, heard=list(heard | own), begins=here.params["since"])
    is_all = not mentions.is_counted and here.blends is None
    if mentions.is_counted:
        cells, edges = _counts_beside(narrowed, here.first_day if before else None)
        given |= edges
    else:
        cells = _cards_beside(narrowed, before, is_all)
    with adding_up(counts=mentions.is_counted) as cursor:
        cursor.execute(
            f"""SELECT cell.is_now, cell.blend_id, facet.network, facet.tone, sum(cell.items)::bigint,
                       sum(cell.reach)::bigint
                FROM (SELECT is_now, blend_id, facet_id, sum(items) AS items, sum(reach) AS reach
                      FROM ({cells}) AS cell GROUP BY 1, 2, 3) AS cell
                JOIN listening_facet AS facet ON facet.id = cell.facet_id
                GROUP BY 1, 2, 3, 4 HAVING sum(cell.items) <> 0 OR sum(cell.reach) <> 0""",
            given,
        )
        return [
            Cell(
                is_now=is_now,
                is_own=is_all or blend in own,
                topics=narrowed.topics[blend],
                network=network,
                tone=tone,
                items=items,
                reach=reach,
            )
            for is_now, blend, network, tone, items, reach in cursor.fetchall()
        ]


LONG = timedelta(days=45)
"""Longer periods are added up from months, with days at their ends."""


def _counts_beside(narrowed: Narrow, begin: date | None) -> tuple[str, dict[str, Any]]:
    """The cells of the whole period, cut in two at `begin` if there is one; and the parameters for it."""
    first, end = narrowed.first_day, narrowed.params["end_day"]
    if first and end and end - first < LONG:
        is_now = "count.day >= %(begin)s" if begin else "true"
        return _cells("daily", is_now, narrowed, narrowed.counted("day", "heard")), {"begin": begin}
    given: dict[str, Any] = {"begin": begin and _cut(begin)}
    months = [narrowed.meant("heard")]
    parts = []
    for edge, at in (("first", first), ("begin", begin), ("end", end)):
        if at is None:
            continue
        cut = _cut(at)
        given |= {f"{edge}_month": cut, f"{edge}_from": min(at, cut), f"{edge}_to": max(at, cut)}
        if edge != "begin":
            months.append(f"count.month {'>=' if edge == 'first' else '<'} %({edge}_month)s")
        days = f"{months[0]} AND count.day >= %({edge}_from)s AND count.day < %({edge}_to)s"
        # What the months before the cut lack is what those after it have too much of; or the other way round.
        before, after = (1, -1) if cut < at else (-1, 1)
        sides = {
            "first": f"VALUES (false, {after})",
            "begin": f"VALUES (false, {before}), (true, {after})",
            "end": f"VALUES (true, {before})",
        }
        parts.append(_cells("daily", "side.is_now", narrowed, days, side=sides[edge]))
    is_now = "count.month >= %(begin)s" if begin else "true"
    parts.append(_cells("monthly", is_now, narrowed, " AND ".join(months)))
    return " UNION ALL ".join(parts), given


def _cut(day: date) -> date:
    """The beginning of a month that is nearest to the day."""
    first = day.replace(day=1)
    return first if day.day <= 16 else (first + timedelta(days=31)).replace(day=1)


def _cells(counts: str, is_now: str, narrowed: Narrow, where: str, *, side: str = "VALUES (true, 1)") -> str:
    return f"""SELECT {is_now} AS is_now, count.blend_id, count.facet_id,
                      side.sign * {narrowed.items} AS items, side.sign * {narrowed.reach} AS reach
               FROM listening_{counts}count AS count, ({side}) AS side (is_now, sign) WHERE {where}"""


def _cards_beside(narrowed: Narrow, before: MentionFilter | None, is_all: bool) -> str:
    is_now = "card.occurred_at >= %(begins)s" if before else "true"
    heard = "true" if is_all else "card.blend_id = ANY(%(heard)s::bigint[])"
    return f"""SELECT {is_now} AS is_now, card.blend_id, card.facet_id,
                      1 AS items, coalesce(card.reach, 0) AS reach
               FROM listening_card AS card WHERE {narrowed.rows()} AND {heard}"""


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Where the bars of a filter begin: in the brand's zone, or by their number among `days`.

    Numbers are for periods of which the first day is known: a search among a hundred moments costs a
    fraction of what a conversion to a zone does.
    """

    step: Step
    days: tuple[date, ...] = ()
    edges: tuple[datetime, ...] = ()

    def moment(self, at: Moment | int) -> Moment:
        """The beginning of the bar, which cards tell by its number."""
        return self.days[at - 1] if isinstance(at, int) else at


def bars_of(narrowed: Narrow, step: Step) -> Bars:
    """The bars of the filter's period."""
    if step is Step.HOUR or narrowed.first_day is None:
        return Bars(step=step)
    last = narrowed.last_day or timezone.now().astimezone(narrowed.zone).date()
    first = narrowed.first_day
    width = 7 if step is Step.WEEK else 1
    if step is Step.WEEK:
        first -= timedelta(days=first.weekday())
    days = tuple(first + timedelta(days=n) for n in range(0, max((last - first).days, 0) + 1, width))
    return Bars(step=step, days=days, edges=tuple(midnight(day, narrowed.zone) for day in days))


SUMS = """
    SELECT cell.at, facet.tone, NULL AS network, NULL AS language,
           sum(cell.items)::bigint AS items, sum(cell.reach)::bigint AS reach
    FROM cell JOIN listening_facet AS facet ON facet.id = cell.facet_id
    GROUP BY 1, 2 HAVING sum(cell.items) <> 0
    UNION ALL
    SELECT NULL, NULL, facet.network, facet.language, sum(said.items)::bigint, NULL
    FROM (SELECT cell.facet_id, sum(cell.items) AS items FROM cell GROUP BY 1) AS said
    JOIN listening_facet AS facet ON facet.id = said.facet_id GROUP BY 3, 4 HAVING sum(said.items) <> 0"""
"""The sums of a `cell` table, as `gathered` reads them: by bar and tone, then by network and language."""


def gathered(rows: Iterable[tuple[Any, ...]], bars: Bars) -> Tally:
    """The rows of `SUMS` as a value."""
    heights: dict[Moment, dict[int, int]] = defaultdict(dict)
    tones: dict[int, int] = defaultdict(int)
    networks: dict[str, int] = defaultdict(int)
    languages: dict[str, int] = defaultdict(int)
    reached = 0
    for at, tone, network, language, items, reach in rows:
        if network is None:
            heights[bars.moment(at)][tone] = items
            tones[tone] += items
            reached += reach
        else:
            networks[network] += items
            languages[language] += items
    return Tally(
        total=sum(tones.values()),
        reach=reached,
        step=bars.step,
        tones=dict(tones),
        bars=tuple(Bar(at=at, tones=heights[at]) for at in sorted(heights)),
        networks=_most(networks),
        languages=_most(languages),
    )


def _most(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _counted(narrowed: Narrow, step: Step) -> str:
    if step is Step.HOUR:
        return f"""SELECT count.hour AS at, count.facet_id, count.items, count.reach
                   FROM listening_hourlycount AS count WHERE {narrowed.counted("hour")}"""
    at = "date_trunc('week', count.day)::date" if step is Step.WEEK else "count.day"
    return f"""SELECT {at} AS at, count.facet_id,
                      sum({narrowed.items}) AS items, sum({narrowed.reach}) AS reach
               FROM listening_dailycount AS count WHERE {narrowed.counted("day")} GROUP BY 1, 2"""


def _read(narrowed: Narrow, bars: Bars) -> str:
    return f"""SELECT at, facet_id, count(*) AS items, sum(reach)::bigint AS reach
               FROM (SELECT {cards(bars)} FROM listening_card AS card WHERE {narrowed.rows()}) AS card
               GROUP BY 1, 2"""


def cards(bars: Bars) -> str:
    """The columns of a card that `SUMS` adds up; `edges` is a parameter."""
    at = {
        Step.HOUR: "date_trunc('hour', card.occurred_at, %(zone)s)",
        Step.DAY: "(card.occurred_at AT TIME ZONE %(zone)s)::date",
        Step.WEEK: "date_trunc('week', card.occurred_at AT TIME ZONE %(zone)s)::date",
    }[bars.step]
    if bars.edges:
        at = "width_bucket(card.occurred_at, %(edges)s::timestamptz[])"
    return f"{at} AS at, card.facet_id, 1 AS items, coalesce(card.reach, 0) AS reach"
