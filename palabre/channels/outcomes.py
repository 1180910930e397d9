"""What a failed write means for what was to be written: tried again, looked for, or given to a person.

One answer for whoever writes to a network (deliveries, replies), so that nothing leaves twice anywhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)

RETRIES = (1, 2, 5, 10, 20, 40, 80)
"""Minutes before the next try after each failure in which nothing was done."""
FIRST_LOOK = timedelta(seconds=5)
"""How soon a lost answer is looked for."""
LONGEST_WAIT = 86_400.0


class Then(StrEnum):
    """What becomes of it."""

    AGAIN = "again"
    LOOK = "look"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What to do, and from when on; None: as soon as it can be. `counts`: whether a try was used up."""

    then: Then
    at: datetime | None = None
    counts: bool = True


def outcome_of(error: NetworkError, *, tries: int, now: datetime) -> Outcome:
    """What a write that ended in `error` at its try number `tries` (from 1) comes to. Pure.

    Anything that may have happened is looked for: only what surely did not is tried again by itself.
    """
    match error:
        case RateLimited():
            return Outcome(then=Then.AGAIN, at=now + _seconds(max(error.retry_after, 1.0)), counts=False)
        case AuthExpired() | NotPermitted():
            return Outcome(then=Then.AGAIN, counts=False)  # it waits for the sign-in
        case Rejected():
            return Outcome(then=Then.REFUSED)
        case Temporary() if tries <= len(RETRIES):
            wait = timedelta(minutes=RETRIES[tries - 1])
            return Outcome(then=Then.AGAIN, at=now + max(wait, _seconds(error.retry_after or 0.0)))
        case Temporary() | Gone() | UnexpectedAnswer():
            return Outcome(then=Then.FAILED)
        case _:
            return Outcome(then=Then.LOOK, at=now + FIRST_LOOK)


def _seconds(asked: float) -> timedelta:
    return timedelta(seconds=min(asked, LONGEST_WAIT))
