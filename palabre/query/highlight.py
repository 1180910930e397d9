"""Colours for the editor of queries, and advice while typing: both bear any text, also a broken query."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from palabre.query.lexer import Kind, Lexeme, lexemes
from palabre.query.messages import say

PieceKind = Literal["operator", "paren", "field", "mark", "phrase", "word", "tag", "prefix", "error"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the query's text, from character `start` to `end`, and how to colour it."""

    kind: PieceKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Advice:
    """Something valid that is likely not meant, at its place in the query."""

    start: int
    length: int
    word: str
    operator: str

    def message(self, language: str) -> str:
        """What to know, in `fr` or `en`."""
        return say("advice_operator", language, word=self.word, operator=self.operator)


_KINDS: dict[Kind, PieceKind] = {
    Kind.OPEN: "paren",
    Kind.CLOSE: "paren",
    Kind.AND: "operator",
    Kind.OR: "operator",
    Kind.NOT: "operator",
    Kind.NEAR: "operator",
    Kind.FIELD: "field",
    Kind.RAW: "mark",
    Kind.INFLECT: "mark",
    Kind.PHRASE: "phrase",
    Kind.UNCLOSED: "error",
    Kind.STRAY: "error",
    Kind.UNKNOWN_FIELD: "error",
}
_OPERATORS = {"and": "AND", "et": "ET", "or": "OR", "ou": "OU", "not": "NOT", "sauf": "SAUF"}


def highlight(source: str) -> list[Piece]:
    """The coloured parts of a query, in order, none over another; an unmatched parenthesis is an error."""
    found = list(lexemes(source))
    lonely = set(_lonely_parentheses(found))
    return [
        Piece("error" if lexeme.start in lonely else _kind(lexeme), lexeme.start, lexeme.end)
        for lexeme in found
    ]


def advice(source: str) -> list[Advice]:
    """Lower-case words between two others that look like operators: `café ou thé`, `prix near/3 bas`."""
    found = list(lexemes(source))
    advised = []
    for before, lexeme, after in zip(found, found[1:], found[2:], strict=False):
        operator = _operator(lexeme)
        if operator and _ends_operand(before) and _starts_operand(after):
            advised.append(Advice(lexeme.start, lexeme.end - lexeme.start, lexeme.value, operator))
    return advised


def _operator(lexeme: Lexeme) -> str:
    if lexeme.kind is not Kind.WORD:
        return ""
    if lexeme.value.lower().startswith("near/"):
        return "NEAR" + lexeme.value.lower()[4:]
    return _OPERATORS.get(lexeme.value.lower(), "")


def _ends_operand(lexeme: Lexeme) -> bool:
    return lexeme.kind in (Kind.WORD, Kind.PHRASE, Kind.CLOSE)


def _starts_operand(lexeme: Lexeme) -> bool:
    return lexeme.kind in (Kind.WORD, Kind.PHRASE, Kind.OPEN, Kind.FIELD, Kind.RAW, Kind.INFLECT, Kind.NOT)


def _kind(lexeme: Lexeme) -> PieceKind:
    if lexeme.kind is not Kind.WORD:
        return _KINDS[lexeme.kind]
    if lexeme.value[:1] in ("#", "@"):
        return "tag"
    return "prefix" if lexeme.star else "word"


def _lonely_parentheses(found: list[Lexeme]) -> Iterator[int]:
    opened: list[int] = []
    for lexeme in found:
        if lexeme.kind is Kind.OPEN:
            opened.append(lexeme.start)
        elif lexeme.kind is Kind.CLOSE:
            if opened:
                opened.pop()
            else:
                yield lexeme.start
    yield from opened
