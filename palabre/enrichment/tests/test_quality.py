"""The quality tier: with the model where the extra is installed, with stand-in vectors everywhere."""

import numpy as np
import pytest

from palabre.enrichment import analysis, quality
from palabre.enrichment.lessons import Lesson, learn

TEXTS = [
    "Quelle honte, encore une promesse trahie",
    "Merci pour ce moment magnifique",
    "Réunion mardi à 18 h",
]

with_the_model = pytest.mark.skipif(not quality.available(), reason="the extra quality is not installed")


@pytest.fixture
def stand_in(monkeypatch):
    """Vectors that say clearly negative, whatever the text."""
    weights = quality.heads()["fr"].weights
    direction = weights[:, 0] - weights[:, 1:].mean(axis=1)
    vector = direction / np.linalg.norm(direction) * 5
    monkeypatch.setattr(quality, "vectors", lambda texts: np.tile(vector, (len(texts), 1)))


def test_only_the_sentiment_changes(stand_in):
    for quick, better in zip(analysis.analyse(TEXTS), quality.analyse(TEXTS), strict=True):
        assert better.sentiment == "negative"
        assert sum(better.sentiment_scores) == pytest.approx(1, abs=1e-6)
        assert (better.language, better.toxicity_score, better.spam_score) == (
            quick.language,
            quick.toxicity_score,
            quick.spam_score,
        )


def test_a_correction_still_counts(stand_in):
    adjustment = learn([Lesson(TEXTS[1], "fr", "neutral")])
    before = quality.analyse(TEXTS, ["fr"] * 3)
    after = quality.analyse(TEXTS, ["fr"] * 3, adjustment=adjustment)
    assert after[1].sentiment_scores[1] > before[1].sentiment_scores[1]
    assert after[0] == before[0]


def test_nothing_in_nothing_out():
    assert quality.analyse([]) == []


@with_the_model
def test_the_model_reads_what_it_is_given():
    assert [found.sentiment for found in quality.analyse(TEXTS[:2])] == ["negative", "positive"]
    near, far = quality.vectors(["Le tram arrive à Nantes", "Un tramway à Nantes", "Recette de la tarte"])[
        :2
    ] @ (quality.vectors(["Le tramway nantais", "Recette de la tarte"]).T)
    assert near[0] > near[1]
    assert far[0] > far[1]


@with_the_model
def test_links_handles_and_broken_text_are_read_alike_or_at_least_read():
    one, other = quality.vectors(["@user voir http", "@mairie voir https://exemple.fr/x"])
    assert one == pytest.approx(other, abs=1e-5)
    assert quality.vectors(["", "\0", "\ud83d", "x" * 100_000]).shape == (4, quality.SIZE)
