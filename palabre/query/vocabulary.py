"""What the pieces of posts mean to the queries of an index, remembered from one post to the next."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Literal

from palabre.kit.text import terms, tokens, words
from palabre.query.document import primary
from palabre.query.stems import bare, has_stemmer, stems

if TYPE_CHECKING:
    from palabre.query.table import Table

Kind = Literal["phrases", "ids", "entries"]

INITIAL = 3
"""Letters by which pieces and beginnings are filed."""
_TRAILING = ".,;:!?"
_TAGS = ("#", "@")
_MARKED = 16
"""Longer pieces are not kept by a table: they need no sign."""
_REMEMBERED = 100_000
"""Pieces as they are said aloud, and sets of several keys: remembered at most; then they start afresh."""


class Key:
    """Something queries look for: a folded word or tag, a beginning, an inflected word, a phrase.

    Keys are compared by identity. What is filed under a key stands on a shelf by a second key, which is
    to be met with it: the phrases that begin to be likely then, the ids of queries of which nothing is
    left to ask, and the queries that must be looked at. `seconds` are the second keys of all three, as
    the set that is quick to hold against those of a post; it is None where nothing is filed.
    """

    __slots__ = ("entries", "ids", "name", "phrases", "seconds", "uses", "words")

    def __init__(self, name: str, words: "Keys" = ()) -> None:
        self.name, self.words = name, words
        self.uses = 0
        self.seconds: set[Key] | None = None
        self.phrases: Shelf = _EMPTY
        self.ids: Shelf = _EMPTY
        self.entries: Shelf = _EMPTY

    def file(self, shelf: Kind, seconds: "Keys", item: object) -> None:
        """Put an item on a shelf, by each of `seconds`."""
        if self.seconds is None:
            self.seconds = set()
        self.seconds.update(seconds)
        filed: Shelf = getattr(self, shelf)
        if filed is _EMPTY:
            filed = {}
            setattr(self, shelf, filed)
        for second in seconds:
            filed[second] = (*filed[second], item) if second in filed else (item,)

    def drop(self, shelf: Kind, seconds: "Keys", item: object) -> None:
        """Take an item off a shelf."""
        filed: Shelf = getattr(self, shelf)
        for second in seconds:
            others = tuple(other for other in filed.pop(second) if other != item)
            if others:
                filed[second] = others
        self.seconds = {*self.phrases, *self.ids, *self.entries} or None


Keys = tuple[Key, ...]
Shelf = dict[Key, tuple[Any, ...]]
_EMPTY: Shelf = {}


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
        self.every.uses = 1
        """The key every text has, and all that most pieces stand for."""
        self.names: dict[str, Key] = {"": self.every}
        self.beginnings: dict[str, tuple[str, ...]] = {}
        """The beginnings looked for (`restau`), by their first letters."""
        self.short: tuple[str, ...] = ()
        """Those too short to be found that way."""
        self._spoken = _Spoken()
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

    def learn(self, name: str) -> Key:
        """The key of this name, recognised once more from now on."""
        key = self.names.get(name)
        if key is None:
            key = self.names[name] = self._learn_phrase(name) if name[0] == " " else self._learn_term(name)
        key.uses += 1
        return key

    def _learn_term(self, name: str) -> Key:
        self._changed(name, 1)
        for vocabulary in self._by_language.values():
            vocabulary.learn(name)
        return Key(name)

    def _learn_phrase(self, name: str) -> Key:
        phrase = Key(name, tuple(map(self.learn, name.split())))
        first, second = _rarest(phrase)
        first.file("phrases", (second,), phrase)
        return phrase

    def unlearn(self, key: Key) -> None:
        """Recognise this key once less."""
        key.uses -= 1
        if key.uses:
            return
        del self.names[key.name]
        if key.words:
            first, second = _rarest(key)
            first.drop("phrases", (second,), key)
            for word in key.words:
                self.unlearn(word)
            return
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


def _rarest(phrase: Key) -> Keys:
    """The two words by which a phrase is filed, the rarest first: short words are frequent."""
    first, second, *_ = sorted(phrase.words, key=lambda word: -len(word.name))
    return first, second


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
        self.names, self.beginnings = all.names, all.beginnings
        self._table: Table | None = None
        for name in all.names:
            if name[:1] == "~":
                self._stem(name)

    def met(self, texts: Sequence[str]) -> list[list[Keys]]:
        """What each text says: the keys of those of its pieces that stand for any."""
        if self._table is None:
            from palabre.query.table import Table  # numpy is slow to load, and judging one query needs none

            self._table = Table(self, share=len(self.all))
        return self._table.keys_of(texts)

    def understand(self, piece: str) -> tuple[Keys, int]:
        """The keys that a piece stands for, and its sign: what a new key must share to concern it."""
        names, beginnings = self.names, self.beginnings
        term = piece.lower().rstrip(_TRAILING)
        word = term[1:] if term[:1] in _TAGS else term
        is_plain = word.isalnum() and word.isascii()  # the common case
        said: Sequence[str] = terms(piece) if not is_plain else (term,) if word is term else (term, word)
        found: list[Key] = []
        for term in said:
            if term in names:
                found.append(names[term])
            starts = beginnings.get(term[:INITIAL])
            if starts and term.startswith(starts):
                found += [names[start + "*"] for start in starts if term.startswith(start)]
        for start in self.all.short:
            found += [names[start + "*"] for term in said if term.startswith(start)]
        stemmed: Collection[str] = self._stems(piece) if self.languages else ()
        for stem in stemmed:
            found += [names[name] for name in self.stemmed.get(stem, ())]
        keys = tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))
        if len(piece) > _MARKED:
            return keys, _MANIFOLD
        if is_plain and not stemmed:
            return keys, _sign(word)
        signs = {_sign(term) for term in (*said, *map(_unmarked, stemmed))}
        return keys, _MANIFOLD if len(signs) > 1 else signs.pop() if signs else _SILENT

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
