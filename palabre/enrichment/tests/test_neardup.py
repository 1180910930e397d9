"""Near-duplicates: the same story told again, and stories that only resemble one another."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.enrichment.neardup import SAME_STORY, Fingerprint, fingerprint, fingerprints, similar

STORY = "Nantes : la nouvelle ligne de tramway entrera en service à l’automne, annonce la métropole #tram"

RETOLD = [
    "RT @presse: " + STORY,
    STORY.upper() + " https://t.co/abcdef",
    "Nantes la nouvelle ligne de tramway entrera en service a l'automne, annonce la metropole via @presse 🚋",
    STORY[:62] + "…",
    STORY.replace("nouvelle ", ""),
]


@pytest.mark.parametrize("copy", RETOLD)
def test_a_story_retold_is_a_candidate_and_the_same(copy):
    one, other = fingerprint(STORY), fingerprint(copy)
    assert set(one.bands) & set(other.bands)
    assert similar(one, other) >= SAME_STORY


def test_another_story_of_the_same_town_is_another():
    other = "Nantes : la piscine de la petite Hollande fermera en juillet pour travaux, prévient la mairie"
    assert similar(fingerprint(STORY), fingerprint(other)) < SAME_STORY


def test_a_line_quoted_in_a_long_article_is_not_that_article():
    article = " ".join(
        f"Paragraphe {n} : le conseil a débattu du point {n} de l’ordre du jour." for n in range(40)
    )
    assert similar(fingerprint(STORY), fingerprint(article + STORY)) < SAME_STORY


@given(st.lists(st.one_of(st.text(), st.sampled_from([STORY, *RETOLD, "", STORY * 60])), max_size=12))
def test_texts_together_have_the_fingerprints_they_have_alone(texts: list[str]):
    assert fingerprints(texts) == [fingerprint(text) for text in texts]


def test_a_fingerprint_stays_what_was_stored():
    one = fingerprint(STORY)
    assert one.bands[:2] == (-8939749896833784617, 1942433650709005554)
    assert (len(one.signature), one.signature[:8].hex()) == (292, "4800000048796107")


def test_what_is_too_short_is_never_the_same():
    assert fingerprint("Bonjour à tous !") == Fingerprint()
    assert similar(Fingerprint(), Fingerprint()) == 0
    assert similar(fingerprint("@user http 😀 Merci"), fingerprint(STORY)) == 0


def test_similar_to_itself_and_alike_both_ways():
    one, other = fingerprint(STORY), fingerprint(RETOLD[3])
    assert similar(one, one) == 1
    assert similar(one, other) == similar(other, one)


def test_two_long_articles_are_compared_within_a_few_hundredths():
    words = [f"mot{n}" for n in range(3000)]
    whole, half = " ".join(words), " ".join(words[:2000] + [f"autre{n}" for n in range(1000)])

    def runs(text: str) -> set[str]:
        joined = text.replace(" ", "")
        return {joined[start : start + 4] for start in range(len(joined) - 3)}

    exact = len(runs(whole) & runs(half)) / len(runs(whole) | runs(half))
    contained = 0.9 * len(runs(whole) & runs(half)) / min(len(runs(whole)), len(runs(half)))
    assert similar(fingerprint(whole), fingerprint(half)) == pytest.approx(max(exact, contained), abs=0.1)


def test_bands_fit_a_bigint_and_are_the_same_in_another_process():
    mine = fingerprint(STORY)
    assert len(set(mine.bands)) == 20
    assert all(-(2**63) <= band < 2**63 for band in mine.bands)
    assert len(mine.signature) <= 4 * 257
    code = "import sys; from palabre.enrichment.neardup import fingerprint as f; print(f(sys.argv[1]).bands)"
    other = subprocess.run([sys.executable, "-c", code, STORY], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str(mine.bands)
    assert "Warning" not in other.stderr


def test_chinese_and_broken_text_are_no_fault():
    assert fingerprint("南特新电车线将于秋季投入运营，大都会宣布，市民表示欢迎和期待").bands
    assert fingerprint("\ud83d abcdefghijklmnopqrstuvwxyz").bands
