"""Which language a post is written in: `eldc`, with a say for the odds where there is little to read.

On the path: `analysis` → here. Measured on tweets and newspaper sentences in docs/develop/models.md.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import eldc
import numpy as np

UNKNOWN = "und"
"""ISO 639-2 for undetermined: a text without letters, or in a script nobody listed."""

_SHORT = 24  # characters; beyond, the letters speak louder than any prior
_COMMON = dict.fromkeys(("en", "es", "de", "it", "pt", "nl"), 1.0) | {"fr": 0.8}
_USUAL = dict.fromkeys(
    ("ar", "ca", "cs", "da", "fi", "hi", "ja", "no", "pl", "ro", "ru", "sv", "tr", "zh"), 0.5
)
_ODDS = _USUAL | _COMMON
_SHARPNESS = 20.0  # makes the mean of the scores equal the share of right answers on langid_dev
_DECLARED = 3.0  # log-odds given to the language a network says the post is in


class Guess(NamedTuple):
    """A language (ISO 639-1, or `UNKNOWN` with score 0) and the probability that it is that one."""

    language: str
    score: float


@cache
def _detector() -> eldc.Result:
    eldc.init()
    own = eldc.instance()  # other users of the library in this process keep their own settings
    own.set_scores(12)
    return own


def detect(text: str, declared: str | None = None) -> Guess:
    """The language of one text; `declared` (ISO 639-1, a region is ignored) counts without deciding."""
    scores: dict[str, float] = _detector().detect_details(_encodable(text)).scores
    declared = declared.partition("-")[0].lower() if declared else None
    if not scores:
        return Guess(declared, 0.0) if declared else Guess(UNKNOWN, 0.0)
    codes = list(scores)
    logits = np.array([scores[code] * _SHARPNESS for code in codes])
    if len(text) <= _SHORT:
        logits += [_ODDS.get(code, 0.0) for code in codes]
    if declared in scores:
        logits[codes.index(declared)] += _DECLARED
    odds = np.exp(logits - logits.max())
    best = int(odds.argmax())
    return Guess(codes[best], float(odds[best] / odds.sum()))


def _encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which exporters that cut by UTF-16 leave behind."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def detect_all(texts: Sequence[str], declared: Sequence[str | None] | None = None) -> list[Guess]:
    """`detect` for each text, in order."""
    return [detect(text, said) for text, said in zip(texts, declared or [None] * len(texts), strict=True)]
