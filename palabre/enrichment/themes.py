"""What a heap of texts speaks of: they are grouped by meaning, each group named by words of its own.

PURE: vectors and texts in, themes out; the same heap gives the same themes. On the path: after storing,
when a page asks. Three published steps:

* a point a text: what it means, its vector less the mean of its language (groups are to be of meanings, not
  of languages) on the `AXES` main axes; beside it its own words, tf-idf on as many axes (latent semantic
  analysis, Deerwester et al. 1990, by random projection, Halko, Martinsson and Tropp 2011). Spherical
  k-means (Dhillon and Modha 2001) of the points, started by k-means++ (Arthur and Vassilvitskii 2007), the
  best of seeded tries;
* how many groups: the most whose mean silhouette (Rousseeuw 1987) is within one standard error of the best
  (Breiman, Friedman, Olshen and Stone 1984): where several numbers are as good, the finer tells more;
* names: runs of one to three words ranked by the z-score of their log-odds against the other texts, with
  the whole heap as informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, “Fightin’ Words”).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from palabre.enrichment.weights import Scores
from palabre.kit.text import Token, is_unspaced, tokens

LEAST = 30
"""Fewer texts are no heap: they are read, not summed up."""
FEWEST = 4
"""Texts of a group, at least."""
TRIED = (4, 5, 6, 7, 8, 9, 10, 12, 14, 16)
"""Numbers of groups tried; each has a dozen texts a group or more."""
AXES = 64
WORDING = 1.0
"""How much the words of a text count beside what it means."""
NAMES = 3
"""Runs of words in a name, at most."""
EXAMPLES = 3
LISTED = frozenset(("fr", "en"))
"""Languages whose dull words the caller lists; those of others are the words that most texts hold."""

_WORDS = 3_000  # most frequent words of the heap, those that a third of it hold aside
_TRIES = 3
_ROUNDS = 30
_SEED = 20
_SAMPLED = 1_200  # texts whose silhouette is measured
_HEARD = 1_000  # characters of a text that are cut into words
_PRIOR = 10.0  # texts' worth of what the whole heap says
_CERTAIN = 2.6  # least z-score of a name: one chance in two hundred for a word that means nothing
_COMMON = 0.3  # share of the texts of a language whose words are dull when nobody listed them
_AIMS = re.compile(r"(?<![\w@])@\w[\w.@-]*|\b(?:https?://|www\.)\S+|&#?\w+;|\\u[0-9a-fA-F]{4}")
_JOINS = re.compile(r"[\s\-'’_]*(?:\w{1,6}['’])?", re.UNICODE)


@dataclass(frozen=True, kw_only=True)
class Said:
    """A text of the heap. Equal stories are told once: `story` None is a story of its own."""

    text: str
    language: str = ""
    story: int | None = None


@dataclass(frozen=True, kw_only=True)
class Gram:
    """One to three words that set texts apart: how many hold them inside and outside, their z-score."""

    words: str
    terms: tuple[str, ...]
    inside: int
    outside: int
    z: float


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A group: its name, the places of its texts in the heap, and of the most typical ones among them."""

    grams: tuple[Gram, ...]
    members: tuple[int, ...]
    examples: tuple[int, ...]

    @property
    def name(self) -> str:
        """Its words, as a title."""
        return " · ".join(gram.words for gram in self.grams)


def themes(
    said: Sequence[Said], vectors: Scores, *, own: Collection[str] = (), dull: Collection[str] = ()
) -> list[Theme]:
    """The themes of a heap, largest first; texts that no nameable group holds are in none.

    `vectors`: one row a text. `own`: folded words that every text may hold (the brand's names), `dull`:
    folded words that tell nothing; neither is in a name.
    """
    told = _told_once(said)
    if len(told) < LEAST:
        return []
    heads = list(told)
    cut = [_grams(said[place]) for place in heads]
    unheard = frozenset(own) | frozenset(dull) | _common([said[place] for place in heads], cut)
    meant = meanings(vectors[heads], [said[place].language for place in heads])
    points = _unit(np.hstack([meant, WORDING * wordings(cut, unheard)]))
    groups, centres = grouped(points)
    everywhere = Counter(run for runs in cut for run in runs)
    found = []
    for group in range(len(centres)):
        inside = np.flatnonzero(groups == group)
        if len(inside) < max(FEWEST, len(heads) / 100):
            continue
        grams = _contrast([cut[i] for i in inside], everywhere, len(heads), unheard)
        if grams:
            typical = inside[np.argsort(-(points[inside] @ centres[group]), kind="stable")]
            found.append(
                Theme(
                    grams=grams,
                    members=tuple(sorted(place for i in inside for place in told[heads[i]])),
                    examples=tuple(heads[i] for i in typical[:EXAMPLES]),
                )
            )
    return _distinct(sorted(found, key=lambda theme: (-len(theme.members), theme.members)))


def _distinct(found: Sequence[Theme]) -> list[Theme]:
    """The themes, largest first, those that no word of their own tells from a larger one joined to it."""
    kept: list[Theme] = []
    for theme in found:
        said = {gram.terms for gram in theme.grams}
        for place, larger in enumerate(kept):
            if said <= {gram.terms for gram in larger.grams}:
                kept[place] = replace(larger, members=tuple(sorted(larger.members + theme.members)))
                break
        else:
            kept.append(theme)
    return sorted(kept, key=lambda theme: (-len(theme.members), theme.members))


def contrast(
    inside: Sequence[Said], outside: Sequence[Said], *, own: Collection[str] = (), dull: Collection[str] = ()
) -> tuple[Gram, ...]:
    """What sets some texts apart from others, in up to `NAMES` runs of words, the most telling first."""
    near, far = ([_grams(said[place]) for place in _told_once(said)] for said in (inside, outside))
    common = _common([*inside, *outside], [_grams(one) for one in (*inside, *outside)])
    everywhere = Counter(run for runs in (*near, *far) for run in runs)
    return _contrast(near, everywhere, len(near) + len(far), frozenset(own) | frozenset(dull) | common)


def _told_once(said: Sequence[Said]) -> dict[int, list[int]]:
    """The first place of each story, with all its places."""
    first: dict[int, int] = {}
    told: dict[int, list[int]] = {}
    for place, one in enumerate(said):
        head = place if one.story is None else first.setdefault(one.story, place)
        told.setdefault(head, []).append(place)
    return told


_Run = tuple[str, ...]

# --- grouping --------------------------------------------------------------------------------------


def meanings(vectors: Scores, languages: Sequence[str]) -> Scores:
    """The vectors without what a language adds to all of its own, on their main axes, of unit length."""
    points = vectors.astype(np.float32, copy=True)
    points -= points.mean(axis=0)
    tongues = np.array(languages)
    for tongue, texts in Counter(languages).items():
        if texts >= LEAST:
            mine = tongues == tongue
            points[mine] -= points[mine].mean(axis=0)
    values, axes = np.linalg.eigh(points.T @ points)
    return _unit(points @ axes[:, np.argsort(-values)[:AXES]])


def wordings(cut: Sequence[Mapping[_Run, str]], unheard: Collection[str] = ()) -> Scores:
    """The words of each text that some others hold too, weighed by their rarity, on their main axes."""
    held = Counter(run for runs in cut for run in runs if len(run) == 1 and _speaks(run, unheard))
    most = 0.3 * len(cut)
    known = [run for run, times in held.most_common() if 2 <= times <= most][:_WORDS]
    if not known:
        return np.zeros((len(cut), 1), dtype=np.float32)
    column = {run: place for place, run in enumerate(known)}
    rarity = np.log(len(cut) / np.array([held[run] for run in known], dtype=np.float32))
    table = np.zeros((len(cut), len(known)), dtype=np.float32)
    for row, runs in enumerate(cut):
        table[row, [column[run] for run in runs if run in column]] = 1.0
    table = _unit(table * rarity)
    seen = table @ np.random.default_rng(_SEED).normal(size=(len(known), 2 * AXES)).astype(np.float32)
    for _ in range(2):
        basis, _triangle = np.linalg.qr(table.T @ np.linalg.qr(seen)[0])
        seen = table @ basis
    values, axes = np.linalg.eigh(seen.T @ seen)
    return _unit(seen @ axes[:, np.argsort(-values)[:AXES]])


def grouped(points: Scores) -> tuple[NDArray[np.intp], Scores]:
    """The group of each point and the groups' centres, as many as the silhouette bears."""
    dice = np.random.default_rng(_SEED)
    sample = np.sort(dice.permutation(len(points))[:_SAMPLED])
    numbers = [number for number in TRIED if number * 12 <= len(points)] or TRIED[:1]
    tried = [_means(points, number) for number in numbers]
    told = [silhouettes(points[sample], groups[sample]) for groups, _ in tried]
    best = max(told, key=lambda each: float(each.mean()))
    least = best.mean() - best.std() / np.sqrt(len(best))
    return next(one for one, each in zip(tried[::-1], told[::-1], strict=True) if each.mean() >= least)


def silhouettes(points: Scores, groups: NDArray[np.intp]) -> Scores:
    """(b − a) ÷ max(a, b) of each point: a its mean distance to its group, b to the nearest other."""
    names, own = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        return np.full(len(points), -1.0, dtype=np.float32)
    sizes = np.bincount(own)
    sums = np.stack([points[own == group].sum(axis=0) for group in range(len(names))])
    # The sum of the distances to a group is its size less the cosine with the sum of its points.
    far = sizes - points @ sums.T
    rows = np.arange(len(points))
    near = far[rows, own] / np.maximum(sizes[own] - 1, 1)
    others = far / sizes
    others[rows, own] = np.inf
    following = others.min(axis=1)
    parts = (following - near) / np.maximum(np.maximum(following, near), 1e-9)
    return np.where(sizes[own] > 1, parts, 0.0).astype(np.float32)


def _means(points: Scores, number: int) -> tuple[NDArray[np.intp], Scores]:
    """Spherical k-means: the try with the highest sum of cosines."""
    tries = [_one_try(points, number, np.random.default_rng(_SEED + turn)) for turn in range(_TRIES)]
    groups, centres, _ = max(tries, key=lambda one: one[2])
    return groups, centres


def _one_try(
    points: Scores, number: int, dice: np.random.Generator
) -> tuple[NDArray[np.intp], Scores, float]:
    centres = _start(points, number, dice)
    groups = np.full(len(points), -1)
    for _ in range(_ROUNDS):
        cosines = points @ centres.T
        now = cosines.argmax(axis=1)
        if np.array_equal(now, groups):
            break
        groups = now
        sums = (np.arange(number) == groups[:, None]).astype(np.float32).T @ points
        kept = np.linalg.norm(sums, axis=1) > 0
        centres[kept] = _unit(sums[kept])
    return groups, centres, float(cosines.max(axis=1).sum())


def _start(points: Scores, number: int, dice: np.random.Generator) -> Scores:
    """Far from one another: each next centre is drawn by its distance to those drawn."""
    chosen = [int(dice.integers(len(points)))]
    nearest = points @ points[chosen[0]]
    while len(chosen) < number:
        weights = np.maximum(1.0 - nearest, 0.0).astype(np.float64) + 1e-12
        chosen.append(int(dice.choice(len(points), p=weights / weights.sum())))
        nearest = np.maximum(nearest, points @ points[chosen[-1]])
    return points[chosen].copy()


def _unit(points: Scores) -> Scores:
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points / np.maximum(lengths, 1e-9), dtype=np.float32)


# --- naming ----------------------------------------------------------------------------------------


def _grams(said: Said) -> Mapping[_Run, str]:
    """Each run of one to three words of a text, folded, with its first spelling."""
    text = _AIMS.sub(" . ", said.text[:_HEARD])
    words = [token for token in tokens(text) if token.is_word]
    found: dict[_Run, str] = {}
    for run in _runs(text, words):
        found.setdefault(tuple(token.term for token in run), text[run[0].start : run[-1].end])
    return found


def _runs(text: str, words: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Words side by side, with nothing but spaces, hyphens and an elided article between them."""
    for place, word in enumerate(words):
        yield (word,)
        for length in (2, 3):
            if place + length > len(words):
                break
            before, last = words[place + length - 2], words[place + length - 1]
            if last.start < before.end or not _JOINS.fullmatch(text, before.end, last.start):
                break
            yield words[place : place + length]


def _common(said: Sequence[Said], cut: Sequence[Mapping[_Run, str]]) -> frozenset[str]:
    """The words that many texts of a language hold, for languages whose dull words nobody listed."""
    texts: Counter[str] = Counter()
    holding: dict[str, Counter[str]] = defaultdict(Counter)
    for one, runs in zip(said, cut, strict=True):
        if one.language not in LISTED:
            texts[one.language] += 1
            holding[one.language].update(run[0] for run in runs if len(run) == 1)
    return frozenset(
        word
        for language, words in holding.items()
        for word, held in words.items()
        if (len(word) < 4 and not is_unspaced(word))
        or (texts[language] >= LEAST and held > _COMMON * texts[language])
    )


def _contrast(
    inside: Sequence[Mapping[_Run, str]], everywhere: Mapping[_Run, int], texts: int, unheard: Collection[str]
) -> tuple[Gram, ...]:
    """What sets texts apart from the rest of the heap, of which they are a part."""
    near = Counter(run for runs in inside for run in runs)
    rest = texts - len(inside)
    least = max(2, len(inside) // 40)
    scored = []
    for run, held in near.items():
        if held >= least and _speaks(run, unheard):
            z = _log_odds(held, len(inside), everywhere[run] - held, rest)
            if z >= _CERTAIN:
                scored.append((z, run))
    chosen = _telling(sorted(scored, key=lambda one: (-one[0], one[1])), near)
    return tuple(
        Gram(
            words=_spelt(run, inside),
            terms=run,
            inside=near[run],
            outside=everywhere[run] - near[run],
            z=round(z, 2),
        )
        for z, run in chosen
    )


def _speaks(run: _Run, unheard: Collection[str]) -> bool:
    """The first and the last word tell something; in scripts without spaces two characters do."""
    return all(
        (len(word) > 2 or (len(run) > 1 and is_unspaced(word)))
        and any(map(str.isalpha, word))
        and word not in unheard
        for word in (run[0], run[-1])
    )


def _log_odds(near: int, texts_near: int, far: int, texts_far: int) -> float:
    """The z-score of the log-odds ratio; the prior is worth `_PRIOR` texts like the whole."""
    prior = _PRIOR * (near + far) / (texts_near + texts_far)
    odds_near = (near + prior) / (texts_near + _PRIOR - near - prior + 1e-9)
    odds_far = (far + prior) / (texts_far + _PRIOR - far - prior + 1e-9)
    spread = 1 / (near + prior) + 1 / (far + prior)
    return float((np.log(odds_near) - np.log(odds_far)) / np.sqrt(spread))


def _telling(scored: Sequence[tuple[float, _Run]], near: Mapping[_Run, int]) -> list[tuple[float, _Run]]:
    """The best runs that say different things; a longer one replaces its word if it says as much."""
    chosen: list[tuple[float, _Run]] = []
    for z, run in scored:
        alike = [place for place, (_, other) in enumerate(chosen) if _alike(run, other)]
        if not alike:
            if len(chosen) < NAMES:
                chosen.append((z, run))
            continue
        shorter = all(len(run) > len(chosen[place][1]) for place in alike)
        if shorter and near[run] >= 0.6 * max(near[chosen[place][1]] for place in alike):
            chosen[alike[0]] = (z, run)
            chosen = [one for place, one in enumerate(chosen) if place not in alike[1:]]
    return chosen


def _alike(run: _Run, other: _Run) -> bool:
    """Whether two runs share a word, or a word and its plural."""
    return any(
        one == two or (len(one) > 4 and len(two) > 4 and one[:5] == two[:5] and abs(len(one) - len(two)) < 3)
        for one in run
        for two in other
        if len(one) > 2 and len(two) > 2
    )


def _spelt(run: _Run, inside: Sequence[Mapping[_Run, str]]) -> str:
    """As most write it; in lower case where a fifth do, for capitals begin sentences too."""
    spellings = Counter(" ".join(runs[run].split()) for runs in inside if run in runs)
    lower = Counter({word: times for word, times in spellings.items() if word == word.lower()})
    chosen = lower if sum(lower.values()) >= sum(spellings.values()) / 5 else spellings
    return min(chosen, key=lambda word: (-chosen[word], word))
