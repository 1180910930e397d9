"""The hours at which a brand's contents did better than usual, told with n and an interval, or not at all."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from palabre.publishing.models import Measure

AGE = timedelta(days=1)
"""The age at which contents are compared: a day after they were published."""
LOOK_BACK = timedelta(days=180)
SLOT_HOURS = 2
FEWEST = 20
"""Contents a slot needs before anything is said of it."""
Z = 1.96
"""Both sides of a 95 % interval."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Hours (from, included, to, excluded) and the share of contents there that beat their account's median.

    `low` and `high` are the ends of Wilson's 95 % interval of `share`; all three from 0 to 1.
    """

    begins: int
    ends: int
    n: int
    share: float
    low: float
    high: float


def good_slots(*, zone: ZoneInfo, now: datetime) -> list[Slot]:
    """Slots of the brand in scope that did better than even chance would, best first; often none."""
    rows = (
        Measure.objects.filter(
            age=int(AGE.total_seconds()), gone=False, delivery__published_at__gte=now - LOOK_BACK
        )
        .exclude(delivery__published_at=None)
        .values_list(
            "delivery__channel_id", "delivery__published_at", "likes", "reposts", "quotes", "replies"
        )
    )
    counted = []
    for channel, at, *figures in rows:
        known = [figure for figure in figures if figure is not None]
        if known and at:
            counted.append((channel, at.astimezone(zone).hour, sum(known)))
    return slots(counted)


def slots(counted: Sequence[tuple[int, int, int]]) -> list[Slot]:
    """From (channel, hour, reactions) to the slots worth saying, best first.

    A content that is at its channel's median counts half: it is neither better nor worse.
    """
    of_channel: dict[int, list[int]] = defaultdict(list)
    for channel, _, reactions in counted:
        of_channel[channel].append(reactions)
    usual = {channel: median(every) for channel, every in of_channel.items()}
    of_slot: dict[int, list[float]] = defaultdict(list)
    for channel, hour, reactions in counted:
        better = 0.5 if reactions == usual[channel] else float(reactions > usual[channel])
        of_slot[hour // SLOT_HOURS * SLOT_HOURS].append(better)
    found = []
    for begins, results in of_slot.items():
        n, share = len(results), sum(results) / len(results)
        low, high = wilson(share, n)
        if n >= FEWEST and low > 0.5:
            found.append(Slot(begins=begins, ends=begins + SLOT_HOURS, n=n, share=share, low=low, high=high))
    return sorted(found, key=lambda slot: -slot.low)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share of n (E. B. Wilson, JASA 22, 1927)."""
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)
