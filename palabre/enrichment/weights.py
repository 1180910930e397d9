"""The shipped models: linear weights over hashed features, one set for French, English and the rest.

On the path: `analysis` → here. The file is written by tools/train_enrichment.py and described in
docs/develop/models.md; it holds arrays of numbers, never a text, and is read without pickle.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from palabre.enrichment.features import FLAG_LEVELS, FLAGS, NOWHERE, Features, Grams

ARTEFACT = Path(__file__).parent / "models" / "enrichment-1.npz"
"""The weights in use; a new training gets a new number, so that an old figure can be traced to its model."""

VOICES = ("fr", "en", "xx")
"""French, English, and `xx` for every other language."""

Sentiment = Literal["negative", "neutral", "positive"]
SENTIMENTS: tuple[Sentiment, ...] = ("negative", "neutral", "positive")
UNAIDED = tuple(f"{sentiment}, unaided" for sentiment in SENTIMENTS)
OUTPUTS = (*SENTIMENTS, "toxic", "spam", *UNAIDED)
"""Columns of the weights and of the logits they give.

The last three are the sentiment as labels alone taught it: the quality tier, which taught the first three,
would only hear itself in them.
"""
_ROW = 8  # bytes: a row of weights is read as one 64-bit number

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Voice:
    """The weights of one language.

    `buckets` has one row of `_ROW` bytes a bucket, as one integer; `scale` brings them back to weights,
    for words and for letters; `signs` has a row per level of each sign; `bias` is added to all.
    """

    buckets: NDArray[np.int64]
    scale: Scores
    signs: Scores
    bias: Scores

    def score(self, features: Features) -> Scores:
        """Logits of shape (posts, `OUTPUTS`): softmax over the first three, sigmoid for each other."""
        words = self._weigh(features.words)
        letters = self._weigh(features.letters)
        loud = self.signs[features.signs].sum(axis=1)
        return np.asarray(words + letters * LETTERS + loud + self.bias, dtype=np.float32)

    def rows(self, gram: Grams) -> NDArray[np.int16]:
        """The weights of each place of a gram, before `scale`: squares, so that small ones are told apart."""
        roots = self.buckets[gram.index].view(np.int8).reshape(-1, _ROW).astype(np.int16)
        return np.asarray(roots * np.abs(roots), dtype=np.int16)

    def _weigh(self, grams: tuple[Grams, ...]) -> Scores:
        first = grams[0].first
        size = np.diff(first)
        total = np.zeros((first[-1] + 1, _ROW), dtype=np.int32)
        for gram in grams:
            total[:-1] += self.rows(gram)[: first[-1]]
        summed = np.add.reduceat(total, first[:-1], axis=0, dtype=np.int32)[:, : len(OUTPUTS)]
        summed[size == 0] = 0
        return np.asarray(summed / np.sqrt(np.maximum(size, 1))[:, None] * self.scale, dtype=np.float32)


def voice_of(language: str) -> str:
    """The voice that speaks for a language (ISO 639-1)."""
    return language if language in VOICES else VOICES[-1]


LETTERS = 1.0
"""How much runs of letters count against words, before any weight is learnt."""


@cache
def voices() -> dict[str, Voice]:
    """Every voice of the artefact, read once a process.

    Raises `ValueError` if the file was written for other features than these.
    """
    with np.load(ARTEFACT, allow_pickle=False) as stored:
        if int(stored["buckets"]) != NOWHERE or int(stored["signs"]) != FLAGS * FLAG_LEVELS:
            raise ValueError(f"{ARTEFACT.name} was trained on other features")
        return {name: _voice(*(stored[f"{name}_{part}"] for part in PARTS)) for name in VOICES}


PARTS = ("buckets", "scale", "signs", "bias")


def _voice(buckets: NDArray[np.int8], scale: Scores, signs: Scores, bias: Scores) -> Voice:
    padded = np.zeros((NOWHERE + 1, _ROW), dtype=np.int8)
    padded[:NOWHERE, : len(OUTPUTS)] = buckets
    return Voice(padded.view(np.int64).ravel(), scale, signs, bias)
