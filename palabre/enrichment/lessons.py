"""What a brand's corrections teach: a shift of the sentiment of posts that resemble those corrected.

On the path: a person corrects a guess → `learn` → bytes kept with the brand → `analyse(…, adjustment=…)`.

The shipped weights stay as they are. A lesson is remembered by the hashes of its longer words, pairs and
runs of five letters; a post moves as far as it shares them (cosine of the two sets), and one that shares
few does not move at all. How far each lesson pulls is solved for together (kernel ridge regression), so
that lessons that resemble one another do not add up and lessons that contradict one another meet half-way.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from palabre.enrichment.features import Features, Grams, features
from palabre.enrichment.weights import SENTIMENTS, Scores, voice_of, voices

NEWEST = 2000
"""Lessons that count; beyond, the oldest are forgotten."""

_RESEMBLES = 0.15
"""Cosine under which two posts have nothing to teach one another: strangers in one language stay below."""

_MARGIN = 1.0  # logits by which the taught answer leads the others once learnt
_DOUBT = 0.05  # ridge: how far a lesson may be left unlearnt where others speak against it
_LONG = 4  # letters of a word that says what a post is about


@dataclass(frozen=True)
class Lesson:
    """A guess that a person corrected: the text, its language (ISO 639-1), the right sentiment."""

    text: str
    language: str
    label: str


@dataclass(frozen=True)
class Adjustment:
    """What lessons come to. `bucket[i]` occurs in `lesson[i]`, ordered by bucket; `pull` is in logits."""

    bucket: NDArray[np.int32]
    lesson: NDArray[np.int32]
    size: Scores
    pull: Scores

    def apply(self, seen: Features) -> Scores:
        """The logits (posts, 3) to add to negative, neutral and positive; rows of zeros for most posts."""
        if not len(self.size):
            return np.zeros((len(seen), len(SENTIMENTS)), dtype=np.float32)
        return np.asarray(_kernel(self, _topics(seen)) @ self.pull, dtype=np.float32)

    def to_bytes(self) -> bytes:
        """Arrays of numbers, to keep with the brand (numpy's npz, no pickle, no text)."""
        stored = io.BytesIO()
        np.savez_compressed(stored, **{field.name: getattr(self, field.name) for field in fields(self)})
        return stored.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """What `to_bytes` gave; raises `ValueError` for anything else."""
        try:
            with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
                return cls(**{field.name: arrays[field.name] for field in fields(cls)})
        except (ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ValueError("no lessons are stored in these bytes") from error


@dataclass(frozen=True)
class _Topics:
    """The distinct buckets of each post: pairs (post, bucket) in order of post, and their number."""

    post: NDArray[np.int64]
    bucket: NDArray[np.int64]
    size: Scores


def learn(lessons: Sequence[Lesson]) -> Adjustment:
    """Learn corrections, oldest first: of two on the same text the later counts, as do the newest `NEWEST`.

    Raises `ValueError` for a label that is not negative, neutral or positive.
    """
    latest: dict[str, Lesson] = {}
    for lesson in reversed(lessons):
        latest.setdefault(lesson.text, lesson)
    kept = list(latest.values())[:NEWEST]
    for lesson in kept:
        if lesson.label not in SENTIMENTS:
            raise ValueError(f"no such sentiment: {lesson.label!r}")
    if not kept:
        nothing = np.zeros(0, dtype=np.int32)
        return Adjustment(nothing, nothing, np.zeros(0, np.float32), np.zeros((0, 3), np.float32))
    seen = features([lesson.text for lesson in kept])
    topics = _topics(seen)
    order = np.argsort(topics.bucket, kind="stable")
    blank = Adjustment(
        bucket=topics.bucket[order].astype(np.int32),
        lesson=topics.post[order].astype(np.int32),
        size=topics.size,
        pull=np.zeros((len(kept), len(SENTIMENTS)), dtype=np.float32),
    )
    alike = _kernel(blank, topics) + _DOUBT * np.eye(len(kept))
    pull = np.linalg.solve(alike, _missing(kept))
    return Adjustment(blank.bucket, blank.lesson, blank.size, pull.astype(np.float32))


def _missing(lessons: Sequence[Lesson]) -> NDArray[np.float64]:
    """For each lesson the logits that would let its label lead by `_MARGIN`; nothing where it does."""
    shift = np.zeros((len(lessons), len(SENTIMENTS)))
    spoken = voices()
    for row, lesson in enumerate(lessons):
        logits = spoken[voice_of(lesson.language)].score(features([lesson.text]))[0, : len(SENTIMENTS)]
        right = SENTIMENTS.index(lesson.label)
        gap = max(float(np.delete(logits, right).max() - logits[right]) + _MARGIN, 0.0)
        shift[row] = -gap / 3
        shift[row, right] = gap * 2 / 3
    return shift


def _topics(seen: Features) -> _Topics:
    """Longer words, pairs with one, and runs of five letters, each once a post."""
    alone, pairs = seen.words[0], seen.words[1]
    long = alone.end - alone.begin >= _LONG
    paired = long | np.append(long[1:], False)
    chosen = [(alone, long), (pairs, paired), (seen.letters[-1], None)]
    number = np.concatenate([_numbered(gram, keep) for gram, keep in chosen])
    post, bucket = np.divmod(np.unique(number), _SPACE)
    size = np.maximum(np.bincount(post, minlength=len(seen)), 1).astype(np.float32)
    return _Topics(post, bucket, size)


_SPACE = 1 << 32


def _numbered(gram: Grams, keep: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """Post and bucket of each place of a gram in one number, what is no feature left out."""
    post = np.repeat(np.arange(len(gram.first) - 1), np.diff(gram.first))
    index = gram.index[: gram.first[-1]]
    real = gram.real[: gram.first[-1]]
    if keep is not None:
        real = real & keep[: gram.first[-1]]
    return post[real] * _SPACE + index[real]


def _kernel(known: Adjustment, topics: _Topics) -> Scores:
    """How much each post resembles each lesson, from 0 (as strangers do) to 1 (the same)."""
    start = np.searchsorted(known.bucket, topics.bucket, side="left")
    count = np.searchsorted(known.bucket, topics.bucket, side="right") - start
    post = np.repeat(topics.post, count)
    ends = np.cumsum(count)
    within = np.arange(len(post)) - np.repeat(ends - count, count)
    lesson = known.lesson[np.repeat(start, count) + within]
    shape = (len(topics.size), len(known.size))
    shared = np.bincount(post * shape[1] + lesson, minlength=shape[0] * shape[1]).reshape(shape)
    cosine = shared / np.sqrt(np.outer(topics.size, known.size))
    return np.asarray(np.maximum(cosine - _RESEMBLES, 0) / (1 - _RESEMBLES), dtype=np.float32)
