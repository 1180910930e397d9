"""What every match of a query must contain: how a store narrows down before the plain evaluator judges."""

from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

from palabre.query.tree import And, Form, Is, Near, Node, Not, Or, Part, Query, Term, TextField, Within

_WAYS = 6


class Need(NamedTuple):
    """A folded token of `palabre.kit.text`, or the beginning of one."""

    text: str
    prefix: bool = False


def necessary(query: Query) -> tuple[frozenset[Need], ...]:
    """Groups of which a matching document has at least one Need each, among the tokens of title and text.

    Guarantee: if `matches(query, document)`, then for every group there is a token in
    `tokens(title) + tokens(text)` whose term equals a Need's text, or begins with it where `prefix` is
    set. The reverse does not hold: phrases, NEAR, raw:, NOT, fields and languages remain to be judged.
    No group at all means that nothing is known (negations, inflected words, conditions on fields alone).
    """
    return tuple(
        frozenset(Need(part.value, part.form is Form.PREFIX) for part in group)
        for group in required(query.root)
        if not any(part.form is Form.STEM for part in group)
    )


def required(node: Node) -> list[frozenset[Part]]:
    """The groups of parts of title and text, one of each of which a match must have."""
    match node:
        case Term():
            return [frozenset({part}) for part in node.parts]
        case And() | Near():
            return list(dict.fromkeys(group for item in node.items for group in required(item)))
        case Or():
            return _either([required(item) for item in node.items])
        case Within():
            return required(node.item) if node.field == "title" else []
        case Not() | Is():
            return []


@dataclass(frozen=True, slots=True)
class Value(Part):
    """A word of the author's name or of the address, or a site: what a document has beside its text."""

    field: str = ""

    @property
    def name(self) -> str:
        """What it is called in the index: no piece of a text, for it holds white space."""
        return f"\n{self.field}\n{self.value}\n"


def required_anywhere(node: Node, field: TextField = "title") -> list[frozenset[Part]]:
    """As `required`, with what a match must have outside its title and text: a `Value` each."""
    match node:
        case Term():
            needs = [part if field == "title" else _value(part, field) for part in node.parts]
            return [frozenset({need}) for need in needs if need is not None]
        case And() | Near():
            return list(
                dict.fromkeys(group for item in node.items for group in required_anywhere(item, field))
            )
        case Or():
            return _either([required_anywhere(item, field) for item in node.items])
        case Within():
            return required_anywhere(node.item, node.field)
        case Is():
            host = node.value.partition("/")[0] if node.field == "site" else ""
            return [frozenset({Value(host, field="site")})] if host else []
        case Not():
            return []


def _value(part: Part, field: str) -> Value | None:
    return Value(part.value, field=field) if part.form is Form.WORD else None


def _either(choices: list[list[frozenset[Part]]]) -> list[frozenset[Part]]:
    """What a match of one of several conditions must have, given what a match of each must have.

    (a AND b) OR c is (a OR c) AND (b OR c): each way to take one group from every choice, if they are
    few; else the way that rules most out.
    """
    if not all(choices):
        return []
    if prod(map(len, choices)) > _WAYS:
        choices = [[min(groups, key=_looseness)] for groups in choices]
    return list(dict.fromkeys(frozenset().union(*way) for way in product(*choices)))


def _looseness(group: frozenset[Part]) -> tuple[bool, int, int]:
    """Sorts the group that rules most out first: exact before inflected, few parts, long words."""
    return (
        any(part.form is Form.STEM for part in group),
        len(group),
        -min(len(part.value) for part in group),
    )


def is_unbounded(query: Query) -> bool:
    """Whether the query can match almost anything: it asks for no word, author, address or site.

    Only negations, languages, networks or countries, or prefixes too short to say anything.
    """
    return not _is_bounded(query.root)


def _is_bounded(node: Node) -> bool:
    match node:
        case Term():
            return any(not _is_loose(part) for part in node.parts)
        case And() | Near():
            return any(_is_bounded(item) for item in node.items)
        case Or():
            return all(_is_bounded(item) for item in node.items)
        case Within():
            return _is_bounded(node.item)
        case Is():
            return node.field == "site"
        case Not():
            return False


def _is_loose(part: Part) -> bool:
    letters = part.value.lstrip("#@")
    return part.form is Form.PREFIX and len(letters) < (3 if letters.isascii() else 2)
