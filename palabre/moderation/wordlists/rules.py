"""Finding the words of a list in what people say, whatever they do to hide them: pure.

An entry is a word or several in a row, as `kit.text` cuts and folds them: whole words in every script,
whatever the case, the accents or the invisible characters between the letters. `*` stands for any letters
of a word, none too (`arnaqu*`, `*tube*`), alone for any one word. `#promo` is the tag, `promo` the word in
or out of one. The time taken grows with the text and the list, never with how the text is made.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from palabre.enrichment import handles
from palabre.kit.text import Token, clean, is_unspaced, terms, tokens
from palabre.moderation.wordlists.disguise import is_suspect, unmasked

LONGEST = 100
"""Characters of an entry."""
MOST_WORDS = 8
"""Words of an entry."""
READ = 20_000
"""Characters of a text that are looked at."""
MOST_HITS = 200
"""Places told of one text."""
_STAR = "\ua78f"  # a letter to the folding, and one that nobody writes
_PERSON = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|\+?\d[\d .\-/()]{7,}\d")


@dataclass
class WordError(ValueError):
    """An entry that cannot be looked for: `code` says why (`empty`, `wide`, `long`, `many`, `person`)."""

    code: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is looked for. `cased`: only written so, in capitals and small letters."""

    text: str
    cased: bool = False


@dataclass(frozen=True, order=True)
class Hit:
    """Where an entry (by its place in the list) stands: characters `start` to `end` of the text."""

    start: int
    end: int
    entry: int
    disguised: bool = False


@dataclass(frozen=True)
class Glob:
    """A word with stars between its `parts`; one part is the word itself."""

    parts: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        return len(self.parts) == 1

    @cached_property
    def needle(self) -> str:
        """The longest run of letters that every word meant must have."""
        return max(self.parts, key=len)

    def meets(self, word: str) -> bool:
        """Whether the word is meant; each part goes as far left as it can, so that nothing is tried twice."""
        first, last = self.parts[0], self.parts[-1]
        if self.is_plain:
            return word == first
        if len(word) < len(first) + len(last) or not word.startswith(first) or not word.endswith(last):
            return False
        at, end = len(first), len(word) - len(last)
        for part in self.parts[1:-1]:
            found = word.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """An entry that was read. `cased`: its words as they have to be written, empty where any case does."""

    entry: int
    words: tuple[Glob, ...]
    cased: tuple[Glob, ...] = ()
    is_tag: bool = False

    @property
    def stands_alone(self) -> bool:
        """Whether it is one word in any case: what a disguise is held against."""
        return len(self.words) == 1 and not self.cased and not self.is_tag

    @cached_property
    def anchor(self) -> int:
        """The word that tells most: one without stars, the longest."""
        return max(
            range(len(self.words)), key=lambda at: (self.words[at].is_plain, len(self.words[at].needle))
        )


def read(entry: Entry, place: int = 0) -> Pattern:
    """Understand an entry. Raises WordError."""
    text = clean(entry.text).strip()
    if len(text) > LONGEST:
        raise WordError("long")
    if handles(text) or _PERSON.search(text):
        raise WordError("person")
    starred = text.replace("*", _STAR)
    found = tokens(starred)
    if not found:
        raise WordError("empty")
    tag = found[0] if not found[0].is_word and found[0].end == found[-1].end else None
    chosen = [tag] if tag else _inner([token for token in found if token.is_word], starred)
    words = tuple(_glob(token.term) for token in chosen)
    if len(words) > MOST_WORDS:
        raise WordError("many")
    if not any(len("".join(word.parts).lstrip("#@")) >= (1 if word.is_plain else 2) for word in words):
        raise WordError("wide")
    cased = tuple(_glob(as_written(starred[token.start : token.end])) for token in chosen)
    return Pattern(entry=place, words=words, cased=cased if entry.cased else (), is_tag=tag is not None)


def _glob(term: str) -> Glob:
    return Glob(tuple(re.sub(f"{_STAR}+", _STAR, term).split(_STAR)))


def _inner(words: list[Token], text: str) -> list[Token]:
    """Without the stars that touch a script written without spaces: there any run is found anyway."""
    kept = []
    for word in words:
        beside = [other for other in words if other.end == word.start or other.start == word.end]
        lonely = set(word.term) == {_STAR}
        if not (lonely and any(is_unspaced(other.term) for other in beside)):
            kept.append(word)
    return kept


def as_written(word: str) -> str:
    """A word with its capitals and without its accents."""
    plain = unicodedata.normalize("NFKD", clean(word))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


class Matcher:
    """Entries ready to be looked for. `disguised`: also where digits, signs or spaces hide them."""

    def __init__(self, patterns: Iterable[Pattern], *, disguised: bool = True) -> None:
        self.disguised = disguised
        self._plain: defaultdict[str, list[Pattern]] = defaultdict(list)
        self._begun: defaultdict[str, list[Pattern]] = defaultdict(list)
        self._loose: list[Pattern] = []
        for pattern in patterns:
            word = pattern.words[pattern.anchor]
            if word.is_plain:
                self._plain[word.parts[0]].append(pattern)
            elif len(word.parts[0]) >= 2:
                self._begun[word.parts[0][:2]].append(pattern)
            else:
                self._loose.append(pattern)

    def might(self, text: str) -> bool:
        """Whether it is worth reading the text word by word: False is certain."""
        found = terms(text[:READ])
        if not self._plain.keys().isdisjoint(found):
            return True
        if self._begun and any(term[:2] in self._begun for term in found):
            return True
        if self._loose:
            run = " ".join(found)
            if any(pattern.words[pattern.anchor].needle in run for pattern in self._loose):
                return True
        return self.disguised and is_suspect(text[:READ])

    def find(self, text: str) -> tuple[Hit, ...]:
        """Every place of an entry, in the order of the text, the longer before the shorter."""
        if not self.might(text):
            return ()
        text = text[:READ]
        found = tokens(text)
        words = [token for token in found if token.is_word]
        hits = set(self._hits(text, words, [token for token in found if not token.is_word]))
        if self.disguised and is_suspect(text):
            known = {(hit.start, hit.entry) for hit in hits}
            hits |= {hit for hit in self._unmasked(text, words) if (hit.start, hit.entry) not in known}
        return tuple(sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.entry))[:MOST_HITS])

    def _candidates(self, term: str) -> Iterable[Pattern]:
        """Patterns whose anchor may be this term."""
        yield from self._plain.get(term, ())
        yield from self._begun.get(term[:2], ())
        yield from self._loose

    def _hits(self, text: str, words: Sequence[Token], tags: Sequence[Token]) -> Iterable[Hit]:
        asked: dict[str, list[Pattern]] = {}
        for sequence, are_tags in ((words, False), (tags, True)):
            for at, word in enumerate(sequence):
                if word.term not in asked:
                    near = self._candidates(word.term)
                    asked[word.term] = [one for one in near if one.words[one.anchor].meets(word.term)]
                for pattern in asked[word.term]:
                    if pattern.is_tag is are_tags and (hit := _whole(pattern, text, sequence, at)):
                        yield hit

    def _unmasked(self, text: str, words: list[Token]) -> Iterable[Hit]:
        asked: dict[str, list[Pattern]] = {}
        for word in unmasked(text, words):
            if word.term not in asked:
                meant = (one for one in self._candidates(word.term) if one.stands_alone)
                asked[word.term] = [one for one in meant if one.words[0].meets(word.term)]
            for pattern in asked[word.term]:
                yield Hit(word.start, word.end, pattern.entry, disguised=True)


def _whole(pattern: Pattern, text: str, words: Sequence[Token], at: int) -> Hit | None:
    """The whole entry, its anchor being the word at this place."""
    first = at - pattern.anchor
    here = words[first : first + len(pattern.words)] if first >= 0 else ()
    if len(here) < len(pattern.words):
        return None
    if not all(glob.meets(word.term) for glob, word in zip(pattern.words, here, strict=True)):
        return None
    if pattern.cased and not all(
        glob.meets(as_written(text[word.start : word.end]))
        for glob, word in zip(pattern.cased, here, strict=True)
    ):
        return None
    return Hit(here[0].start, here[-1].end, pattern.entry)


def rewritten(text: str, hits: Sequence[Hit], said: Callable[[Hit, str], str]) -> str:
    """The text with the words of each hit said otherwise; of two that overlap, the first and the longer."""
    pieces, at = [], 0
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if hit.start >= at:
            pieces += [text[at : hit.start], said(hit, text[hit.start : hit.end])]
            at = hit.end
    return "".join([*pieces, text[at:]])


def censored(text: str, hits: Sequence[Hit]) -> str:
    """The text with a block for each character of the words found; the spaces between stay."""
    return rewritten(text, hits, lambda _, words: re.sub(r"\S", "■", words))
