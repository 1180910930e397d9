"""Train the heads of the quality tier (`palabre.enrichment.quality`) and write them.

    python tools/train_quality.py --from FOLDER [--vectors FILE.npz] [--to palabre/enrichment/models]

Needs the extras `quality` and `train`. Most of the time goes into reading 30,000 posts with the model, at
some 40 a second on one core; FILE.npz keeps what was read, by the hash of the text, for the next time.
"""

import argparse
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from corpora import CLASSES, Posts, read, say
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from palabre.enrichment.quality import ARTEFACT, SIZE, vectors
from palabre.enrichment.weights import VOICES

SAMPLE = {"semeval": 6000}
"""Posts read of a source; of `umsab` all, of the others none: they did not help."""

OTHERS = 0.15
"""Worth of a post in another language than the head's own."""

FIRMNESS = 0.004


def embedded(texts: Sequence[str], cache: Path | None) -> NDArray[np.float32]:
    """The vector of each text (half precision), those of the cache not read again."""
    known: dict[str, NDArray[np.float16]] = {}
    if cache and cache.exists():
        with np.load(cache, allow_pickle=False) as stored:
            known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    keys = [hashlib.blake2b(text.encode("utf-8", "ignore"), digest_size=12).hexdigest() for text in texts]
    missing = [place for place, key in enumerate(keys) if key not in known]
    for start in range(0, len(missing), 500):
        some = missing[start : start + 500]
        for place, vector in zip(some, vectors([texts[place] for place in some]), strict=True):
            known[keys[place]] = vector.astype(np.float16)
        say("read by the model", start + len(some), "of", len(missing))
    if cache and missing:
        np.savez(cache, keys=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[key] for key in keys], dtype=np.float32).reshape(-1, SIZE)


def chosen(posts: Posts) -> NDArray[np.bool_]:
    """The posts whose labels teach the heads: `umsab`, and a fixed sample of each source of `SAMPLE`."""
    some = posts.source == "umsab"
    for source, most in SAMPLE.items():
        places = np.flatnonzero(posts.source == source)
        some[np.random.default_rng(11).permutation(places)[:most]] = True
    return some


def head(voice: str, posts: Posts, seen: NDArray[np.float32]) -> tuple[NDArray[np.float64], ...]:
    """Weights and bias of a voice's head, by the labelling rules of `umsab`."""
    own = np.ones(len(posts), dtype=bool) if voice == "xx" else posts.language == voice
    mean, spread = seen[own].mean(axis=0), seen[own].std(axis=0)
    foreign = (posts.source != "umsab").astype(np.float32)[:, None]
    known = np.hstack([(seen - mean) / spread, 3 * foreign])
    worth = np.where(own, 1.0, OTHERS) * np.where(
        posts.source == "umsab", 1.0, 0.4 if voice == "en" else 0.05
    )
    answers = np.array([CLASSES[label] for label in posts.label])
    model = LogisticRegression(C=FIRMNESS, max_iter=300).fit(known, answers, sample_weight=worth)
    weights = model.coef_[:, :SIZE].T / spread[:, None]
    return weights, model.intercept_ - mean @ weights


def main() -> None:
    """Read, train and write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, help="where to keep what the model made of each text")
    parser.add_argument("--to", type=Path, default=ARTEFACT.parent)
    options = parser.parse_args()
    posts = read(options.folder, "sentiment", "train")
    posts = posts.where(chosen(posts))
    seen = embedded(posts.text, options.vectors)
    arrays = {}
    for voice in VOICES:
        weights, bias = head(voice, posts, seen)
        arrays[f"{voice}_weights"] = weights.astype(np.float32)
        arrays[f"{voice}_bias"] = bias.astype(np.float32)
    np.savez(options.to / ARTEFACT.name, **arrays)
    say("written", ARTEFACT.name)


if __name__ == "__main__":
    main()
