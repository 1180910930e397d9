"""One row of `make bench`: a measure, the alternative it is held against, and the bar.

Every `tests/bench/bench_*.py` module exposes `run() -> list[Row]`; `tests/bench/__main__.py` runs
them in turn (each in a process of its own, pinned to one core where it asks for it), writes
`build/bench.json` and the table of `docs/bench.md`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """A measured figure; `ratio` is figure ÷ alternative, both from the same run."""

    work: str
    figure: float
    unit: str
    alternative: str = ""
    alternative_figure: float | None = None
    ratio: float | None = None
    bar: str = ""
    met: bool | None = None
    note: str = ""
