"""Whether two posts are the same one told again: agency copy, retweets, a changed link or hashtag.

On the path: intake's enrich stage → `fingerprints`, kept with the item → candidates found by SQL
(`bands && ARRAY[…]`) → `similar` decides → one Story.

What is compared is what a copy keeps: letters and digits, case and accents folded, without links, handles,
`RT` and `via`. Bands come from MinHash over runs of six letters (two strangers share almost none, so that
few candidates are fetched), the decision from the set of runs of four.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

SAME_STORY = 0.5
"""`similar` from which two posts tell the same story."""

SHORTEST = 16
"""Letters and digits a post needs to be compared: shorter ones are alike by chance (“Bonjour à tous !”)."""

LONGEST = 20_000
"""Characters of a text that are compared."""

_BANDS, _ROWS = 20, 3
_SKETCH = 256  # hashes kept: every run of four of a post, a sample of a longer text's
_PART = 0.9  # what being a part of the other is worth: a text cut short is the same story
_BATCH = 4_000  # letters at a time: the arrays of a batch stay in the processor's cache
_SHORT_OF = 3  # a part has at least this fraction of the whole: a quoted line is another story

# Every branch begins with a letter of its own, looked behind only afterwards: `re` then skips at full speed.
_DROPPED = re.compile(
    r"h(?<!\wh)ttps?(?::?/\S+|\b)|w(?<!\ww)ww\.\S+|@(?<!\w@)\w+(?:@[\w.-]+)?|&\w+;"
    r"|r(?<!\wr)t\s+(?=@)|v(?<!\wv)ia\s+(?=@)"
)
_SAID = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_PRIME = np.uint32(0x01000193)
_PRIME_TWICE = np.uint32(0x01000193**2 & 0xFFFFFFFF)
_SPREAD = np.uint32(0x9E3779B1)
_HALF = np.uint64(32)

UInt32 = NDArray[np.uint32]


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a text to find it again; both are empty for one too short to compare.

    `bands`: signed 64-bit numbers; texts that share one are candidates. `signature`: the number of distinct
    runs of four letters, then the smallest 256 of their hashes in order (all uint32, little-endian).
    """

    bands: tuple[int, ...] = ()
    signature: bytes = b""


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text: the same in every process, as long as the constants above stay."""
    return fingerprints([text])[0]


def fingerprints(texts: Sequence[str]) -> list[Fingerprint]:
    """`fingerprint` for each text, in order; several times as fast for hundreds together."""
    said = [_said(text) for text in texts]
    found = [Fingerprint()] * len(said)
    long = [place for place, text in enumerate(said) if len(text) >= SHORTEST]
    for places in _batches(long, said):
        for place, one in zip(places, _fingerprints([said[place] for place in places]), strict=True):
            found[place] = one
    return found


def _batches(places: Sequence[int], said: Sequence[str]) -> Iterator[list[int]]:
    """Runs of places with at most `_BATCH` letters, or one text."""
    batch: list[int] = []
    size = 0
    for place in places:
        if batch and size + len(said[place]) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(place)
        size += len(said[place])
    if batch:
        yield batch


def _fingerprints(said: Sequence[str]) -> list[Fingerprint]:
    """Of texts long enough, all at once: they stand one after the other, and runs across two are left out."""
    code = np.frombuffer("".join(said).encode("utf-32-le", "surrogatepass"), dtype=np.uint32) * _SPREAD
    ends = np.cumsum([len(text) for text in said])
    starts = np.append(0, ends[:-1])
    pairs = code[:-1] * _PRIME + code[1:]
    runs = pairs[:-2] * _PRIME_TWICE + pairs[2:]
    longer = runs[:-2] * _PRIME_TWICE + pairs[4:]
    owner = np.repeat(np.arange(len(said), dtype=np.uint64), ends - starts)[: len(runs)]
    # Each run beside whose it is: one sorting sorts every text's, and tells one text from the next.
    owned = (owner << _HALF) | _mixed(runs)
    inside = np.ones(len(runs), dtype=bool)
    inside[(ends[:-1, None] - np.arange(1, 4)).ravel()] = False
    owned = np.sort(owned[inside])
    owned = owned[np.append(True, owned[1:] != owned[:-1])]
    first = np.searchsorted(owned, np.arange(len(said) + 1, dtype=np.uint64) << _HALF).tolist()
    kept = owned.astype("<u4")
    signatures = [
        (stop - start).to_bytes(4, "little") + kept[start : min(stop, start + _SKETCH)].tobytes()
        for start, stop in pairwise(first)
    ]
    bands = _bands(_mixed(longer), starts, ends - 5)
    return [Fingerprint(tuple(band), signature) for band, signature in zip(bands, signatures, strict=True)]


def similar(a: Fingerprint, b: Fingerprint) -> float:
    """Between 0 and 1: the share of runs of four in common (Jaccard), or nearly 1 for a part of the other.

    Exact for posts, within a few hundredths for longer texts; 0 if either was too short to compare.
    """
    if not a.signature or not b.signature:
        return 0.0
    mine, theirs = np.frombuffer(a.signature, dtype="<u4"), np.frombuffer(b.signature, dtype="<u4")
    sizes = sorted((int(mine[0]), int(theirs[0])))
    # Up to the smaller of the two largest hashes kept, both sketches hold everything there is.
    limit = min(int(sketch[-1]) if sketch[0] > _SKETCH else 0xFFFFFFFF for sketch in (mine, theirs))
    seen = [sketch[1:][sketch[1:] <= limit] for sketch in (mine, theirs)]
    fewer, more = sorted((len(seen[0]), len(seen[1])))
    if not fewer:
        return 0.0
    common = len(np.intersect1d(seen[0], seen[1], assume_unique=True))
    part = _PART * common / fewer if sizes[0] * _SHORT_OF >= sizes[1] else 0.0
    return max(common / (fewer + more - common), part)


def _said(text: str) -> str:
    """The letters and digits of a text, folded, without what a copy changes."""
    kept = _DROPPED.sub(" ", text[:LONGEST].casefold())
    if not kept.isascii():
        kept = _MARKS.sub("", unicodedata.normalize("NFKD", kept)).casefold()
    # Most words are letters alone: only the others are taken apart.
    return "".join([word if word.isalnum() else "".join(_SAID.findall(word)) for word in kept.split()])


def _mixed(hashes: UInt32) -> UInt32:
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0xC2B2AE35)
    return np.asarray(hashes ^ (hashes >> np.uint32(16)))


@cache
def _permutations() -> tuple[UInt32, UInt32]:
    """Fixed multipliers (odd) and offsets: they are part of what is stored, hence their own generator."""
    numbers = _mixed(np.arange(1, 2 * _BANDS * _ROWS + 1, dtype=np.uint32) * _SPREAD)
    return numbers[::2, None] | np.uint32(1), numbers[1::2, None]


def _bands(hashes: UInt32, starts: NDArray[np.int64], stops: NDArray[np.int64]) -> list[list[int]]:
    """The bands of each text, whose hashes are `starts:stops`."""
    multiply, add = _permutations()
    edges = np.stack((starts, stops), axis=1).ravel()[:-1]  # the last run of letters ends with the hashes
    least = np.minimum.reduceat(hashes[None, :] * multiply + add, edges, axis=1)[:, ::2]
    band = least.T.astype(np.uint64).reshape(len(starts), _BANDS, _ROWS) @ _MIX + _APART  # modulo 2⁶⁴
    return (band ^ (band >> np.uint64(29))).view(np.int64).tolist()  # type: ignore[no-any-return]


_MIX = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)
_APART = np.arange(1, _BANDS + 1, dtype=np.uint64) * np.uint64(0xD6E8FEB86659FD93)
