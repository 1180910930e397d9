"""Finding words: whole, folded, starred, in a row, in capitals, and however they hide."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.kit.text import words
from palabre.moderation.wordlists.acts import WordAct, way
from palabre.moderation.wordlists.exchange import MOST_ENTRIES, Row, as_csv, as_text, bring
from palabre.moderation.wordlists.rules import Entry, Hit, Matcher, WordError, censored, read, rewritten
from palabre.networks.moderating import Act


def found(entry: str, text: str, *, cased: bool = False, disguised: bool = True) -> list[str]:
    """What is found of one entry, as the text has it."""
    matcher = Matcher([read(Entry(text=entry, cased=cased))], disguised=disguised)
    return [text[hit.start : hit.end] for hit in matcher.find(text)]


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("arnaque", "Quelle ARNAQUE !", ["ARNAQUE"]),
        ("arnaque", "des arnaques", []),
        ("arnaqu*", "des arnaqueurs, une arnaque", ["arnaqueurs", "arnaque"]),
        ("*tube*", "sur YouTube et PeerTube", ["YouTube", "PeerTube"]),
        ("nul*chier", "nul à chier", []),
        ("nul * chier", "c’est NUL à chier !", ["NUL à chier"]),
        ("fils de chien", "Fils  de\nchien", ["Fils  de\nchien"]),
        ("arnaque", "l’arnaque", ["arnaque"]),
        ("cœur", "COEUR et cœur", ["COEUR", "cœur"]),
        ("#promo", "promo #Promo", ["#Promo"]),
        ("promo", "promo #Promo", ["promo", "Promo"]),
        ("操", "我操你", ["操"]),
        ("操*", "我操", ["操"]),
        ("дурак", "ты ДУРАК?", ["ДУРАК"]),
        ("🖕", "et toi 🖕", ["🖕"]),
    ],
)
def test_a_word_is_found_whole_and_however_it_is_spelt(entry: str, text: str, expected: list[str]) -> None:
    assert found(entry, text, disguised=False) == expected


@pytest.mark.parametrize(
    "hidden",
    ["c\u200bonnard", "cоnnard", "ｃｏｎｎａｒｄ", "cönnàrd", "con\u00adnard", "𝐜𝐨𝐧𝐧𝐚𝐫𝐝", "CONNARD"],
)
def test_what_folding_undoes_hides_nothing(hidden: str) -> None:
    assert found("connard", f"espèce de {hidden} !", disguised=False) == [hidden]


@pytest.mark.parametrize(
    "hidden",
    ["c0nn4rd", "coooonnard", "c.o.n.n.a.r.d", "c-o-n-n-a-r-d", "c o n n a r d", "conn@rd", "(c0nnard)"],
)
def test_digits_signs_and_spaces_hide_nothing_unless_the_list_says_so(hidden: str) -> None:
    text = f"Espèce de {hidden}."
    assert [one.strip("().") for one in found("connard", text)] == [hidden.strip("()")]
    assert found("connard", text, disguised=False) == []


@pytest.mark.parametrize(
    "innocent", ["d’âme", "le 06 12 34 56 78", "B2B", "la vie à Y", "https://x.fr/c0nnard"]
)
def test_a_disguise_is_not_seen_in_everything(innocent: str) -> None:
    assert found("dame", innocent) == found("connard", innocent) == []


def test_capitals_count_where_the_entry_says_so() -> None:
    assert found("MLM", "du mlm, du MLM", cased=True) == ["MLM"]
    assert found("Été*", "Étés étés ÉTÉS Etés", cased=True) == ["Étés", "Etés"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("!!!", "empty"),
        ("*", "wide"),
        ("a*", "wide"),
        ("* *", "wide"),
        ("x" * 101, "long"),
        ("a b c d e f g h i", "many"),
        ("@jeanne", "person"),
        ("jeanne@example.org", "person"),
        ("06 12 34 56 78", "person"),
    ],
)
def test_an_entry_that_cannot_be_looked_for_says_why(text: str, code: str) -> None:
    with pytest.raises(WordError) as refused:
        read(Entry(text=text))
    assert refused.value.code == code


letters = st.text(alphabet="abà1 *#'", min_size=1, max_size=8)


@given(st.lists(letters, max_size=6), st.text(alphabet="abàÀ1 #'.-", max_size=30))
def test_the_matcher_finds_what_a_plain_evaluator_finds(entries: list[str], text: str) -> None:
    patterns = []
    for place, entry in enumerate(entries):
        try:
            pattern = read(Entry(text=entry), place)
        except WordError:
            continue
        if not pattern.is_tag:
            patterns.append(pattern)
    said = words(text)
    expected = set()
    for pattern in patterns:
        globs = [".*".join(map(re.escape, word.parts)) for word in pattern.words]
        for start in range(len(said) - len(globs) + 1):
            if all(re.fullmatch(glob, said[start + at]) for at, glob in enumerate(globs)):
                expected.add((pattern.entry, start))
    hits = Matcher(patterns, disguised=False).find(text)
    places = _places(text)
    assert {(hit.entry, places.index(hit.start)) for hit in hits} == expected


def _places(text: str) -> list[int]:
    from palabre.kit.text import tokens

    return [token.start for token in tokens(text) if token.is_word]


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=12), max_size=5))
def test_no_text_and_no_list_breaks_the_matcher(text: str, entries: list[str]) -> None:
    patterns = []
    for place, entry in enumerate(entries):
        try:
            patterns.append(read(Entry(text=entry), place))
        except WordError:
            continue
    hits = Matcher(patterns).find(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert len(censored(text, hits)) == len(text)


def test_of_a_text_without_end_the_first_part_is_read() -> None:
    assert found("arnaque", "a " * 10_000 + "arnaque") == []
    assert len(found("a*a", "aaaa " * 4_000)) == 200


def test_words_that_overlap_are_said_otherwise_once() -> None:
    hits = (Hit(0, 3, 0), Hit(0, 7, 1), Hit(4, 7, 0), Hit(8, 10, 0))
    assert rewritten("bon ami à", hits, lambda hit, said: f"<{said}>") == "<bon ami> <à>"
    assert censored("bon ami", hits[:2]) == "■■■ ■■■"


def test_what_a_list_comes_to_is_known_for_each_network() -> None:
    assert way(WordAct.CENSOR, {Act.REWRITE}).act is Act.REWRITE
    second = way(WordAct.CENSOR, {Act.HIDE})
    assert (second.act, second.is_second, second.reviewed) == (Act.HIDE, True, True)
    lost = way(WordAct.REPLACE, {Act.HIDE})
    assert (lost.act, lost.reviewed) == (None, True)
    assert not way(WordAct.TAG, set()).reviewed
    assert way(WordAct.FLAG, set(Act)).act is None


def test_a_list_comes_in_as_discourse_gives_it_out() -> None:
    rows = (Row(text="crétin"), Row(text="le, mot", replacement="l’autre"), Row(text="MLM", cased=True))
    assert bring(as_csv(rows)).rows == rows
    assert [row.text for row in bring("\ufeffword,replacement\nun\n\n// note\nun\ndeux;2\n").rows] == [
        "un",
        "deux",
    ]
    assert as_text(rows[::2]) == "crétin\nMLM\n"


def test_lines_that_are_no_entries_are_told_with_their_number() -> None:
    brought = bring("bon\n*\n@jeanne\n")
    assert [(one.line, one.code) for one in brought.refused] == [(2, "wide"), (3, "person")]
    assert [one.code for one in bring("mot", replaces=True).refused] == ["bare"]
    many = bring("\n".join(f"mot{n}" for n in range(MOST_ENTRIES + 2)))
    assert (len(many.rows), [one.code for one in many.refused]) == (MOST_ENTRIES, ["full", "full"])
