"""What a post is guessed to say, and why; the shipped models themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.enrichment import quality, weights
from palabre.enrichment.analysis import analyse, reasons
from palabre.enrichment.features import LONGEST

MEGABYTE = 1_000_000


def one(text: str, language: str | None = None):
    return analyse([text], [language])[0]


@pytest.mark.parametrize(
    ("text", "language", "sentiment"),
    [
        ("Merci, service parfait, je recommande, bravo à toute l’équipe !", "fr", "positive"),
        ("Quelle honte, c’est scandaleux, ils mentent et ils polluent encore.", "fr", "negative"),
        ("I love this, thank you so much, amazing show tonight!", "en", "positive"),
        ("This is the worst service ever, I hate it, so disappointed.", "en", "negative"),
        ("Danke, das ist wunderbar, ich liebe es so sehr!", "de", "positive"),
    ],
)
def test_language_and_sentiment_of_plain_cases(text, language, sentiment):
    found = one(text)
    assert (found.language, found.sentiment) == (language, sentiment)


def test_scores_are_probabilities_and_the_sentiment_is_the_likeliest():
    for found in analyse(["Super !", "", "Le train part à 8 h.", "🙄" * 50, "\ud83d seul", "\0\0"]):
        assert sum(found.sentiment_scores) == pytest.approx(1, abs=1e-6)
        best = ("negative", "neutral", "positive")[int(np.argmax(found.sentiment_scores))]
        assert found.sentiment == best
        assert found.toxic == (found.toxicity_score > 0.5)
        assert found.spam == (found.spam_score > 0.5)
        assert all(
            0 <= score <= 1 for score in (found.language_score, found.toxicity_score, found.spam_score)
        )


def test_an_insult_ranks_above_an_ordinary_post_and_a_prize_is_spam():
    rude, kind = analyse(
        ["T’es vraiment qu’un gros connard, ferme ta gueule", "Belle journée au marché de Nantes"]
    )
    assert rude.toxicity_score > kind.toxicity_score
    assert not kind.toxic
    assert not kind.spam
    assert one("WINNER!! You have won a £1000 cash prize! Call 09061701461 now to claim").spam


def test_nothing_to_read_has_no_language():
    assert [one(text).language for text in ("", "   ", "12 34")] == ["und"] * 3
    assert one("", "fr").language == "fr"


def test_a_declared_language_counts_where_there_is_little_to_read_and_not_against_a_whole_sentence():
    assert one("Marathon photo", "fr-FR").language == "fr"
    assert one("I really do not know what they were thinking about yesterday", "fr").language == "en"


TEXTS = st.lists(st.text(max_size=60), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_a_post_is_judged_alike_alone_and_in_a_batch(texts):
    together = analyse(texts)
    for text, found in zip(texts, together, strict=True):
        alone = one(text)
        assert alone.language == found.language
        assert alone.sentiment_scores == pytest.approx(found.sentiment_scores, abs=1e-4)
        assert alone.toxicity_score == pytest.approx(found.toxicity_score, abs=1e-4)
        assert alone.spam_score == pytest.approx(found.spam_score, abs=1e-4)


def test_links_and_handles_are_masked_whatever_they_are():
    masked = one("@user regardez http c’est très bien")
    written = one("@mairie_nantes regardez https://exemple.fr/a?b=c c’est très bien")
    assert masked.sentiment_scores == pytest.approx(written.sentiment_scores, abs=1e-6)


def test_a_long_text_is_read_up_to_a_limit():
    start = "Le conseil municipal a voté le budget. " * (LONGEST // 39 + 1)
    cut = start[:LONGEST]
    assert one(cut).sentiment_scores == one(cut + " C’est une honte, je déteste ça." * 50).sentiment_scores


def test_many_batches_keep_their_order():
    texts = [
        f"numéro {number} merci beaucoup" if number % 2 else f"{number} shame on you"
        for number in range(1100)
    ]
    found = analyse(texts)
    assert len(found) == 1100
    assert {guess.language for guess in found[1::2]} == {"fr"}
    assert {guess.language for guess in found[0::2]} == {"en"}


def test_reasons_name_the_words_that_weighed_with_their_place():
    text = "@user Franchement, quelle honte &amp; quel SCANDALE https://x.example/y"
    found = reasons(text, "sentiment", "fr")
    assert {"honte", "SCANDALE"} & {reason.word for reason in found}
    for reason in found:
        assert text[reason.start : reason.end] == reason.word
    assert [abs(reason.weight) for reason in found] == sorted(
        (abs(reason.weight) for reason in found), reverse=True
    )


def test_reasons_add_up_to_what_the_words_bring():
    text = "Bravo, quelle belle victoire"
    voice = weights.voices()["fr"]
    from palabre.enrichment.features import features

    seen = features([text])
    loud = voice.signs[seen.signs].sum(axis=1) + voice.bias
    carried = (voice.score(seen) - loud)[0, :3] @ np.array([-0.5, -0.5, 1.0])
    found = reasons(text, "sentiment", "fr", limit=50)
    # A gap between two words belongs to none of them, so that a part of the letters is not told.
    assert sum(reason.weight for reason in found) == pytest.approx(carried, rel=0.35)


def test_reasons_of_toxicity_speak_for_it_even_where_the_post_is_not_flagged():
    found = reasons("Rendez-vous demain, espèce de connard", "toxicity", "fr", limit=2)
    assert "connard" in {reason.word for reason in found if reason.weight > 0}


@pytest.mark.parametrize("task", ["sentiment", "toxicity", "spam"])
@pytest.mark.parametrize("text", ["", "…", "👍👍", "\ud83d", "@user http"])
def test_reasons_of_next_to_nothing_are_few_and_no_fault(task, text):
    assert len(reasons(text, task)) <= 3


def test_the_artefact_is_small_and_holds_numbers_alone():
    files = {file for file in weights.ARTEFACT.parent.iterdir() if file.suffix != ".tsv"}  # measured figures
    assert files == {weights.ARTEFACT, quality.ARTEFACT}
    assert sum(file.stat().st_size for file in files) < 20 * MEGABYTE
    for file in files:
        with np.load(file, allow_pickle=False) as stored:
            for name in stored.files:
                assert stored[name].dtype.kind in "if", name


def test_weights_for_other_features_are_refused(monkeypatch):
    monkeypatch.setattr(weights, "NOWHERE", 12)
    weights.voices.cache_clear()
    try:
        with pytest.raises(ValueError, match="other features"):
            weights.voices()
    finally:
        weights.voices.cache_clear()
