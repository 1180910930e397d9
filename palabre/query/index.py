"""Posts against a hundred thousand queries: the index a process keeps of all topics.

A post is cut on white space, and each piece is looked up among those seen before, to find the key it
stands for: a folded word or tag of some query, a beginning (`restau*`), an inflected word; most pieces
stand for none. Folding and cutting happen once per distinct piece, not once per post, and the look-ups
of hundreds of posts at a time in arrays (`table`).

A phrase is a key as well, met by a post that has its words and says them aloud in their order: looked
for once a post, however many queries ask for it.

Each query is filed under its *anchor*: of the groups of keys a match must contain one of, the group
expected least often; and below it by the next group. What is left of the query is checked on the keys
alone where it can be, else by the plain evaluator, with which the index always agrees. A query that asks
nothing of the text is anchored at the author, the address or the site it names: these are read of a post
while some query asks for them.

Adding and removing touch the query's own entries. A new key makes the index forget the pieces that
begin like it (they were seen when the key meant nothing), and few others.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from palabre.kit.memory import growing
from palabre.query.document import Document, Reading, values
from palabre.query.evaluate import Judge
from palabre.query.necessary import Value
from palabre.query.plan import planned
from palabre.query.tree import Node, Query
from palabre.query.vocabulary import Key, Keys, Vocabularies

Id = TypeVar("Id", bound=Hashable)

_BATCH = 512
"""Documents looked up at a time."""
_EVERY = ("",)
"""The name of the key that every text has."""
_WIDEST = 64
"""Entries a query may have in the two-level file; one with more choices is filed under one level."""


class _Entry(NamedTuple, Generic[Id]):
    """A query under its keys, and what is left to look at: the other groups, what must not be met, and
    what cannot be told from the keys alone. Where nothing is left the id stands alone."""

    id: Id
    rest: tuple[Keys, ...]
    none: Keys
    remainder: Node | None
    languages: tuple[str, ...]

    @property
    def keys(self) -> Keys:
        """Those of the groups and of what must not be met."""
        return sum(self.rest, self.none)


class _Filed(NamedTuple, Generic[Id]):
    """Where a query is: its anchors and second keys, and its entry if it has one."""

    firsts: Keys
    seconds: Keys
    entry: _Entry[Id] | None

    @property
    def keys(self) -> Keys:
        """All that the query uses."""
        return self.firsts + self.seconds + (self.entry.keys if self.entry else ())


class Index(Generic[Id]):
    """Queries by id; `match` gives the ids whose query matches a document, in no particular order."""

    def __init__(self, queries: Iterable[tuple[Id, Query]] = ()) -> None:
        self._vocabularies = Vocabularies()
        self._filed: dict[Id, _Filed[Id]] = {}
        self._asked: Counter[str] = Counter()
        """Fields beside the text that queries are anchored at, with how many keys of each."""
        with growing():
            for id, query in queries:
                self.add(id, query)

    def __len__(self) -> int:
        return len(self._filed)

    def __contains__(self, id: object) -> bool:
        return id in self._filed

    def add(self, id: Id, query: Query) -> None:
        """File a query; one already filed under this id is replaced."""
        self.remove(id)
        plan = planned(query)
        learn = self._vocabularies.learn
        groups = [tuple(map(learn, group)) for group in plan.groups or (_EVERY,)]
        firsts = groups[0]
        two_levels = len(groups) > 1 and len(firsts) * len(groups[1]) <= _WIDEST
        seconds = groups[1] if two_levels else tuple(map(learn, _EVERY))
        rest = tuple(groups[1 + two_levels :])
        none = tuple(map(learn, plan.none))
        entry: _Entry[Id] | None = None
        if rest or none or plan.remainder:
            entry = _Entry(id, rest, none, plan.remainder, plan.languages)
        for first in firsts:
            if entry:
                first.file("entries", seconds, entry)
            else:
                first.file("ids", seconds, id)
        filed = self._filed[id] = _Filed(firsts, seconds, entry)
        if fields := _fields(filed):
            self._asked.update(fields)

    def remove(self, id: Id) -> None:
        """Forget the query of this id, if there is one."""
        filed = self._filed.pop(id, None)
        if filed is None:
            return
        for first in filed.firsts:
            if filed.entry:
                first.drop("entries", filed.seconds, filed.entry)
            else:
                first.drop("ids", filed.seconds, id)
        for key in filed.keys:
            self._vocabularies.unlearn(key)
        self._asked -= Counter(_fields(filed))

    def match(self, document: Document) -> list[Id]:
        """The ids of the queries that the document matches, each once. See `match_many`."""
        return self.match_many([document])[0]

    def match_many(self, documents: Iterable[Document]) -> list[list[Id]]:
        """`match` for each document, in order; several times as fast for hundreds at a time."""
        every = list(documents)
        languages = [document.lang for document in every]
        return self.match_texts(list(map(body, every)), languages, every.__getitem__)

    def match_texts(
        self, bodies: Sequence[str], languages: Sequence[str], document: Callable[[int], Document]
    ) -> list[list[Id]]:
        """`match_many` for documents that are not made yet: the `body` and language of each are enough
        for most; `document` makes the one at a place where more has to be looked at."""
        found: list[list[Id]] = []
        for start in range(0, len(bodies), _BATCH):
            found += self._batch(range(start, min(start + _BATCH, len(bodies))), bodies, languages, document)
        return found

    def _batch(
        self,
        batch: range,
        bodies: Sequence[str],
        languages: Sequence[str],
        document: Callable[[int], Document],
    ) -> list[list[Id]]:
        tongues = {
            language: self._vocabularies.tongue(language)
            for language in set(languages[batch.start : batch.stop])
        }
        found: list[list[Id]] = [[]] * len(batch)
        for tongue in set(tongues.values()):
            places = [place for place in batch if tongues[languages[place]] == tongue]
            met = self._vocabularies.speaking(tongue).met([bodies[place] for place in places])
            for place, keys in zip(places, met, strict=True):
                found[place - batch.start] = self._found(place, document, keys)
        return found

    def _found(self, place: int, document: Callable[[int], Document], said: list[Keys]) -> list[Id]:
        """What the document at a place matches, given the keys its pieces stand for."""
        keys = {self._vocabularies.every}.union(*said)
        if self._asked:
            keys.update(self._beside(document(place)))
        anchors = _anchors(keys)
        if not anchors:
            return []
        case: _Case | None = None
        likely = [
            phrase
            for anchor in anchors
            if anchor.phrases
            for second in keys & anchor.phrases.keys()
            for phrase in anchor.phrases[second]
            if keys.issuperset(phrase.words)
        ]
        if likely:
            case = _Case(document(place), self._vocabularies)
            keys.update(filter(case.says, likely))
            anchors = _anchors(keys)
        found: set[Id] = set()
        for anchor in anchors:
            for second in keys.intersection(anchor.seconds or ()):
                if second in anchor.ids:
                    found.update(anchor.ids[second])
                if second not in anchor.entries:
                    continue
                for id, rest, none, remainder, languages in anchor.entries[second]:
                    if none and not keys.isdisjoint(none):
                        continue
                    for group in rest:
                        if keys.isdisjoint(group):
                            break
                    else:
                        if remainder is not None:
                            case = case or _Case(document(place), self._vocabularies)
                            if not case.meets(remainder, languages):
                                continue
                        found.add(id)
        return list(found)

    def _beside(self, document: Document) -> Iterator[Key]:
        """The keys a document meets beside its text."""
        names = self._vocabularies.names
        for field in self._asked:
            for value in values(document, field):
                if key := names.get(Value(value, field=field).name):
                    yield key


def _anchors(keys: set[Key]) -> list[Key]:
    """Those of the keys under which something is filed by another of them."""
    return [key for key in keys if (seconds := key.seconds) is not None and not keys.isdisjoint(seconds)]


def _fields(filed: _Filed[Id]) -> list[str]:
    """The fields of the keys that stand for a value beside the text."""
    return [key.name.split("\n")[1] for key in filed.keys if key.name[:1] == "\n"]


def body(document: Document) -> str:
    """What of a document is cut into pieces."""
    return f"{document.title}\n{document.text}" if document.title else document.text


class _Case:
    """What cannot be told from the keys alone is judged on this, made once for a document that needs it."""

    def __init__(self, document: Document, vocabularies: Vocabularies) -> None:
        self.document, self.vocabularies = document, vocabularies
        self.lowered = f" {document.title} \n {document.text} ".lower()
        self.spoken = ""
        self.reading: Reading | None = None

    def says(self, phrase: Key) -> bool:
        """Whether the document, said aloud, holds a phrase; quick where it is written just so."""
        aloud = phrase.name
        if aloud in self.lowered and aloud.isascii() and aloud.replace(" ", "").isalnum():
            return True
        self.spoken = self.spoken or self.vocabularies.spoken(self.document.title, self.document.text)
        return aloud in self.spoken

    def meets(self, remainder: Node, languages: tuple[str, ...]) -> bool:
        """Whether the plain evaluator finds that a condition holds."""
        self.reading = self.reading or Reading(self.document)
        return Judge(languages, self.reading).holds(remainder, self.reading.body)
