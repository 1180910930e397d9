"""Working time: when somebody answers, and how much of it lies between two moments. Pure arithmetic.

Moments are aware and come back in UTC. A span of the day stands on the brand's clock: on the night the clocks
change it is as long as that night makes it, and an hour that is skipped is worked by nobody.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
"""Minutes of a day on a clock; the end of a span may be this one."""
FAR = 366
"""Days looked at before one says that nobody will ever work."""
Span = tuple[int, int]
NOTHING = timedelta(0)


class NeverOpen(ValueError):
    """Nobody works within a year of the moment."""


@dataclass(frozen=True)
class Hours:
    """Opening hours: `week` is spans in minutes of the day, Monday first, in order and apart.

    `closed` tells of a day that it is none. Raises ValueError for spans that overlap or leave the day.
    """

    week: tuple[tuple[Span, ...], ...]
    zone: ZoneInfo
    closed: Callable[[date], bool] = field(default=lambda day: False, compare=False)
    _known: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        for spans in self.week:
            edges = [edge for span in spans for edge in span]
            if edges != sorted(set(edges)) or (edges and not 0 <= edges[0] < edges[-1] <= DAY):
                raise ValueError(f"spans of a day stand apart, in order: {spans}")

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody works then; the end of a span is no part of it."""
        at = moment.astimezone(UTC)
        return any(begins <= at < ends for begins, ends in self.of_day(self._day(at)))

    def working_between(self, earlier: datetime, later: datetime) -> timedelta:
        """Working time from one moment to another; nothing where the second is not after the first."""
        begin, end = earlier.astimezone(UTC), later.astimezone(UTC)
        total, day, last = NOTHING, self._day(begin), self._day(end)
        while begin < end and day <= last:
            for opens, closes in self.of_day(day):
                total += max(min(closes, end) - max(opens, begin), NOTHING)
            day += timedelta(days=1)
        return total

    def after(self, moment: datetime, working: timedelta) -> datetime:
        """The first moment by which so much working time has gone by. Raises NeverOpen."""
        at, left = moment.astimezone(UTC), working
        if left <= NOTHING:
            return at
        for opens, closes in self._spans(self._day(at), step=1):
            begins = max(opens, at)
            if closes - begins >= left:
                return begins + left
            left -= max(closes - begins, NOTHING)
        raise NeverOpen(str(moment))

    def before(self, moment: datetime, working: timedelta) -> datetime:
        """The last moment from which so much working time leads here: `after`, read backwards. Raises
        NeverOpen."""
        at, left = moment.astimezone(UTC), working
        if left <= NOTHING:
            return at
        for opens, closes in self._spans(self._day(at), step=-1):
            ends = min(closes, at)
            if ends - opens >= left:
                return ends - left
            left -= max(ends - opens, NOTHING)
        raise NeverOpen(str(moment))

    def of_day(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The spans of one day as moments in UTC, in order."""
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = self._reckoned(day)
        return found

    def _reckoned(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        spans = self.week[day.weekday()]
        if not spans or self.closed(day):
            return ()
        return tuple(pair for begins, ends in spans for pair in self._stretches(day, begins, ends))

    def _stretches(self, day: date, begins: int, ends: int) -> Iterator[tuple[datetime, datetime]]:
        """The moments at which the clock shows a minute of the span: one stretch, or several when an hour
        comes twice and only a part of it is worked."""
        midnight, beyond = _first(day, self.zone), _first(day + timedelta(days=1), self.zone)
        for opens, closes, shift in _steady(midnight, beyond, self.zone):
            start = datetime(day.year, day.month, day.day, tzinfo=UTC) - shift
            low, high = start + timedelta(minutes=begins), start + timedelta(minutes=ends)
            if max(low, opens) < min(high, closes):
                yield max(low, opens), min(high, closes)

    def _spans(self, day: date, *, step: int) -> Iterator[tuple[datetime, datetime]]:
        without = 0
        while without <= FAR:
            spans = self.of_day(day)
            without = 0 if spans else without + 1
            yield from spans[::step]
            try:
                day += timedelta(days=step)
            except OverflowError:
                return

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def always(zone: ZoneInfo) -> Hours:
    """Around the clock, every day."""
    return Hours(week=(((0, DAY),),) * 7, zone=zone)


def spans_in_order(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans sorted, those that touch or overlap made one."""
    joined: list[Span] = []
    for begins, ends in sorted(spans):
        place = bisect_right([end for _, end in joined], begins - 1)
        if place < len(joined):
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return tuple(joined)


def _first(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day on a clock, also where the clocks skip midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _steady(
    first: datetime, beyond: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The stretches between two moments in which the clock's shift from UTC stays, each with its shift."""

    def shift(at: datetime) -> timedelta:
        return at.astimezone(zone).utcoffset() or NOTHING

    while first < beyond:
        now = shift(first)
        if shift(beyond - timedelta(minutes=1)) == now:
            yield first, beyond, now
            return
        low, high = first, beyond
        while high - low > timedelta(minutes=1):
            middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
            low, high = (middle, high) if shift(middle) == now else (low, middle)
        yield first, high, now
        first = high
