"""Whether two posts are the same one told again: agency copy, retweets, a changed link or hashtag.

On the path: intake's enrich stage → `fingerprint`, kept with the item → candidates found by SQL
(`bands && ARRAY[…]`) → `similar` decides → one Story.

What is compared is what a copy keeps: letters and digits, case and accents folded, without links, handles,
`RT` and `via`. Bands come from MinHash over runs of six letters (two strangers share almost none, so that
few candidates are fetched), the decision from the set of runs of four.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

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
_SHORT_OF = 3  # a part has at least this fraction of the whole: a quoted line is another story

# Every branch begins with a letter of its own, looked behind only afterwards: `re` then skips at full speed.
_DROPPED = re.compile(
    r"h(?<!\wh)ttps?(?::?/\S+|\b)|w(?<!\ww)ww\.\S+|@(?<!\w@)\w+(?:@[\w.-]+)?|&\w+;"
    r"|r(?<!\wr)t\s+(?=@)|v(?<!\wv)ia\s+(?=@)"
)
_UNSAID = re.compile(r"[\W_]+")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_PRIME = np.uint32(0x01000193)
_PRIME_TWICE = np.uint32(0x01000193**2 & 0xFFFFFFFF)
_SPREAD = np.uint32(0x9E3779B1)

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
    said = _said(text)
    if len(said) < SHORTEST:
        return Fingerprint()
    code = np.frombuffer(said.encode("utf-32-le", "surrogatepass"), dtype=np.uint32) * _SPREAD
    pairs = code[:-1] * _PRIME + code[1:]
    runs = pairs[:-2] * _PRIME_TWICE + pairs[2:]
    longer = runs[:-2] * _PRIME_TWICE + pairs[4:]
    hashes = np.sort(_mixed(runs))
    distinct = hashes[np.concatenate(([True], hashes[1:] != hashes[:-1]))].astype("<u4")
    signature = len(distinct).to_bytes(4, "little") + distinct[:_SKETCH].tobytes()
    return Fingerprint(_bands(_mixed(longer)), signature)


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
    return _UNSAID.sub("", kept)


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


def _bands(hashes: UInt32) -> tuple[int, ...]:
    multiply, add = _permutations()
    least = (hashes[None, :] * multiply + add).min(axis=1).astype(np.uint64).reshape(_BANDS, _ROWS)
    band = least @ _MIX + _APART  # modulo 2⁶⁴
    return tuple((band ^ (band >> np.uint64(29))).view(np.int64).tolist())


_MIX = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)
_APART = np.arange(1, _BANDS + 1, dtype=np.uint64) * np.uint64(0xD6E8FEB86659FD93)
