"""What a guess is made from: hashed words, letters and signs of a batch of posts, all in numpy.

On the path: `analysis` (and the training script) → here → indices into a table of weights.

A batch is one long array of code points, each post between two separators; every feature is a hash
computed on the whole array at once, so that the cost of a post is that of a few array operations and no
Python loop ever sees a character. Nothing of a text can be read back from a hash, which is why the
shipped weights hold no vocabulary.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

UInt32 = NDArray[np.uint32]
Int64 = NDArray[np.int64]

LONGEST = 4000
"""Characters of a post that are looked at: an article has said what it thinks by then."""

BITS = 20
"""Binary logarithm of the number of buckets that words and letters are hashed into."""

NOWHERE = 1 << BITS
"""The bucket, after all others, of what is no feature: its weight is zero."""

FLAGS = 12
"""Signs of the whole post (see `_signs`), each cut into `FLAG_LEVELS` levels."""
FLAG_LEVELS = 8

_SEPARATOR = 0
_LINK, _HANDLE = 0xE001, 0xE002  # private use: what stands for a masked link or handle
# Every branch begins with a letter of its own, looked behind only afterwards: `re` then skips at full speed.
_MASKED = re.compile(
    r"h(?<!\wh)ttps?(?:://[^\s\0]+|\b)|w(?<!\ww)ww\.[^\s\0]+|@(?<![\w@]@)\w+"
    r"|&(?:amp|lt|gt|quot|nbsp|apos|#39);|\\u[0-9a-fA-F]{4}"
)
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": " ", "apos": "'", "#39": "'"}

_SPACE, _MARK, _DIGIT, _LETTER = 0, 1, 2, 3  # classes of code points; a word is made of the last two
_PLANE = 0x10000


@dataclass(frozen=True)
class Grams:
    """One kind of feature over a batch, in the order of the text.

    `index` holds a bucket for each place of the stream (or each word), `first[p]:first[p + 1]` are
    those of post `p`; `begin` and `end` are places in the stream.
    """

    index: Int64
    first: Int64
    begin: Int64
    end: Int64

    def part(self, start: int, stop: int) -> "Grams":
        """Those of the posts `start:stop`."""
        own = slice(self.first[start], self.first[stop])
        first = self.first[start : stop + 1] - self.first[start]
        return Grams(self.index[own], first, self.begin[own], self.end[own])

    @property
    def real(self) -> NDArray[np.bool_]:
        """Which places hold a feature: a run of letters that would leave its post does not."""
        return np.asarray(self.index != NOWHERE)


@dataclass(frozen=True)
class Features:
    """The features of a batch: two families, each weighed by the root of its size, and the signs.

    `origin` gives, for a place in the stream, the code point of the joined texts it comes from (what was
    dropped after a place belongs to it); `base[p]` is where post `p` begins there.
    """

    words: tuple[Grams, ...]
    letters: tuple[Grams, ...]
    signs: Int64
    origin: Int64
    base: Int64

    def __len__(self) -> int:
        return len(self.signs)

    def part(self, start: int, stop: int) -> "Features":
        """Those of the posts `start:stop`; places stay places in the stream of all."""
        words, letters = (tuple(g.part(start, stop) for g in family) for family in (self.words, self.letters))
        return Features(words, letters, self.signs[start:stop], self.origin, self.base[start:stop])


@dataclass(frozen=True)
class _Stream:
    """The folded code points of a batch with their classes; `word` marks where a word or sign begins."""

    code: UInt32
    kind: NDArray[np.uint8]
    origin: Int64
    first: Int64  # len(posts) + 1 places; a post ends with its separator
    raised: NDArray[np.bool_]  # was a capital
    stretched: NDArray[np.bool_]  # stands for three or more of itself


@cache
def _tables() -> tuple[UInt32, NDArray[np.uint8], NDArray[np.bool_]]:
    """For the first plane of Unicode: the folded code point, the class, whether it is a capital."""
    fold = np.arange(_PLANE, dtype=np.uint32)
    kind = np.full(_PLANE, _MARK, dtype=np.uint8)
    raised = np.zeros(_PLANE, dtype=bool)
    for point in range(_PLANE):
        char = chr(point)
        if char.isalpha():
            kind[point] = _LETTER
            lower = char.lower()
            if len(lower) == 1 and lower != char:
                fold[point] = ord(lower)
                raised[point] = True
        elif char.isdecimal():
            kind[point] = _DIGIT
            fold[point] = ord("0")
        elif char.isspace() or not char.isprintable():
            kind[point] = _SPACE
            fold[point] = ord(" ")
    fold[_SEPARATOR] = _SEPARATOR
    kind[0x0300:0x0370] = _LETTER  # accents written apart, vowel signs of Arabic and of the Indian scripts
    kind[0x064B:0x0660] = _LETTER
    for block in range(0x0900, 0x0E00, 0x80):
        signs = [point for point in range(block, block + 0x80) if kind[point] == _MARK]
        kind[[point for point in signs if point not in (0x0964, 0x0965)]] = _LETTER
    for apostrophe in (0x2019, 0x02BC, 0x2018):
        fold[apostrophe] = ord("'")
        kind[apostrophe] = _MARK
    kind[[_LINK, _HANDLE]] = _MARK
    fold[[_LINK, _HANDLE]] = [_LINK, _HANDLE]
    for unseen in (0xFE0F, 0x200D, 0x200B, 0x00AD):
        kind[unseen] = _SPACE
        fold[unseen] = ord(" ")
    return fold, kind, raised


def _joined(texts: Sequence[str]) -> tuple[UInt32, NDArray[np.bool_]]:
    """The code points of the texts, links and handles masked, and which of them are kept."""
    joined = "\0".join(["", *(text[:LONGEST].replace("\0", " ") for text in texts), ""])
    code = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).copy()
    keep = np.ones(len(code), dtype=bool)
    for found in _MASKED.finditer(joined):
        start, end = found.span()
        match joined[start]:
            case "@":
                code[start] = _HANDLE
            case "&":
                code[start] = ord(_ENTITIES[joined[start + 1 : end - 1]])
            case "\\":
                code[start] = int(joined[start + 2 : end], 16)
            case _:
                code[start] = _LINK
        keep[start + 1 : end] = False
    return code, keep


def _stream(texts: Sequence[str]) -> tuple[_Stream, Int64]:
    """Fold case, digits and spaces, drop a third and further repetition; the second value is `base`."""
    code, keep = _joined(texts)
    base = np.flatnonzero(code == _SEPARATOR)[:-1] + 1
    fold, kinds, capitals = _tables()
    origin = np.flatnonzero(keep)
    code = code[origin]
    near = np.minimum(code, _PLANE - 1)
    raised = capitals[near]
    kind = kinds[near]
    code = np.where(code < _PLANE, fold[near], code)
    kind[code == _SEPARATOR] = _SPACE
    same = np.zeros(len(code), dtype=bool)
    same[1:] = code[1:] == code[:-1]
    third = np.zeros(len(code), dtype=bool)
    third[2:] = same[2:] & same[1:-1]
    third &= (kind != _DIGIT) & (code != _SEPARATOR)
    drop = third | (same & (kind == _SPACE) & (code != _SEPARATOR))
    stretched = np.zeros(len(code), dtype=bool)
    stretched[:-1] = third[1:]
    left = np.flatnonzero(~drop)
    stretched = stretched[left] & (kind[left] != _SPACE)
    code, kind = code[left], kind[left]
    first = np.flatnonzero(code == _SEPARATOR)
    code[first] = ord(" ")
    return _Stream(code, kind, origin[left], first, raised[left], stretched), base


_PRIME = np.uint32(0x01000193)
_SPREAD = np.uint32(0x9E3779B1)


def _bucket(hashes: UInt32, salt: int) -> Int64:
    """Finish a hash and cut it to `BITS`."""
    mixed = (hashes ^ np.uint32(salt * 0x85EBCA6B & 0xFFFFFFFF)) * _SPREAD
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    return (mixed >> np.uint32(32 - BITS)).astype(np.int64)


def _letters(stream: _Stream, sizes: Sequence[int]) -> tuple[Grams, ...]:
    """Runs of `n` code points, spaces included, for each size; none leaves its post."""
    length = len(stream.code)
    place = np.arange(length, dtype=np.int64)
    coded = (stream.code + np.uint32(1)) * _SPREAD
    rolling = np.zeros(length, dtype=np.uint32)
    grams = []
    for size in range(1, max(sizes) + 1):
        rolling *= _PRIME
        rolling[: max(length - size + 1, 0)] += coded[size - 1 :]
        if size not in sizes:
            continue
        index = _bucket(rolling, size)
        outside = (stream.first[:, None] - np.arange(size - 1)[None, :]).ravel()
        index[np.maximum(outside, 0)] = NOWHERE
        index[stream.first[-1]] = NOWHERE
        grams.append(Grams(index, stream.first, place, place + size))
    return tuple(grams)


_NEGATIONS = (
    "not no never nothing nobody neither nor without hardly t cannot cant dont isnt wasnt doesnt didnt wont"
    " pas jamais rien aucun aucune sans ni plus guère point nicht kein keine nie ohne nunca nada sin tampoco"
    " non mai niente senza não nem sem لا لم لن ليس ما नहीं मत nahi nahin"
)


def _words(stream: _Stream) -> tuple[Grams, ...]:
    """Words and signs alone, by two, by two with one between, and words that a negation precedes."""
    code, kind = stream.code, stream.kind
    wordy = kind >= _DIGIT
    before = np.zeros(len(code), dtype=bool)
    before[1:] = wordy[:-1]
    repeated = np.zeros(len(code), dtype=bool)
    repeated[1:] = code[1:] == code[:-1]
    mark = (kind == _MARK) & (code != ord("'"))
    begin = np.flatnonzero((wordy & ~before) | (mark & ~repeated))
    if not len(begin):
        nothing = np.zeros(0, dtype=np.int64)
        empty = Grams(nothing, np.zeros(len(stream.first), dtype=np.int64), nothing, nothing)
        return (empty, empty, empty, empty)
    hashes = _word_hashes(code, wordy | mark, begin)
    limit = np.append(begin[1:], len(code))
    gaps = np.cumsum(np.append(0, ~(wordy | mark)))
    end = limit - (gaps[limit] - gaps[begin])
    first = np.searchsorted(begin, stream.first)
    sign = mark[begin]
    return tuple(
        Grams(index, first, begin, reach)
        for index, reach in (
            (_bucket(hashes, 101), end),
            (_together(hashes, first, 1), np.append(end[1:], end[-1])),
            (_together(hashes, first, 2), np.append(end[2:], [end[-1]] * min(2, len(end)))),
            (_denied(hashes, sign, first), end),
        )
    )


def _word_hashes(code: UInt32, counted: NDArray[np.bool_], begin: Int64) -> UInt32:
    """One hash a word, of its letters and their places."""
    place = np.arange(len(code), dtype=np.int64)
    number = np.zeros(len(code), dtype=np.int64)
    number[begin] = np.diff(begin, prepend=0)
    offset = np.minimum(place - np.cumsum(number), 31)
    powers = np.cumprod(np.full(32, _PRIME, dtype=np.uint32), dtype=np.uint32)
    parts = (code + np.uint32(1)) * _SPREAD * powers[np.maximum(offset, 0)]
    parts ^= parts >> np.uint32(13)
    parts[~counted] = 0
    return np.add.reduceat(parts, begin, dtype=np.uint32)


def _together(hashes: UInt32, first: Int64, apart: int) -> Int64:
    """Pairs of words, `apart` from one another, within a post."""
    index = np.full(len(hashes), NOWHERE, dtype=np.int64)
    if len(hashes) > apart:
        pairs = hashes[:-apart] * np.uint32(0x01000193) + np.uint32(apart) ^ hashes[apart:]
        index[:-apart] = _bucket(pairs, 102 + apart)
    last = (first[1:, None] - np.arange(1, apart + 1)[None, :]).ravel()
    index[last[last >= 0]] = NOWHERE
    return index


def _denied(hashes: UInt32, sign: NDArray[np.bool_], first: Int64) -> Int64:
    """The three words after a negation, up to the next sign, as words of their own."""
    negation = np.isin(hashes, _negations())
    open_ = np.zeros(len(hashes) + 3, dtype=bool)
    barrier = sign.copy()
    barrier[first[:-1][first[:-1] < len(hashes)]] = True
    reached = negation.copy()
    for _ in range(3):
        step = np.zeros(len(hashes), dtype=bool)
        step[1:] = reached[:-1] & ~barrier[1:]
        open_[: len(hashes)] |= step
        reached = step
    return np.where(open_[: len(hashes)], _bucket(hashes, 107), NOWHERE)


@cache
def _negations() -> UInt32:
    """The hashes of the words that deny what follows, in the languages the models were trained on."""
    stream, _ = _stream([_NEGATIONS])
    wordy = stream.kind >= _DIGIT
    begin = np.flatnonzero(wordy & ~np.append(False, wordy[:-1]))
    return _word_hashes(stream.code, wordy, begin)


_EMOJI = 0x1F000


def _signs(stream: _Stream, words: Grams) -> Int64:
    """How loud a post is: a level for each of `FLAGS` signs, as columns `sign * FLAG_LEVELS + level`."""
    code, kind, first = stream.code, stream.kind, stream.first

    def count(places: NDArray[np.bool_]) -> Int64:
        return np.diff(np.append(0, np.cumsum(places))[first])

    letters = np.maximum(count(kind == _LETTER), 1)
    capitals = count(stream.raised)
    shouted = _shouted(stream, words)
    root = np.sqrt(np.diff(first))
    levels = (
        (8 * capitals) // letters,
        shouted,
        count(code == ord("!")),
        count(code == ord("?")),
        count(code == _LINK),
        count(code == _HANDLE),
        count(code == ord("#")),
        np.ceil(np.log2(1 + count(kind == _DIGIT))).astype(np.int64),
        count(stream.stretched),
        (root / 3).astype(np.int64),
        count((code >= _EMOJI) | ((code >= 0x2600) & (code < 0x27C0))),
        count((code == ord("…")) | (stream.stretched & (code == ord(".")))),
    )
    columns = [sign * FLAG_LEVELS + np.minimum(level, FLAG_LEVELS - 1) for sign, level in enumerate(levels)]
    return np.stack(columns, axis=1)


def _shouted(stream: _Stream, words: Grams) -> Int64:
    """How many words of two letters and more are all in capitals."""
    raised = np.append(0, np.cumsum(stream.raised))
    size = words.end - words.begin
    shouted = np.append(0, np.cumsum((size > 1) & (raised[words.end] - raised[words.begin] == size)))
    return np.diff(shouted[words.first])


LETTER_SIZES = (2, 3, 4, 5)


def features(texts: Sequence[str]) -> Features:
    """Everything the models weigh, for each text; a text longer than `LONGEST` is cut there."""
    stream, base = _stream(texts)
    words = _words(stream)
    letters = _letters(stream, LETTER_SIZES)
    return Features(words, letters, _signs(stream, words[0]), stream.origin, base)
