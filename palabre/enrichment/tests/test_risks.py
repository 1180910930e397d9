"""What a threshold brings up is told from what was measured, never from memory."""

from itertools import pairwise

import pytest

from palabre.enrichment.risks import TABLE, at, curve
from tests.shared import SHARED, needs_shared


@pytest.mark.parametrize("risk", ["toxicity", "spam"])
def test_a_higher_threshold_finds_less_and_disturbs_less(risk):
    for lower, higher in pairwise(curve(risk)):
        assert lower.threshold < higher.threshold
        assert lower.recall >= higher.recall
        assert lower.rate >= higher.rate


def test_the_nearest_measured_threshold_answers():
    assert at("toxicity", 0.51).threshold == 0.5
    assert at("spam", 0).threshold == 0.05
    assert at("spam", 1).threshold == 0.95


@needs_shared
def test_the_table_is_what_the_shipped_weights_measure():
    from tools.measure_risks import table

    assert TABLE.read_text(encoding="utf-8") == table(SHARED / "data" / "nlp")
