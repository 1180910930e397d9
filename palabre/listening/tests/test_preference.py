"""What "preferably" means, for a topic's languages and countries."""

import pytest

from palabre.enrichment import Analysis
from palabre.listening.matching import TopicSettings, admits, admits_analysis, preference_of, settings_of
from palabre.listening.models import Topic
from palabre.listening.preference import NONE, Preference
from palabre.networks.contract import RemoteItem

FRENCH_OF_BELGIUM = Preference(languages=frozenset({"fr"}), regions=frozenset({"BE"}))


@pytest.mark.parametrize(
    ("language", "country", "fit"),
    [
        ("fr", "BE", 2),
        ("fr", "be", 2),
        ("fr", None, 1),
        ("und", "BE", 1),
        ("fr", "FR", 0),
        ("", "", 0),
        ("en", None, -1),
        ("en", "GB", -2),
    ],
)
def test_what_is_known_to_be_elsewhere_comes_after_what_is_unknown(
    language: str, country: str | None, fit: int
) -> None:
    assert FRENCH_OF_BELGIUM.fit(language, country) == fit
    assert NONE.fit(language, country) == 0


def judged(language: str, doubt: float) -> Analysis:
    return Analysis(
        language=language,
        language_score=1.0,
        sentiment="neutral",
        sentiment_scores=(0.1, 0.8, 0.1),
        toxic=False,
        toxicity_score=0.0,
        spam=doubt > 0.5,
        spam_score=doubt,
    )


def topic(**settings: object) -> Topic:
    return Topic(name="t", query="baobab", **settings)


def test_preferably_leaves_nothing_out() -> None:
    asked = settings_of(topic(languages=["fr"], regions=["FR"]))
    elsewhere = RemoteItem(remote_id="1", url="", text="…", country="GB", language="en")
    assert admits(asked, elsewhere, network="feeds")
    assert admits_analysis(asked, judged("en", 0.9), country="GB")


def test_strictly_is_no_preference_and_leaves_out() -> None:
    asked = settings_of(
        topic(languages=["fr"], languages_mode="strict", regions=["FR"], regions_mode="strict")
    )
    assert asked.prefers == NONE
    assert not admits(asked, RemoteItem(remote_id="1", url="", text="…"), network="feeds")
    assert not admits_analysis(asked, judged("en", 0.0))


@pytest.mark.parametrize(
    ("language", "doubt", "kept"),
    [("fr", 0.4, True), ("fr", 0.6, False), ("en", 0.4, False), ("en", 0.1, True)],
)
def test_only_the_best_asks_more_of_what_is_elsewhere(language: str, doubt: float, kept: bool) -> None:
    asked: TopicSettings = settings_of(topic(languages=["fr"], quality="best"))
    assert admits_analysis(asked, judged(language, doubt)) is kept


def test_a_topic_says_what_it_prefers_however_it_was_typed() -> None:
    assert preference_of(topic(languages=["FR"], regions=["be"])) == FRENCH_OF_BELGIUM
