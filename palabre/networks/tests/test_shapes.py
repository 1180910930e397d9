"""Somebody else's JSON: a value of the right type or an empty one, never an exception."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.networks import shapes
from palabre.networks.errors import UnexpectedAnswer

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=5), parts, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(JSON)
def test_nothing_raises_and_types_hold(value: Any) -> None:
    assert hasattr(shapes.table(value), "get")
    assert len(shapes.rows(value)) >= 0
    assert "\x00" not in shapes.text(value)
    shapes.text(value).encode()
    assert "\n" not in shapes.word(value)
    number = shapes.count(value)
    assert number is None or number >= 0
    for when in (shapes.moment(value), shapes.moment_of(value)):
        assert when is None or when.tzinfo is not None
    assert shapes.web_address(value) == "" or shapes.web_address(value).startswith("http")
    tag = shapes.language(value)
    assert tag is None or tag == tag.lower()


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "http://",
        "http://[::1",
        "ftp://x.example",
        "http://a b",
        "//x.example",
        "http://x\n.example",
    ],
)
def test_an_address_that_a_browser_would_not_open_is_none(value: str) -> None:
    assert shapes.web_address(value) == ""


@pytest.mark.parametrize(
    ("value", "tag"),
    [("fr-FR", "fr"), ("PT_br", "pt"), ("und", None), ("x-klingon", None), ("", None), ("français", None)],
)
def test_a_language_is_its_primary_part(value: str, tag: str | None) -> None:
    assert shapes.language(value) == tag


def test_a_clock_of_somebody_s_own_is_not_believed_when_it_is_ahead() -> None:
    said, seen = datetime(2090, 1, 1, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
    assert shapes.earlier(said, seen) == seen
    assert shapes.earlier(said, None) == said
    assert shapes.earlier(None, seen) == seen


@pytest.mark.parametrize("answer", [None, [], {}, {"posts": None}, {"posts": {}}, "posts"])
def test_a_list_that_was_promised_must_be_there(answer: object) -> None:
    with pytest.raises(UnexpectedAnswer):
        shapes.list_in(answer, "posts", host="x.example")
