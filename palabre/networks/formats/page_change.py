"""What was added to a page since it was last looked at, apart from dates, counters and small change."""

import re
from collections.abc import Sequence
from hashlib import blake2b

_FIGURES = re.compile(r"\d+(?:[\s.,:/\u00a0\u202f-]\d+)*")
_DATES = re.compile(
    r"\b(?:janv\w*|f[ée]v\w*|mars|avr\w*|mai|juin|juil\w*|ao[uû]t|sept\w*|oct\w*|nov\w*|d[ée]c\w*|jan\w*|feb\w*|"
    r"mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|mon(?:day)?|"
    r"tue\w*|wed\w*|thu\w*|fri(?:day)?|sat\w*|sun(?:day)?|hier|aujourd.hui|yesterday|today|ago|minutes?|min|"
    r"heures?|hours?|jours?|days?|secondes?|seconds?)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w{2,}")

MAX_MARKS = 1500
"""Lines remembered, the newest first: of this page and of what it was before."""
MIN_WORDS = 3
"""A line of fewer words than this, once dates and figures are gone, is small change."""


def marks_of(text: str) -> list[str]:
    """A short mark for each line that says something, in order; dates and figures do not count."""
    return [mark for line in text.split("\n") if (mark := _mark(line))]


def added(text: str, known: Sequence[str]) -> str:
    """The lines of `text` whose mark is not known, in order."""
    before = set(known)
    fresh = []
    for line in text.split("\n"):
        mark = _mark(line)
        if mark and mark not in before:
            before.add(mark)
            fresh.append(line)
    return "\n".join(fresh)


def remembered(text: str, known: Sequence[str]) -> list[str]:
    """The marks to keep: those of the page now, then older ones, so that what comes back is not new."""
    return list(dict.fromkeys([*marks_of(text), *known]))[:MAX_MARKS]


def _mark(line: str) -> str:
    said = " ".join(_WORD.findall(_DATES.sub(" ", _FIGURES.sub(" ", line)))).casefold()
    if len(said.split()) < MIN_WORDS:
        return ""
    return blake2b(said.encode("utf-8", "replace"), digest_size=5).hexdigest()
