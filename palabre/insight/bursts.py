"""Bursts of mentions and bad buzz: pure, one count after another in, a judgement of each out.

Fed by the alerts as each step of a topic's volume closes, and by `palabre bursts`. Each point is judged
from the past alone; the whole memory of a series is a small JSON-able dict. The method, its figures and
its limits are in docs/develop/bursts.md.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

Season = Literal["week", "day", "none"]
Kind = Literal["none", "buzz", "bad_buzz"]

ALERT = 0.5
"""The score from which a point is an alert."""

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1)
STATE_VERSION = 1
LEAST_RATE = 0.02
"""Mentions a step below which an expectation is not believed."""

SHARE_MEMORY = timedelta(days=14)
SHARE_SPAN = timedelta(hours=2)
"""Over how long the usual and the present share of the negative are taken."""

FEW = 5.0
"""Mentions in an hour next to which its ratio says little."""

_sqrt, _asinh, _exp = math.sqrt, math.asinh, math.exp


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """What the detector takes for granted; the same for every series. Times are time constants.

    Every figure may be off by a third without much harm: docs/develop/bursts.md holds the spread.
    """

    spans: tuple[timedelta, ...] = (timedelta(minutes=40), timedelta(hours=2), timedelta(hours=6))
    """Over how long mentions are added up: a flash, a wave, a tide."""
    level: timedelta = timedelta(days=4)
    hours: timedelta = timedelta(days=14)
    """How long the habits of the day and week are remembered."""
    dispersion: timedelta = timedelta(days=5)
    clip: float = 2.5
    """Standard deviations above which a point teaches no more than one at this height."""
    quiet: float = 1.5
    """Usual volumes of the whole day added to both sides: what is small beside the day is no burst."""
    floor: float = 3.5
    """Surprise (about standard deviations) an alert needs at the very least."""
    memory: timedelta = timedelta(days=30)
    """How long past episodes count against a new one."""
    budget: float = 3.5
    """Episodes as strong as this one within `memory` from which on it is nothing unusual."""
    sharpness: float = 0.06
    """Relative difference in strength at which an episode stops counting as equally strong."""
    rest: timedelta = timedelta(hours=28)
    """No second alert within this time of the first."""
    calm: timedelta = timedelta(hours=7)
    """Quiet after which a new episode begins."""
    probation: timedelta = timedelta(days=2)


DEFAULT = Tuning()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one point is worth.

    `score` is 0–1, an alert from ALERT on. `expected`, `low` and `high` are what this step usually holds
    (95 % of such steps lie within). `ratio` is mentions ÷ usual mentions for these hours, over `span`,
    the stretch where the surprise is greatest. On `probation` the series is too young to alert.
    """

    score: float
    expected: float
    low: float
    high: float
    ratio: float
    span: timedelta
    surprise: float
    probation: bool


class Daily:
    """The rhythm of the hours of a day: observed ÷ expected by hour, drawn towards 1 by a week's worth."""

    __slots__ = ("expected", "keep", "observed", "prior")

    def __init__(self, keep: float, prior: float) -> None:
        self.observed = [0.0] * 24
        self.expected = [0.0] * 24
        self.keep = keep
        self.prior = prior

    def factor(self, hour: int, level: float) -> float:
        """How much busier than the whole day this hour is."""
        weight = self.prior * max(level, LEAST_RATE)
        return (self.observed[hour] + weight) / (self.expected[hour] + weight)

    def learn(self, hour: int, value: float, expected: float) -> None:
        """`expected` is what would have been expected without this habit."""
        self.observed[hour] = self.observed[hour] * self.keep + value
        self.expected[hour] = self.expected[hour] * self.keep + expected


class Weekly:
    """The hours of a week: the middle one of an hour's last three ratios of observed to expected.

    What happened in two of three weeks is a habit; what happened once is not.
    """

    __slots__ = ("expected", "observed", "ratios", "slot")

    def __init__(self) -> None:
        self.ratios = [[1.0, 1.0, 1.0] for _ in range(168)]
        self.slot = -1
        self.observed = self.expected = 0.0

    def factor(self, slot: int) -> float:
        """How much busier this hour is than the same hour of other days."""
        first, second, third = self.ratios[slot]
        return max(min(first, second), min(max(first, second), third))

    def learn(self, slot: int, value: float, expected: float) -> None:
        """`expected` is what would have been expected without this habit."""
        if slot != self.slot:
            if self.slot >= 0:
                ratio = (self.observed + FEW) / (self.expected + FEW)
                self.ratios[self.slot] = [*self.ratios[self.slot][1:], ratio]
            self.slot, self.observed, self.expected = slot, 0.0, 0.0
        self.observed += value
        self.expected += expected


class BurstDetector:
    """Judges a series of counts, one step after another; not safe to share between threads.

    `step` is the usual time between two points; a missing step is simply unobserved. Timestamps should
    be in the local time of the brand, since hours are read from them. Values are counts of mentions in a
    step; update raises ValueError for a negative or non-finite one and for time going backwards.
    """

    def __init__(self, *, step: timedelta, season: Season = "week", tuning: Tuning = DEFAULT) -> None:
        if step <= timedelta(0):
            raise ValueError("a step lasts some time")
        self.step, self.season, self.tuning = step, season, tuning
        spans = sorted({max(span / step, 1.0) for span in tuning.spans})
        self._spans = spans
        self._keeps = [1 - 1 / span for span in spans]
        level, dispersion = _steps(tuning.level, step, 30), _steps(tuning.dispersion, step, 30)
        self._level_keep = 1 - 1 / level
        self._dispersion_gain = 1 / dispersion
        self._probation = _steps(tuning.probation, step, 14)
        self._calm = max(tuning.calm, step * 1.5).total_seconds()
        self._rest = tuning.rest.total_seconds()
        self._memory = max(tuning.memory, step * 24).total_seconds()
        visits = max(HOUR / step, 1.0)
        days = max(tuning.hours / DAY, 2.0)
        self._day = Daily(1 - 1 / (visits * days), visits * 7)
        self._week = Weekly()
        self._seen = 0
        self._last: float | None = None
        self._step_seconds = step.total_seconds()
        self._observed = self._expected = 0.0
        self._sums = [0.0] * len(spans)
        self._usual = [0.0] * len(spans)
        self._whole = [0.0] * len(spans)
        self._bar = [0.0] * len(spans)
        self._spreads = [0.3] * len(spans)
        self._spread = 0.3
        self._episodes: list[list[float]] = []
        self._alerted_at: float | None = None

    def update(self, timestamp: datetime, value: float) -> Judgement:
        """Judge a point from the past alone, then learn from it."""
        if not 0 <= value < math.inf:
            raise ValueError("a count of mentions is neither negative nor infinite")
        missed = self._missed(timestamp)
        level = self._observed / self._expected if self._expected else max(value, 0.5)
        hour, slot = timestamp.hour, timestamp.weekday() * 24 + timestamp.hour
        day = self._hour_factor(timestamp, level)
        week = self._week.factor(slot) if self.season == "week" else 1.0
        expected = max(level * day * week, LEAST_RATE)
        surprise, ratio, span = self._surprise(value, expected, level, missed)
        low, high = _band(expected, self._spread)
        probation = self._seen < self._probation
        score = self._score(timestamp, surprise, probation)
        self._learn(hour, slot, value, expected, level, day, week)
        self._seen += 1
        return Judgement(score, expected, low, high, ratio, self.step * span, surprise, probation)

    def state(self) -> dict[str, Any]:
        """Everything learnt, as JSON can hold it (about 10 kB); `from_state` goes on where it stood."""
        return {
            "version": STATE_VERSION,
            "step": self.step.total_seconds(),
            "season": self.season,
            "seen": self._seen,
            "last": self._last,
            "level": [self._observed, self._expected],
            "day": [self._day.observed, self._day.expected],
            "week": [list(row) for row in self._week.ratios],
            "hour": [self._week.slot, self._week.observed, self._week.expected],
            "spans": [list(row) for row in (self._sums, self._usual, self._whole, self._bar, self._spreads)],
            "spread": self._spread,
            "episodes": [list(episode) for episode in self._episodes],
            "alerted_at": self._alerted_at,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any], *, tuning: Tuning = DEFAULT) -> "BurstDetector":
        """A detector as it stood. A state of another version or tuning raises ValueError: start anew."""
        if state.get("version") != STATE_VERSION:
            raise ValueError("the state was kept by another version")
        detector = cls(step=timedelta(seconds=state["step"]), season=state["season"], tuning=tuning)
        if len(state["spans"][0]) != len(detector._spans):
            raise ValueError("the state was kept with other spans")
        detector._seen = state["seen"]
        detector._last = state["last"]
        detector._observed, detector._expected = state["level"]
        detector._day.observed, detector._day.expected = (list(row) for row in state["day"])
        detector._week.ratios = [list(row) for row in state["week"]]
        detector._week.slot, detector._week.observed, detector._week.expected = state["hour"]
        spans = map(list, state["spans"])
        detector._sums, detector._usual, detector._whole, detector._bar, detector._spreads = spans
        detector._spread = state["spread"]
        detector._episodes = [list(episode) for episode in state["episodes"]]
        detector._alerted_at = state["alerted_at"]
        return detector

    def _missed(self, timestamp: datetime) -> float:
        """Steps since the last point."""
        now, before = _seconds(timestamp), self._last
        if before is not None and now < before:
            raise ValueError("time goes backwards")
        self._last = now
        return 1.0 if before is None else (now - before) / self._step_seconds

    def _hour_factor(self, timestamp: datetime, level: float) -> float:
        """The habit of the day, drawn straight from the middle of one hour to the next."""
        if self.season == "none":
            return 1.0
        if self.step >= HOUR:
            return self._day.factor(timestamp.hour, level) if self.step < DAY else 1.0
        place = timestamp.hour + timestamp.minute / 60 - 0.5
        first = math.floor(place)
        part = place - first
        before, after = self._day.factor(first % 24, level), self._day.factor((first + 1) % 24, level)
        return before * (1 - part) + after * part

    def _surprise(
        self, value: float, expected: float, level: float, missed: float
    ) -> tuple[float, float, float]:
        """Surprise over all spans, and the ratio to the usual over the most surprising one (in steps).

        In each span the sum is made as if normal (variance-stabilised negative binomial) and held against
        what is more, the usual of these hours or of the whole day: a night twice as busy as other nights
        is no burst. Then the spans are averaged as energies, deficits left out.
        """
        energy, best, ratio, span = 0.0, -math.inf, 1.0, self._spans[0]
        quiet = self.tuning.quiet
        clip = self.tuning.clip
        most = max(expected, level)
        gain = max(1 / (self._seen + 4), self._dispersion_gain)
        for k, keep in enumerate(self._keeps):
            if missed != 1.0:
                keep = keep**missed
            total = self._sums[k] = self._sums[k] * keep + value
            usual = self._usual[k] = self._usual[k] * keep + expected
            whole = self._whole[k] = self._whole[k] * keep + level
            bar = self._bar[k] = self._bar[k] * keep + most
            spread = self._spreads[k]
            more = quiet * whole + 0.375
            root = _sqrt(spread)
            scale = 2 / root
            seen = scale * _asinh(root * _sqrt(total + more))
            self._spreads[k] = _adapted(spread, seen - scale * _asinh(root * _sqrt(usual + more)), clip, gain)
            z = seen - scale * _asinh(root * _sqrt(bar + more))
            if z > 0:
                energy += z * z
            if z > best:
                best, ratio, span = z, total / usual, self._spans[k]
        return _sqrt(energy / len(self._keeps)), ratio, span

    def _score(self, timestamp: datetime, surprise: float, probation: bool) -> float:
        """At least ALERT when the surprise passes the floor, its like is rare, and no alert is recent."""
        tuning = self.tuning
        score = surprise / (surprise + tuning.floor)
        if score < ALERT:
            return score
        now = _seconds(timestamp)
        rarity = tuning.budget / (tuning.budget + self._alike(now, surprise))
        score = min(score, rarity)
        resting = self._alerted_at is not None and now - self._alerted_at <= self._rest
        if score >= ALERT and (resting or probation):
            score = math.nextafter(ALERT, 0)
        if score >= ALERT:
            self._alerted_at = now
        return score

    def _alike(self, now: float, surprise: float) -> float:
        """Past episodes at least about as strong, older ones counting less; this one is then remembered."""
        episodes = self._episodes
        ongoing = bool(episodes) and now - episodes[-1][0] < self._calm
        alike, sharpness = 0.0, self.tuning.sharpness
        for last, peak in episodes[:-1] if ongoing else episodes:
            weaker = min((surprise / peak) ** (1 / sharpness), 1e12)
            alike += _exp((last - now) / self._memory) / (1 + weaker)
        if ongoing:
            episodes[-1] = [now, max(episodes[-1][1], surprise)]
        else:
            episodes.append([now, surprise])
            del episodes[:-64]
        return alike

    def _learn(
        self, hour: int, slot: int, value: float, expected: float, level: float, day: float, week: float
    ) -> None:
        """Move level, habits and spread towards the point, a burst counting no more than its clip."""
        clip = self.tuning.clip
        spread = self._spread
        root = _sqrt(spread)
        z = 2 / root * (_asinh(root * _sqrt(value + 0.375)) - _asinh(root * _sqrt(expected + 0.375)))
        self._spread = _adapted(spread, z, clip, max(1 / (self._seen + 4), self._dispersion_gain))
        taught = min(value, expected + clip * _sqrt(expected + spread * expected * expected))
        keep = self._level_keep
        self._observed = self._observed * keep + taught
        self._expected = self._expected * keep + max(day * week, 0.02)
        if self.season != "none":
            self._day.learn(hour, taught, level * week)
        if self.season == "week":
            self._week.learn(slot, value, level * day)


@dataclass(frozen=True, slots=True)
class BuzzJudgement:
    """What a step of a topic is worth, all mentions and negative ones side by side.

    `score` is the greater of the two, an alert from ALERT on. It is a `bad_buzz` when the negative part
    bursts and weighs at least as much as usual, a `buzz` otherwise. `negative_share` (0–1) is over the
    last two hours, `usual_negative_share` over two weeks; None where nothing was said.
    """

    score: float
    kind: Kind
    volume: Judgement
    negative: Judgement
    negative_share: float | None
    usual_negative_share: float | None

    @property
    def ratio(self) -> float:
        """Mentions ÷ usual mentions at these hours of the week, of the part that decides."""
        return self.negative.ratio if self.kind == "bad_buzz" else self.volume.ratio


@dataclass(frozen=True)
class Driver:
    """A story or an author behind a burst: mentions now and usually, in as much time.

    `excess` is the difference, `part` its share (0–1) of all that is above the usual.
    """

    key: str
    now: float
    usual: float
    excess: float
    part: float


class BadBuzz:
    """Two burst detectors on one topic, and the share of the negative. Timestamps as BurstDetector's."""

    def __init__(self, *, step: timedelta, season: Season = "week", tuning: Tuning = DEFAULT) -> None:
        self._volume = BurstDetector(step=step, season=season, tuning=tuning)
        self._negative = BurstDetector(step=step, season=season, tuning=tuning)
        self._now = [0.0, 0.0]
        self._usual = [0.0, 0.0]

    def update(self, timestamp: datetime, total: float, negative: float) -> BuzzJudgement:
        """Judge a step from its mentions and the negative ones among them (ValueError if more)."""
        if negative > total:
            raise ValueError("there are no more negative mentions than mentions")
        volume, bad = self._volume.update(timestamp, total), self._negative.update(timestamp, negative)
        usual = _share(self._usual)
        step = self._volume.step
        self._now = _faded(self._now, SHARE_SPAN, step, total, negative)
        now = _share(self._now)
        self._usual = _faded(self._usual, SHARE_MEMORY, step, total, negative)
        score = max(volume.score, bad.score)
        kind: Kind = "none"
        if score >= ALERT:
            sour = now is not None and now >= (usual or 0.0)
            kind = "bad_buzz" if bad.score >= ALERT and sour else "buzz"
        return BuzzJudgement(score, kind, volume, bad, now, usual)

    def state(self) -> dict[str, Any]:
        """Everything learnt, as JSON can hold it."""
        return {
            "volume": self._volume.state(),
            "negative": self._negative.state(),
            "now": list(self._now),
            "usual": list(self._usual),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any], *, tuning: Tuning = DEFAULT) -> "BadBuzz":
        """As it stood; ValueError as BurstDetector.from_state."""
        volume = BurstDetector.from_state(state["volume"], tuning=tuning)
        buzz = cls(step=volume.step, season=volume.season, tuning=tuning)
        buzz._volume = volume
        buzz._negative = BurstDetector.from_state(state["negative"], tuning=tuning)
        buzz._now, buzz._usual = list(state["now"]), list(state["usual"])
        return buzz


def drivers(now: Mapping[str, float], usual: Mapping[str, float], *, most: int = 5) -> list[Driver]:
    """The stories or authors that drive a burst, the heaviest first; at most `most` of them.

    `now` counts mentions over some hours, `usual` what as many hours hold on the average. What is
    within the play of chance (two standard deviations of a count) drives nothing.
    """
    above = {key: count - usual.get(key, 0.0) for key, count in now.items() if count > usual.get(key, 0.0)}
    whole = sum(above.values())
    found = [
        Driver(key, now[key], usual.get(key, 0.0), excess, excess / whole)
        for key, excess in above.items()
        if excess >= 2 * math.sqrt(max(usual.get(key, 0.0), 0.25))
    ]
    return sorted(found, key=lambda driver: (-driver.excess, driver.key))[:most]


def _adapted(spread: float, z: float, clip: float, gain: float) -> float:
    """The dispersion under which `z`, cut at `clip`, would have a variance of 1 on the average."""
    square = min(z * z, clip * clip)
    return min(5.0, max(1e-3, spread * _exp(gain * (square - 1))))


def _band(expected: float, spread: float) -> tuple[float, float]:
    """Where 95 % of negative binomial counts of this mean and dispersion lie."""
    root = _sqrt(spread)
    middle, half = _asinh(root * _sqrt(expected + 0.375)), 0.98 * root
    low = math.sinh(max(middle - half, 0.0)) ** 2 / spread - 0.375
    high = math.sinh(middle + half) ** 2 / spread - 0.375
    return max(low, 0.0), high


def _steps(time: timedelta, step: timedelta, least: float) -> float:
    return max(time / step, least)


def _seconds(timestamp: datetime) -> float:
    """Elapsed time: with a zone, true seconds, so that the hour that comes twice in autumn does."""
    if timestamp.tzinfo is not None:
        return timestamp.timestamp()
    return (timestamp - EPOCH).total_seconds()


def _faded(
    sums: list[float], memory: timedelta, step: timedelta, total: float, negative: float
) -> list[float]:
    keep = 1 - 1 / max(memory / step, 1.0)
    return [sums[0] * keep + total, sums[1] * keep + negative]


def _share(sums: list[float]) -> float | None:
    return sums[1] / sums[0] if sums[0] > 0 else None
