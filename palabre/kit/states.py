"""Life-cycles as data: a graph that is checked when it is made, and one way to move along it."""

from collections.abc import Mapping
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
    old = row.state  # type: ignore[attr-defined]
    if to not in graph.moves[old]:
        raise ValueError(f"{type(row).__name__} cannot move from {old} to {to}")
    # An unscoped manager: the row in hand was already reached through its tenant's wall.
    rows = type(row)._base_manager.filter(pk=row.pk, state=old).update(state=to, **changes)
    if not rows:
        raise Moved(f"{type(row).__name__} {row.pk} is no longer {old}")
    for name, value in {"state": to, **changes}.items():
        setattr(row, name, value)
