"""What a query is once read: a small immutable tree, and its canonical text.

Built by `parser`, judged by `evaluate` and `index`, told in words by `explain`. Two queries that mean
the same by the same words are equal whatever their spaces, redundant parentheses or French operators.
A tree is never deeper than `MAX_DEPTH`, so walking it by recursion is safe.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

import regex

MAX_DEPTH = 60

TextField = Literal["title", "author", "url"]
ValueField = Literal["site", "lang", "network", "country"]


class Form(Enum):
    """How a part of a term is compared with a word of the text."""

    WORD = "word"
    PREFIX = "prefix"
    STEM = "stem"


@dataclass(frozen=True, slots=True)
class Part:
    """One position of a term.

    `value` is a token of `palabre.kit.text` (`oreal`, `#oreal`, `@oreal`, `canal+`), the folded
    beginning of one (PREFIX), or a lower-case word that keeps its accents (STEM).
    """

    value: str
    form: Form = Form.WORD


@dataclass(frozen=True, slots=True)
class Term:
    """A word, tag or phrase: its parts stand side by side in one field. `raw` holds the exact spelling."""

    parts: tuple[Part, ...]
    text: str = field(compare=False)
    raw: str = ""
    start: int = field(default=0, compare=False)

    def __str__(self) -> str:
        if self.raw:
            return f'raw:"{self.text}"'
        star = "*" if self.parts[-1].form is Form.PREFIX else ""
        wave = "~" if any(part.form is Form.STEM for part in self.parts) else ""
        bare = _BARE.fullmatch(self.text) and self.text not in _RESERVED
        return f"{wave}{self.text}{star}" if bare else f'{wave}"{self.text}"{star}'


@dataclass(frozen=True, slots=True)
class Link:
    """At most `distance` words between two neighbours of a Near, in the order written if `ordered`."""

    distance: int
    ordered: bool = False

    def __str__(self) -> str:
        return f"NEAR/{self.distance}{'f' if self.ordered else ''}"


@dataclass(frozen=True, slots=True)
class Near:
    """Terms, or choices of terms, each close to the one before; len(links) == len(items) - 1."""

    items: tuple["Term | Or", ...]
    links: tuple[Link, ...]

    def __str__(self) -> str:
        text = _inside(self.items[0])
        for link, item in zip(self.links, self.items[1:], strict=True):
            text += f" {link} {_inside(item)}"
        return text


@dataclass(frozen=True, slots=True)
class Within:
    """A condition on the words of one field instead of title and text."""

    field: TextField
    item: "Node"

    def __str__(self) -> str:
        simple = isinstance(self.item, Term) and not self.item.raw
        return f"{self.field}:{self.item}" if simple else f"{self.field}:({self.item})"


@dataclass(frozen=True, slots=True)
class Is:
    """A condition on a value of the document; `value` is normalised (lower case, bare host for site)."""

    field: ValueField
    value: str

    def __str__(self) -> str:
        plain = regex.fullmatch(r"[\w./-]+", self.value)
        return f"{self.field}:{self.value}" if plain else f'{self.field}:"{self.value}"'


@dataclass(frozen=True, slots=True)
class Not:
    item: "Node"

    def __str__(self) -> str:
        return f"NOT {_inside(self.item)}" if isinstance(self.item, (And, Or)) else f"NOT {self.item}"


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Node", ...]

    def __str__(self) -> str:
        text = _choice_inside(self.items[0])
        for item in self.items[1:]:
            text += f" {item}" if isinstance(item, Not) else f" AND {_choice_inside(item)}"
        return text


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Node", ...]

    def __str__(self) -> str:
        return " OR ".join(str(item) for item in self.items)


Node = Term | Near | Within | Is | Not | And | Or

_RESERVED = frozenset({"AND", "OR", "NOT", "NEAR", "ET", "OU", "SAUF"})
_BARE = regex.compile(r"[#@]?[\p{L}\p{M}\p{N}_]+")


def _inside(node: Node) -> str:
    return f"({node})" if isinstance(node, (And, Or)) else str(node)


def _choice_inside(node: Node) -> str:
    return f"({node})" if isinstance(node, Or) else str(node)


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query. `languages` are those of its topic: what ~word inflects by when a post's is unknown."""

    root: Node
    languages: tuple[str, ...] = ("fr", "en")

    def __str__(self) -> str:
        return str(self.root)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below this one."""
    match node:
        case And() | Or() | Near():
            return node.items
        case Not() | Within():
            return (node.item,)
        case _:
            return ()


def terms(node: Node) -> Iterator[Term]:
    """Every term of the tree, in the order written."""
    if isinstance(node, Term):
        yield node
    for child in children(node):
        yield from terms(child)


def asks_language(query: Query) -> bool:
    """Whether a match can hang on the document's language: a `lang:` condition or an inflected ~word."""
    return _asks_language(query.root)


def _asks_language(node: Node) -> bool:
    match node:
        case Is():
            return node.field == "lang"
        case Term():
            return any(part.form is Form.STEM for part in node.parts)
        case _:
            return any(map(_asks_language, children(node)))
