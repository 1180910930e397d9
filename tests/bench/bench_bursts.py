"""Bursts: our detector against a rolling mean and three standard deviations, on labelled brand volumes.

Scored by the benchmark's own tool at the fixed threshold 0.5; the labels are read here alone, by the
judge. Both are plain Python, on one core, in the same run.
"""

import csv
import importlib.util
import json
import math
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

from palabre.insight.bursts import BurstDetector
from tests.bench.report import Row
from tests.shared import SHARED

BAR = 88.0
STEP = timedelta(minutes=5)
DAY = 288
NAME = "rolling mean + 3 σ over a day"

Series = list[tuple[datetime, float]]
Scorer = Callable[[datetime, float], float]


class Rolling:
    """The alternative: how far above the last day's mean, 0.5 at three standard deviations."""

    def __init__(self) -> None:
        self._past: deque[float] = deque(maxlen=DAY)
        self._sum = self._squares = 0.0

    def score(self, timestamp: datetime, value: float) -> float:
        """The point's score, before it is learnt."""
        score = 0.0
        if n := len(self._past):
            mean = self._sum / n
            deviation = math.sqrt(max(self._squares / n - mean * mean, 1e-9))
            above = max((value - mean) / deviation, 0.0)
            score = above / (above + 3)
            if n == DAY:
                self._sum -= self._past[0]
                self._squares -= self._past[0] ** 2
        self._past.append(value)
        self._sum += value
        self._squares += value * value
        return score


def run() -> list[Row]:
    """The score with and without each series, updates a second, and the size of a series' memory."""
    if not (SHARED / "data" / "crisis").is_dir():
        return []
    series = {path.name: _read(path) for path in sorted((SHARED / "data" / "crisis").glob("*.csv"))}
    judge = _judge()
    labels = json.loads((SHARED / "data" / "crisis" / "windows.json").read_text())
    ours, our_rate = _scores(series, _detector)
    theirs, their_rate = _scores(series, lambda: Rolling().score)
    points = {name: _points(judge, labels, name, series[name], ours[name]) for name in series}
    other = [p for name in series for p in _points(judge, labels, name, series[name], theirs[name])]
    every = [p for each in points.values() for p in each]
    figure, reference = judge.normalised(every, 0.5), judge.normalised(other, 0.5)
    without = {
        name: judge.normalised([p for k, each in points.items() if k != name for p in each], 0.5)
        for name in series
    }
    worst = min(without, key=lambda name: without[name])
    return [
        Row(
            work="bursts, NAB score at the fixed threshold 0.5",
            figure=figure,
            unit="of 100",
            alternative=NAME,
            alternative_figure=reference,
            bar=f"≥ {BAR:g}",
            met=figure >= BAR,
            note=f"the alternative at its own best threshold: {judge.best_threshold(other)[0]:.1f}",
        ),
        Row(
            work="bursts, the worst score with one series left out",
            figure=without[worst],
            unit="of 100",
            bar="printed",
            note=f"without {worst}; the best: {max(without.values()):.1f}",
        ),
        Row(
            work="bursts, points judged on one core",
            figure=our_rate,
            unit="updates/s",
            alternative=NAME,
            alternative_figure=their_rate,
            ratio=our_rate / their_rate,
            bar="printed",
            note=f"10,000 series each 5 minutes take {10_000 / our_rate:.2f} s",
        ),
        Row(
            work="bursts, memory of one series as JSON", figure=_size(series) / 1000, unit="kB", bar="printed"
        ),
    ]


def _detector() -> Scorer:
    detector = BurstDetector(step=STEP)
    return lambda timestamp, value: detector.update(timestamp, value).score


def _scores(series: dict[str, Series], new: Callable[[], Scorer]) -> tuple[dict[str, list[float]], float]:
    """The scores of every series, and points a second of CPU, the best of three rounds."""
    best = math.inf
    scores: dict[str, list[float]] = {}
    for _ in range(3):
        begun = time.process_time()
        for name, points in series.items():
            score = new()
            scores[name] = [score(timestamp, value) for timestamp, value in points]
        best = min(best, time.process_time() - begun)
    return scores, sum(map(len, series.values())) / best


def _size(series: dict[str, Series]) -> int:
    detector = BurstDetector(step=STEP)
    for point in next(iter(series.values())):
        detector.update(*point)
    return len(json.dumps(detector.state()))


def _points(judge: ModuleType, labels: dict, name: str, points: Series, scores: list[float]) -> list:
    stamps = [str(timestamp)[:19] for timestamp, _ in points]
    return list(judge.scored_points(stamps, scores, labels[name], name))


def _judge() -> ModuleType:
    spec = importlib.util.spec_from_file_location("nab_score", SHARED / "tools" / "nab_score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read(path: Path) -> Series:
    with path.open(encoding="utf-8") as lines:
        return [
            (datetime.fromisoformat(row["timestamp"]), float(row["value"])) for row in csv.DictReader(lines)
        ]
