"""Cutting texts into bytes and pieces loses no word, and what is kept of a piece is that piece's alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.kit.text import terms
from palabre.query import Document, Index, parse
from palabre.query.table import _Cut
from palabre.query.tests.made import texts


def _pieces(*bodies: str) -> list[str]:
    cut = _Cut(bodies)
    return list(cut.pieces(np.arange(len(cut.starts))))


def test_pieces_lose_their_capitals_and_one_closing_mark() -> None:
    assert _pieces("Le Prix,  monte !\tÉté.", "", "C++; v1.2...") == (
        ["le", "prix", "monte", "!", "Été", "c++", "v1.2.."]
    )


@given(st.one_of(texts(), st.text(), st.text("aA0'’.,;!?:+#@&-_ /\x00\x1f\x7f\n\u0301\u200d👍é东")))
def test_the_pieces_say_what_the_text_says(text: str) -> None:
    assert [term for piece in _pieces(text) for term in terms(piece)] == terms(text)


@pytest.mark.parametrize("other", ["anticonstitutions", "anticonstitution", "anticonsti", "antjconsti"])
def test_pieces_alike_in_part_are_told_apart(other: str) -> None:
    index = Index([("a", parse("anticonstitutionnellement OR anticons")), ("b", parse(other))])
    posts = [Document(text=word) for word in ("anticonstitutionnel", "anticons", other, other[:8])]
    for _ in range(2):
        assert [set(found) for found in index.match_many(posts)] == [
            set(),
            {"a"},
            {"b"},
            {"a"} if other[:8] == "anticons" else set(),
        ]
