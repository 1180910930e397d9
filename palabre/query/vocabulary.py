"""What the pieces of posts mean to the queries of an index, remembered from one post to the next."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from palabre.kit.text import fold, terms, tokens, words
from palabre.query.document import primary
from palabre.query.stems import bare, has_stemmer, stems

CAPACITY = 300_000
"""Pieces remembered by an index at most, over all languages; then it starts afresh."""

INITIAL = 3
"""Letters by which pieces and beginnings are filed."""
_TRAILING = ".,;:!?"
_LONGEST = 40
"""Longer pieces (addresses, Chinese sentences) seldom come back: they are not remembered."""


class Key:
    """Something queries look for in a text: a folded word or tag, a beginning, an inflected word.

    Keys are compared by identity. Queries anchored at a key are filed in its `bucket`, by a second
    key; `seconds` are the bucket's keys again, as the set that is quick to hold against those of a post.
    A piece of text that stands for several keys has a key of its own, with the others in `parts`.
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
        if len(self) > CAPACITY // 4:
            self.clear()
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
        self._stemmed = 0
        self._by_language: dict[str, Vocabulary] = {}

    def of(self, language: str) -> "Vocabulary":
        """The vocabulary for posts in a language."""
        tongue = _tongue(language) if self._stemmed else "*"
        vocabulary = self._by_language.get(tongue)
        if vocabulary is None:
            vocabulary = self._by_language[tongue] = Vocabulary(self, tongue)
            for each in self._by_language.values():
                each.limit = CAPACITY // len(self._by_language)
        return vocabulary

    def spoken(self, title: str, text: str) -> str:
        """Title and text said aloud: ` a b `, on lines of their own."""
        say = self._spoken.__getitem__
        return f"{''.join(map(say, title.split()))} \n{''.join(map(say, text.split()))} "

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


class Vocabulary(dict[str, Key]):
    """From a piece of text in one language to the key it stands for; a new piece is understood on the way.

    `initials` gives the pieces that hold a term beginning in a certain way, so that a new key finds
    those to forget: they were understood when it meant nothing.
    """

    def __init__(self, all: Vocabularies, tongue: str) -> None:
        self.all, self.tongue = all, tongue
        self.initials: defaultdict[str, list[str]] = defaultdict(list)
        self.stemmed: defaultdict[str, list[str]] = defaultdict(list)
        self.languages: set[str] = set()
        self.every, self.names, self.beginnings = all.every, all.names, all.beginnings
        self.limit = CAPACITY
        for name in all.names:
            if name[:1] == "~":
                self._stem(name)

    def __missing__(self, piece: str) -> Key:
        if not _is_lasting(piece):
            return self._key(piece, terms(piece))
        if len(self) >= self.limit:
            self.forget_all()
        folded = fold(piece)
        term = folded if folded.isalnum() else folded.rstrip(_TRAILING)
        if term.isalnum() and term.isascii():
            self.initials[term[:INITIAL]].append(piece)
            self[piece] = key = self._key(piece, (term,))
            return key
        said = terms(piece)
        for initial in {term[:INITIAL] for term in said}:
            self.initials[initial].append(piece)
        self[piece] = key = self._key(piece, said)
        return key

    def _key(self, piece: str, said: Sequence[str]) -> Key:
        """The key that a piece, which says these terms, stands for."""
        names, beginnings = self.names, self.beginnings
        found = [names[term] for term in said if term in names]
        for term in said:
            starts = beginnings.get(term[:INITIAL])
            if starts and term.startswith(starts):
                found += [names[start + "*"] for start in starts if term.startswith(start)]
        if self.all.short:
            found += [
                names[start + "*"] for start in self.all.short for term in said if term.startswith(start)
            ]
        if self.languages:
            found += self._inflected(piece)
        if not found:
            return self.every
        return found[0] if len(found) == 1 else _several(found)

    def _inflected(self, piece: str) -> list[Key]:
        """The ~keys a piece stands for; a piece that lasts is filed under its stems."""
        found = []
        is_lasting = _is_lasting(piece)
        for stem in self._stems(piece):
            if is_lasting:
                self.initials[stem[: 4 + INITIAL]].append(piece)
            found += [self.names[name] for name in self.stemmed.get(stem, ())]
        return found

    def _stems(self, piece: str) -> set[str]:
        return {
            f"~{language}:{stem}"
            for token in tokens(piece)
            if token.is_word
            for language in self.languages
            for stem in stems(bare(piece[token.start : token.end]), language)
        }

    def learn(self, name: str) -> None:
        """A name is new: forget the pieces that may stand for it."""
        if name[0] == "~":
            for stem in self._stem(name):
                self._forget(stem[: 4 + INITIAL])
            return
        beginning = name.removesuffix("*")
        if len(beginning) < INITIAL and name[-1] == "*":
            self.forget_all()
        self._forget(beginning[:INITIAL])

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
            self.forget_all()
        found = [f"~{language}:{stem}" for language in spoken for stem in stems(word, language)]
        for stem in found:
            self.stemmed[stem].append(name)
        return found

    def _forget(self, initial: str) -> None:
        for piece in self.initials.pop(initial, ()):
            self.pop(piece, None)

    def forget_all(self) -> None:
        """Start afresh."""
        self.clear()
        self.initials.clear()


def _is_lasting(piece: str) -> bool:
    return len(piece) <= _LONGEST and "://" not in piece


def _several(found: list[Key]) -> Key:
    """One key that stands for several."""
    key = Key("")
    key.parts = tuple(dict.fromkeys(found))
    return key


def keys_of(vocabulary: Vocabulary, text: str) -> tuple[set[Key], list[Key]]:
    """The keys met in a text, and those of them that anchor a query whose second key is met too."""
    keys = set(map(vocabulary.__getitem__, text.split()))
    keys.add(vocabulary.every)
    several = [key.parts for key in keys if key.parts]
    if several:
        keys.update(*several)
    apart = keys.isdisjoint
    return keys, [key for key in keys if key.seconds is not None and not apart(key.seconds)]
