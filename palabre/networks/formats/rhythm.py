"""When to come back: the pace of a publisher, from what it wrote and from what it asks for."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from statistics import median

SHORTEST = 300.0
LONGEST = 86_400.0
"""Seconds between two visits, whatever a publisher does or says."""
UNKNOWN = 3600.0
"""Seconds when a publisher dates nothing."""
_ASKED_AT_MOST = 3600.0
"""A publisher's wish for rest is heeded up to an hour: beyond, it is boilerplate nobody meant."""
_RECENT = 10


def gap(moments: Iterable[datetime | None]) -> float | None:
    """The usual time between two recent entries in seconds, None for fewer than three dated ones."""
    dated = sorted((moment for moment in moments if moment is not None), reverse=True)[:_RECENT]
    if len(dated) < 3:
        return None
    return median((newer - older).total_seconds() for newer, older in pairwise(dated))


def next_visit(
    *,
    now: datetime,
    usual_gap: float | None,
    newest: datetime | None,
    calm: int,
    asked: float = 0.0,
    skip_hours: frozenset[int] = frozenset(),
) -> float:
    """Seconds to wait: a tenth of the usual gap, more the longer nothing has come, within the bounds.

    `calm` counts the visits in a row that brought nothing; it matters only where nothing is dated.
    `asked` is the publisher's own wish in seconds. `skip_hours` are hours (UTC) it wants no visit in.
    """
    if newest is None:
        wait = UNKNOWN * 1.5 ** min(calm, 10)
    else:
        silence = max(0.0, (now - newest).total_seconds())
        wait = max((usual_gap or 0.0) / 10, silence / 20)
    wait = min(max(wait, SHORTEST, min(asked, _ASKED_AT_MOST)), LONGEST)
    if len(skip_hours) < 24:
        hour = now.hour
        for rest in range(24):
            if (hour + rest) % 24 not in skip_hours:
                break
        if rest:
            until = rest * 3600.0 - (now.minute * 60 + now.second)
            wait = max(wait, min(until, LONGEST))
    return wait


def max_age(headers: Mapping[str, str]) -> float:
    """Seconds for which a server says its answer stays fresh; 0 if it does not say."""
    for part in headers.get("cache-control", "").lower().split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.strip('"').isdecimal() and len(value) < 10:
            return float(value.strip('"'))
    return 0.0
