"""Threshold alerts: which bars are reached, and what is said about it."""

import pytest

from palabre.alerts.rules import Reached, Threshold, crosses, threshold_from

CALM = [10, 12, 9, 11, 10, 8, 12, 10]


def test_a_volume_is_reached_from_its_own_number_on() -> None:
    assert crosses(Threshold(volume=20), [], 19) is None
    crossing = crosses(Threshold(volume=20), [], 20)
    assert crossing is not None
    assert crossing.reached == (Reached("volume", 20, 20, 20),)
    assert crossing.previous is None


def test_a_percentage_is_a_rise_against_the_interval_before() -> None:
    assert crosses(Threshold(percent=50), [40, 10], 14) is None
    crossing = crosses(Threshold(percent=50), [40, 10], 16)
    assert crossing is not None
    assert crossing.reached[0].measured == pytest.approx(60)
    assert crossing.reached[0].limit == pytest.approx(15)


def test_an_empty_interval_before_counts_as_one_mention() -> None:
    assert crosses(Threshold(percent=200), [0], 2) is None
    assert crosses(Threshold(percent=200), [0], 3) is not None


def test_no_percentage_without_an_interval_before() -> None:
    assert crosses(Threshold(percent=10), [], 1000) is None


def test_deviations_wait_for_enough_history() -> None:
    assert crosses(Threshold(deviations=2), CALM[:-1], 1000) is None
    assert crosses(Threshold(deviations=2), CALM, 1000) is not None


def test_deviations_are_never_smaller_than_chance() -> None:
    """Eight intervals of exactly 9: the measured deviation is 0, chance alone makes it 3."""
    assert crosses(Threshold(deviations=2), [9] * 8, 14) is None
    crossing = crosses(Threshold(deviations=2), [9] * 8, 15)
    assert crossing is not None
    assert (crossing.mean, crossing.deviation) == (9, 3)
    assert crossing.reached == (Reached("deviations", 2, 2, 15),)


def test_silence_is_never_an_alert_about_deviations() -> None:
    assert crosses(Threshold(deviations=0), [0] * 8, 0) is None


def test_one_bar_is_enough_unless_all_are_asked_for() -> None:
    either = Threshold(volume=15, percent=500)
    both = Threshold(volume=15, percent=500, needs="all")
    assert crosses(either, CALM, 16) is not None
    assert crosses(both, CALM, 16) is None
    crossing = crosses(both, CALM, 60)
    assert crossing is not None
    assert [reached.bar for reached in crossing.reached] == ["volume", "percent"]


def test_nothing_asked_for_tells_nothing() -> None:
    assert crosses(Threshold(), CALM, 10_000) is None
    assert crosses(Threshold(needs="all"), CALM, 10_000) is None


def test_a_threshold_is_read_from_its_row() -> None:
    assert threshold_from({}) == Threshold()
    assert threshold_from({"volume": 5, "percent": "", "interval": 15, "needs": "all"}) == Threshold(
        volume=5, interval=15, needs="all"
    )
