"""The pieces of many posts looked up at once: what a `Vocabulary` understood, laid out in arrays.

A batch of posts becomes one run of bytes, cut at its white space and slashes (no word crosses those
either, and of an address most is met again); capitals of ASCII and a closing stop or comma are dropped,
which no word needs. A piece of at most 16 bytes is then two numbers of 64 bits,
held against those kept at the piece's place, its home. A place keeps one piece; whoever finds its home
taken goes next door, in the place of the last that did: so the frequent pieces, which come first, stay.
A piece found in neither, or longer, is asked of the vocabulary. So the arrays save work and never
decide: what they answer is what the vocabulary answered for the very same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from palabre.query.vocabulary import Keys

_FIRST_SIZE, _LAST_SIZE, _GROWTH = 1 << 13, 1 << 19, 4
_MOST_KEYS = 1 << 20
_LONGEST = 16
_TOO_LONG = _LONGEST + 1
_BLANK = 0x20
"""Bytes up to here are white space or controls: no word of `palabre.kit.text` crosses either."""
_CLOSING = np.isin(np.arange(256), np.frombuffer(b".,;:!?", np.uint8))
_MARGIN = b" " * _LONGEST
_EMPTY = np.uint64(2**64 - 1)
"""Kept where no piece is: no text in UTF-8 has a byte 0xFF."""
# Large odd numbers without a pattern in their bits, to scatter pieces over the places.
_SCATTER = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0xD6E8FEB86659FD93))
_HALF = np.uint64(32)

_Words = NDArray[np.uint64]
_Places = NDArray[np.int64]


def _mask(first: int) -> _Words:
    """By length of a piece, the bits of the 8 bytes from `first` that are its own."""
    own = [0 if length > _LONGEST else min(max(length - first, 0), 8) for length in range(_TOO_LONG + 1)]
    return np.array([(1 << 8 * count) - 1 for count in own], dtype=np.uint64)


_MASKS = (_mask(0), _mask(8))


class Tongue(Protocol):
    """What a table asks of a vocabulary: see `Vocabulary.understand`."""

    def understand(self, piece: str) -> tuple[Keys, int]: ...


class _Cut:
    """Texts as one run of bytes, and where its pieces are."""

    def __init__(self, texts: Sequence[str]) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        self.data = b"\n".join((b"", *encoded, _MARGIN)).lower().replace(b"/", b" ")
        self.text_ends = np.cumsum([len(text) + 1 for text in encoded])
        letters = np.frombuffer(self.data, np.uint8)
        blank = letters <= _BLANK
        edges = np.flatnonzero(blank[1:] != blank[:-1])  # the last before each change
        self.starts = edges[0::2] + 1
        self.ends = edges[1::2] + 1
        closing = _CLOSING.take(letters[edges[1::2]])
        closing &= self.ends - self.starts > 1
        self.ends -= closing

    def words(self) -> tuple[_Words, _Words]:
        """The first and last 8 bytes of every piece; zeros for one that is too long."""
        lengths = np.minimum(self.ends - self.starts, _TOO_LONG)
        first, last = (self._eight(offset)[self.starts] for offset in (0, 8))
        first &= _MASKS[0].take(lengths)
        last &= _MASKS[1].take(lengths)
        return first, last

    def _eight(self, offset: int) -> _Words:
        """The 8 bytes from every place on, as numbers."""
        return np.ndarray((len(self.data) - _LONGEST + 1,), "<u8", self.data, offset, (1,))

    def pieces(self, which: _Places) -> Iterator[str]:
        """Some of the pieces, as text."""
        for start, end in zip(self.starts[which].tolist(), self.ends[which].tolist(), strict=True):
            yield self.data[start:end].decode("utf-8", "surrogatepass")


class Table:
    """The keys that pieces stand for, in arrays that grow with use to some 12 MB, or a `share` of that."""

    def __init__(self, vocabulary: Tongue, share: int = 1) -> None:
        self._vocabulary = vocabulary
        self._last_size = _LAST_SIZE // share
        self._stale: list[int] = []
        self._resize(_FIRST_SIZE)

    def forget(self, sign: int) -> None:
        """What the pieces of this sign stand for has changed."""
        self._stale.append(sign)

    def keys_of(self, texts: Sequence[str]) -> list[list[Keys]]:
        """What each text says: the keys of those of its pieces that stand for any."""
        self._tidy()
        cut = _Cut(texts)
        words = cut.words()
        homes = self._homes(*words)
        numbers = self._values.take(homes)
        missed = np.flatnonzero(self._unlike(homes, *words))
        if len(missed):
            numbers[missed] = self._elsewhere(cut, missed, homes[missed], *(word[missed] for word in words))
        met = np.flatnonzero(numbers)
        keys = list(map(self._keys.__getitem__, numbers[met].tolist()))
        ends = np.searchsorted(cut.starts[met], cut.text_ends).tolist()
        return [keys[start:end] for start, end in zip((0, *ends), ends, strict=False)]

    def _homes(self, first: _Words, last: _Words) -> _Places:
        """The place that each piece should have."""
        mixed = first * _SCATTER[0] + last * _SCATTER[1]
        mixed ^= mixed >> _HALF
        mixed *= _SCATTER[2]
        mixed >>= self._shift
        return mixed.astype(np.int64)

    def _unlike(self, places: _Places, first: _Words, last: _Words) -> _Words:
        """Zero where a place holds just this piece."""
        unlike = self._first.take(places)
        unlike ^= first
        unlike |= self._last.take(places) ^ last
        return unlike

    def _elsewhere(
        self, cut: _Cut, missed: _Places, homes: _Places, first: _Words, last: _Words
    ) -> NDArray[np.int32]:
        """The numbers of pieces that are not at home: they are next door, or new."""
        beside = homes ^ 1
        numbers = self._values.take(beside)
        new = np.flatnonzero(self._unlike(beside, first, last))
        numbers[new], signs = self._understood(cut.pieces(missed[new]))
        short = first[new] != 0
        kept = new[short]
        at = np.where(self._first[homes[kept]] == _EMPTY, homes[kept], beside[kept])
        # Of two pieces for one place the last is kept, whole: numpy assigns in order.
        self._first[at], self._last[at] = first[kept], last[kept]
        self._values[at], self._signs[at] = numbers[kept], signs[short]
        self._stored += len(kept)
        return numbers

    def _understood(self, pieces: Iterable[str]) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """The numbers and signs of pieces as the vocabulary understands them."""
        understand, keys, numbers = self._vocabulary.understand, self._keys, self._numbers
        found: list[int] = []
        signs: list[int] = []
        for piece in pieces:
            said, sign = understand(piece)
            number = numbers.get(said)
            if number is None:
                number = numbers[said] = len(keys)
                keys.append(said)
            found.append(number)
            signs.append(sign)
        return np.array(found, np.int32), np.array(signs, np.uint16)

    def _tidy(self) -> None:
        """Grow if there was much to store, and drop what has changed."""
        size = len(self._first)
        if self._stored > size // _GROWTH and size * _GROWTH <= self._last_size:
            self._resize(size * _GROWTH)
        elif len(self._keys) > _MOST_KEYS:
            self._resize(size)
        elif self._stale:
            is_stale = np.zeros(1 << 16, bool)
            is_stale[self._stale] = True
            self._first[is_stale[self._signs]] = _EMPTY
        self._stale = []

    def _resize(self, size: int) -> None:
        """Start afresh with so many places, a power of two."""
        self._keys: list[Keys] = [()]
        self._numbers: dict[Keys, int] = {(): 0}
        self._first, self._last = np.full(size, _EMPTY), np.zeros(size, np.uint64)
        self._values, self._signs = np.zeros(size, np.int32), np.zeros(size, np.uint16)
        self._shift = np.uint64(65 - size.bit_length())
        self._stored = 0
