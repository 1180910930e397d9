"""When a series comes back: an RRULE (RFC 5545) on the clock of a brand, bounded. Pure.

On the path before composing: rule → occurrences → contents.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from palabre.publishing.hours import NoSuchHour, moment

LONGEST = 500
"""Characters of a rule."""
HORIZON = timedelta(days=30)
"""Occurrences are made this long ahead."""
MOST = 100
"""Occurrences within any stretch as long as the horizon; more is a flood and not a series."""
FORESEEN = timedelta(days=5 * 366)
"""How far one looks for the next occurrence, and for floods."""
FREQUENCIES = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = (
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO",
    "BYHOUR", "BYMINUTE", "BYSETPOS",
)  # fmt: skip
_LATER = 7600
"""Years between the clock and the library's: the calendar is the same every 400 years, weekdays included,
and near the library's last year (9999) a rule that never occurs is given up in a quarter of a second."""
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")


class BadRule(ValueError):
    """A rule that cannot be followed: `code` is one of `words.FAULTS`, `params` what its sentence names."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, str | int] = params


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One time. `slot` is the hour the rule says (naive, on the brand's clock): its name for ever.

    `at` is the moment; `shifted` when spring skips that hour, and the content leaves as much later.
    """

    slot: datetime
    at: datetime
    shifted: bool = False


@dataclass(frozen=True, kw_only=True)
class Rule:
    """An RRULE as `tidy` gives it, from `start` on (naive, on the clock of `zone`)."""

    text: str
    start: datetime
    zone: ZoneInfo

    @property
    def parts(self) -> dict[str, str]:
        """What the rule says, by the name of the part."""
        return dict(piece.split("=", 1) for piece in self.text.split(";"))

    @property
    def until(self) -> datetime | None:
        """The last hour it may have (naive), None without one. Raises BadRule."""
        return read_until(self.parts["UNTIL"], self.zone) if "UNTIL" in self.parts else None

    def slots(self) -> Iterator[datetime]:
        """The hours the rule says, from the first on. Raises BadRule for one that cannot be read."""
        until = self.until
        kept = ";".join(f"{name}={value}" for name, value in self.parts.items() if name != "UNTIL")
        try:
            found = rrulestr(kept, dtstart=self.start.replace(year=self.start.year + _LATER))
        except ValueError as wrong:
            raise BadRule("unreadable", said=str(wrong)[:80]) from None
        for one in found:
            slot: datetime = one.replace(year=one.year - _LATER)
            if until and slot > until:
                return
            yield slot

    def occurrences(self, after: datetime) -> Iterator[Occurrence]:
        """The times after a moment, in order; two hours that a change of clocks makes one come once."""
        earliest = after.astimezone(self.zone).replace(tzinfo=None) - timedelta(hours=3)
        last: datetime | None = None
        for slot in self.slots():
            if slot < earliest:
                continue
            one = occurrence(slot, self.zone)
            if one.at > after and one.at != last:
                last = one.at
                yield one


def occurrence(slot: datetime, zone: ZoneInfo) -> Occurrence:
    """The moment of an hour; where spring skips it, as much after the change as it was to be."""
    try:
        return Occurrence(slot=slot, at=moment(slot, zone))
    except NoSuchHour as skipped:
        return Occurrence(slot=slot, at=skipped.instead.astimezone(UTC), shifted=True)


def tidy(typed: str) -> str:
    """A rule in one form: no name before it, capital letters, each part once. Raises BadRule."""
    text = "".join(typed.split()).upper().removeprefix("RRULE:").strip(";")
    if not text:
        raise BadRule("empty")
    if len(text) > LONGEST:
        raise BadRule("long", most=LONGEST)
    seen: dict[str, str] = {}
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if not equals or not value:
            raise BadRule("unreadable", said=piece[:80])
        if name not in PARTS:
            raise BadRule("part", name=name[:40])
        if name in seen:
            raise BadRule("twice", name=name)
        seen[name] = value
    if seen.get("FREQ") not in FREQUENCIES:
        raise BadRule("frequency", said=seen.get("FREQ", "")[:40])
    for name in ("INTERVAL", "COUNT"):
        if name in seen and not (
            seen[name].isascii() and seen[name].isdigit() and 0 < int(seen[name]) < 10_000
        ):
            raise BadRule("number", name=name)
    if "COUNT" in seen and "UNTIL" in seen:
        raise BadRule("both_ends")
    return ";".join(f"{name}={value}" for name, value in seen.items())


def read_until(value: str, zone: ZoneInfo) -> datetime:
    """The end a rule names: a day, included; an hour of the clock; a moment (`Z`). Raises BadRule."""
    found = _UNTIL.fullmatch(value)
    if found is None:
        raise BadRule("until", said=value[:40])
    year, month, day, hour, minute, second, utc = found.groups()
    try:
        if hour is None:
            return datetime(int(year), int(month), int(day), 23, 59, 59)
        end = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))
    except ValueError:
        raise BadRule("until", said=value[:40]) from None
    return end.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if utc else end


def read_rule(typed: str, *, start: datetime, zone: ZoneInfo, now: datetime) -> Rule:
    """A rule that has a next occurrence and never floods. Raises BadRule."""
    rule = Rule(text=tidy(typed), start=start, zone=zone)
    ahead = FORESEEN + max(timedelta(0), start.replace(tzinfo=zone) - now)
    coming = [one.at for one in islice(within(rule, now, now + ahead), 20 * MOST)]
    if not coming:
        before = next(rule.slots(), None)
        raise BadRule("over" if before and before < now.astimezone(zone).replace(tzinfo=None) else "never")
    for first, one_more in zip(coming, coming[MOST:], strict=False):
        if one_more - first < HORIZON:
            raise BadRule("flood", most=MOST, days=HORIZON.days)
    return rule


def within(rule: Rule, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """The occurrences after a moment, up to another."""
    for one in rule.occurrences(after):
        if one.at > until:
            return
        yield one


def following(turn: int | None, wordings: int) -> int:
    """Whose turn it is after a turn (None before the first), counted from 0."""
    return 0 if turn is None else (turn + 1) % wordings


def rest(rule: Rule, *, wordings: int, after: datetime) -> timedelta | None:
    """The shortest time after which the same words come back; None where they do not."""
    coming = [one.at for one in islice(rule.occurrences(after), 8 * wordings + 1)]
    gaps = [later - earlier for earlier, later in zip(coming, coming[wordings:], strict=False)]
    return min(gaps, default=None)


def adjacent(wordings: list[str]) -> bool:
    """Whether two wordings that follow each other say the same, the last and the first included."""
    ring = [" ".join(words.split()) for words in wordings]
    return len(ring) > 1 and any(one == other for one, other in pairwise([*ring, ring[0]]))
