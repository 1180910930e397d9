"""A query told in words and shown in colours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.query import Query, advice, explain, explained, highlight, parse
from palabre.query.tests.made import queries

QUERY = '("Crédit Truc" OR #truc OR truc*) ~livraison NOT raw:"TRUC" prix NEAR/3f bas site:truc.fr'


def test_a_query_is_told_in_french() -> None:
    assert explain(parse(QUERY), "fr").replace("\u00a0", " ") == (
        "Sont retenues les publications avec :\n"
        "– au moins un de :\n"
        "  – l’expression « Crédit Truc »\n"
        "  – le mot-dièse #truc\n"
        "  – un mot qui commence par « truc »\n"
        "– le mot « livraison », sous toutes ses formes\n"
        "– sans le mot « TRUC », écrit exactement ainsi\n"
        "– l’un près de l’autre :\n"
        "  – le mot « prix »\n"
        "  – puis, 3 mot(s) plus loin au plus, le mot « bas »\n"
        "– une adresse sur truc.fr ou un de ses sous-domaines"
    )


def test_a_query_is_told_in_english() -> None:
    assert explain(parse("title:(a OR b) -c"), "en") == (
        "Posts are kept with:\n"
        "– in the title, at least one of:\n"
        "  – the word “a”\n"
        "  – the word “b”\n"
        "– without the word “c”"
    )


@given(queries())
def test_any_query_can_be_told(query: Query) -> None:
    for language in ("fr", "en"):
        assert explain(query, language).count("\n") + 1 == len(explained(query, language).lines())


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ('a AND "b c" OU -d*', ["word", "operator", "phrase", "operator", "operator", "prefix"]),
        ("title:(#x @y)", ["field", "paren", "tag", "tag", "paren"]),
        ("~a raw:b NEAR/5 c", ["mark", "word", "mark", "word", "operator", "word"]),
        ('(a "b', ["error", "word", "error", "word"]),
        ("a) titel:b", ["word", "error", "error", "word"]),
        ("", []),
    ],
)
def test_a_query_is_coloured_even_when_broken(source: str, kinds: list[str]) -> None:
    assert [piece.kind for piece in highlight(source)] == kinds


@given(st.text(st.sampled_from('ab ()"«»*~-#@: AND\u200b'), max_size=30))
def test_colours_never_overlap(source: str) -> None:
    end = 0
    for piece in highlight(source):
        assert end <= piece.start < piece.end <= len(source)
        end = piece.end


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("café ou thé", ["ou"]),
        ("a OR b", []),
        ("or blanc", []),
        ('"a" and (b)', ["and"]),
        ("a near/3f b", ["near/3f"]),
    ],
)
def test_a_lower_case_operator_is_pointed_out(source: str, words: list[str]) -> None:
    found = advice(source)
    assert [item.word for item in found] == words
    for item in found:
        assert source[item.start : item.start + item.length] == item.word
        assert item.operator in item.message("fr") and item.operator in item.message("en")
