"""Train the models of `palabre.enrichment` and write their artefact and figures.

    python tools/train_enrichment.py --from FOLDER [--vectors FILE.npz] [--to palabre/enrichment/models]

FOLDER holds `<task>_train.tsv` (one header line; lang, label, source[, detail], text) for sentiment, toxicity
and spam. Needs the extras `train` (scipy, scikit-learn) and `quality` (whose opinion teaches French; run
train_quality.py first); the models themselves need numpy alone. One process, seeded: the same data gives the
same bytes. docs/develop/models.md says what the data are, what the labels mean, what the models are worth.
"""

import argparse
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import scipy.sparse as sp
from corpora import CLASSES, Posts, read, say
from insults import ENGLISH, FRENCH, OTHERS
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from train_quality import embedded

from palabre.enrichment.features import FLAG_LEVELS, FLAGS, NOWHERE, Grams, features
from palabre.enrichment.quality import heads
from palabre.enrichment.weights import ARTEFACT, LETTERS, VOICES

LEFT_OUT = {"olid", "cyberado"}  # no licence that allows a model to be shipped: for measuring only
SIGN_WEIGHT = 0.3
FLAGGED = 0.004
"""Share of ordinary posts let above the threshold of toxicity; the bar is one in a hundred."""


@dataclass(frozen=True)
class Recipe:
    """How a voice is taught: the weight of each source (1 unless said), and how firmly (`firmness` is C).

    Toxicity is a mix: `learnt` × what the corpora teach + `insults` × the words of tools/insults.py
    + `anger` × how negative the post is.
    """

    sources: dict[str, float]
    firmness: float
    taught: float
    """How much the quality tier's opinion of a post counts against the label of another source."""
    worth: float
    """Of such a post."""
    learnt: float
    insults: float
    anger: float


RECIPES = {
    "fr": Recipe(
        {"deft2017": 0.3, "xed": 0.3}, firmness=4, taught=1.0, worth=1.0, learnt=1.0, insults=3, anger=0.1
    ),
    "en": Recipe(
        {"semeval": 0.5, "goemotions": 0.3},
        firmness=1,
        taught=0.0,
        worth=0.0,
        learnt=0.15,
        insults=8,
        anger=0.3,
    ),
    "xx": Recipe(
        {"semeval": 0.05, "goemotions": 0.05, "deft2017": 0.1, "xed": 0.1},
        firmness=2,
        taught=0.0,
        worth=0.0,
        learnt=0.2,
        insults=8,
        anger=0.3,
    ),
}


@dataclass(frozen=True)
class Reader:
    """The quality tier as a teacher; `cache` keeps the vectors of what it has read."""

    cache: Path | None

    def opinion(self, voice: str, posts: Posts) -> NDArray[np.float64]:
        """Its probabilities of negative, neutral and positive for each post."""
        head = heads()[voice]
        return head.probabilities(embedded(posts.text, self.cache)).astype(np.float64)


def matrix(texts: Sequence[str]) -> sp.csr_matrix:
    """What `Voice.score` multiplies by its weights: a column a bucket, then one a level of each sign."""
    parts = []
    for start in range(0, len(texts), 2000):
        seen = features(texts[start : start + 2000])
        families = [(gram, 1.0) for gram in seen.words] + [(gram, LETTERS) for gram in seen.letters]
        hashed = sum((_counted(gram, strength) for gram, strength in families[1:]), _counted(*families[0]))
        signs = sp.csr_matrix(
            (
                np.full(seen.signs.size, SIGN_WEIGHT, dtype=np.float32),
                seen.signs.ravel(),
                np.arange(0, seen.signs.size + 1, FLAGS),
            ),
            shape=(len(seen), FLAGS * FLAG_LEVELS),
        )
        parts.append(sp.hstack([hashed[:, :NOWHERE], signs], format="csr"))
    return sp.vstack(parts, format="csr")


def _counted(gram: Grams, strength: float) -> sp.csr_matrix:
    size = np.diff(gram.first)
    worth = np.repeat(strength / np.sqrt(np.maximum(size, 1)), size).astype(np.float32)
    shape = (len(size), NOWHERE + 1)
    return sp.csr_matrix((worth, gram.index[: gram.first[-1]], gram.first), shape=shape)


def fit(
    x: sp.csr_matrix,
    targets: NDArray[np.float64],
    worth: NDArray[np.float64],
    firmness: float,
    source: NDArray[np.str_] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Weights (columns, outputs), bias and each source's own bias, by penalised maximum likelihood.

    `targets` has a row a post and a column a class: the share of each class in the answer. A feature seen
    in two posts or fewer is left out. The sources label by different rules, so that each has a bias of its
    own to put its habits in; who uses the weights chooses whose habits to follow.
    """
    rows, answers = np.nonzero(targets * (worth > 0)[:, None])
    columns = np.flatnonzero(np.bincount(x[worth > 0].indices, minlength=x.shape[1]) >= SEEN)
    known = x[:, columns]
    names = sorted(set(source[worth > 0])) if source is not None else []
    if source is not None:
        belongs = (source[:, None] == np.array(names)[None, :]).astype(np.float32)
        known = sp.hstack([known, sp.csr_matrix(belongs)], format="csr")
    model = LogisticRegression(C=firmness, max_iter=60)
    model.fit(known[rows], answers, sample_weight=worth[rows] * targets[rows, answers])
    weights = np.zeros((x.shape[1], len(model.coef_)))
    weights[columns] = model.coef_[:, : len(columns)].T
    own = {name: model.coef_[:, len(columns) + place] for place, name in enumerate(names)}
    return weights, np.asarray(model.intercept_), own


SEEN = 2
"""Posts a feature must be seen in."""


def spoken_by(voice: str, posts: Posts) -> NDArray[np.bool_]:
    """The posts a voice learns from: its own language, or all for the one that speaks the rest."""
    return np.ones(len(posts), dtype=bool) if voice == "xx" else posts.language == voice


def teach_sentiment(
    voice: str, posts: Posts, x: sp.csr_matrix, reader: Reader | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights and bias of negative, neutral, positive, by the labelling rules of `umsab`.

    Where the quality tier has read a post, its opinion counts beside the label for `umsab`, and stands in
    for the label of other sources, whose rules are others: n-grams learn more from its doubts. Without a
    reader the labels alone teach.
    """
    recipe = RECIPES[voice]
    worth = np.array([recipe.sources.get(source, 1.0) for source in posts.source]) * spoken_by(voice, posts)
    targets = np.eye(len(CLASSES))[[CLASSES[label] for label in posts.label]]
    source = posts.source.copy()
    if recipe.taught and reader:
        read_by = np.flatnonzero(posts.language == voice)
        opinion = reader.opinion(voice, posts.where(read_by))
        umsab = (source[read_by] == "umsab")[:, None]
        targets[read_by] = np.where(umsab, 0.5, 1 - recipe.taught) * targets[read_by] + (
            np.where(umsab, 0.5, recipe.taught) * opinion
        )
        worth[read_by] = np.where(umsab[:, 0], 1.0, recipe.worth)
        source[read_by] = "umsab"
    weights, bias, own = fit(x, targets, worth, recipe.firmness, source)
    return weights, bias + own["umsab"]


def taught_words(voice: str, vocabulary: Iterable[str]) -> dict[str, float]:
    """Every insult of a voice, its endings looked up in the vocabulary, with its strength."""
    lists = {"fr": (FRENCH,), "en": (ENGLISH,), "xx": (OTHERS, FRENCH, ENGLISH)}[voice]
    found: dict[str, float] = {}
    for insults in lists:
        for strength, words in ((1.0, insults.strong), (0.8, insults.plain), (0.5, insults.sharp)):
            for word in words.split():
                stem = word.rstrip("*")
                forms = [known for known in vocabulary if known.startswith(stem)] if stem != word else []
                for form in [stem, *forms]:
                    found.setdefault(form, strength)
    return found


def insult_weights(words: dict[str, float], columns: int) -> NDArray[np.float64]:
    """The strength of each insult at the bucket of its word."""
    weights = np.zeros(columns)
    for word, strength in words.items():
        index = features([word]).words[0].index
        if len(index) == 1:
            weights[index[0]] = strength
    return weights


def teach_toxicity(
    voice: str,
    posts: Posts,
    x: sp.csr_matrix,
    ordinary: Posts,
    ordinary_x: sp.csr_matrix,
    negative: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of toxicity: a half is what `FLAGGED` of the ordinary posts held out reach."""
    recipe = RECIPES[voice]
    word = re.compile(r"\w+")
    vocabulary = sorted(
        {said for text in (*ordinary.text, *posts.text) for said in word.findall(text.lower())}
    )
    insults = taught_words(voice, vocabulary)
    mine, theirs = spoken_by(voice, posts), spoken_by(voice, ordinary)
    held = theirs & (np.random.default_rng(7).random(len(ordinary)) < 0.15)
    worth = np.concatenate(
        [np.where(posts.source == "mlma", MLMA[voice], 1.0) * mine, 0.3 * (theirs & ~held)]
    )
    toxic = np.concatenate([posts.label == "toxic", np.zeros(len(ordinary), dtype=bool)])
    source = np.concatenate([posts.source, np.full(len(ordinary), "ordinary")])
    learnt, _, _ = fit(
        sp.vstack([x, ordinary_x], format="csr"),
        np.column_stack([~toxic, toxic]),
        worth,
        TOXIC_FIRMNESS,
        source,
    )
    weights = (
        recipe.learnt * learnt[:, 0]
        + recipe.insults * insult_weights(insults, x.shape[1])
        + recipe.anger * negative
    )
    weights[NOWHERE:] = 0  # how often a corpus shouts or mentions says who was sampled, not who is rude
    reached = ordinary_x[held] @ weights
    spread = float(reached.std())
    return weights / spread, -float(np.quantile(reached, 1 - FLAGGED)) / spread


MLMA = {"fr": 0.5, "en": 0.1, "xx": 0.1}
"""The worth of a post of mlma: its English part had its small words removed, as nobody writes."""

TOXIC_FIRMNESS = 2.0


def teach_spam(
    posts: Posts, x: sp.csr_matrix, ordinary: Posts, ordinary_x: sp.csr_matrix
) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of spam, ordinary posts being none: one model for all languages."""
    some = np.isin(ordinary.language, ("fr", "en")) & (np.random.default_rng(7).random(len(ordinary)) < 0.25)
    worth = np.concatenate([np.ones(len(posts)), np.full(int(some.sum()), 0.3)])
    spam = np.concatenate([posts.label == "spam", np.zeros(int(some.sum()), dtype=bool)])
    weights, bias, _ = fit(
        sp.vstack([x, ordinary_x[some]], format="csr"), np.column_stack([~spam, spam]), worth, 16.0
    )
    return weights[:, 0], float(bias[0])


def packed(weights: NDArray[np.float64], bias: NDArray[np.float64]) -> dict[str, NDArray[np.generic]]:
    """A voice's arrays: weights cut to a byte each, finer near zero (see `weights.Voice`)."""
    hashed = weights[:NOWHERE]
    scale = np.abs(hashed).max(axis=0) / 127**2
    small = np.round(np.sign(hashed) * np.sqrt(np.abs(hashed) / scale)).astype(np.int8)
    return {
        "buckets": small,
        "scale": scale.astype(np.float32),
        "signs": (weights[NOWHERE:] * SIGN_WEIGHT).astype(np.float32),
        "bias": bias.astype(np.float32),
    }


def train(folder: Path, reader: Reader) -> dict[str, NDArray[np.generic]]:
    """Every array of the artefact."""
    feelings, toxic, spam = (read(folder, task, "train") for task in ("sentiment", "toxicity", "spam"))
    toxic = toxic.where(~np.isin(toxic.source, sorted(LEFT_OUT)))
    feelings_x, toxic_x, spam_x = (matrix(posts.text) for posts in (feelings, toxic, spam))
    say("read", len(feelings), len(toxic), len(spam))
    spam_weights, spam_bias = teach_spam(spam, spam_x, feelings, feelings_x)
    say("spam")
    arrays: dict[str, NDArray[np.generic]] = {
        "buckets": np.array(NOWHERE),
        "signs": np.array(FLAGS * FLAG_LEVELS),
    }
    for voice in VOICES:
        weights, bias = teach_sentiment(voice, feelings, feelings_x, reader)
        unaided, own_bias = weights, bias
        if RECIPES[voice].taught:
            unaided, own_bias = teach_sentiment(voice, feelings, feelings_x, None)
        say("sentiment", voice)
        negative = weights[:, 0] - (weights[:, 1] + weights[:, 2]) / 2
        toxic_weights, toxic_bias = teach_toxicity(voice, toxic, toxic_x, feelings, feelings_x, negative)
        say("toxicity", voice)
        columns = np.column_stack([weights, toxic_weights, spam_weights, unaided])
        for part, array in packed(columns, np.array([*bias, toxic_bias, spam_bias, *own_bias])).items():
            arrays[f"{voice}_{part}"] = array
    return arrays


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, help="where to keep what the model made of each text")
    parser.add_argument("--to", type=Path, default=ARTEFACT.parent)
    options = parser.parse_args()
    arrays = train(options.folder, Reader(options.vectors))
    options.to.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.to / ARTEFACT.name, **arrays)
    say("written", (options.to / ARTEFACT.name).stat().st_size, "bytes")


if __name__ == "__main__":
    main()
