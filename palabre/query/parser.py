"""From the text of a query to its tree, or a QueryError at the place where it stops making sense.

Precedence, tightest first: NEAR, NOT (and -), AND (also unwritten), OR. Groups are kept on a stack of
our own, so thousands of parentheses cost memory and not the interpreter's stack.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeGuard

import regex

from palabre.kit.text import fold
from palabre.query.errors import QueryError
from palabre.query.lexer import CLOSERS, FIELDS, Kind, Lexeme, lexemes
from palabre.query.tree import MAX_DEPTH, And, Link, Near, Node, Not, Or, Query, Term, Within
from palabre.query.values import TEXT_FIELDS, VALUE_FIELDS, condition, error, term

MAX_LENGTH = 50_000
MAX_DISTANCE = 100

_NEAR = regex.compile(r"NEAR/(\d{1,3})(f?)")
_MARKS = (Kind.FIELD, Kind.RAW, Kind.INFLECT)


def parse(text: str, languages: Sequence[str] = ("fr", "en")) -> Query:
    """The query written in `text`; `languages` (ISO codes) are those of its topic.

    Raises QueryError where the text is no query. A query that can match everything is read all the
    same: ask `is_unbounded`.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError("too_long", MAX_LENGTH, len(text) - MAX_LENGTH, most=MAX_LENGTH)
    return Query(_Parser(text).root(), tuple(languages))


@dataclass(slots=True)
class _Group:
    """What has been read since an opening parenthesis, or since the start."""

    opened: Lexeme | None = None
    scope: Lexeme | None = None
    raw: bool = False
    wrap: bool = False
    choices: list[list[Node]] = field(default_factory=lambda: [[]])
    chain: list[Node] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    negated: bool = False
    pending: Lexeme | None = None
    level: int = 0
    """How deep the trees in `chain` are; `depth`, those in `choices`."""
    depth: int = 0

    def close_chain(self) -> None:
        """The operands joined by NEAR so far, or the single one, become one condition."""
        if not self.chain:
            return
        node = self.chain[0]
        if self.links:
            node = Near(tuple(item for item in self.chain if _is_choice(item)), tuple(self.links))
            self.links = []
            self.level += 1
        if self.negated:
            node = node.item if isinstance(node, Not) else Not(node)
            self.negated = False
            self.level += 1
        if self.level > self.depth:
            self.depth = self.level
        self.choices[-1].append(node)
        self.chain, self.level = [], 0

    def node(self) -> Node:
        """The whole group as one condition, wrapped in its field."""
        node = _joined(Or, [_joined(And, choice) for choice in self.choices])
        self.depth += (len(self.choices) > 1) + any(len(choice) > 1 for choice in self.choices) + self.wrap
        if self.wrap and self.scope is not None:
            return Within(TEXT_FIELDS[self.scope.value], node)
        return node

    def is_complete(self) -> bool:
        """Whether an operand was just read."""
        return self.pending is None and bool(self.chain)


def _joined(kind: type[And] | type[Or], nodes: list[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.items if isinstance(node, kind) else (node,))
    return kind(tuple(flat))


def _is_choice(node: Node) -> TypeGuard[Term | Or]:
    """Whether NEAR can take it: a term, or terms separated by OR."""
    if isinstance(node, Or):
        return all(isinstance(item, Term) for item in node.items)
    return isinstance(node, Term)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lexemes = list(lexemes(text))
        self.at = 0
        self.groups = [_Group()]

    def root(self) -> Node:
        """Read everything."""
        if not self.lexemes:
            raise QueryError("empty", 0, len(self.text))
        while self.at < len(self.lexemes):
            lexeme = self.lexemes[self.at]
            self.at += 1
            self._take(lexeme)
        group = self.groups[-1]
        if group.opened is not None:
            raise error("paren_open", group.opened)
        return self._finished(group)

    def _take(self, lexeme: Lexeme) -> None:
        group = self.groups[-1]
        match lexeme.kind:
            case Kind.WORD | Kind.PHRASE:
                self._operand(self._leaf(lexeme, group.scope, raw=group.raw), lexeme)
            case Kind.OPEN:
                self.groups.append(_Group(lexeme, group.scope, group.raw))
            case Kind.CLOSE:
                self._close(lexeme)
            case Kind.AND | Kind.OR:
                self._join(group, lexeme)
            case Kind.NOT:
                self._negate(group, lexeme)
            case Kind.NEAR:
                self._near(group, lexeme)
            case Kind.FIELD | Kind.RAW | Kind.INFLECT:
                self._marked(group, lexeme)
            case _:
                raise _refusal(lexeme)

    def _operand(self, node: Node, lexeme: Lexeme, depth: int = 0) -> None:
        group = self.groups[-1]
        if group.pending is None or group.pending.kind is not Kind.NEAR:
            group.close_chain()
        elif not _is_choice(node):
            raise error("near_operand", lexeme)
        group.chain.append(node)
        group.level = max(group.level, depth)
        group.pending = None

    def _leaf(self, lexeme: Lexeme, scope: Lexeme | None, *, raw: bool, inflect: bool = False) -> Node:
        """One word or phrase, under the field and marks in force."""
        if scope is None or scope.value in TEXT_FIELDS:
            return term(lexeme, raw=raw, inflect=inflect)
        if lexeme.star:
            raise error("field_plain", lexeme, word="*", outer=f"{scope.value}:")
        return condition(VALUE_FIELDS[scope.value], lexeme)

    def _join(self, group: _Group, lexeme: Lexeme) -> None:
        if not group.is_complete():
            raise error("operand_before", lexeme, word=lexeme.value)
        group.close_chain()
        group.pending = lexeme
        if lexeme.kind is Kind.OR:
            group.choices.append([])

    def _negate(self, group: _Group, lexeme: Lexeme) -> None:
        if group.pending is not None and group.pending.kind is Kind.NEAR:
            raise error("near_negated", lexeme)
        group.close_chain()
        group.negated = not group.negated
        group.pending = lexeme

    def _near(self, group: _Group, lexeme: Lexeme) -> None:
        found = _NEAR.fullmatch(lexeme.value)
        if not found or int(found[1]) > MAX_DISTANCE:
            raise error("near_form", lexeme, most=MAX_DISTANCE)
        if not group.is_complete():
            raise error("operand_before", lexeme, word=lexeme.value)
        if group.scope is not None and group.scope.value in VALUE_FIELDS:
            raise error("field_near", lexeme, outer=f"{group.scope.value}:")
        if not _is_choice(group.chain[-1]):
            raise error("near_operand", lexeme)
        group.links.append(Link(int(found[1]), bool(found[2])))
        group.pending = lexeme

    def _marked(self, group: _Group, lexeme: Lexeme) -> None:
        """A field, raw: or ~ with the word, phrase or group it bears on."""
        marks: dict[Kind, Lexeme] = {}
        target = lexeme
        while target.kind in _MARKS:
            if target.kind is Kind.FIELD and (group.scope or Kind.FIELD in marks):
                outer = (group.scope or marks[Kind.FIELD]).value
                raise error("field_nested", target, word=f"{target.value}:", outer=f"{outer}:")
            marks[target.kind] = target
            target = self._adjacent(target)
        scope = marks.get(Kind.FIELD) or group.scope
        raw, inflect = marks.get(Kind.RAW), marks.get(Kind.INFLECT)
        self._check_marks(scope, raw, inflect, target)
        if target.kind is Kind.OPEN:
            wrap = Kind.FIELD in marks and marks[Kind.FIELD].value in TEXT_FIELDS
            self.groups.append(_Group(target, scope, bool(raw) or group.raw, wrap))
            return
        node = self._leaf(target, scope, raw=bool(raw) or group.raw, inflect=bool(inflect))
        if Kind.FIELD in marks and marks[Kind.FIELD].value in TEXT_FIELDS:
            node = Within(TEXT_FIELDS[marks[Kind.FIELD].value], node)
        self._operand(node, lexeme, depth=int(isinstance(node, Within)))

    def _adjacent(self, mark: Lexeme) -> Lexeme:
        """The lexeme that touches this mark on its right."""
        code = "field_value" if mark.kind is Kind.FIELD else "mark_value"
        word = f"{mark.value}:" if mark.kind is Kind.FIELD else mark.value
        following = self.lexemes[self.at] if self.at < len(self.lexemes) else None
        if following is None or following.start != mark.end:
            raise error(code, mark, word=word)
        if following.kind in (Kind.UNCLOSED, Kind.STRAY, Kind.UNKNOWN_FIELD):
            raise _refusal(following)
        if following.kind not in (*_MARKS, Kind.OPEN, Kind.WORD, Kind.PHRASE):
            raise error(code, mark, word=word)
        self.at += 1
        return following

    def _check_marks(
        self, scope: Lexeme | None, raw: Lexeme | None, inflect: Lexeme | None, target: Lexeme
    ) -> None:
        mark = raw or inflect
        if mark is None:
            return
        if scope is not None and scope.value in VALUE_FIELDS:
            raise error("field_plain", mark, word=mark.value, outer=f"{scope.value}:")
        if inflect and (raw or self.groups[-1].raw):
            raise error("mark_clash", inflect, word="~", other="raw:")
        if inflect and target.kind is Kind.OPEN:
            raise error("mark_clash", inflect, word="~", other="(")
        if target.star:
            raise error("mark_clash", target, word=mark.value, other="*")

    def _close(self, lexeme: Lexeme) -> None:
        group = self.groups[-1]
        if group.opened is None:
            raise error("paren_extra", lexeme)
        opened = group.opened
        if group.pending is None and not group.chain:
            raise QueryError("group_empty", opened.start, lexeme.end - opened.start)
        node = self._finished(group)
        self.groups.pop()
        self._operand(node, opened, group.depth)

    def _finished(self, group: _Group) -> Node:
        if group.pending is not None:
            raise error("operand_after", group.pending, word=group.pending.value)
        group.close_chain()
        node = group.node()
        if group.depth > MAX_DEPTH:
            opened = group.opened or self.lexemes[0]
            raise error("too_deep", opened, most=MAX_DEPTH)
        return node


def _refusal(lexeme: Lexeme) -> QueryError:
    """Why a lexeme can stand nowhere."""
    if lexeme.kind is Kind.UNCLOSED:
        return error("quote_open", lexeme, close=CLOSERS[lexeme.value])
    if lexeme.kind is Kind.STRAY:
        openers = {close: opener for opener, close in CLOSERS.items()}
        return error("quote_extra", lexeme, open=openers.get(lexeme.value, '"'))
    close = get_close_matches(fold(lexeme.value), FIELDS, n=1)
    fields = " ".join(f"{name}:" for name in dict.fromkeys(FIELDS.values()))
    return error("field_unknown", lexeme, word=lexeme.value, fields=fields, close=(close or [""])[0])
