"""The colours of a query while it is typed: never refusing, also on what is no query yet."""

from dataclasses import dataclass

from palabre.query.lexer import Kind, lexemes


@dataclass(frozen=True, slots=True)
class Piece:
    """A coloured piece: `start` and `end` are characters of the query, between pieces is plain space."""

    kind: Kind
    start: int
    end: int


def highlight(source: str) -> list[Piece]:
    """The pieces of a query in order, none overlapping."""
    return [Piece(lexeme.kind, lexeme.start, lexeme.end) for lexeme in lexemes(source)]
