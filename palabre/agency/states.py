"""The life of a brand: it listens, it rests, it goes."""

from palabre.kit.states import Graph

BRAND = Graph(
    first="live",
    moves={
        "live": frozenset({"archived", "deleting"}),
        "archived": frozenset({"live", "deleting"}),
        "deleting": frozenset(),
    },
)
"""live: collects and alerts. archived: keeps what it has, readable. deleting: closed to everyone, emptied."""
