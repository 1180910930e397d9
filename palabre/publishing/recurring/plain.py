"""A rule as a person says it (every two weeks on Monday and Thursday), to and from RRULE. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NTH = re.compile(r"(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)")


class Every(StrEnum):
    """What is counted."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


FREQUENCY = {Every.DAY: "DAILY", Every.WEEK: "WEEKLY", Every.MONTH: "MONTHLY", Every.YEAR: "YEARLY"}
EVERY = {name: every for every, name in FREQUENCY.items()}


@dataclass(frozen=True, kw_only=True)
class Plain:
    """Every `interval` days, weeks, months or years; without `until` and `count` it never ends.

    `days` are weekdays (Monday 0) of a week. `month_day`: "1" to "31", "-1" the last, or the first,
    second, third, fourth or last weekday as RRULE writes it ("1MO", "-1FR").
    """

    every: Every
    interval: int = 1
    days: tuple[int, ...] = ()
    month_day: str = ""
    until: date | None = None
    count: int | None = None

    def written(self, start: date) -> str:
        """As RRULE; what is left open follows the first day."""
        pieces = [f"FREQ={FREQUENCY[self.every]}"]
        if self.interval > 1:
            pieces.append(f"INTERVAL={self.interval}")
        if self.every is Every.WEEK:
            days = sorted(set(self.days)) or [start.weekday()]
            pieces.append("BYDAY=" + ",".join(DAYS[day] for day in days))
        elif self.every is Every.MONTH:
            on = self.month_day or str(start.day)
            pieces.append(f"BYMONTHDAY={on}" if on.lstrip("-").isdigit() else f"BYDAY={on}")
        if self.count:
            pieces.append(f"COUNT={self.count}")
        elif self.until:
            pieces.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(pieces)


def plain_of(text: str) -> Plain | None:
    """What a rule says plainly; None for one that says more than the plain form can."""
    parts = dict(piece.split("=", 1) for piece in text.split(";"))
    every = EVERY.get(parts.pop("FREQ"))
    interval, count = int(parts.pop("INTERVAL", "1")), parts.pop("COUNT", "")
    until = _day(parts.pop("UNTIL", ""))
    if every is None or until is None:
        return None
    days: tuple[int, ...] = ()
    month_day = ""
    if every is Every.WEEK:
        names = parts.pop("BYDAY", "").split(",")
        if not names[0] or not set(names) <= set(DAYS):
            return None
        days = tuple(sorted(DAYS.index(name) for name in set(names)))
        # The day a week begins on matters to every other week, and the plain form knows Mondays only.
        if parts.get("WKST") == "MO":
            parts.pop("WKST")
    elif every is Every.MONTH:
        month_day = _month_day(parts)
        if not month_day:
            return None
    if parts:
        return None
    return Plain(
        every=every,
        interval=interval,
        days=days,
        month_day=month_day,
        until=until if until != date.max else None,
        count=int(count) if count else None,
    )


def _month_day(parts: dict[str, str]) -> str:
    if re.fullmatch(r"-1|[1-9]|[12]\d|3[01]", parts.get("BYMONTHDAY", "")):
        return parts.pop("BYMONTHDAY")
    if _NTH.fullmatch(parts.get("BYDAY", "")):
        return parts.pop("BYDAY")
    return ""


def _day(typed: str) -> date | None:
    """The day of an UNTIL; `date.max` without one, None for an hour or nonsense."""
    if not typed:
        return date.max
    try:
        return datetime.strptime(typed, "%Y%m%d").date()
    except ValueError:
        return None
