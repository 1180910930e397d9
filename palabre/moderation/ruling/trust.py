"""How well the brand knows an author: four levels, from what they said to it before. Pure.

- `new`: they never spoke to us before.
- `doubtful`: at least two of their earlier messages were judged hurtful or spam, and at least a third of all.
- `trusted`: at least five earlier messages over at least thirty days, none of them judged so.
- `known`: everybody else.

What was before the message counts: a dry run says of one of last month what was so then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OFTEN = 5
LONG = timedelta(days=30)


class Trust(StrEnum):
    """From the least known to the best."""

    NEW = "new"
    DOUBTFUL = "doubtful"
    KNOWN = "known"
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class History:
    """What one author said to the brand before: how many messages, since when, how many were judged hurtful
    or spam."""

    said: int = 0
    since: datetime | None = None
    bad: int = 0

    def then(self, at: datetime, *, bad: bool) -> "History":
        """With one message more."""
        return History(self.said + 1, self.since or at, self.bad + bad)


def trust(history: History, now: datetime) -> Trust:
    """The level of an author who speaks now."""
    if not history.said or history.since is None:
        return Trust.NEW
    if history.bad >= 2 and history.bad * 3 >= history.said:
        return Trust.DOUBTFUL
    if history.said >= OFTEN and not history.bad and now - history.since >= LONG:
        return Trust.TRUSTED
    return Trust.KNOWN
