"""What stands between braces, and which wording is taken."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from palabre.inbox.saved.rules import VARIABLES, filled, first_name, in_order, plain, shortcut, unknown


@dataclass(frozen=True)
class Said:
    language: str
    tone: str


def test_variables_are_known_in_both_languages_whatever_their_case() -> None:
    known = {"first_name": "Aïcha", "brand": "Café Baobab"}
    for text in ("{first name} · {brand}", "{prénom} · {marque}", "{ PRENOM } · {Marque}"):
        assert filled(text, known) == "Aïcha · Café Baobab"
        assert unknown(text) == []


def test_an_unknown_word_is_told_at_its_place() -> None:
    (found,) = unknown("Bonjour {prénom},\nvotre {colis} arrive.")
    assert (found.name, found.line, found.column) == ("colis", 2, 7)


def test_empty_braces_and_words_nobody_knows_are_refused() -> None:
    assert [one.name for one in unknown("{} {x y} {nom}")] == ["", "x y"]


def test_what_is_filled_in_is_never_read_as_a_variable() -> None:
    assert filled("{name} {me}", {"name": "{me}", "me": "Inès"}) == "{me} Inès"


@given(st.text(), st.sampled_from([word for words in VARIABLES.values() for word in words]))
def test_a_name_comes_out_as_it_is_on_one_line(name: str, word: str) -> None:
    key = next(key for key, words in VARIABLES.items() if word in words)
    assert filled(f"<{{{word}}}>", {key: plain(name)}) == f"<{plain(name)}>"
    assert "\n" not in plain(name)


def test_the_first_name_is_the_first_word_with_letters() -> None:
    assert first_name("🌸 Awa 🌸 Nénuphar") == "Awa"
    assert first_name("Noé,  Pimprenelle") == "Noé"
    assert first_name("🌸") == "🌸"
    assert first_name("") == ""


def test_the_language_of_the_conversation_comes_first_then_any_then_the_brands() -> None:
    french, english, any_, german = (
        Said("fr", "plain"),
        Said("en", "plain"),
        Said("", "plain"),
        Said("de", "warm"),
    )
    assert in_order([french, any_, english, german], ["en", "fr"])[0] is english
    assert in_order([french, any_, german], ["en", "fr"])[0] is french
    assert in_order([any_, german], ["en", "fr"])[0] is any_
    assert in_order([german], ["en", "fr"]) == [german]


def test_within_a_language_the_tone_that_is_wanted_comes_first_else_the_plain_one() -> None:
    sorry, warm, plain_ = Said("fr", "sorry"), Said("fr", "warm"), Said("fr", "plain")
    assert in_order([sorry, warm, plain_], ["fr"])[0] is plain_
    assert in_order([plain_, sorry, warm], ["fr"], "sorry")[0] is sorry


def test_a_shortcut_is_kept_as_it_is_typed_in_an_answer() -> None:
    assert shortcut("/Heures d’ouverture !") == "heures-d-ouverture"
    assert shortcut("//") == ""
