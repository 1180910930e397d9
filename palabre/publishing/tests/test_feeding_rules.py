"""An entry of a feed as the words of a content, and the hour it gets."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.publishing.feeding.rules import (
    Told,
    filled,
    hashtags,
    is_new,
    next_hour,
    shortened,
    unknown_names,
)

PARIS = ZoneInfo("Europe/Paris")
TOLD = Told(
    title="La carte d’hiver",
    link="https://baobab.example/carte",
    summary="Le mafé revient. Il sera servi le jeudi.",
    tags=("cuisine", "plat du jour"),
    source="baobab.example",
)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{title}", "La carte d’hiver"),
        ("{titre} : {lien}", "La carte d’hiver : https://baobab.example/carte"),
        ("{title}\n\n{author}\n{summary}", "La carte d’hiver\n\nLe mafé revient. Il sera servi le jeudi."),
        ("{tags}", "#cuisine #PlatDuJour"),
        ("{Title} {nobody}", "La carte d’hiver {nobody}"),
    ],
)
def test_a_template_says_what_the_entry_says(template: str, expected: str) -> None:
    assert filled(template, TOLD, 600) == expected


def test_what_an_entry_says_is_never_read_as_a_template() -> None:
    assert (
        filled("{title}", Told(title="{link} {title}", link="https://evil.example"), 600) == "{link} {title}"
    )


def test_a_name_that_means_nothing_is_found_before_it_is_published() -> None:
    assert unknown_names("{title} {brand} {prenom}") == ["prenom"]


@given(st.text(max_size=300), st.integers(0, 200))
def test_a_summary_is_never_longer_than_it_may_be(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= max(most, 0)
    assert short == " ".join(text.split()) or short == "" or short[-1] in ".!?…"


def test_a_summary_ends_with_a_sentence_where_it_can() -> None:
    assert shortened("Un mot. Deux mots de plus ici.", 12) == "Un mot."
    assert shortened("Une phrase sans fin et sans point", 16) == "Une phrase sans…"


@given(st.lists(st.text(max_size=30), max_size=20))
def test_hashtags_hold_no_space_and_come_once(tags: list[str]) -> None:
    made = list(hashtags(tags))
    assert len({tag.casefold() for tag in made}) == len(made) <= 6
    assert all(tag[0] == "#" and len(tag) > 1 and not any(sign.isspace() for sign in tag) for tag in made)


@given(
    st.sets(st.times().map(lambda one: one.replace(second=0, microsecond=0)), min_size=1, max_size=4),
    st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC)),
)
def test_hours_are_taken_one_after_the_other(hours: set[time], now: datetime) -> None:
    taken: list[datetime] = []
    for _ in range(6):
        taken.append(next_hour(list(hours), PARIS, after=now, taken=set(taken)))
    assert len(set(taken)) == 6 and min(taken) > now
    assert all(later - earlier <= timedelta(days=2) for earlier, later in pairwise(sorted(taken)))


def test_what_was_published_before_is_no_news() -> None:
    since = datetime(2026, 11, 23, tzinfo=UTC)
    assert is_new(None, since) and is_new(since - timedelta(hours=3), since)
    assert not is_new(since - timedelta(days=30), since)
