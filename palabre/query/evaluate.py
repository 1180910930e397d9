"""The plain evaluator: whether a document matches a query, and where. The index must agree with it.

A term without a field is looked for in the title and in the text, never across the two. What is
unknown about a document (no language, no country) does not match a condition on it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from palabre.kit.text import Token, fold
from palabre.query.document import Document, Passage, Reading, Span, primary
from palabre.query.stems import bare, stems
from palabre.query.tree import And, Form, Is, Link, Near, Node, Not, Or, Part, Query, Term, Within
from palabre.query.values import spelling


def matches(query: Query, document: Document) -> bool:
    """Whether the document matches."""
    return holds(query, Reading(document))


def holds(query: Query, reading: Reading) -> bool:
    """`matches` for a document that is judged by many queries."""
    return Judge(query.languages, reading).holds(query.root, reading.body)


def matched_terms(query: Query, document: Document) -> list[Span]:
    """Where the terms that made the document match stand, in order; empty if it does not match."""
    reading = Reading(document)
    judge = Judge(query.languages, reading)
    if not judge.holds(query.root, reading.body):
        return []
    return sorted(set(judge.spans(query.root, reading.body)))


class Judge:
    """One document before one topic: knows in which languages ~words are to be inflected."""

    def __init__(self, languages: tuple[str, ...], reading: Reading) -> None:
        self.reading = reading
        self.languages = (reading.language,) if reading.language else languages

    def holds(self, node: Node, scope: tuple[Passage, ...]) -> bool:
        """Whether a condition holds in the passages of `scope`."""
        match node:
            case Term():
                return any(next(self.places(node, passage), None) for passage in scope)
            case And():
                return all(self.holds(item, scope) for item in node.items)
            case Or():
                return any(self.holds(item, scope) for item in node.items)
            case Not():
                return not self.holds(node.item, scope)
            case Near():
                return any(self._linked(node, passage)[-1] for passage in scope)
            case Within():
                return self.holds(node.item, self._scope(node))
            case Is():
                return is_so(node, self.reading)

    def spans(self, node: Node, scope: tuple[Passage, ...]) -> Iterator[Span]:
        """Where a condition that holds found its terms; a negation has no place."""
        match node:
            case Term():
                for passage in scope:
                    yield from _spans(node, passage, self.places(node, passage))
            case And() | Or():
                for item in node.items:
                    if self.holds(item, scope):
                        yield from self.spans(item, scope)
            case Near():
                for passage in scope:
                    yield from self._near_spans(node, passage)
            case Within():
                yield from self.spans(node.item, self._scope(node))

    def places(self, term: Term, passage: Passage) -> Iterator[Token]:
        """Where a term stands in a passage, in order for a term of one part."""
        for place in self._runs(term, passage):
            if not term.raw or spelling(passage.text[place.start : place.end]) == term.raw:
                yield place

    def _runs(self, term: Term, passage: Passage) -> Iterable[Token]:
        runs = self._part(term.parts[0], passage)
        for part in term.parts[1:]:
            if not runs:
                return ()
            following: dict[int, list[Token]] = {}
            for token in self._part(part, passage):
                following.setdefault(token.first, []).append(token)
            runs = [
                Token("", run.start, token.end, run.first, token.last)
                for run in runs
                for token in following.get(run.last + 1, ())
            ]
        return runs

    def _part(self, part: Part, passage: Passage) -> list[Token]:
        if part.form is Form.WORD:
            return passage.places.get(part.value, [])
        if part.form is Form.PREFIX:
            found = (word for word in passage.places if word.startswith(part.value))
        else:
            found = (word for word in passage.places if word[0] not in "#@")
        places = [token for word in found for token in passage.places[word]]
        if part.form is Form.STEM:
            places = [token for token in places if self._inflects(part.value, token, passage)]
        return sorted(places, key=_position)

    def _inflects(self, word: str, token: Token, passage: Passage) -> bool:
        written = bare(passage.text[token.start : token.end])
        return any(
            not stems(word, language).isdisjoint(stems(written, language)) for language in self.languages
        )

    def _scope(self, node: Within) -> tuple[Passage, ...]:
        return (getattr(self.reading, node.field),)

    def _linked(self, near: Near, passage: Passage) -> list[list[Token]]:
        """For each item of a Near, its places that the items before it lead to."""
        chain = [self._choices(near.items[0], passage)]
        for link, item in zip(near.links, near.items[1:], strict=True):
            chain.append(_after(chain[-1], self._choices(item, passage), link))
        return chain

    def _choices(self, item: Term | Or, passage: Passage) -> list[Token]:
        terms = item.items if isinstance(item, Or) else (item,)
        found = (self.places(term, passage) for term in terms if isinstance(term, Term))
        return sorted((place for places in found for place in places), key=_position)

    def _near_spans(self, near: Near, passage: Passage) -> Iterator[Span]:
        chain = self._linked(near, passage)
        for rank in range(len(near.links) - 1, -1, -1):
            chain[rank] = _before(chain[rank], chain[rank + 1], near.links[rank])
        for item, places in zip(near.items, chain, strict=True):
            kept = {(place.start, place.end) for place in places}
            for term in item.items if isinstance(item, Or) else (item,):
                if isinstance(term, Term):
                    found = self.places(term, passage)
                    yield from _spans(term, passage, (p for p in found if (p.start, p.end) in kept))


def _position(token: Token) -> tuple[int, int]:
    return token.first, token.last


def _spans(term: Term, passage: Passage, places: Iterable[Token]) -> Iterator[Span]:
    for place in places:
        yield Span(passage.field, place.start, place.end, str(term))


def _any_from(positions: list[int], least: int, distance: int) -> bool:
    """Whether a sorted list has a position from `least` to `least + distance`."""
    at = bisect_left(positions, least)
    return at < len(positions) and positions[at] <= least + distance


def _after(earlier: list[Token], later: list[Token], link: Link) -> list[Token]:
    """The places of `later` that have one of `earlier` close enough (before them, if ordered)."""
    lasts, firsts = sorted(place.last for place in earlier), sorted(place.first for place in earlier)
    return [
        place
        for place in later
        if _any_from(lasts, place.first - 1 - link.distance, link.distance)
        or (not link.ordered and _any_from(firsts, place.last + 1, link.distance))
    ]


def _before(earlier: list[Token], later: list[Token], link: Link) -> list[Token]:
    """The places of `earlier` that have one of `later` close enough (after them, if ordered)."""
    lasts, firsts = sorted(place.last for place in later), sorted(place.first for place in later)
    return [
        place
        for place in earlier
        if _any_from(firsts, place.last + 1, link.distance)
        or (not link.ordered and _any_from(lasts, place.first - 1 - link.distance, link.distance))
    ]


def is_so(condition: Is, reading: Reading) -> bool:
    """Whether a value of the document is the one asked for."""
    document = reading.document
    match condition.field:
        case "lang":
            full = document.lang.replace("_", "-").lower()
            return condition.value in (full, primary(full))
        case "country":
            return document.country.lower() == condition.value
        case "network":
            return fold(document.network).strip() == condition.value
        case "site":
            return is_on_site(condition.value, *reading.place)


def is_on_site(site: str, host: str, path: str) -> bool:
    """Whether an address is on a site or one of its subdomains, and under its path if it has one."""
    wanted, slash, under = site.partition("/")
    if host != wanted and not host.endswith("." + wanted):
        return False
    return not slash or (path + "/").startswith(f"/{under}/")
