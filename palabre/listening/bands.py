"""Steps of reach: a filter asks for steps, so that every answer comes from the counts. Pure."""

from bisect import bisect_right

REACH_STEPS = (100, 500, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000)
"""Followers or readers; a minimum or maximum is one of these."""

UNKNOWN = 0

BANDS = range(1, len(REACH_STEPS) + 2)
"""Every known reach is within one of these."""

COLUMNS = tuple(f"{name}_{band}" for band in BANDS for name in ("items", "reach"))
"""The columns of the daily counts by reach."""


def band(reach: int | None) -> int:
    """0 for unknown, 1 below the first step, then one more per step attained."""
    return UNKNOWN if reach is None else bisect_right(REACH_STEPS, reach) + 1


def nearest(reach: int) -> int:
    """The step at or below, the first step for less than that."""
    return REACH_STEPS[max(0, bisect_right(REACH_STEPS, reach) - 1)]
