"""Posts against a hundred thousand queries: the index a process keeps of all topics.

A post is cut on white space, and each piece is looked up among those seen before, to find the key it
stands for: a folded word or tag of some query, a beginning (`restau*`), an inflected word; most pieces
stand for none. Folding and cutting happen once per distinct piece, not once per post, and the look-ups
of hundreds of posts at a time in arrays (`table`).

Each query is filed under its *anchor*: of the groups of keys a match must contain one of, the group
expected least often; and below it by the next group. What is left of the query is checked on the keys
alone where it can be, else by the plain evaluator, with which the index always agrees. A query that asks
nothing of the text is anchored at the author, the address or the site it names: these are read of a post
while some query asks for them.

Adding and removing touch the query's own entries. A new key makes the index forget the pieces that
begin like it (they were seen when the key meant nothing), and few others.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from palabre.kit.memory import growing
from palabre.query.document import Document, Reading, values
from palabre.query.evaluate import Judge
from palabre.query.necessary import Value
from palabre.query.plan import Group, Plan, planned
from palabre.query.tree import Node, Query
from palabre.query.vocabulary import Key, Vocabularies

Id = TypeVar("Id", bound=Hashable)
Keys = tuple[Key, ...]

_BATCH = 512
"""Documents looked up at a time."""
_WIDEST = 64
"""Entries a query may have in the two-level file; one with more choices is filed under one level."""


class _Choice(NamedTuple):
    """One of the keys, or one of the phrases: the keys of its words, and the words said aloud."""

    keys: Keys
    phrases: tuple[tuple[Keys, str], ...]


class _Check(NamedTuple):
    """What cannot be told from the keys alone."""

    phrases: tuple[_Choice, ...]
    none_phrases: tuple[_Choice, ...]
    remainder: Node | None
    languages: tuple[str, ...]


class _Entry(NamedTuple, Generic[Id]):
    """A query under its keys, and what is left to look at; where nothing is left the id stands alone."""

    id: Id
    rest: tuple[Keys, ...]
    none: Keys
    check: _Check | None


class _Filed(NamedTuple):
    """Where a query is: anchors and second keys, and all the keys it uses."""

    firsts: Keys
    seconds: Keys
    keys: Keys


class Index(Generic[Id]):
    """Queries by id; `match` gives the ids whose query matches a document, in no particular order."""

    def __init__(self, queries: Iterable[tuple[Id, Query]] = ()) -> None:
        self._vocabularies = Vocabularies()
        self._filed: dict[Id, _Filed] = {}
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
        keys = {name: self._vocabularies.learn(name) for name in plan.names}
        groups = [tuple(keys[name] for name in group) for group in plan.groups]
        every = (self._vocabularies.every,)
        firsts = groups[0] if groups else every
        two_levels = len(groups) > 1 and len(firsts) * len(groups[1]) <= _WIDEST
        seconds = groups[1] if two_levels else every
        rest = tuple(groups[1 + two_levels :])
        none = tuple(keys[name] for name in plan.none)
        entry: Id | _Entry[Id] = id
        if rest or none or plan.is_partial:
            entry = _Entry(id, rest, none, _check(plan, keys))
        for first in firsts:
            if first.seconds is None:
                first.seconds, first.bucket = set(), {}
            first.seconds.update(seconds)
            for second in seconds:
                first.bucket[second] = (*first.bucket.get(second, ()), entry)
        self._filed[id] = _Filed(firsts, seconds, tuple(keys.values()))
        self._asked.update(_fields(keys.values()))

    def remove(self, id: Id) -> None:
        """Forget the query of this id, if there is one."""
        filed = self._filed.pop(id, None)
        if filed is None:
            return
        for first in filed.firsts:
            for second in filed.seconds:
                entries = first.bucket.pop(second)
                others = tuple(entry for entry in entries if _id(entry) != id)
                if others:
                    first.bucket[second] = others
            first.seconds = set(first.bucket) or None
        for key in filed.keys:
            self._vocabularies.unlearn(key)
        self._asked -= Counter(_fields(filed.keys))

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
        alike: defaultdict[str, list[int]] = defaultdict(list)
        for place in batch:
            alike[self._vocabularies.tongue(languages[place])].append(place)
        found: list[list[Id]] = [[]] * len(batch)
        for tongue, places in alike.items():
            met = self._vocabularies.speaking(tongue).met([bodies[place] for place in places])
            for place, keys in zip(places, met, strict=True):
                found[place - batch.start] = self._found(place, document, set(keys))
        return found

    def _found(self, place: int, document: Callable[[int], Document], keys: set[Key]) -> list[Id]:
        """What the document at a place matches, given the keys its pieces stand for."""
        keys.add(self._vocabularies.every)
        if self._asked:
            keys.update(self._beside(document(place)))
        anchors = [key for key in keys if key.seconds is not None]
        several = [key.parts for key in anchors if key.parts]
        if several:
            keys.update(*several)
            anchors = [key for key in keys if key.seconds is not None]
        found: set[Id] = set()
        case: _Case | None = None
        for anchor in anchors:
            if keys.isdisjoint(anchor.seconds or ()):
                continue
            bucket = anchor.bucket
            for second in keys.intersection(anchor.seconds or ()):
                for entry in bucket[second]:
                    if not isinstance(entry, _Entry):
                        found.add(entry)
                        continue
                    id, rest, none, check = entry
                    if none and not keys.isdisjoint(none):
                        continue
                    for group in rest:
                        if keys.isdisjoint(group):
                            break
                    else:
                        if check is not None:
                            case = case or _Case(document(place), keys, self._vocabularies)
                            if not case.satisfies(check):
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


def _fields(keys: Iterable[Key]) -> list[str]:
    """The fields of the keys that stand for a value beside the text."""
    return [key.name.split("\n")[1] for key in keys if key.name[:1] == "\n"]


def body(document: Document) -> str:
    """What of a document is cut into pieces."""
    return f"{document.title}\n{document.text}" if document.title else document.text


def _id(entry: Id | _Entry[Id]) -> Id:
    return entry.id if isinstance(entry, _Entry) else entry


def _check(plan: Plan, keys: dict[str, Key]) -> _Check | None:
    if not plan.is_partial:
        return None

    def choice(group: Group) -> _Choice:
        phrases = ((tuple(keys[word] for word in phrase.words), phrase.spoken) for phrase in group.phrases)
        return _Choice(tuple(keys[name] for name in group.keys), tuple(phrases))

    return _Check(
        tuple(map(choice, plan.phrases)),
        tuple(map(choice, plan.none_phrases)),
        plan.remainder,
        plan.languages,
    )


class _Case:
    """What a check is judged on, made once for a document that needs it."""

    def __init__(self, document: Document, keys: set[Key], vocabularies: Vocabularies) -> None:
        self.document, self.keys, self.vocabularies = document, keys, vocabularies
        self.lowered = self.spoken = ""
        self.reading: Reading | None = None

    def satisfies(self, check: _Check) -> bool:
        """Whether the document holds the phrases, none of the forbidden ones, and the remainder."""
        if not all(map(self._holds, check.phrases)) or any(map(self._holds, check.none_phrases)):
            return False
        if check.remainder is None:
            return True
        self.reading = self.reading or Reading(self.document)
        return Judge(check.languages, self.reading).holds(check.remainder, self.reading.body)

    def _holds(self, choice: _Choice) -> bool:
        if not self.keys.isdisjoint(choice.keys):
            return True
        return any(self.keys.issuperset(words) and self._says(aloud) for words, aloud in choice.phrases)

    def _says(self, phrase: str) -> bool:
        """Whether the document, said aloud, holds a phrase; quick where it is written just so."""
        title, text = self.document.title, self.document.text
        self.lowered = self.lowered or f" {title} \n {text} ".lower()
        if phrase in self.lowered and phrase.isascii() and phrase.replace(" ", "").isalnum():
            return True
        self.spoken = self.spoken or self.vocabularies.spoken(title, text)
        return phrase in self.spoken
