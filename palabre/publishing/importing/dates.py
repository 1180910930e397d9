"""Dates and hours as files write them: each format is known, an ambiguous one is never guessed.

Pure. 03/04/2027 is the third of April or the fourth of March: the rest of the file decides if one of
its dates can be read in one way only, else a person does.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class Order(StrEnum):
    """What comes first in a date between slashes."""

    DAY = "day"
    MONTH = "month"


class NoDate(ValueError):
    """It cannot be read as a date and an hour: `code` is "no_date", "date", "no_hour" or "hour"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_DAY = re.compile(r"(?P<a>\d{1,4})(?P<s>[/.\-])(?P<b>\d{1,2})(?P=s)(?P<c>\d{1,4})(?=$|[T\s,])")
_HOUR = re.compile(
    r"(?P<h>\d{1,2})\s*(?:[:hH.]\s*(?P<m>\d{1,2})?(?::(?P<s>\d{2})(?:\.\d+)?)?)?\s*(?P<half>[ap]\.?\s?m\.?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the dates of a file say of their order: how many can be read in one way only, and one of each."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    example: str = ""

    @property
    def order(self) -> Order | None:
        """What is certain; None when a person has to say."""
        if self.day_first and not self.month_first:
            return Order.DAY
        if self.month_first and not self.day_first:
            return Order.MONTH
        return None

    @property
    def to_ask(self) -> bool:
        """Whether something depends on the order and nothing in the file decides it."""
        return self.order is None and bool(self.either or self.day_first)


def evidence(cells: Iterable[str]) -> Evidence:
    """Read the dates of a whole file for what they say of their order."""
    day_first = month_first = either = 0
    example = ""
    for cell in cells:
        found = _DAY.match(cell.strip())
        if not found or len(found["a"]) > 2 or found["s"] == ".":
            continue  # The year first is clear, and dots are the continent's: the day first.
        a, b = int(found["a"]), int(found["b"])
        if a == b:
            continue
        if a > 12 >= b:
            day_first += 1
        elif b > 12 >= a:
            month_first += 1
        elif a <= 12 and b <= 12:
            either += 1
            example = example or cell.strip()
    return Evidence(day_first=day_first, month_first=month_first, either=either, example=example)


def read_day(day: str, order: Order | None) -> date:
    """The day a date cell begins with. Raises NoDate."""
    found = _DAY.match(day.strip())
    if not found:
        raise NoDate("date")
    return _date(found, order)


def read_hour(day: str, hour: str, order: Order | None) -> datetime:
    """What a clock is to show (naive): a date cell that may hold the hour too, and an hour cell.

    Raises NoDate.
    """
    day, hour = " ".join(day.split()), " ".join(hour.split())
    if not day:
        raise NoDate("no_date")
    found = _DAY.match(day)
    if not found:
        raise NoDate("date")
    rest = day[found.end() :].lstrip("T, ")
    if hour and rest.strip(":0 ") == "":
        rest = ""  # A spreadsheet adds midnight to a day whose hour stands in its own cell.
    return datetime.combine(_date(found, order), _time(rest or hour))


def _date(found: re.Match[str], order: Order | None) -> date:
    a, b, c = found["a"], found["b"], found["c"]
    if len(a) == 4:
        year, month, day = int(a), int(b), int(c)
    else:
        year = int(c) + (2000 if len(c) == 2 else 0)
        first_is_month = order is Order.MONTH and found["s"] != "."
        day, month = (int(b), int(a)) if first_is_month else (int(a), int(b))
    try:
        if not 2000 <= year <= 2100:
            raise NoDate("date")
        return date(year, month, day)
    except ValueError:
        raise NoDate("date") from None


def _time(text: str) -> time:
    if not text:
        raise NoDate("no_hour")
    found = _HOUR.fullmatch(text)
    if not found or (found["m"] is None and not found["half"] and not re.search(r"[hH]", text)):
        raise NoDate("hour")
    hour, minute = int(found["h"]), int(found["m"] or 0)
    if half := (found["half"] or "").lower():
        if not 1 <= hour <= 12:
            raise NoDate("hour")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return time(hour, minute, int(found["s"] or 0))
    except ValueError:
        raise NoDate("hour") from None
