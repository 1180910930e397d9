"""Several search words, several pages each, one call at a time: the cursor of every word search.

A round asks for each word in turn, page after page, down to where the last round began. A word that
was added since has no past yet and gets all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from palabre.networks.contract import Cursor

PAGES_AT_MOST = 10
"""Pages of one word in one round: a word that is everywhere must not starve the others."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """Where a search stands; `since`, `page` and `newest` are opaque to all but the network.

    `since` is where the last round of this word began, `newest` where this one does.
    """

    words: tuple[str, ...]
    word: str
    page: str | None = None
    newest: str | None = None
    walked: int = 0
    marks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: Cursor | None, words: tuple[str, ...]) -> "Round":
        """The round that `cursor` is in the middle of, or a new one. ValueError without any word."""
        if not words:
            raise ValueError("a search needs a word")
        kept: Mapping[str, Any] = cursor or {}
        marks = {word: mark for word, mark in dict(kept.get("marks") or {}).items() if word in words}
        word = kept.get("word")
        if word not in words:  # none in hand, or the topic dropped it
            return cls(words=words, word=words[0], marks=marks)
        return cls(
            words=words,
            word=word,
            page=kept.get("page"),
            newest=kept.get("newest"),
            walked=int(kept.get("walked") or 0),
            marks=marks,
        )

    @property
    def since(self) -> str | None:
        """Where the last round of this word began; None when it has no past."""
        return self.marks.get(self.word)

    def next(self, *, page: str | None, newest: str | None) -> tuple[dict[str, Any], bool]:
        """The cursor after a call, and whether the round goes on.

        `page` asks for the word's next page, None when it is done. `newest` is what this call saw at
        the top; only that of the word's first page counts.
        """
        mark = self.newest if self.walked else newest
        if page is not None and self.walked + 1 < PAGES_AT_MOST:
            held = {"word": self.word, "page": page, "newest": mark, "walked": self.walked + 1}
            return {"marks": dict(self.marks), **held}, True
        marks = dict(self.marks)
        if mark is not None:
            marks[self.word] = mark
        place = self.words.index(self.word) + 1
        if place < len(self.words):
            return {"marks": marks, "word": self.words[place]}, True
        return {"marks": marks}, False
