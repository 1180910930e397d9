"""Everything one page of the calendar shows, read at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain, islice
from zoneinfo import ZoneInfo

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.calendar.days.almanac import Kind, Mark, marks
from palabre.publishing.calendar.days.school import ZONES
from palabre.publishing.calendar.entries import Balance, Entry, at_most, balance, by_day, chosen, entries
from palabre.publishing.calendar.models import Almanac, CalendarNote
from palabre.publishing.calendar.native import Native, native_posts
from palabre.publishing.calendar.selection import Selection, View
from palabre.publishing.models import Pillar

IN_A_CELL = 4
"""Contents shown on a day of the month; the others are a click away."""
MARRONNIERS = 2
"""Marronniers written on a day; the others are counted."""
A_PAGE = 100
"""Contents on a page of the list."""
USUAL_HOURS = (7, 21)
"""Hours always shown; earlier and later ones where something is there."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A day, or an hour of it, or a day on one account. `more`: how many entries are not shown."""

    day: date
    entries: Sequence[Entry]
    marks: Sequence[Mark] = ()
    natives: Sequence[Native] = ()
    more: int = 0
    hour: int | None = None
    channel: int | None = None
    today: bool = False
    outside: bool = False

    @property
    def weekend(self) -> bool:
        """Saturday or Sunday."""
        return self.day.weekday() > 4

    @property
    def marks_shown(self) -> list[Mark]:
        """What is written on the day: all but the marronniers too many for it."""
        return [mark for mark in self.marks if mark.name not in self.marks_more]

    @property
    def marks_more(self) -> list[str]:
        """The names of the marronniers there is no room for."""
        return [mark.name for mark in self.marks if mark.kind is Kind.MARRONNIER][MARRONNIERS:]

    @property
    def schools(self) -> str:
        """The zones without school that day, such as “A C”."""
        return " ".join(mark.zones for mark in self.marks if mark.zones)


@dataclass(frozen=True, kw_only=True)
class Board:
    """A selection of a brand's calendar at a moment, in the reader's language; each part read when asked."""

    brand: Brand
    selection: Selection
    now: datetime
    language: str

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the brand."""
        return ZoneInfo(self.brand.time_zone)

    @property
    def today(self) -> date:
        """Today, on that clock."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def channels(self) -> dict[int, Channel]:
        """The brand's accounts by their key."""
        return {channel.pk: channel for channel in Channel.objects.all()}

    @cached_property
    def entries(self) -> list[Entry]:
        """What is shown, by hour."""
        return entries(chosen(self.selection, self.zone), self.zone)

    @cached_property
    def days(self) -> dict[date, list[Entry]]:
        """What is shown, by day."""
        return by_day(self.entries)

    @cached_property
    def marks(self) -> dict[date, list[Mark]]:
        """What is to be said of each day."""
        notes = CalendarNote.objects.filter(
            last_day__gte=self.selection.first, first_day__lte=self.selection.last
        )
        yearly = CalendarNote.objects.filter(yearly=True)
        return marks(
            almanac_of(self.brand),
            {note.pk: note for note in (*notes, *yearly)}.values(),
            first=self.selection.first,
            last=self.selection.last,
            language=self.language,
        )

    @cached_property
    def natives(self) -> dict[date, list[Native]]:
        """Posts made on the network itself, by day; none while a filter asks for something else."""
        asked = self.selection
        if asked.state not in ("", "published") or asked.campaign or asked.pillar or asked.author:
            return {}
        own = [one for one in self.channels.values() if asked.channel in (None, one.pk)]
        days: dict[date, list[Native]] = defaultdict(list)
        for post in native_posts(own, first=asked.first, last=asked.last, zone=self.zone):
            days[post.at.date()].append(post)
        return days

    @cached_property
    def balance(self) -> Balance:
        """The pillars against what is planned on these days, whatever the filter shows of it."""
        days = self.days
        if self.selection.narrowed:
            every = Selection(view=self.selection.view, on=self.selection.on)
            days = by_day(entries(chosen(every, self.zone), self.zone))
        if self.selection.view is View.MONTH:
            days = {day: row for day, row in days.items() if day.month == self.selection.on.month}
        return balance(chain.from_iterable(days.values()), list(Pillar.objects.filter(archived_at=None)))

    def weeks(self) -> list[list[Cell]]:
        """The month, week by week."""
        cells = [self._cell(day) for day in self.selection.days]
        return [cells[start : start + 7] for start in range(0, len(cells), 7)]

    def _cell(self, day: date, most: int = IN_A_CELL) -> Cell:
        found = self.days.get(day, [])
        shown = at_most(found, most)
        natives = self.natives.get(day, [])
        free = max(0, most - len(shown))
        return Cell(
            day=day,
            entries=shown,
            marks=self.marks.get(day, ()),
            natives=natives[:free],
            more=len(found) - len(shown) + max(0, len(natives) - free),
            today=day == self.today,
            outside=self.selection.view is View.MONTH and day.month != self.selection.on.month,
        )

    def heads(self) -> list[Cell]:
        """The days of a week or a single day, without their contents."""
        return [
            Cell(day=day, entries=(), marks=self.marks.get(day, ()), today=day == self.today)
            for day in self.selection.days
        ]

    def hours(self) -> list[tuple[int, list[Cell]]]:
        """Hour by hour, a cell for each day."""
        at: dict[tuple[date, int], list[Entry]] = defaultdict(list)
        for entry in self.entries:
            at[entry.day, entry.at.hour].append(entry)
        own: dict[tuple[date, int], list[Native]] = defaultdict(list)
        for post in (post for row in self.natives.values() for post in row):
            own[post.at.date(), post.at.hour].append(post)
        met = [hour for _, hour in (*at, *own)]
        first, last = min([USUAL_HOURS[0], *met]), max([USUAL_HOURS[1], *met])
        most = IN_A_CELL if self.selection.view is View.WEEK else A_PAGE
        return [
            (
                hour,
                [self._hour(day, hour, at[day, hour], own[day, hour], most) for day in self.selection.days],
            )
            for hour in range(first, last + 1)
        ]

    def _hour(
        self, day: date, hour: int, found: Sequence[Entry], natives: Sequence[Native], most: int
    ) -> Cell:
        shown = at_most(found, most)
        return Cell(
            day=day,
            hour=hour,
            entries=shown,
            natives=natives,
            more=len(found) - len(shown),
            today=day == self.today,
        )

    def lanes(self) -> list[tuple[Channel, list[Cell]]]:
        """A lane for each account in use, a cell for each day: only what goes there."""
        at: dict[tuple[int, date], list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for part in entry.parts:
                at[part.channel, entry.day].append(_only(entry, part.channel))
        wanted = [
            channel
            for channel in self.channels.values()
            if self.selection.channel in (None, channel.pk)
            and (channel.state != "removed" or any(key == channel.pk for key, _ in at))
        ]
        own = [post for row in self.natives.values() for post in row]
        return [
            (channel, [self._lane(channel.pk, day, at, own) for day in self.selection.days])
            for channel in wanted
        ]

    def _lane(
        self, channel: int, day: date, at: dict[tuple[int, date], list[Entry]], own: Sequence[Native]
    ) -> Cell:
        found = at[channel, day]
        shown = at_most(found, IN_A_CELL)
        return Cell(
            day=day,
            channel=channel,
            entries=shown,
            natives=[post for post in own if post.channel == channel and post.at.date() == day],
            more=len(found) - len(shown),
            today=day == self.today,
        )

    def listed(self) -> list[Cell]:
        """A page of the list, by day; days with nothing on them are left out."""
        start = (self.selection.page - 1) * A_PAGE
        page = by_day(islice(self.entries, start, start + A_PAGE))
        return [
            Cell(day=day, entries=row, marks=self.marks.get(day, ()), today=day == self.today)
            for day, row in page.items()
        ]

    def days_told(self) -> list[Cell]:
        """Every day with something on it, all its contents, for paper."""
        wanted = sorted(self.days) if self.selection.everything else self.selection.days
        return [
            Cell(day=day, entries=self.days.get(day, ()), marks=self.marks.get(day, ()))
            for day in wanted
            if self.days.get(day) or self.marks.get(day)
        ]

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return max(1, -(-len(self.entries) // A_PAGE))

    def next_entry(self) -> Entry | None:
        """The content that leaves next among those shown."""
        return next((entry for entry in self.entries if entry.at >= self.now), None)


def almanac_of(brand: Brand) -> Almanac:
    """The brand's choice of days; before it chose, its own country and, in France, the three zones."""
    found = Almanac.objects.filter(brand=brand).first()
    zones = list(ZONES) if brand.country == "FR" else []
    return found or Almanac(brand=brand, countries=[brand.country] if brand.country else [], zones=zones)


def _only(entry: Entry, channel: int) -> Entry:
    parts = tuple(part for part in entry.parts if part.channel == channel)
    return Entry(post=entry.post, name=entry.name, at=entry.at, pillar=entry.pillar, parts=parts)
