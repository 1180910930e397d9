"""The days that count: from the libraries and the file; and what is said of the hours, with n, or not."""

import json
from datetime import date
from pathlib import Path

import pytest

from palabre.publishing.calendar.best import FEWEST, slots, wilson
from palabre.publishing.calendar.days import marronniers as file
from palabre.publishing.calendar.days.holidays import public_holidays
from palabre.publishing.calendar.days.marronniers import day_in, known, marronniers
from palabre.publishing.calendar.days.school import known_until, school_holidays


def test_french_public_holidays_are_eleven_and_keep_their_key_in_both_languages() -> None:
    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    french = public_holidays(["FR"], language="fr", **year)
    english = public_holidays(["FR"], language="en", **year)
    assert len(french) == 11
    assert [(day, one.key) for day, one in french] == [(day, one.key) for day, one in english]
    assert (date(2026, 11, 11), "Armistice") in [(day, one.name) for day, one in french]
    assert "'" not in "".join(one.name for _, one in french)
    assert public_holidays(["ZZ"], language="fr", **year) == []


def test_school_holidays_follow_the_zones_asked_for() -> None:
    winter = {"first": date(2027, 2, 6), "last": date(2027, 2, 6)}
    assert [pause.zones for _, pause in school_holidays("ABC", **winter)] == ["C"]
    assert school_holidays("AB", **winter) == []
    assert [
        pause.zones for _, pause in school_holidays("CA", first=date(2026, 12, 25), last=date(2026, 12, 25))
    ] == ["AC"]


def test_a_year_the_ministry_has_not_decided_is_blank() -> None:
    after = known_until().replace(year=known_until().year + 1)
    assert school_holidays("ABC", first=after, last=after) == []


@pytest.mark.parametrize(
    ("on", "day"),
    [
        ("mothers-fr", date(2026, 5, 31)),
        ("mothers-fr", date(2023, 6, 4)),  # Pentecost was on the last Sunday of May
        ("winter-sales-fr", date(2026, 1, 7)),  # the second Wednesday is the 14th
        ("winter-sales-fr", date(2023, 1, 11)),
        ("summer-sales-fr", date(2026, 6, 24)),
        ("11 thu 4 +1", date(2026, 11, 27)),
        ("easter -47", date(2026, 2, 17)),
        ("03 sun 1", date(2025, 3, 2)),
    ],
)
def test_a_rule_means_the_day_it_should(on: str, day: date) -> None:
    assert day_in(day.year, on) == day


def test_a_rule_that_means_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no day in"):
        day_in(2026, "next tuesday")


def test_every_marronnier_has_a_source_two_names_and_a_key_of_its_own() -> None:
    told = json.loads((Path(file.__file__).parent / "marronniers.json").read_text())
    assert {row["source"] for row in told["days"]} == set(told["sources"]), "and no source is idle"
    assert len({one.key for one in known()}) == len(known()) > 100
    assert all(one.fr and one.en for one in known())
    assert all("'" not in one.fr + one.en for one in known())


def test_a_country_has_its_own_days() -> None:
    june = {"first": date(2026, 6, 1), "last": date(2026, 6, 30)}
    assert "fr-music" in {one.key for _, one in marronniers(["FR"], **june)}
    belgian = {one.key for _, one in marronniers(["BE"], **june)}
    assert "fr-music" not in belgian
    assert "be-fathers" in belgian


def test_nothing_is_claimed_of_an_hour_without_enough_contents() -> None:
    few = [(1, 12, 50)] * (FEWEST - 1) + [(1, 18, 1)] * 40
    assert slots(few) == []


def test_an_hour_is_claimed_when_its_whole_interval_beats_chance() -> None:
    good, usual = [(1, 12, 50)] * 40, [(1, 18, 5)] * 60
    (slot,) = slots([*good, *usual])
    assert (slot.begins, slot.ends, slot.n) == (12, 14, 40)
    assert 0.5 < slot.low < slot.share == 1.0


def test_equal_contents_say_nothing_of_their_hours() -> None:
    assert slots([(1, hour, 7) for hour in range(24) for _ in range(40)]) == []


def test_a_big_account_does_not_make_its_hours_look_good() -> None:
    # One account counts thousands at noon, the other tens in the evening: each is at its own median.
    mixed = [(1, 12, 4000 + n) for n in range(40)] + [(2, 18, 10 + n) for n in range(40)]
    assert slots(mixed) == []


def test_wilsons_interval_is_the_known_one() -> None:
    low, high = wilson(0.5, 100)
    assert (round(low, 3), round(high, 3)) == (0.404, 0.596)
