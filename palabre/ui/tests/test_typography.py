"""Figures and dates come out as people of each language write them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from palabre.ui import moments, texts, typography
from palabre.ui.templatetags import ui

NOW = datetime(2026, 11, 23, 9, 14, tzinfo=UTC)


@pytest.fixture
def french():
    with translation.override("fr"), timezone.override("Europe/Paris"):
        yield


@pytest.fixture
def english():
    with translation.override("en"), timezone.override("Europe/Paris"):
        yield


def test_french_figures_group_by_a_narrow_no_break_space(french):
    assert typography.number(1284) == "1\u202f284"
    assert typography.number(1284567.891, 2) == "1\u202f284\u202f567,89"
    assert typography.number(-4.5, 1) == "\u22124,5"
    assert typography.number(0) == "0"


def test_english_figures_group_by_a_comma(english):
    assert typography.number(1284) == "1,284"
    assert typography.number(1284567.891, 2) == "1,284,567.89"


def test_a_figure_that_rounds_to_zero_has_no_minus_sign(french):
    assert typography.number(-0.4) == "0"


def test_a_missing_measure_is_a_dash_never_a_zero(french):
    assert {
        typography.number(None),
        typography.percent(None),
        typography.compact(None),
        moments.ago(None),
    } == {"—"}


def test_a_percentage_keeps_its_sign_on_the_line(french):
    assert typography.percent(18) == "18\u00a0%"
    assert typography.share(0.185, 1) == "18,5\u00a0%"


def test_an_english_percentage_has_no_space(english):
    assert typography.percent(18) == "18%"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1\u00a0k"),
        (1240, "1,2\u00a0k"),
        (412_000, "412\u00a0k"),
        (999_600, "1\u00a0M"),
        (1_240_000, "1,2\u00a0M"),
        (-61_000, "\u221261\u00a0k"),
        (2_000_000_000, "2\u00a0Md"),
    ],
)
def test_large_figures_are_written_short(french, value, expected):
    assert typography.compact(value) == expected


def test_english_short_figures_have_no_space(english):
    assert typography.compact(412_000) == "412k"
    assert typography.compact(2_000_000_000) == "2B"


@given(st.integers(min_value=-999 * 10**9, max_value=999 * 10**9))
def test_a_short_figure_is_never_wider_than_seven_signs(value):
    with translation.override("fr"):
        assert len(typography.compact(value)) <= 7


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_figures_of_both_languages_say_the_same(value):
    with translation.override("fr"):
        french = typography.number(value, 2)
    with translation.override("en"):
        english = typography.number(value, 2)
    assert french.replace("\u202f", "").replace(",", ".") == english.replace(",", "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Café Baobab", "CB"),
        ("Malo", "MA"),
        ("L’Arbre", "LA"),
        ("@malo", "MA"),
        ("!!", "?"),
        ("", "?"),
        ("Élodie B.", "ÉB"),
    ],
)
def test_initials(name, expected):
    assert typography.initials(name) == expected


def test_a_name_keeps_its_colour():
    assert typography.hue("Café Baobab") == typography.hue("café baobab")
    assert {typography.hue(f"nom {index}") for index in range(60)} == set(range(8))


@pytest.mark.parametrize(
    ("passed", "french_text", "english_text"),
    [
        (timedelta(seconds=20), "à l’instant", "just now"),
        (timedelta(minutes=12), "il y a 12\u00a0min", "12 min ago"),
        (timedelta(hours=3), "il y a 3\u00a0h", "3 h ago"),
        (timedelta(hours=22), "hier", "yesterday"),
        (timedelta(days=3), "il y a 3\u00a0j", "3 d ago"),
        (timedelta(days=22), "1er\u00a0nov.", "1 Nov"),
        (timedelta(days=400), "19\u00a0oct. 2025", "19 Oct 2025"),
        (timedelta(days=-2), "25\u00a0nov.", "25 Nov"),
    ],
)
def test_how_long_since_in_words(passed, french_text, english_text):
    with timezone.override("Europe/Paris"):
        with translation.override("fr"):
            assert moments.ago(NOW - passed, NOW) == french_text
        with translation.override("en"):
            assert moments.ago(NOW - passed, NOW) == english_text


def test_four_hours_ago_may_be_yesterday_but_is_told_in_hours(french):
    night = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 02:30 in Paris
    assert moments.ago(night - timedelta(hours=4), night) == "il y a 4\u00a0h"


def test_a_moment_in_full(french):
    assert moments.moment(NOW) == "lundi 23 novembre 2026 à 10:14"
    assert moments.moment(datetime(2026, 11, 1, 12, tzinfo=UTC)) == "dimanche 1er novembre 2026 à 13:00"


def test_a_time_says_its_zone_and_its_instant(french):
    html = ui.when(NOW, "time")
    assert 'datetime="2026-11-23T09:14:00+00:00"' in html
    assert "(Europe/Paris)" in html
    assert ">10:14<" in html


def test_quotation_marks(french):
    assert texts.quote("dommage") == "«\u00a0dommage\u00a0»"
    with translation.override("en"):
        assert texts.quote("shame") == "“shame”"


@pytest.mark.parametrize(
    ("octets", "french", "english"),
    [
        (None, typography.DASH, typography.DASH),
        (0, "0\u00a0o", "0\u00a0B"),
        (999, "999\u00a0o", "999\u00a0B"),
        (13_312, "13,3\u00a0ko", "13.3\u00a0kB"),
        (999_900, "1\u00a0Mo", "1\u00a0MB"),
        (8_000_000, "8\u00a0Mo", "8\u00a0MB"),
        (286_100_000, "286\u00a0Mo", "286\u00a0MB"),
        (1_500_000_000, "1,5\u00a0Go", "1.5\u00a0GB"),
    ],
)
def test_what_a_file_weighs_is_said_as_networks_say_it(octets: int | None, french: str, english: str) -> None:
    with translation.override("fr"):
        assert typography.weight(octets) == french
    with translation.override("en"):
        assert typography.weight(octets) == english
