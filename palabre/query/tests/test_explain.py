"""Queries in words, and in colours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.query import explain, highlight, parse


@pytest.mark.parametrize(
    ("source", "french"),
    [
        ("baobab", "Trouve les textes avec le mot « baobab »."),
        (
            '"café baobab" OU #CafeBaobab',
            "Trouve les textes avec l’expression « café baobab » ou le mot-dièse #CafeBaobab.",
        ),
        (
            "baobab (avis OU prix) -recette",
            "Trouve les textes avec le mot « baobab » et (le mot « avis » ou le mot « prix »), "
            "mais sans le mot « recette ».",
        ),
        ("restau*", "Trouve les textes avec ce qui commence par « restau »."),
        ("site:lemonde.fr baobab", "Trouve les textes avec sur le site lemonde.fr et le mot « baobab »."),
    ],
)
def test_a_query_says_what_it_finds(source: str, french: str) -> None:
    assert explain(parse(source), "fr").replace("\u00a0", " ") == french


def test_a_long_choice_is_counted() -> None:
    many = " OR ".join(f"mot{n}" for n in range(20))
    assert "or 14 others" in explain(parse(many), "en")


@given(st.text(alphabet='abc "()*~#@:-/ANDORETSUF5«»é', max_size=60))
def test_colours_never_refuse_and_never_overlap(source: str) -> None:
    at = 0
    for piece in highlight(source):
        assert at <= piece.start < piece.end <= len(source)
        at = piece.end
