"""Several words, several pages, one call at a time."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.networks.rounds import PAGES_AT_MOST, Round


def walk(
    words: tuple[str, ...], pages: dict[str, int], cursor: object = None
) -> tuple[list[tuple[str, str]], object]:
    """The calls of one round, when each word has so many pages; and the cursor behind it."""
    calls, more = [], True
    while more:
        here = Round.of(json.loads(json.dumps(cursor)), words)  # as it comes back from the database
        number = int(here.page or 0)
        calls.append((here.word, here.page or "0"))
        further = str(number + 1) if number + 1 < pages.get(here.word, 1) else None
        cursor, more = here.next(page=further, newest=f"{here.word}-top" if not number else "deeper")
    return calls, cursor


def test_each_word_is_asked_page_after_page() -> None:
    calls, _ = walk(("a", "b"), {"a": 3, "b": 1})
    assert calls == [("a", "0"), ("a", "1"), ("a", "2"), ("b", "0")]


def test_the_next_round_begins_where_the_last_one_did_at_the_top_of_the_first_page() -> None:
    _, cursor = walk(("a", "b"), {"a": 3})
    assert Round.of(cursor, ("a", "b")).since == "a-top"


def test_a_new_word_has_no_past() -> None:
    _, cursor = walk(("a",), {})
    here = Round.of(cursor, ("new", "a"))
    assert (here.word, here.since) == ("new", None)


def test_a_word_that_was_dropped_in_the_middle_of_its_walk_is_left() -> None:
    cursor, _ = Round.of(None, ("a", "b")).next(page="1", newest="x")
    assert Round.of(cursor, ("b",)).word == "b"
    assert Round.of(cursor, ("b",)).page is None


def test_a_word_that_is_everywhere_does_not_starve_the_others() -> None:
    calls, _ = walk(("a", "b"), {"a": 10_000})
    assert len(calls) == PAGES_AT_MOST + 1
    assert calls[-1][0] == "b"


def test_a_page_that_failed_is_asked_again() -> None:
    cursor, _ = Round.of(None, ("a",)).next(page="1", newest="x")
    assert Round.of(cursor, ("a",)) == Round.of(cursor, ("a",))


def test_no_word_is_no_search() -> None:
    with pytest.raises(ValueError, match="word"):
        Round.of(None, ())


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=5, unique=True), st.data())
def test_every_round_ends_having_asked_for_every_word(words: list[str], data: st.DataObject) -> None:
    pages = {word: data.draw(st.integers(1, 12)) for word in words}
    calls, cursor = walk(tuple(words), pages)
    assert {word for word, _ in calls} == set(words)
    assert len(calls) == len(set(calls)) == sum(min(count, PAGES_AT_MOST) for count in pages.values())
    again, _ = walk(tuple(words), pages, cursor)
    assert again == calls
