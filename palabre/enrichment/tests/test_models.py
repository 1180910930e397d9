"""The model card tells what the shipped weights measure."""

import re
from pathlib import Path

import pytest

from tests.shared import needs_shared

CARD = Path(__file__).parents[3] / "docs" / "develop" / "models.md"


def told() -> dict[str, float]:
    rows = re.findall(r"^\| ([^|]+) \| ([\d.]+) \|", CARD.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: float(figure) for name, figure in rows}


@needs_shared
def test_every_figure_of_the_model_card_is_what_the_weights_measure():
    from tests.bench.bench_enrichment import figures

    measured = figures()
    card = told()
    assert set(card) >= set(measured)
    for name, figure in measured.items():
        assert card[name] == pytest.approx(figure, abs=0.11), name


@needs_shared
def test_the_bars_are_met():
    from tests.bench.bench_enrichment import BARS, MOST_FLAGGED

    card = told()
    assert {name: card[name] for name, bar in BARS.items() if card[name] < bar} == {}
    assert card["ordinary posts flagged toxic"] <= MOST_FLAGGED
