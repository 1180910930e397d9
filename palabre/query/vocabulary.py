"""What the pieces of posts mean to the queries of an index, remembered from one post to the next."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from palabre.kit.text import terms, tokens, words
from palabre.query.document import primary
from palabre.query.stems import bare, has_stemmer, stems

if TYPE_CHECKING:
    from palabre.query.table import Table

INITIAL = 3
"""Letters by which pieces and beginnings are filed."""
_TRAILING = ".,;:!?"
_MARKED = 16
"""Longer pieces are not kept by a table: they need no sign."""
_REMEMBERED = 100_000
"""Pieces as they are said aloud, and sets of several keys: remembered at most; then they start afresh."""


class Key:
    """Something queries look for in a text: a folded word or tag, a beginning, an inflected word.

    Keys are compared by identity. Queries anchored at a key are filed in its `bucket`, by a second
    key; `seconds` are the bucket's keys again, as the set that is quick to hold against those of a post.
    A piece of text that stands for several keys has a key of its own, with the others in `parts` (and
    an empty set of `seconds`, so that one look is enough to see whether a key needs more).
    """

    __slots__ = ("bucket", "name", "parts", "seconds", "uses")

    def __init__(self, name: str) -> None:
        self.name = name
        self.uses = 0
        self.seconds: set[Key] | None = None
        self.bucket: dict[Key, tuple[Any, ...]] = _NO_BUCKET
        self.parts: tuple[Key, ...] = ()


_NO_BUCKET: dict[Key, tuple[Any, ...]] = {}


class _Spoken(dict[str, str]):
    """A piece of text as its folded words, each after a space."""

    def __missing__(self, piece: str) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        plain = piece.rstrip(_TRAILING)
        if plain.isalnum() and plain.isascii():
            self[piece] = said = " " + plain.lower()
        else:
            self[piece] = said = "".join(f" {word}" for word in words(piece))
        return said


class Vocabularies:
    """The keys of an index's queries, and a vocabulary for each language it must tell apart.

    As long as no query inflects a word (`~`), one vocabulary serves all languages.
    """

    def __init__(self) -> None:
        self.every = Key("")
        """The key every text has, and all that most pieces stand for."""
        self.names: dict[str, Key] = {"": self.every}
        self.beginnings: dict[str, tuple[str, ...]] = {}
        """The beginnings looked for (`restau`), by their first letters."""
        self.short: tuple[str, ...] = ()
        """Those too short to be found that way."""
        self._spoken = _Spoken()
        self._several: dict[tuple[Key, ...], Key] = {}
        self._stemmed = 0
        self._by_language: dict[str, Vocabulary] = {}

    def __len__(self) -> int:
        return len(self._by_language)

    def of(self, language: str) -> "Vocabulary":
        """The vocabulary for posts in a language."""
        return self.speaking(self.tongue(language))

    def tongue(self, language: str) -> str:
        """What languages with the same vocabulary have in common."""
        return _tongue(language) if self._stemmed else "*"

    def speaking(self, tongue: str) -> "Vocabulary":
        """The vocabulary of a `tongue`."""
        vocabulary = self._by_language.get(tongue)
        if vocabulary is None:
            vocabulary = self._by_language[tongue] = Vocabulary(self, tongue)
        return vocabulary

    def spoken(self, title: str, text: str) -> str:
        """Title and text said aloud: ` a b `, on lines of their own."""
        say = self._spoken.__getitem__
        return f"{''.join(map(say, title.split()))} \n{''.join(map(say, text.split()))} "

    def several(self, keys: list[Key]) -> Key:
        """One key that stands for several."""
        parts = tuple(dict.fromkeys(keys))
        key = self._several.get(parts)
        if key is None:
            if len(self._several) > _REMEMBERED:
                self._several.clear()
            key = self._several[parts] = Key("")
            key.parts, key.seconds = parts, set()
        return key

    def learn(self, name: str) -> Key:
        """The key of this name, recognised once more from now on."""
        key = self.names.get(name)
        if key is None:
            key = self.names[name] = Key(name)
            self._changed(name, 1)
            for vocabulary in self._by_language.values():
                vocabulary.learn(name)
        key.uses += 1
        return key

    def unlearn(self, key: Key) -> None:
        """Recognise this key once less."""
        key.uses -= 1
        if not key.uses:
            del self.names[key.name]
            self._changed(key.name, -1)
            for vocabulary in self._by_language.values():
                vocabulary.unlearn(key.name)

    def _changed(self, name: str, by: int) -> None:
        if name[:1] == "~":
            self._stemmed += by
            if self._stemmed == (by > 0):  # the first one came or the last one went
                self._by_language = {}
        elif name[-1:] == "*":
            beginning = name[:-1]
            if len(beginning) < INITIAL:
                self.short = _with(self.short, beginning, by)
            else:
                initial = beginning[:INITIAL]
                self.beginnings[initial] = _with(self.beginnings.get(initial, ()), beginning, by)


def _with(items: tuple[str, ...], item: str, by: int) -> tuple[str, ...]:
    return (*items, item) if by > 0 else tuple(other for other in items if other != item)


def _tongue(language: str) -> str:
    code = primary(language)
    return code if not code or has_stemmer(code) else "-"


class Vocabulary:
    """What a piece of text in one language stands for.

    What it said is kept by a `Table`, with a sign: a new key makes the table forget the pieces of the
    signs it may concern, for they were understood when the key meant nothing.
    """

    def __init__(self, all: Vocabularies, tongue: str) -> None:
        self.all, self.tongue = all, tongue
        self.stemmed: defaultdict[str, list[str]] = defaultdict(list)
        self.languages: set[str] = set()
        self.every, self.names, self.beginnings = all.every, all.names, all.beginnings
        self._table: Table | None = None
        for name in all.names:
            if name[:1] == "~":
                self._stem(name)

    def met(self, texts: Sequence[str]) -> list[list[Key]]:
        """The keys that the pieces of each text stand for, but the one that every text has."""
        if self._table is None:
            from palabre.query.table import Table  # numpy is slow to load, and judging one query needs none

            self._table = Table(self, self.every, share=len(self.all))
        return self._table.keys_of(texts)

    def understand(self, piece: str) -> tuple[Key, int]:
        """The key that a piece stands for, and its sign: what a new key must share to concern it."""
        names, beginnings = self.names, self.beginnings
        term = piece.lower().rstrip(_TRAILING)
        if term.isalnum() and term.isascii():
            initial = term[:INITIAL]
            if not (self.languages or self.all.short or term.startswith(beginnings.get(initial, ()))):
                return names.get(term, self.every), 2 + hash(initial) % _SPREAD  # the common case
            said: Sequence[str] = (term,)
        else:
            said = terms(piece)
        found = [names[term] for term in said if term in names]
        for term in said:
            starts = beginnings.get(term[:INITIAL])
            if starts and term.startswith(starts):
                found += [names[start + "*"] for start in starts if term.startswith(start)]
        for start in self.all.short:
            found += [names[start + "*"] for term in said if term.startswith(start)]
        stemmed = self._stems(piece) if self.languages else ()
        for stem in stemmed:
            found += [names[name] for name in self.stemmed.get(stem, ())]
        sign = _MANIFOLD
        if len(piece) <= _MARKED:
            signs = set(map(_sign, said)).union(map(_sign, map(_unmarked, stemmed)))
            sign = _MANIFOLD if len(signs) > 1 else signs.pop() if signs else _SILENT
        if len(found) > 1:
            return self.all.several(found), sign
        return found[0] if found else self.every, sign

    def _stems(self, piece: str) -> set[str]:
        return {
            f"~{language}:{stem}"
            for token in tokens(piece)
            if token.is_word
            for language in self.languages
            for stem in stems(bare(piece[token.start : token.end]), language)
        }

    def learn(self, name: str) -> None:
        """A name is new: forget what may stand for it."""
        if name[0] == "~":
            for stem in self._stem(name):
                self._forget(_unmarked(stem))
        elif name[-1] == "*" and len(name[:-1].lstrip("#@")) < INITIAL:
            self._table = None
        else:
            self._forget(name)

    def unlearn(self, name: str) -> None:
        """A name is gone; the pieces that stand for it do no harm."""
        if name[0] == "~":
            for names in self.stemmed.values():
                if name in names:
                    names.remove(name)

    def _stem(self, name: str) -> list[str]:
        """File a ~name under its stems in the languages that count here."""
        languages, _, word = name[1:].partition(":")
        spoken = [self.tongue] if self.tongue else languages.split(",")
        if not self.languages.issuperset(spoken):  # pieces were not looked at in this language
            self.languages.update(spoken)
            self._table = None
        found = [f"~{language}:{stem}" for language in spoken for stem in stems(word, language)]
        for stem in found:
            self.stemmed[stem].append(name)
        return found

    def _forget(self, term: str) -> None:
        if self._table is not None:
            self._table.forget(_sign(term))
            self._table.forget(_MANIFOLD)


_SILENT, _MANIFOLD, _SPREAD = 0, 1, (1 << 16) - 2
"""The sign of a piece that says nothing, of one whose terms begin in several ways, and how many others."""


def _sign(term: str) -> int:
    """The sign of a piece that says this term: of how it begins, tags as their words do."""
    return 2 + hash(term.lstrip("#@")[:INITIAL]) % _SPREAD


def _unmarked(stem: str) -> str:
    """The stem without its language."""
    return stem.partition(":")[2]
