"""Life-cycles as data: a graph that is checked when it is made, and one way to move along it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models


class Moved(Exception):
    """Somebody else moved the row first: what was known of it is no longer true."""


@dataclass(frozen=True)
class Graph:
    """States and the moves allowed between them; `first` is where a row is born.

    Raises ValueError when a move leads to an unknown state or a state cannot be reached.
    """

    first: str
    moves: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        unknown = {to for targets in self.moves.values() for to in targets} - self.moves.keys()
        if unknown:
            raise ValueError(f"moves to unknown states: {sorted(unknown)}")
        reached, frontier = {self.first}, [self.first]
        while frontier:
            frontier = [to for state in frontier for to in self.moves[state] if to not in reached]
            reached |= set(frontier)
        if lost := self.moves.keys() - reached:
            raise ValueError(f"states that nothing leads to: {sorted(lost)}")

    def dot(self) -> str:
        """The graph as Graphviz text, for the documentation."""
        arrows = [f'  "{a}" -> "{b}";' for a, targets in self.moves.items() for b in sorted(targets)]
        return "\n".join(["digraph {", *arrows, "}"])


def move(row: models.Model, graph: Graph, *, to: str, **changes: Any) -> None:
    """Move `row` (field `state`) along the graph by a conditional UPDATE, with `changes` in it.

    Raises ValueError for a move the graph does not know, Moved if the row is elsewhere by now.
    """
    move_all([row], graph, to=to, **changes)


def move_all(rows: Iterable[models.Model], graph: Graph, *, to: str, **changes: Any) -> None:
    """`move` for rows of one table that change alike: one UPDATE for those that stand in the same state.

    A change may be an expression of the database; the row in hand then keeps the value it had. Raises
    as `move` does, for the first group that cannot: the caller's transaction takes back the others.
    """
    standing: dict[str, dict[Any, models.Model]] = {}
    for row in rows:
        standing.setdefault(row.state, {})[row.pk] = row  # type: ignore[attr-defined]
    for old, alike in standing.items():
        name = type(next(iter(alike.values()))).__name__
        if to not in graph.moves[old]:
            raise ValueError(f"{name} cannot move from {old} to {to}")
        # An unscoped manager: the rows in hand were already reached through their tenant's wall.
        manager = type(next(iter(alike.values())))._base_manager
        moved = manager.filter(pk__in=list(alike), state=old).update(state=to, **changes)
        if moved != len(alike):
            raise Moved(f"{name} {', '.join(map(str, alike))}: no longer {old}")
    known = {name: value for name, value in changes.items() if not hasattr(value, "resolve_expression")}
    for alike in standing.values():
        for row in alike.values():
            for name, value in {"state": to, **known}.items():
                setattr(row, name, value)
