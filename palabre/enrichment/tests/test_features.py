"""Features: folding, masking, places."""

import numpy as np

from palabre.enrichment.features import FLAG_LEVELS, NOWHERE, features


def words(text: str) -> set[int]:
    return set(features([text]).words[0].index.tolist())


def test_case_apostrophes_digits_and_stretching_make_no_other_word():
    assert words("C’EST SUPEEEER 123") == words("c'est supeer 456")
    assert words("ÉTÉ") == words("été")
    assert words("été") != words("ete")


def test_entities_and_escapes_left_by_exporters_are_read():
    assert words("chiens &amp; chats") == words("chiens & chats")
    assert words("l\\u2019eau") == words("l’eau")


def test_a_negation_marks_what_follows_up_to_the_next_sign():
    def denied(text: str) -> int:
        return int((features([text]).words[3].index != NOWHERE).sum())

    assert denied("ce n'est pas très bon") == 2
    assert denied("pas. très bon") == 0
    assert denied("très bon") == 0


def test_no_run_of_letters_crosses_two_posts():
    alone = features(["abc"]).letters
    beside = features(["xyz", "abc", "uvw"]).letters
    for mine, theirs in zip(alone, beside, strict=True):
        assert np.array_equal(mine.index[: mine.first[1]], theirs.index[theirs.first[1] : theirs.first[2]])


def test_a_link_in_one_post_hides_nothing_of_the_next():
    assert len(features(["voir https://a.example/x", "merci beaucoup"]).words[0].index) == 4


def test_signs_count_how_loud_a_post_is():
    quiet, loud = features(["tout va bien", "TOUT VA BIEN !!! 😡😡"]).signs
    assert quiet[1] % FLAG_LEVELS == 0
    assert loud[1] % FLAG_LEVELS == 3
    assert loud[2] > quiet[2]
    assert loud[10] > quiet[10]


def test_places_lead_back_to_the_text_as_written():
    text = "Ouiii @quelquun &lt; là-bas"
    seen = features(["avant", text])
    first = seen.words[0].first[1]
    gram = seen.words[0]
    spans = [
        text[seen.origin[gram.begin[word]] - seen.base[1] : seen.origin[gram.end[word]] - seen.base[1]]
        for word in range(first, len(gram.begin))
    ]
    assert spans[0] == "Ouiii"
    assert spans[-2:] == ["-", "bas"]
