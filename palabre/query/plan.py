"""How the index sees a query: groups of keys, phrases, and what only the plain evaluator can judge."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from palabre.kit.text import is_tag
from palabre.query.necessary import Value, required, required_anywhere
from palabre.query.tree import And, Form, Node, Not, Or, Part, Query, Term


class Phrase(NamedTuple):
    """Words that must follow one another, alone and as the index says a text aloud (` a b `)."""

    words: tuple[str, ...]
    spoken: str


class Group(NamedTuple):
    """Holds for a document that has one of the keys or one of the phrases."""

    keys: tuple[str, ...]
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A match has a key of each of `groups` (the least expected first) and none of the keys of `none`.

    That is all, unless `is_partial`: then it also holds each of `phrases`, none of `none_phrases`, and
    the conditions of `remainder`.
    """

    groups: tuple[tuple[str, ...], ...]
    none: tuple[str, ...] = ()
    phrases: tuple[Group, ...] = ()
    none_phrases: tuple[Group, ...] = ()
    remainder: Node | None = None
    languages: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        return bool(self.phrases or self.none_phrases or self.remainder)

    @property
    def names(self) -> set[str]:
        """The names of all keys that must be recognised in documents."""
        found = {key for group in self.groups for key in group} | set(self.none)
        for group in self.phrases + self.none_phrases:
            found.update(group.keys)
            found.update(word for phrase in group.phrases for word in phrase.words)
        return found


def key(part: Part, languages: tuple[str, ...]) -> str:
    """What a part is called in the index: `oreal`, `restau*`, `~fr,en:livraison`, a value by its field."""
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
    phrases: list[Group] = []
    none_phrases: list[Group] = []
    remainder: list[Node] = []
    for item in query.root.items if isinstance(query.root, And) else (query.root,):
        negative = isinstance(item, Not)
        group = _group(item.item if isinstance(item, Not) else item, languages)
        if group is None:
            remainder.append(item)
        elif negative and group.phrases:
            none_phrases.append(group)
        elif negative:
            none.extend(group.keys)
        elif group.phrases:
            phrases.append(group)
        else:
            groups.append(_slim(group.keys))
            continue
        for needed in required(item):
            groups.append(_slim(key(part, languages) for part in needed))
    if not groups:
        # Nothing is asked of the text alone: the author, the address or the site must say who is meant.
        groups = [_slim(key(part, languages) for part in needed) for needed in required_anywhere(query.root)]
    return Plan(
        tuple(sorted(dict.fromkeys(groups), key=_expectation)),
        tuple(dict.fromkeys(none)),
        tuple(phrases),
        tuple(none_phrases),
        And(tuple(remainder)) if len(remainder) > 1 else remainder[0] if remainder else None,
        languages,
    )


def _group(node: Node, languages: tuple[str, ...]) -> Group | None:
    """The node as a group, if it is a choice of plain terms."""
    keys: list[str] = []
    phrases: list[Phrase] = []
    for item in node.items if isinstance(node, Or) else (node,):
        if not isinstance(item, Term) or item.raw:
            return None
        if len(item.parts) == 1:
            keys.append(key(item.parts[0], languages))
        elif all(part.form is Form.WORD and not is_tag(part.value) for part in item.parts):
            words = tuple(part.value for part in item.parts)
            phrases.append(Phrase(words, f" {' '.join(words)} "))
        else:
            return None
    return Group(tuple(dict.fromkeys(keys)), tuple(phrases))


def _slim(keys: Iterable[str]) -> tuple[str, ...]:
    """The keys without the tags that never come without another of them: #x and @x beside x."""
    found = dict.fromkeys(keys)
    if not any(map(is_tag, found)):
        return tuple(found)
    return tuple(name for name in found if not (is_tag(name) and name.strip("#@+") in found))


def _expectation(keys: tuple[str, ...]) -> float:
    """A guess at how often a group is met, for want of having seen the posts: short words are frequent."""
    return sum(_COMMONNESS ** -len(name) * (0.1 if is_tag(name) else 1) for name in keys)


_COMMONNESS = 1.5
