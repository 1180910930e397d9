"""How a query is read, and how a bad one is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.query import QueryError, parse
from palabre.query.lexer import lexemes
from palabre.query.messages import MESSAGES
from palabre.query.parser import MAX_LENGTH
from palabre.query.tests.made import query_texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b OR c d", "(a AND b) OR (c AND d)"),
        ("a ET b OU c", "(a AND b) OR c"),
        ("a SAUF b", "a AND NOT b"),
        ("a -b", "a NOT b"),
        ("NOT a b", "(NOT a) AND b"),
        ("NOT NOT a", "a"),
        ("a NOT b OR c", "(a NOT b) OR c"),
        ("a NEAR/5 b c", "(a NEAR/5 b) AND c"),
        ("NOT a NEAR/2f b", "NOT (a NEAR/2f b)"),
        ("(((a)))  b", "a AND b"),
        ("« chat noir »", '"chat noir"'),
        ("“chat noir”", '"chat noir"'),
        ("rendez-vous", '"rendez vous"'),
        ("l’Oréal", "oreal"),
        ('l’"Oréal Paris"', '"oreal paris"'),
        ("titre:a langue:FR", "title:a lang:fr"),
        ("lang:(fr OU en)", "lang:fr OR lang:en"),
        ("site:https://www.lemonde.fr/", "site:lemonde.fr"),
        ("raw:(A OR B)", 'raw:"A" OR raw:"B"'),
        ("a , b – c !", "a b c"),
        ("\u200ba\ufeff AND\u200b b", "a b"),
        ("a - b", "a b"),
        ("Paris -- Lyon", "paris lyon"),
        ("#Tag @Moi", "#tag @moi"),
        ("https://palabre.fr/x", '"https palabre fr x"'),
    ],
)
def test_two_ways_to_write_the_same_query(one: str, other: str) -> None:
    assert parse(one) == parse(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a or b", "a OR b"), ("a and b", "a AND b"), ("ou", '"OU" x'), ("a NEAR/5 b", "a NEAR/5f b"),
     ("raw:Paris", "raw:paris"), ("ab*", "ab"), ("~a", "a"), ("title:a", "a"), ("#a", "a"), ("C++", "C")],
)  # fmt: skip
def test_what_looks_alike_is_not_the_same(one: str, other: str) -> None:
    assert parse(one) != parse(other)


@pytest.mark.parametrize(
    ("text", "code", "start", "length"),
    [
        ("", "empty", 0, 0),
        (" , ", "empty", 0, 3),
        ("a AND", "operand_after", 2, 3),
        ("AND a", "operand_before", 0, 3),
        ("a OR OR b", "operand_before", 5, 2),
        ("a (OR b)", "operand_before", 3, 2),
        ("(a OR) b", "operand_after", 3, 2),
        ("a NOT", "operand_after", 2, 3),
        ("a -!", "operand_after", 2, 1),
        ("(a b", "paren_open", 0, 1),
        ("a) b", "paren_extra", 1, 1),
        ("a ()", "group_empty", 2, 2),
        ('a "b c', "quote_open", 2, 1),
        ("« a", "quote_open", 0, 1),
        ("a » b", "quote_extra", 2, 1),
        ("a || b", "symbol", 2, 2),
        ("a & b", "symbol", 2, 1),
        ("*", "no_word", 0, 1),
        ('"?!"', "no_word", 0, 4),
        ("a*b", "star_inside", 1, 1),
        ("a NEAR b", "near_form", 2, 4),
        ("a NEAR/5x b", "near_form", 2, 7),
        ("a NEAR/999 b", "near_form", 2, 8),
        ("a NEAR/5 NOT b", "near_negated", 9, 3),
        ("a NEAR/5 (b c)", "near_operand", 9, 1),
        ("(a b) NEAR/5 c", "near_operand", 6, 6),
        ("titel:a", "field_unknown", 0, 6),
        ("title: a", "field_value", 0, 6),
        ("title:", "field_value", 0, 6),
        ("title:-a", "field_value", 0, 6),
        ("title:(a author:b)", "field_nested", 9, 7),
        ("title:author:b", "field_nested", 6, 7),
        ("lang:français", "lang_value", 5, 8),
        ("country:France", "country_value", 8, 6),
        ("site:%", "site_value", 5, 1),
        ("lang:(fr NEAR/2 en)", "field_near", 9, 6),
        ("lang:fr*", "field_plain", 5, 3),
        ("lang:~fr", "field_plain", 5, 1),
        ("~ a", "mark_value", 0, 1),
        ("~(a b)", "mark_clash", 0, 1),
        ("raw:~a", "mark_clash", 4, 1),
        ("raw:a*", "mark_clash", 4, 2),
        ("a (b OR " * 70 + "c" + ")" * 70, "too_deep", 314, 1),
        ("a" * (MAX_LENGTH + 1), "too_long", MAX_LENGTH, 1),
    ],
)  # fmt: skip
def test_a_bad_query_is_refused_at_its_place(text: str, code: str, start: int, length: int) -> None:
    with pytest.raises(QueryError) as refusal:
        parse(text)
    assert refusal.value.code == code
    assert (refusal.value.start, refusal.value.length) == (start, length)
    assert refusal.value.message("fr") != refusal.value.message("en")
    assert "{" not in refusal.value.message("fr") + refusal.value.message("en")


def test_a_misspelt_field_is_met_with_the_right_one() -> None:
    with pytest.raises(QueryError) as refusal:
        parse("titel:a")
    assert "title:" in refusal.value.message("en")
    assert "did you mean “" in refusal.value.message("en")


def test_a_symbol_is_met_with_the_operator_in_capitals() -> None:
    with pytest.raises(QueryError) as refusal:
        parse("a || b")
    assert "OR" in refusal.value.message("fr")


@pytest.mark.parametrize("query", [
    "(" * 4_999 + "a" + ")" * 4_999,
    " OR ".join(f"mot{n}" for n in range(1_015)),
    "-" + " -".join("abcdefgh" for _ in range(999)),
    "NOT " * 2_500 + "a",
    "a " * 5_000,
    "a" * 10_000,
])  # fmt: skip
def test_ten_thousand_characters_work(query: str) -> None:
    assert len(query) >= 9_980
    assert parse(str(parse(query))) == parse(query)


@given(query_texts)
def test_the_canonical_text_reads_back_as_the_same_query(text: str) -> None:
    query = parse(text)
    assert parse(str(query)) == query
    assert str(parse(str(query))) == str(query)


@given(
    st.text(
        st.sampled_from('ab ()"«»“”*~-#@:/&|!,ANDORTEUSFléœ东\u200b0123456789raw:title:lang:NEAR/5f\n'),
        max_size=60,
    )
)
def test_any_text_is_read_or_refused_inside_itself(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert 0 <= error.start <= error.start + error.length <= len(text)
        assert error.message("fr") and error.message("en")
    else:
        assert parse(str(query)) == query


def test_every_message_exists_in_both_languages() -> None:
    for code, message in MESSAGES.items():
        assert set(message) == {"fr", "en"}, code
        assert " :" not in message["fr"] and " ?" not in message["fr"] and "'" not in message["fr"], code


@given(st.one_of(query_texts, st.text("aéŒN#@*-+\"()~: «»“”'’!&/,.\n×0")))
def test_a_query_is_cut_alike_by_the_grammar_of_latin_letters_and_by_that_of_all(text: str) -> None:
    invisible = "\u200b "
    shifted = [
        (piece.kind, piece.start - 2, piece.end - 2, *piece[3:]) for piece in lexemes(invisible + text)
    ]
    assert [tuple(piece) for piece in lexemes(text)] == shifted
