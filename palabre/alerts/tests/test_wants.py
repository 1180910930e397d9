"""Which mentions a rule tells."""

import pytest

from palabre.alerts.wants import Facts, facts_from, wants

KNOWN = Facts(network="feeds", language="fr", tone=-1, reach=1200, story=3, story_size=4)


@pytest.mark.parametrize(
    ("filter", "told"),
    [
        ({}, True),
        ({"tones": [-1]}, True),
        ({"tones": [0, 1]}, False),
        ({"networks": ["feeds"], "languages": ["fr", "en"]}, True),
        ({"languages": ["en"]}, False),
        ({"reach_min": 1200}, True),
        ({"reach_min": 1201}, False),
        ({"story_min": 4}, True),
        ({"story_min": 5}, False),
    ],
)
def test_every_condition_must_hold(filter: dict[str, object], told: bool) -> None:
    assert wants(filter, KNOWN) is told


def test_an_unknown_reach_fulfils_no_minimum() -> None:
    assert not wants({"reach_min": 1}, Facts(reach=None))


def test_spam_is_not_told_unless_asked_for() -> None:
    assert not wants({}, Facts(is_spam=True))
    assert wants({"spam": True}, Facts(is_spam=True))


def test_facts_survive_the_row_they_are_kept_in() -> None:
    assert facts_from(KNOWN.as_details()) == KNOWN
    assert facts_from({"network": "feeds", "gone": 1}) == Facts(network="feeds")
