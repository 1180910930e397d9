"""Dates as publishers write them, to aware datetimes in UTC.

Order of attempts: RFC 3339 and its many abridgements, RFC 822 with every liberty taken with it,
Python's mail parser, then dateparser for what is left (month names of other languages). A date
without a zone is taken for UTC. A date nobody can have meant (before 1990, or more than a day
ahead of the reader's clock) is None: it would stand on top of every list for years, or sink below
all; the item then counts from when it was collected.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""A publisher's clock or zone may be wrong by a day; an item further ahead is not dated at all."""

_ISO = re.compile(
    r"\s*(\d{4})-?(\d\d)(?:-?(\d\d))?(?:[T\s]\s*(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,](\d+))?)?"
    r"\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?\s*$"
)
_RFC822 = re.compile(
    r"\s*(?:\w+\.?,?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*\.?,?[\s-]+(\d{4}|\d\d)"
    r"(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(?:([A-Za-z]{1,5})?([+-]\d\d:?\d\d)?)(?:\s*\([^)]*\))?\s*$"
)
_MONTHS = {name: n + 1 for n, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))}  # fmt: skip
_DIGITS = {name.title(): f"{number:02}" for name, number in _MONTHS.items()}
# RFC 822 section 5.1, and the European names one meets.
_ZONES = {"": 0, "z": 0, "ut": 0,
          "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60,
          "cest": 120, "mest": 120, "eet": 120, "eest": 180, "msk": 180, "est": -300, "edt": -240,
          "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
          "jst": 540}  # fmt: skip


def parse_date(text: str, *, patient: bool = True) -> datetime | None:
    """The moment a publisher's date names, in UTC; None when it names none.

    `patient` False leaves out the slow last attempt: for the reader of a feed full of oddities.
    """
    if not text or len(text) > 100:
        return None
    try:
        return usual_date(text) or _iso(text) or _rfc822(text) or (_rare(text) if patient else None)
    except (ValueError, OverflowError):
        return None


def usual_date(text: str) -> datetime | None:
    """The moment, if written exactly as the standards of RSS and Atom print it, as nearly every date is."""
    if text[4:5] == "-":
        if text[10:11] != "T":
            return None
    elif text[3:5] == ", " and text[19:20] == ":":  # Thu, 13 Aug 2020 10:06:56 -0300
        month = _DIGITS.get(text[8:11])
        if month is None:
            return None
        zone = text[26:]
        text = f"{text[12:16]}{month}{text[5:7]}T{text[17:25]}{'Z' if zone == 'GMT' else zone}"
    else:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is UTC:
            return moment
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def credible(moment: datetime | None, *, now: datetime) -> datetime | None:
    """The moment itself, or None when no publisher can have meant it; see the module."""
    if moment is None or moment < EARLIEST or moment > now + AHEAD:
        return None
    return moment


def _offset(zone: str | None) -> timezone:
    if not zone or zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:4] or 0)
    if not 0 < minutes < 24 * 60:
        return UTC
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))


def _iso(text: str) -> datetime | None:
    found = _ISO.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
    whole = datetime(int(year), int(month), int(day or 1), int(hour or 0) % 24, int(minute or 0),
                     min(int(second or 0), 59), micro, _offset(zone))  # fmt: skip
    if hour == "24":
        whole += timedelta(days=1)
    return whole.astimezone(UTC)


def _rfc822(text: str) -> datetime | None:
    found = _RFC822.match(text)
    if found is None:
        return None
    day, name, year, hour, minute, second, zone, numeric = found.groups()
    month = _MONTHS.get(name.lower())
    minutes = _ZONES.get((zone or "").lower())
    if month is None or (minutes is None and not numeric):
        return None
    years = int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 90 else 2000)
    offset = _offset(numeric) if numeric else timezone(timedelta(minutes=minutes or 0))
    moment = datetime(years, month, int(day), int(hour or 0) % 24, int(minute or 0),
                      min(int(second or 0), 59), 0, offset)  # fmt: skip
    if hour == "24":
        moment += timedelta(days=1)
    return moment.astimezone(UTC)


# No "yesterday": what a date means must not hang on when it is read.
_ABSOLUTE = {
    "TIMEZONE": "UTC",
    "RETURN_AS_TIMEZONE_AWARE": True,
    "STRICT_PARSING": True,
    "PARSERS": ["timestamp", "absolute-time"],
}


@lru_cache(maxsize=2000)
def _rare(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        import dateparser  # heavy, and seldom needed

        found = dateparser.parse(text, settings=_ABSOLUTE)
        if found is None:
            return None
        moment = found
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
