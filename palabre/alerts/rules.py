"""Whether a threshold alert goes off: pure, counts of mentions in, an explanation in figures out.

The bars are those of Brandwatch's alert (thresholdVolume, thresholdPercentage,
thresholdStandardDeviations over thresholdIntervalMinutes:
developers.brandwatch.com/docs/creating-custom-alerts). What learns the hours of the week by itself is
the burst detector of the insight room.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Any, Literal

Bar = Literal["volume", "percent", "deviations"]

DEFAULT_INTERVAL = 60
LEAST_HISTORY = 8
"""Intervals before which a standard deviation says nothing; the bar then waits."""


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """What was asked for; a bar that is None is not asked for. `interval` is in minutes.

    `volume`: mentions in one interval. `percent`: rise against the interval before (100 doubles).
    `deviations`: standard deviations above the mean of the history. `needs`: whether one bar is
    enough or every bar asked for must be reached.
    """

    volume: float | None = None
    percent: float | None = None
    deviations: float | None = None
    interval: int = DEFAULT_INTERVAL
    needs: Literal["any", "all"] = "any"


@dataclass(frozen=True)
class Reached:
    """One bar that was reached: `asked` and `measured` in the bar's own unit, `limit` in mentions."""

    bar: Bar
    asked: float
    measured: float
    limit: float


@dataclass(frozen=True)
class Crossing:
    """Why an alert goes off. `previous`, `mean` and `deviation` are None where history is too short."""

    current: float
    previous: float | None
    mean: float | None
    deviation: float | None
    reached: tuple[Reached, ...]


def threshold_from(stored: Mapping[str, Any]) -> Threshold:
    """From the JSON of an alert's row (`volume`, `percent`, `deviations`, `interval`, `needs`)."""
    return Threshold(
        volume=_number(stored.get("volume")),
        percent=_number(stored.get("percent")),
        deviations=_number(stored.get("deviations")),
        interval=int(stored.get("interval") or DEFAULT_INTERVAL),
        needs="all" if stored.get("needs") == "all" else "any",
    )


def crosses(threshold: Threshold, history: Sequence[float], current: float) -> Crossing | None:
    """The crossing, or None when nothing is to be told.

    `history` is the counts of the whole intervals before the current one, oldest first, all of the
    same length. An empty interval counts as one mention when a percentage is taken of it, and a
    deviation is never taken smaller than chance makes it (the square root of the mean).
    """
    mean, deviation = _usual(history)
    previous = history[-1] if history else None
    judged = [
        _volume(threshold.volume, current),
        _percent(threshold.percent, previous, current),
        _deviations(threshold.deviations, mean, deviation, current),
    ]
    asked = [bar for bar in (threshold.volume, threshold.percent, threshold.deviations) if bar is not None]
    reached = tuple(bar for bar in judged if bar is not None)
    if not reached or (threshold.needs == "all" and len(reached) < len(asked)):
        return None
    return Crossing(current=current, previous=previous, mean=mean, deviation=deviation, reached=reached)


def _volume(asked: float | None, current: float) -> Reached | None:
    if asked is None or current < asked:
        return None
    return Reached("volume", asked, current, asked)


def _percent(asked: float | None, previous: float | None, current: float) -> Reached | None:
    if asked is None or previous is None:
        return None
    before = max(previous, 1.0)
    limit = before * (1 + asked / 100)
    if current < limit:
        return None
    return Reached("percent", asked, 100 * (current - before) / before, limit)


def _deviations(
    asked: float | None, mean: float | None, deviation: float | None, current: float
) -> Reached | None:
    if asked is None or mean is None or deviation is None:
        return None
    limit = mean + asked * deviation
    if current < limit or current <= mean:
        return None
    return Reached("deviations", asked, (current - mean) / deviation, limit)


def _usual(history: Sequence[float]) -> tuple[float | None, float | None]:
    """Mean and standard deviation of the history; None, None before LEAST_HISTORY intervals."""
    if len(history) < LEAST_HISTORY:
        return None, None
    mean = fmean(history)
    return mean, max(pstdev(history, mean), math.sqrt(mean), 1.0)


def _number(value: Any) -> float | None:
    return None if value in (None, "") else float(value)
