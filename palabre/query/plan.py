"""How the index sees a query: groups of keys, and what only the plain evaluator can judge."""

from dataclasses import dataclass

from palabre.kit.text import is_tag
from palabre.query.necessary import Value, required, required_anywhere
from palabre.query.tree import And, Form, Node, Not, Or, Part, Query, Term


@dataclass(frozen=True, slots=True)
class Plan:
    """A match has a key of each of `groups` (the least expected first) and none of the keys of `none`,
    and meets the conditions of `remainder`, if there are any.
    """

    groups: tuple[tuple[str, ...], ...]
    none: tuple[str, ...] = ()
    remainder: Node | None = None
    languages: tuple[str, ...] = ()


def key(part: Part, languages: tuple[str, ...]) -> str:
    """What a part is called in the index: `oreal`, `restau*`, `~fr,en:livraison`, a value by its field.

    A phrase is called as a text says it aloud: ` rouge a levres `.
    """
    if isinstance(part, Value):
        return part.name
    match part.form:
        case Form.WORD:
            return part.value
        case Form.PREFIX:
            return part.value + "*"
        case Form.STEM:
            return f"~{','.join(languages)}:{part.value}"


def planned(query: Query) -> Plan:
    """The plan of a query."""
    languages = query.languages
    groups: list[tuple[str, ...]] = []
    none: list[str] = []
    remainder: list[Node] = []
    for item in query.root.items if isinstance(query.root, And) else (query.root,):
        names = _names(item.item if isinstance(item, Not) else item, languages)
        if names is None:
            remainder.append(item)
            groups += [_slim([key(part, languages) for part in needed]) for needed in required(item)]
        elif isinstance(item, Not):
            none += names
        else:
            groups.append(_slim(names))
    if not groups:
        # Nothing is asked of the text alone: the author, the address or the site must say who is meant.
        groups = [
            _slim([key(part, languages) for part in needed]) for needed in required_anywhere(query.root)
        ]
    if len(groups) > 1:
        groups = sorted(dict.fromkeys(groups), key=_expectation)
    return Plan(
        tuple(groups),
        tuple(none),
        And(tuple(remainder)) if len(remainder) > 1 else remainder[0] if remainder else None,
        languages,
    )


def _names(node: Node, languages: tuple[str, ...]) -> list[str] | None:
    """The names of the keys of which one is enough, if the node is a choice of plain terms."""
    names: list[str] = []
    for item in node.items if isinstance(node, Or) else (node,):
        if not isinstance(item, Term) or item.raw:
            return None
        if len(item.parts) == 1:
            names.append(key(item.parts[0], languages))
        elif all(part.form is Form.WORD and not is_tag(part.value) for part in item.parts):
            names.append(f" {' '.join([part.value for part in item.parts])} ")
        else:
            return None
    return names


def _slim(names: list[str]) -> tuple[str, ...]:
    """The names without the tags that never come without another of them: #x and @x beside x."""
    if len(names) == 1:
        return (names[0],)
    return tuple(name for name in dict.fromkeys(names) if not (is_tag(name) and name.strip("#@+") in names))


def _expectation(names: tuple[str, ...]) -> float:
    """A guess at how often a group is met, for want of having seen the posts: short words are frequent."""
    return sum([_COMMONNESS ** -len(name) * (0.1 if is_tag(name) else 1) for name in names])


_COMMONNESS = 1.5
