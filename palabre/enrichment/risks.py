"""What a threshold of toxicity or spam brings up: precision and recall, as they were measured.

Beside the path: a brand moves the threshold of its review queue and reads here what that costs. The figures
are those of a file that tools/measure_risks.py writes from the development splits of docs/develop/models.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

TABLE = Path(__file__).parent / "models" / "risks-1.tsv"
"""Written for the weights of the same number (`weights.ARTEFACT`)."""
HEAD = ("task", "threshold", "caught", "bad", "wrong", "fine", "raised", "ordinary")

Risk = Literal["toxicity", "spam"]


@dataclass(frozen=True, kw_only=True)
class Point:
    """What a threshold did on labelled posts, of which `bad` were what is looked for and `fine` were not.

    `caught` and `wrong`: how many of each scored at least `threshold`. `raised`: how many of `ordinary`
    posts, which nobody chose for their tone.
    """

    threshold: float
    caught: int
    bad: int
    wrong: int
    fine: int
    raised: int
    ordinary: int

    @property
    def precision(self) -> float | None:
        """Of what it brings up, the share that is rightly there; None when it brings up nothing."""
        found = self.caught + self.wrong
        return self.caught / found if found else None

    @property
    def recall(self) -> float:
        """Of what is looked for, the share that it brings up."""
        return self.caught / self.bad

    @property
    def rate(self) -> float:
        """Of ordinary posts, the share that it brings up."""
        return self.raised / self.ordinary


@cache
def curve(risk: Risk) -> tuple[Point, ...]:
    """Every threshold that was measured, the lowest first."""
    return _curves()[risk]


def at(risk: Risk, threshold: float) -> Point:
    """The measured threshold nearest to this one."""
    return min(curve(risk), key=lambda point: (abs(point.threshold - threshold), point.threshold))


@cache
def _curves() -> Mapping[str, tuple[Point, ...]]:
    first, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    if tuple(first.split("\t")) != HEAD:
        raise ValueError(f"{TABLE.name} was written by another version")
    found: dict[str, list[Point]] = {}
    for line in lines:
        risk, threshold, *counts = line.split("\t")
        caught, bad, wrong, fine, raised, ordinary = map(int, counts)
        found.setdefault(risk, []).append(
            Point(
                threshold=float(threshold),
                caught=caught,
                bad=bad,
                wrong=wrong,
                fine=fine,
                raised=raised,
                ordinary=ordinary,
            )
        )
    return {risk: tuple(points) for risk, points in found.items()}
