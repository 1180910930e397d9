"""What a brand promises, read once for a piece of work: its hours, and the delays of each account."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django_scopes import scopes_disabled

from palabre.agency.models import Brand
from palabre.inbox.models import Promise, Rhythm
from palabre.inbox.pace.hours import Hours, always
from palabre.inbox.pace.rules import UNPROMISED, Delays
from palabre.publishing.calendar.days.holidays import public_holidays


class Terms:
    """The promises of a brand; nothing is read before it is asked for, and each thing once."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand

    @cached_property
    def rhythm(self) -> Rhythm | None:
        """The brand's hours as they were set, None for a brand that is always open."""
        with scopes_disabled():
            return Rhythm.objects.filter(brand=self.brand).first()

    @cached_property
    def hours(self) -> Hours:
        """The brand's opening hours."""
        return hours_of(self.rhythm, ZoneInfo(self.brand.time_zone)) if self.rhythm else self.clock

    @cached_property
    def clock(self) -> Hours:
        """Around the clock."""
        return always(ZoneInfo(self.brand.time_zone))

    @cached_property
    def delays(self) -> Mapping[int | None, Delays]:
        """Promises by account; that of the brand under None."""
        with scopes_disabled():
            rows = list(Promise.objects.filter(brand=self.brand))
        return {row.channel_id: delays_of(row) for row in rows}

    def promised(self, channel: int | None) -> Delays:
        """What holds for an account: its own promise, else the brand's."""
        return self.delays.get(channel, self.delays.get(None, UNPROMISED))

    def measure(self, channel: int | None) -> Hours:
        """What the promises of an account are counted in."""
        return self.hours if self.promised(channel).in_hours else self.clock

    def by_the_clock(self) -> tuple[bool, list[int]]:
        """Whether the brand's own promise counts the hours of the clock, and the accounts that differ."""
        usual = not self.delays.get(None, UNPROMISED).in_hours
        return usual, [pk for pk, one in self.delays.items() if pk is not None and one.in_hours == usual]


def hours_of(rhythm: Rhythm, zone: ZoneInfo) -> Hours:
    """Opening hours as they were set."""
    week = tuple(tuple((begins, ends) for begins, ends in spans) for spans in rhythm.week)
    own, country = frozenset(rhythm.closed), rhythm.country

    def closed(day: date) -> bool:
        return day in own or bool(country and is_holiday(country, day))

    return Hours(week=week, zone=zone, closed=closed)


def is_holiday(country: str, day: date) -> bool:
    """Whether a day is a public holiday in a whole country."""
    return bool(public_holidays([country], first=day, last=day, language="en"))


def delays_of(row: Promise) -> Delays:
    """A promise as spans of time."""

    def span(minutes: int | None) -> timedelta | None:
        return None if minutes is None else timedelta(minutes=minutes)

    return Delays(
        first=span(row.first_minutes),
        next=span(row.next_minutes),
        resolve=span(row.resolve_minutes),
        in_hours=row.in_hours,
    )
