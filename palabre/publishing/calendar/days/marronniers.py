"""Marronniers: world days, sales, feasts that come back each year, per country, from `marronniers.json`."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, kw_only=True)
class Marronnier:
    """A day that comes back. `on` says when (see `day_in`); no `countries` means everywhere."""

    key: str
    fr: str
    en: str
    on: str
    source: str
    countries: tuple[str, ...] = ()


def marronniers(countries: Sequence[str], *, first: date, last: date) -> list[tuple[date, Marronnier]]:
    """Those of these countries, and of everywhere, between two days, included, by day."""
    found = []
    for one in known():
        if one.countries and not set(one.countries) & set(countries):
            continue
        for year in range(first.year, last.year + 1):
            day = day_in(year, one.on)
            if day and first <= day <= last:
                found.append((day, one))
    return sorted(found, key=lambda row: row[0])


@cache
def known() -> tuple[Marronnier, ...]:
    """Every one in the file, in its order. Raises ValueError for a rule that says no day."""
    told = json.loads((Path(__file__).parent / "marronniers.json").read_text())
    sources = told["sources"]
    rows = tuple(
        Marronnier(
            key=row["key"],
            fr=row["fr"],
            en=row["en"],
            on=row["on"],
            source=sources[row["source"]]["url"],
            countries=tuple(row.get("countries", ())),
        )
        for row in told["days"]
    )
    for row in rows:
        day_in(2026, row.on)
    return rows


def day_in(year: int, on: str) -> date | None:
    """The day of a year that a rule means, None where it has none. Raises ValueError for an unknown rule.

    `03-08` a date; `05 sun -1` the last Sunday of May, `11 thu 4 +1` the day after its fourth Thursday;
    `easter -47` so many days from Easter; and three that a law words in its own way: `mothers-fr`,
    `winter-sales-fr`, `summer-sales-fr`.
    """
    if on in _WORDED:
        return _WORDED[on](year)
    if found := re.fullmatch(r"(\d\d)-(\d\d)", on):
        return date(year, int(found[1]), int(found[2]))
    if found := re.fullmatch(r"easter ([+-]\d+)", on):
        return _easter(year) + timedelta(days=int(found[1]))
    if found := re.fullmatch(r"(\d\d) (\w{3}) (-?\d)(?: \+(\d))?", on):
        return _nth(year, int(found[1]), WEEKDAYS.index(found[2]), int(found[3])) + timedelta(
            days=int(found[4] or 0)
        )
    raise ValueError(f"no day in {on!r}")


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month, counted from its end below zero."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return end - timedelta(days=(end.weekday() - weekday) % 7 + 7 * (-nth - 1))


def _easter(year: int) -> date:
    from dateutil.easter import easter

    return easter(year)


def _mothers(year: int) -> date:
    """Last Sunday of May; where that is Pentecost, first Sunday of June (law of 24 May 1950)."""
    day = _nth(year, 5, 6, -1)
    return _nth(year, 6, 6, 1) if day == _easter(year) + timedelta(days=49) else day


def _winter_sales(year: int) -> date:
    """Second Wednesday of January; where that is after the 12th, the first (code de commerce)."""
    day = _nth(year, 1, 2, 2)
    return day if day.day <= 12 else _nth(year, 1, 2, 1)


def _summer_sales(year: int) -> date:
    """Last Wednesday of June; where that is after the 28th, the one before (code de commerce)."""
    day = _nth(year, 6, 2, -1)
    return day if day.day <= 28 else _nth(year, 6, 2, -2)


_WORDED = {"mothers-fr": _mothers, "winter-sales-fr": _winter_sales, "summer-sales-fr": _summer_sales}
