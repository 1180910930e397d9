"""The days a brand's calendar marks, from three sources and its own notes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from palabre.publishing.calendar.days.holidays import public_holidays
from palabre.publishing.calendar.days.marronniers import marronniers
from palabre.publishing.calendar.days.school import school_holidays
from palabre.publishing.calendar.models import Almanac, CalendarNote


class Kind(StrEnum):
    """Where a marked day comes from, in the order a day shows them."""

    HOLIDAY = "holiday"
    NOTE = "note"
    OWN = "own"
    MARRONNIER = "marronnier"
    SCHOOL = "school"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something about a day. `key` names it from year to year, for hiding; `note` is its row's, if any."""

    kind: Kind
    name: str
    key: str = ""
    source: str = ""
    note: int | None = None
    zones: str = ""


def marks(
    almanac: Almanac, notes: Iterable[CalendarNote], *, first: date, last: date, language: str
) -> dict[date, list[Mark]]:
    """What is to be said of each day from `first` to `last`, both included; hidden days left out."""
    found: dict[date, list[Mark]] = defaultdict(list)
    for day, holiday in public_holidays(almanac.countries, first=first, last=last, language=language):
        found[day].append(Mark(kind=Kind.HOLIDAY, name=holiday.name, key=holiday.key, source=holiday.source))
    if almanac.marronniers:
        for day, one in marronniers(almanac.countries, first=first, last=last):
            name = one.en if language == "en" else one.fr
            found[day].append(Mark(kind=Kind.MARRONNIER, name=name, key=one.key, source=one.source))
    if "FR" in almanac.countries:
        for day, pause in school_holidays(almanac.zones, first=first, last=last):
            found[day].append(
                Mark(kind=Kind.SCHOOL, name=pause.said(language), zones=pause.zones, source=pause.source)
            )
    for day, note in _noted(notes, first, last):
        kind = Kind.OWN if note.yearly else Kind.NOTE
        found[day].append(Mark(kind=kind, name=note.text, note=note.pk))
    order = list(Kind)
    hidden = set(almanac.hidden)
    return {
        day: sorted((mark for mark in row if mark.key not in hidden), key=lambda mark: order.index(mark.kind))
        for day, row in found.items()
    }


def _noted(notes: Iterable[CalendarNote], first: date, last: date) -> Iterable[tuple[date, CalendarNote]]:
    for note in notes:
        for begins in _beginnings(note, first, last):
            for offset in range((note.last_day - note.first_day).days + 1):
                day = begins + timedelta(days=offset)
                if first <= day <= last:
                    yield day, note


def _beginnings(note: CalendarNote, first: date, last: date) -> Sequence[date]:
    if not note.yearly:
        return [note.first_day]
    years = range(max(note.first_day.year, first.year - 1), last.year + 1)
    return [day for year in years if (day := _in_year(note.first_day, year))]


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return None
