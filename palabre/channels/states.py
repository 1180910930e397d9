"""The life of a channel: it works, it waits for a person to sign in again, it was removed.

A removed channel keeps its row: what it published stays proved, and connecting the same account
again brings everything back.
"""

from palabre.kit.states import Graph

CHANNEL = Graph(
    first="working",
    moves={
        "working": frozenset({"needs_sign_in", "removed"}),
        "needs_sign_in": frozenset({"working", "removed"}),
        "removed": frozenset({"working"}),
    },
)
