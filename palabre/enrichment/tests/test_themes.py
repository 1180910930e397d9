"""Themes: texts of a kind come together, and their name is what they alone say."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.enrichment.themes import (
    FEWEST,
    LEAST,
    NAMES,
    TRIED,
    Said,
    contrast,
    grouped,
    meanings,
    silhouettes,
    themes,
)
from palabre.enrichment.weights import Scores
from tests.shared import SHARED, needs_shared

ABOUT = {
    "attente": ["Quarante minutes d'attente au café Baobab", "Trop de temps d'attente au Baobab hier soir"],
    "gâteau": ["Le gâteau au chocolat du Baobab est délicieux", "Un gâteau au chocolat, le Baobab me gâte"],
    "concert": ["Un concert de jazz samedi au Baobab", "Au Baobab, le concert de jazz était plein"],
    "terrasse": ["La terrasse du Baobab au soleil, enfin", "Baobab : la terrasse au soleil rouvre lundi"],
    "prix": ["Le prix du café augmente encore au Baobab", "Baobab : encore une hausse du prix du café"],
}
DULL = [
    "le",
    "la",
    "du",
    "de",
    "au",
    "un",
    "une",
    "enfin",
    "encore",
    "trop",
    "est",
    "me",
    "hier",
    "soir",
    "etait",
    "plein",
    "lundi",
]


def heap(each: int = 16, *, noise: float = 0.3) -> tuple[list[Said], list[str], Scores]:
    """Texts about five things, told apart by numbers after them; vectors as a model would see them."""
    dice = np.random.default_rng(7)
    directions = dice.normal(size=(len(ABOUT), 384))
    said, about, rows = [], [], []
    for turn in range(each):
        for direction, (name, texts) in zip(directions, ABOUT.items(), strict=True):
            said.append(Said(text=f"{texts[turn % 2]} {turn}", language="fr"))
            about.append(name)
            rows.append(direction + noise * dice.normal(size=384))
    vectors = np.array(rows, dtype=np.float32)
    return said, about, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_each_thing_is_a_theme_named_by_its_own_words() -> None:
    said, about, vectors = heap()
    found = themes(said, vectors, own=["baobab"], dull=DULL)
    for theme in found:
        [thing] = {about[place] for place in theme.members}
        assert thing in theme.name, "named by what it speaks of"
        assert "baobab" not in theme.name.lower(), "what all texts name tells nothing"
        assert len(theme.grams) <= NAMES
        assert set(theme.examples) <= set(theme.members)
    assert sorted(place for theme in found for place in theme.members) == list(range(len(said)))
    assert {about[theme.members[0]] for theme in found} == set(ABOUT)


def test_a_longer_run_takes_the_place_of_its_word() -> None:
    said, _, vectors = heap()
    names = [theme.name for theme in themes(said, vectors, own=["baobab"], dull=DULL)]
    assert any("concert de jazz" in name for name in names)
    assert any("gâteau au chocolat" in name for name in names)
    for name in names:
        words = [word for part in name.split(" · ") for word in part.split()]
        assert len(words) == len(set(words)), f"a word twice: {name}"


def test_no_two_themes_have_one_name() -> None:
    said = [Said(text="Le concert de jazz aura lieu", language="fr")] * 60
    _, _, vectors = heap()
    found = themes([*said, *(Said(text=f"Autre chose {n}") for n in range(20))], vectors, dull=DULL)
    names = [frozenset(gram.terms for gram in theme.grams) for theme in found]
    assert len(names) == len(set(names))


def test_the_same_heap_gives_the_same_themes() -> None:
    said, _, vectors = heap(noise=1.0)
    assert themes(said, vectors, dull=DULL) == themes(list(said), vectors.copy(), dull=DULL)


def test_few_texts_are_no_heap() -> None:
    said, _, vectors = heap(5)
    assert themes(said[: LEAST - 1], vectors[: LEAST - 1]) == []
    assert themes([], vectors[:0]) == []


def test_a_story_told_forty_times_counts_once_for_the_names_and_forty_times_for_the_size() -> None:
    said, _, vectors = heap()
    retold = [Said(text="Le maire inaugure la terrasse du Baobab", language="fr", story=9)] * 40
    told = np.vstack([vectors, np.tile(vectors[3], (40, 1))])
    found = themes([*said, *retold], told, own=["baobab"], dull=DULL)
    largest = found[0]
    assert len(largest.members) == 56
    assert "maire" not in largest.name, "one text said it"
    heads = [place for place in largest.examples if place >= len(said)]
    assert len(heads) <= 1, "a story is one example"


def test_languages_do_not_make_groups() -> None:
    said, _, vectors = heap()
    tongue = np.random.default_rng(3).normal(size=384).astype(np.float32)
    english = [Said(text=one.text.replace("le ", "the "), language="en") for one in said]
    both = np.vstack([vectors, vectors + 3 * tongue])
    points = meanings(both, ["fr"] * len(said) + ["en"] * len(english))
    groups, _ = grouped(points)
    halves = len(said)
    assert (groups[:halves] == groups[halves:]).mean() > 0.95, "the same thing in two languages is one group"


@pytest.mark.parametrize(
    "texts", [[""] * 40, ["1234 5678"] * 40, ["a"] * 40, ["\0 \ud83d http://x.fr @moi"] * 40]
)
def test_what_says_nothing_has_no_theme(texts: list[str]) -> None:
    vectors = np.ones((40, 384), dtype=np.float32)
    assert themes([Said(text=text) for text in texts], vectors) == []


def test_links_handles_and_numbers_are_in_no_name() -> None:
    said, _, vectors = heap()
    marked = [Said(text=f"@client {one.text} https://baobab.example/x 2026", language="fr") for one in said]
    for theme in themes(marked, vectors, own=["baobab"], dull=DULL):
        assert not {"client", "https", "example", "2026"} & set(theme.name.split())


def test_other_languages_do_without_a_list_of_dull_words() -> None:
    dice = np.random.default_rng(1)
    things = ["Lieferung", "Rechnung", "Werkstatt", "Gutschein"]
    said = [Said(text=f"Das ist wirklich die {thing} und nicht mehr", language="de") for thing in things * 12]
    vectors = np.eye(384, dtype=np.float32)[[0, 1, 2, 3] * 12] + 0.01 * dice.normal(size=(48, 384)).astype(
        "f4"
    )
    assert {theme.name for theme in themes(said, vectors)} == set(things)


def test_scripts_without_spaces_have_names_of_two_characters_or_more() -> None:
    things = ["配送", "发票", "维修", "门店"]
    said = [Said(text=f"我们的{thing}很好", language="zh") for thing in things * 12]
    vectors = np.eye(384, dtype=np.float32)[[0, 1, 2, 3] * 12]
    assert all(any(thing in theme.name for thing in things) for theme in themes(said, vectors))
    assert len(themes(said, vectors)) == len(things)


def test_what_sets_texts_apart() -> None:
    inside = [Said(text=f"La batterie du vélo chauffe, {n} degrés", language="fr") for n in range(8)]
    outside = [Said(text=f"Le vélo roule bien, étape {n}", language="fr") for n in range(40)]
    grams = contrast(inside, outside, own=["velo"], dull=["la", "du", "le"])
    assert grams[0].words in ("batterie", "chauffe", "degrés")
    assert (grams[0].inside, grams[0].outside) == (8, 0)
    assert contrast([], []) == contrast(inside, inside) == ()


@given(st.integers(min_value=2, max_value=60), st.integers(min_value=0, max_value=2**31))
def test_silhouettes_are_what_their_definition_says(points: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    rows = dice.normal(size=(points, 5)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    groups = dice.integers(0, 4, size=points)
    if len(set(groups.tolist())) < 2:
        return
    found = silhouettes(rows, groups)
    far = 1.0 - rows @ rows.T
    for i in range(points):
        own = [j for j in range(points) if groups[j] == groups[i] and j != i]
        if not own:
            assert found[i] == 0
            continue
        near = far[i, own].mean()
        other = min(far[i, groups == g].mean() for g in set(groups.tolist()) - {int(groups[i])})
        assert found[i] == pytest.approx((other - near) / max(near, other, 1e-9), abs=1e-3)


@needs_shared
def test_real_posts_of_two_kinds_come_apart() -> None:
    """Text messages and comments under videos, with the words alone as vectors."""
    lines = (SHARED / "data" / "nlp" / "spam_train.tsv").read_text(encoding="utf-8").split("\n")[1:]
    rows = [line.split("\t") for line in lines if line.startswith("en\tham")]
    kinds = {kind: [row for row in rows if row[2] == kind][:150] for kind in ("sms", "youtube")}
    both = [row for some in kinds.values() for row in some]
    found = themes([Said(text=row[3], language="en") for row in both], _alphabet([row[3] for row in both]))
    for theme in found:
        held = [both[place][2] for place in theme.members]
        assert len(held) >= FEWEST
    assert 1 <= len(found) <= max(TRIED)
    assert sum(len(theme.members) for theme in found) > len(both) / 2


def _alphabet(texts: Sequence[str]) -> Scores:
    """A poor model: how often each letter comes."""
    rows = np.array([[text.lower().count(chr(code)) for code in range(32, 127)] for text in texts], "f4")
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)
