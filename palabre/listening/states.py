"""The life of a source: working, failing, or stopped until a person acts."""

from palabre.kit.states import Graph

SOURCE = Graph(
    first="new",
    moves={
        "new": frozenset({"working", "failing", "stopped", "paused"}),
        "working": frozenset({"new", "working", "failing", "stopped", "paused"}),
        "failing": frozenset({"new", "working", "failing", "stopped", "paused"}),
        "stopped": frozenset({"new", "paused"}),
        "paused": frozenset({"new"}),
    },
)
