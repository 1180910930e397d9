"""What makes two spellings one word, and what keeps two words apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.kit.text import clean, fold, is_tag, terms, tokens, words

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("aàéÉœßşİı'’-‑_#@+.,&:/ \u00a0\n\u200b\u200d\ufe0f\u0301\u3099カか゛ﾞ東ก็€"),
        st.sampled_from("👍🏽❤👩🚒🏴\U000e0067\U000e007f🇫ls13\u1100\u1161\u11a8"),
        st.characters(),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L’ORÉAL", "oréal"),
        ("jusqu’à", "à"),
        ("ŒUVRE", "oeuvre"),
        ("ex æquo", "EX AEQUO"),
        ("ﬁn", "fin"),
        ("Straße", "STRASSE"),
        ("ﬂo\u00adral", "floral"),
        ("pa\u200bla\u2060bre", "palabre"),
        ("\u202epalabre\u202c", "palabre"),
        ("rendez‑vous", "rendez – vous"),
        ("ＰＡＬＡＢＲＥ", "palabre"),
        ("𝐏𝐚𝐥𝐚𝐛𝐫𝐞", "palabre"),
        ("e\u0301te\u0301", "été"),
        ("pаlаbre", "palabre"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("مُحَمَّد", "محمد"),
        ("ｶﾞｽ", "ガス"),
        ("👍🏽", "👍"),
        ("❤️", "❤"),
        ("l´Oréal", "l`Oreal"),
        ("McDonald’s", "McDonald"),
        ("Palabre™", "palabre"),
        ("aujourd’hui", "AUJOURD'HUI"),
    ],
)
def test_spellings_of_one_word_meet(one: str, other: str) -> None:
    assert terms(one) == terms(other)
    assert terms(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ข้าว", "ขาว"), ("か", "が"), ("👩‍🚒", "👩"), ("🇫🇷", "🇫🇮"), ("3,5", "35"), ("C++", "C"), ("C#", "C"),
     ("AT&T", "AT T"), ("aujourd'hui", "hui"), ("क", "कि")],
)  # fmt: skip
def test_words_with_another_meaning_stay_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("d’« Emily » à l'«Oréal»", ["d", "emily", "a", "oreal"]),
        ("presqu'île prud'homme", ["presqu'ile", "prud'homme"]),
        ("entr’ouvert quelqu’un", ["entr'ouvert", "quelqu'un"]),
        ("rock'n'roll 'cité' don't", ["rock'n'roll", "cite", "don't"]),
        ("porte-monnaie snake_case", ["porte", "monnaie", "snake", "case"]),
        ("C++, C#. (AT&T) .NET asp.net", ["c++", "c#", "at&t", ".net", "asp", "net"]),
        ("3,5 % ou 3.5, 12.10.2026", ["3,5", "ou", "3.5", "12.10.2026"]),
        ("50€ $TSLA", ["50", "€", "$", "tsla"]),
        ("東京iPhone", ["東", "京", "iphone"]),
        ("super👍👍🏽 👨‍👩‍👧🇫🇷", ["super", "👍", "👍", "👨\u200d👩\u200d👧", "🇫🇷"]),
        ("#Saint_Malo", ["#saint_malo", "saint", "malo"]),
        ("x#y C#", ["x", "y", "c#"]),
        ("@marie.dupont, bob@x.fr", ["@marie.dupont", "marie", "dupont", "bob", "x", "fr"]),
        ("@a@masto.fr.", ["@a", "@a@masto.fr", "a", "masto", "fr"]),
        ("Canal+ 1+1", ["canal+", "canal", "1", "1"]),
    ],
)
def test_a_text_is_cut_into_its_words(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_a_token_knows_its_place_in_the_original() -> None:
    text = "Bœuf d’À\u200bcôté #ﬁn e\u0301té"
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "Bœuf", "À\u200bcôté", "#ﬁn", "ﬁn", "e\u0301té",
    ]  # fmt: skip


def test_words_leave_the_tags_out() -> None:
    assert words("Vu chez #Canal_Plus, Canal+") == ["vu", "chez", "canal", "plus", "canal"]


def test_clean_keeps_case_and_accents() -> None:
    assert clean("E\u0301t\u200be\u0301") == "Été"


@given(HOSTILE)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(HOSTILE)
def test_no_token_looks_beyond_white_space(text: str) -> None:
    assert terms(text) == [term for piece in text.split() for term in terms(piece)]


@given(HOSTILE)
def test_terms_are_those_of_the_tokens(text: str) -> None:
    assert terms(text) == [token.term for token in tokens(text)]


@given(HOSTILE)
def test_positions_and_places_are_in_order(text: str) -> None:
    found = tokens(text)
    plain = [token for token in found if token.is_word]
    assert [token.first for token in plain] == list(range(len(plain)))
    assert words(text) == [token.term for token in plain]
    for token in found:
        assert 0 <= token.start < token.end <= len(text)
        assert token.first <= token.last < len(plain)
        assert token.term and not token.term.isspace()


@given(HOSTILE)
def test_a_word_found_is_found_again_by_itself(text: str) -> None:
    for token in tokens(text):
        assert token.term in terms(text[token.start : token.end]) or is_tag(token.term) or "&" in token.term
