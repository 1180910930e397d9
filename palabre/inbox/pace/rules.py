"""When something is due, and how long it took. Pure: opening hours and moments in, moments out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from palabre.inbox.pace.hours import NOTHING, Hours, NeverOpen


@dataclass(frozen=True, kw_only=True)
class Delays:
    """What is promised, None where nothing is; of working time where `in_hours`, of the clock otherwise."""

    first: timedelta | None = None
    next: timedelta | None = None
    resolve: timedelta | None = None
    in_hours: bool = True


UNPROMISED = Delays()


def due(
    start: datetime | None, delay: timedelta | None, *, rests: Sequence[datetime], measure: Hours
) -> datetime | None:
    """When a delay that began at `start` is over, with what was put off left out; None for no delay, while
    it is put off, and where nobody ever works. `rests` are [from, to, from, …]."""
    if start is None or delay is None or len(rests) % 2:
        return None
    at, left = start, delay
    try:
        for begins, ends in _pairs(rests):
            if ends <= at:
                continue
            gone = measure.working_between(at, begins)
            if gone >= left:
                break
            left, at = left - gone, ends
        return measure.after(at, left)
    except NeverOpen:
        return None


def spent(start: datetime, end: datetime, *, rests: Sequence[datetime], measure: Hours) -> timedelta:
    """Time by this measure between two moments, what was put off left out; a rest that goes on ends there."""
    total, at = NOTHING, start
    closed = [*rests, end] if len(rests) % 2 else rests
    for begins, ends in _pairs(closed):
        if begins >= end:
            break
        if ends > at:
            total += measure.working_between(at, begins)
            at = ends
    return total + measure.working_between(at, end)


def rested(rests: Sequence[datetime], *, was_ours: bool, is_ours: bool, at: datetime) -> tuple[datetime, ...]:
    """The rests once it is our turn, or no longer: one begins, ends, or nothing changes."""
    going_on = len(rests) % 2 == 1
    if was_ours and not is_ours and not going_on:
        return (*rests, at)
    if is_ours and going_on:
        return (*rests, max(at, rests[-1]))
    return tuple(rests)


def _pairs(rests: Sequence[datetime]) -> Iterator[tuple[datetime, datetime]]:
    return zip(rests[::2], rests[1::2], strict=False)
