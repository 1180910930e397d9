"""The life of a digest: gathered, being sent, sent; or failed, or its fate unknown."""

from palabre.kit.states import Graph

DIGEST = Graph(
    first="ready",
    moves={
        "ready": frozenset({"sending", "cancelled"}),
        "sending": frozenset({"sent", "ready", "failed", "unknown"}),
        "sent": frozenset(),
        "failed": frozenset({"ready", "cancelled"}),
        "unknown": frozenset({"ready", "sent", "cancelled"}),
        "cancelled": frozenset(),
    },
)
