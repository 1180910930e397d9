"""What a post says, and in what tone: language, sentiment, toxicity and spam, each with its score.

On the path: intake's enrich stage → here → language, features, weights. Guesses, for people to correct:
toxicity and spam rank what a person should look at first, they judge nobody. What the labels mean, on what
the models were trained and how often they err is in docs/develop/models.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, starmap
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from palabre.enrichment.features import LONGEST, Features, Grams, features
from palabre.enrichment.language import Guess, detect_all
from palabre.enrichment.lessons import Adjustment
from palabre.enrichment.weights import (
    LETTERS,
    OUTPUTS,
    SENTIMENTS,
    Scores,
    Sentiment,
    Voice,
    voice_of,
    voices,
)

Task = Literal["sentiment", "toxicity", "spam"]

_TOXIC, _SPAM = OUTPUTS.index("toxic"), OUTPUTS.index("spam")
_BATCH = 50_000  # characters at a time: the arrays of a batch stay in the processor's cache


@dataclass(frozen=True)
class Analysis:
    """A guess about one post.

    `language` is ISO 639-1 (`und` if there is nothing to read), `sentiment_scores` are the probabilities
    of negative, neutral, positive in that order; every score is between 0 and 1, and `toxic` and `spam`
    are their scores above a half.
    """

    language: str
    language_score: float
    sentiment: Sentiment
    sentiment_scores: tuple[float, float, float]
    toxic: bool
    toxicity_score: float
    spam: bool
    spam_score: float


@dataclass(frozen=True)
class Reason:
    """A word that weighed on a guess, and its place `start:end` in the text.

    `weight` is above 0 where it spoke for the sentiment guessed, or for toxicity, or for spam.
    """

    word: str
    weight: float
    start: int
    end: int


def analyse(
    texts: Sequence[str],
    languages: Sequence[str | None] | None = None,
    *,
    adjustment: Adjustment | None = None,
) -> list[Analysis]:
    """One analysis a text, in order; much faster for hundreds together than one by one.

    `languages` are those the networks declare (they count, they do not decide); `adjustment` is what a
    brand's corrections have taught.
    """
    found: list[Analysis] = []
    for start, stop in _batches(texts):
        declared = languages[start:stop] if languages is not None else None
        found += _analyse(texts[start:stop], declared, adjustment)
    return found


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut into runs of at most `_BATCH` characters, or one text."""
    start = size = 0
    for place, text in enumerate(texts):
        length = min(len(text), LONGEST)
        if size and size + length > _BATCH:
            yield start, place
            start, size = place, 0
        size += length + 1
    if start < len(texts):
        yield start, len(texts)


def _analyse(
    texts: Sequence[str], declared: Sequence[str | None] | None, adjustment: Adjustment | None
) -> list[Analysis]:
    guesses = detect_all(texts, declared)
    return analyses(guesses, ngrams(texts, guesses, adjustment))


def ngrams(texts: Sequence[str], guesses: Sequence[Guess], adjustment: Adjustment | None = None) -> Scores:
    """The logits of `weights.OUTPUTS` for each text, by the voice of its language."""
    logits = np.zeros((len(texts), len(OUTPUTS)), dtype=np.float32)
    if not len(texts):
        return logits
    of_voice: dict[str, list[int]] = {}
    for place, guess in enumerate(guesses):
        of_voice.setdefault(voice_of(guess.language), []).append(place)
    # Read together and weighed apart: reading a few posts costs as much as reading many.
    every = features([texts[place] for places in of_voice.values() for place in places])
    stop = 0
    for name, places in of_voice.items():
        start, stop = stop, stop + len(places)
        seen = every if len(of_voice) == 1 else every.part(start, stop)
        scores = voices()[name].score(seen)
        if adjustment is not None:
            scores[:, : len(SENTIMENTS)] += adjustment.apply(seen)
        logits[places] = scores
    return logits


def analyses(guesses: Sequence[Guess], logits: Scores) -> list[Analysis]:
    """What the logits of each text come to."""
    feelings = softmax(logits[:, : len(SENTIMENTS)]).astype(float)
    best = feelings.argmax(axis=1).tolist()
    risks = (1 / (1 + np.exp(-logits[:, [_TOXIC, _SPAM]].astype(float)))).tolist()
    return list(starmap(_analysis, zip(guesses, best, feelings.tolist(), risks, strict=True)))


def _analysis(guess: Guess, best: int, feeling: list[float], risk: list[float]) -> Analysis:
    toxicity, spam = risk
    return Analysis(
        language=guess.language,
        language_score=guess.score,
        sentiment=SENTIMENTS[best],
        sentiment_scores=(feeling[0], feeling[1], feeling[2]),
        toxic=toxicity > 0.5,
        toxicity_score=toxicity,
        spam=spam > 0.5,
        spam_score=spam,
    )


def softmax(logits: Scores) -> Scores:
    """Probabilities, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return cast(Scores, powers / powers.sum(axis=1, keepdims=True))


def reasons(text: str, task: Task, language: str | None = None, limit: int = 5) -> list[Reason]:
    """The words that weighed most, for or against, the heaviest first.

    A word carries its own weight, its share of the pairs it is in, and that of its letters.
    """
    name = voice_of(detect_all([text], [language])[0].language)
    voice, seen = voices()[name], features([text])
    if not len(seen.words[0].begin):
        return []
    towards = _direction(voice.score(seen)[0], task)
    carried = _carried(voice, seen, towards)
    words = seen.words[0]
    start = (seen.origin[words.begin] - seen.base[0]).tolist()
    end = (seen.origin[words.end] - seen.base[0]).tolist()
    heaviest = np.argsort(-np.abs(carried), kind="stable").tolist()
    found = (Reason(text[start[at] : end[at]], float(carried[at]), start[at], end[at]) for at in heaviest)
    # A letter left by an apostrophe (« n’ », « l’ ») explains nothing to a reader.
    return list(islice((said for said in found if said.weight and _tells(said.word)), limit))


def _tells(word: str) -> bool:
    return len(word) > 1 or not word.isalnum()


def _direction(logits: Scores, task: Task) -> Scores:
    """Which mix of outputs to explain: toxicity, spam, or the likeliest sentiment against the others."""
    mix = np.zeros(len(OUTPUTS), dtype=np.float32)
    if task == "sentiment":
        mix[: len(SENTIMENTS)] = -0.5
        mix[logits[: len(SENTIMENTS)].argmax()] = 1.0
        return mix
    output = _TOXIC if task == "toxicity" else _SPAM
    mix[output] = 1.0
    return mix


def _carried(voice: Voice, seen: Features, towards: Scores) -> NDArray[np.float64]:
    """What each word of the one post carries, signs of punctuation and masked links included."""
    words = seen.words[0]
    limit = int(seen.letters[0].first[-1])
    share = np.zeros(limit + 2)
    for family, strength in ((seen.words, 1.0), (seen.letters, LETTERS)):
        size = max(int(family[0].first[-1]), 1)
        for gram in family:
            weight = _weights(voice, gram, towards) * (strength / np.sqrt(size))
            np.add.at(share, gram.begin, weight / (gram.end - gram.begin))
            np.add.at(share, np.minimum(gram.end, limit + 1), -weight / (gram.end - gram.begin))
    reached = np.append(0.0, np.cumsum(np.cumsum(share)))
    return cast("NDArray[np.float64]", reached[words.end] - reached[words.begin])


def _weights(voice: Voice, gram: Grams, towards: Scores) -> NDArray[np.float64]:
    rows = voice.rows(gram)[:, : len(OUTPUTS)]
    return cast("NDArray[np.float64]", rows @ (voice.scale * towards).astype(np.float64))
