"""E-reputation on 0–100 and share of voice, each with its interval: pure, counts in, figures out.

Read by the mentions page, the reports and the objectives. The formula is published in
docs/guide/reputation.md; change both or neither.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

CONFIDENCE_Z = 1.959963984540054
"""95 % intervals."""

PRIOR_POSITIVE, PRIOR_NEUTRAL, PRIOR_NEGATIVE = 1.0, 2.0, 1.0
"""Mentions taken as already heard before the first one: they hold a score of few mentions near 50."""

LEAST_MENTIONS = 10
"""Effective mentions under which no score is given."""

HALF_LIFE = timedelta(days=30)
"""Age at which a mention weighs half as much, where age decay is asked for."""

Tone = Literal["positive", "neutral", "negative"]
Missing = Literal["too_few"]


@dataclass(frozen=True)
class Tally:
    """Weighted mentions by tone; `squares` is the sum of the squared weights.

    Left out, `squares` means that every mention weighs 1.
    """

    positive: float = 0.0
    neutral: float = 0.0
    negative: float = 0.0
    squares: float | None = None

    @property
    def weight(self) -> float:
        """The sum of the weights: with weights of 1, the number of mentions."""
        return self.positive + self.neutral + self.negative

    @property
    def square_weight(self) -> float:
        """The sum of the squared weights."""
        return self.weight if self.squares is None else self.squares

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.positive + other.positive,
            self.neutral + other.neutral,
            self.negative + other.negative,
            self.square_weight + other.square_weight,
        )


@dataclass(frozen=True)
class Voice:
    """One mention as the score hears it. `reach` in people; None is unknown and weighs as one person."""

    key: str
    tone: Tone
    reach: float | None = None
    age: timedelta = timedelta(0)


@dataclass(frozen=True)
class Driver:
    """What one source, topic or story does to the score, in points out of 100.

    `contribution` is how far it pulls the score from 50 now; `change` is what it adds to or takes
    from the score against the period before, of which `by_tone` comes from a better or worse tone
    and `by_volume` from being heard more or less. All three are None without a score before.
    """

    key: str
    contribution: float
    change: float | None = None
    by_tone: float | None = None
    by_volume: float | None = None


@dataclass(frozen=True)
class Reputation:
    """The score and its 95 % interval, all on 0–100; None with `missing` when there is too little to say.

    `n` is the effective number of mentions (unequal weights count for less), `needed` the least for a
    score. `change` is against the previous period; `drivers` are ordered by the size of their effect,
    and their changes add up to `change`, their contributions to `score - 50`.
    """

    score: float | None
    low: float | None
    high: float | None
    n: float
    needed: float = LEAST_MENTIONS
    missing: Missing | None = None
    change: float | None = None
    drivers: tuple[Driver, ...] = ()


@dataclass(frozen=True)
class Share:
    """A brand's part of what is said of all, 0–1, with its 95 % interval; None when nobody was heard."""

    count: float
    total: float
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class _Heard:
    """A period's tallies with what scales them: effective mentions, and effective mentions per weight."""

    tallies: Mapping[str, Tally]
    n: float = field(default=0.0)
    scale: float = field(default=0.0)

    def parts(self, key: str) -> tuple[float, float]:
        """A key's share of what the score hears (0–1) and its pull in points were it alone (−50–50)."""
        tally = self.tallies.get(key)
        if tally is None or tally.weight <= 0:
            return 0.0, 0.0
        share = self.scale * tally.weight / (self.n + _prior())
        return share, 50 * (tally.positive - tally.negative) / tally.weight


def tallies(
    voices: Iterable[Voice], *, by_reach: bool = False, half_life: timedelta | None = None
) -> dict[str, Tally]:
    """Weigh mentions and add them up by key.

    By reach, a mention weighs 1 + log10(people): ten times the audience adds one, so that no single
    account decides. With a half-life, it weighs half as much for each half-life of its age.
    """
    sums: dict[str, Tally] = {}
    for voice in voices:
        weight = 1.0
        if by_reach and voice.reach is not None and voice.reach > 1:
            weight += math.log10(voice.reach)
        if half_life is not None:
            weight *= 0.5 ** (max(voice.age, timedelta(0)) / half_life)
        heard = {voice.tone: weight}
        one = Tally(
            heard.get("positive", 0.0), heard.get("neutral", 0.0), heard.get("negative", 0.0), weight**2
        )
        sums[voice.key] = sums[voice.key] + one if voice.key in sums else one
    return sums


def reputation(
    counts: Mapping[str, Tally], previous: Mapping[str, Tally] | None = None, *, least: float = LEAST_MENTIONS
) -> Reputation:
    """The score of a period from its tallies by source (or topic, or story), against the one before.

    A positive mention is worth 100, a neutral one 50, a negative one 0; the score is their weighted
    mean, with four mentions heard in advance (one positive, two neutral, one negative). Fewer than
    `least` effective mentions give no score. A previous period that has none gives no change.
    """
    now = _heard(counts)
    if now.n < least:
        return Reputation(None, None, None, now.n, needed=least, missing="too_few")
    theta, variance = _mean_and_variance(now)
    # Neutral mentions spread less than heads or tails: as many trials as would spread alike.
    low, high = _wilson(theta, (now.n + _prior()) * theta * (1 - theta) / variance)
    before = _heard(previous) if previous is not None else None
    if before is not None and before.n < least:
        before = None
    change = None if before is None else 100 * (theta - _mean_and_variance(before)[0])
    return Reputation(
        100 * theta, 100 * low, 100 * high, now.n, needed=least, change=change, drivers=_drivers(now, before)
    )


def share_of_voice(counts: Mapping[str, float]) -> dict[str, Share]:
    """Each brand's share of all the mentions, with Wilson's interval, in the order given.

    A negative count raises ValueError.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count of mentions is never negative")
    total = sum(counts.values())
    shares = {}
    for brand, count in counts.items():
        if total <= 0:
            shares[brand] = Share(count, total, None, None, None)
            continue
        low, high = _wilson(count / total, total)
        shares[brand] = Share(count, total, count / total, low, high)
    return shares


def _prior() -> float:
    return PRIOR_POSITIVE + PRIOR_NEUTRAL + PRIOR_NEGATIVE


def _heard(counts: Mapping[str, Tally]) -> _Heard:
    """The effective sample of Kish: (sum of weights)² ÷ sum of squared weights."""
    weight = sum(tally.weight for tally in counts.values())
    squares = sum(tally.square_weight for tally in counts.values())
    if weight <= 0 or squares <= 0:
        return _Heard(counts)
    n = weight**2 / squares
    return _Heard(counts, n, n / weight)


def _mean_and_variance(heard: _Heard) -> tuple[float, float]:
    """Mean value of a mention (0–1) and its variance, the mentions heard in advance included."""
    total = heard.n + _prior()
    positive = heard.scale * sum(tally.positive for tally in heard.tallies.values()) + PRIOR_POSITIVE
    negative = heard.scale * sum(tally.negative for tally in heard.tallies.values()) + PRIOR_NEGATIVE
    theta = 0.5 + 0.5 * (positive - negative) / total
    return theta, (positive + negative) / (4 * total) - (theta - 0.5) ** 2


def _wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's score interval of a share seen in `n` trials (E. B. Wilson, JASA 22, 1927)."""
    square = CONFIDENCE_Z**2 / n
    middle = (share + square / 2) / (1 + square)
    half = math.sqrt(share * (1 - share) * square + square**2 / 4) / (1 + square)
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def _drivers(now: _Heard, before: _Heard | None) -> tuple[Driver, ...]:
    """Exact parts: share × pull per key; a change is cut at the mean of both periods."""
    keys = dict.fromkeys([*now.tallies, *(before.tallies if before else ())])
    drivers = []
    for key in keys:
        share, pull = now.parts(key)
        if before is None:
            drivers.append(Driver(key, share * pull))
            continue
        share_before, pull_before = before.parts(key)
        by_tone, by_volume = _cut(share, pull, share_before, pull_before)
        drivers.append(Driver(key, share * pull, by_tone + by_volume, by_tone, by_volume))
    drivers.sort(
        key=lambda driver: (-abs(driver.contribution if before is None else driver.change or 0), driver.key)
    )
    return tuple(drivers)


def _cut(share: float, pull: float, share_before: float, pull_before: float) -> tuple[float, float]:
    """A change of share × pull into its part by tone and its part by volume.

    A key heard in one period only has no tone to compare: all of its change is by volume.
    """
    if share == 0 or share_before == 0:
        return 0.0, share * pull - share_before * pull_before
    by_tone = (share + share_before) / 2 * (pull - pull_before)
    by_volume = (pull + pull_before) / 2 * (share - share_before)
    return by_tone, by_volume
