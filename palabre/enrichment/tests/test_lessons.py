"""What a brand's corrections teach, and what they leave alone."""

import numpy as np
import pytest

from palabre.enrichment.analysis import analyse
from palabre.enrichment.features import features
from palabre.enrichment.lessons import Adjustment, Lesson, learn

TEXT = "La braderie de Lille chauffe le centre-ville ce week-end, ambiance de folie furieuse"
LIKE = "Ambiance de folie furieuse à la braderie de Lille, le centre-ville chauffe"
UNRELATED = [
    "Le conseil d’administration se réunira mardi pour examiner les comptes",
    "Great match last night, what a goal by the captain!",
    "Merci à toute l’équipe pour l’accueil",
]


def scores(text: str, adjustment: Adjustment | None = None):
    return analyse([text], ["fr"], adjustment=adjustment)[0]


@pytest.mark.parametrize("label", ["positive", "neutral", "negative"])
def test_a_lesson_corrects_its_text_moves_its_like_and_leaves_the_rest(label):
    adjustment = learn([Lesson(TEXT, "fr", label)])
    place = ("negative", "neutral", "positive").index(label)
    assert scores(TEXT, adjustment).sentiment == label
    assert scores(LIKE, adjustment).sentiment_scores[place] >= scores(LIKE).sentiment_scores[place]
    if scores(TEXT).sentiment != label:
        assert scores(LIKE, adjustment).sentiment_scores[place] > scores(LIKE).sentiment_scores[place] + 0.05
    for text in UNRELATED:
        assert scores(text, adjustment) == scores(text)


def test_language_toxicity_and_spam_are_not_touched():
    adjustment = learn([Lesson(TEXT, "fr", "negative")])
    before, after = scores(TEXT), scores(TEXT, adjustment)
    assert (before.toxicity_score, before.spam_score) == (after.toxicity_score, after.spam_score)
    assert (before.language, before.language_score) == (after.language, after.language_score)


def test_of_two_lessons_on_one_text_the_later_counts():
    adjustment = learn([Lesson(TEXT, "fr", "negative"), Lesson(TEXT, "fr", "positive")])
    assert scores(TEXT, adjustment).sentiment == "positive"


def test_the_same_lesson_in_many_copies_does_not_add_up():
    copies = [Lesson(f"{TEXT} numéro {number}", "fr", "negative") for number in range(30)]
    shift = learn(copies).apply(features([TEXT]))
    alone = learn(copies[:1]).apply(features([TEXT]))
    assert np.abs(shift).max() < 2 * np.abs(alone).max() + 0.5


def test_nothing_learnt_moves_nothing():
    assert scores(TEXT, learn([])) == scores(TEXT)


def test_lessons_are_kept_as_bytes_without_the_text():
    adjustment = learn([Lesson(TEXT, "fr", "negative"), Lesson(LIKE, "fr", "neutral")])
    stored = adjustment.to_bytes()
    assert b"braderie" not in stored
    assert len(stored) < 10_000
    again = Adjustment.from_bytes(stored)
    assert scores(LIKE, again) == scores(LIKE, adjustment)


@pytest.mark.parametrize("stored", [b"", b"not numpy", b"PK\x03\x04"])
def test_other_bytes_are_refused(stored):
    with pytest.raises(ValueError, match="no lessons"):
        Adjustment.from_bytes(stored)


def test_an_unknown_sentiment_is_refused():
    with pytest.raises(ValueError, match="furious"):
        learn([Lesson(TEXT, "fr", "furious")])
