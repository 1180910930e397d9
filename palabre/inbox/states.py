"""The lives here: of a conversation, which people lead; of a reply, which leaves once; of a gesture.

    conversation   open ⇄ pending ⇄ waiting ⇄ snoozed ⇄ done

- `open`: our turn; `pending`: somebody of ours looks into it; `waiting`: the author's turn;
- `snoozed`: out of sight until an hour; `done`: nothing more to do. A new message opens it again.

    reply   draft → (asked →) ready → sending → sent → deleted

Where somebody approves answers first it is `asked`, then ready or `returned`, with a note, to its writer.
Where a reply cannot go on by itself it stands in a state that a person sees and can leave: `refused`
(the network refused the content), `failed` (every try failed, nothing left), `unknown` (the answer was
lost: it is looked for, and never sent again blindly).
"""

from palabre.kit.states import Graph

_STANDS = ("open", "pending", "waiting", "snoozed", "done")

CONVERSATION = Graph(
    first="open", moves={one: frozenset(other for other in _STANDS if other != one) for one in _STANDS}
)

REPLY = Graph(
    first="draft",
    moves={
        "draft": frozenset({"ready", "asked", "dropped"}),
        "asked": frozenset({"ready", "returned", "draft", "dropped"}),
        "returned": frozenset({"draft", "dropped"}),
        "ready": frozenset({"sending", "draft"}),
        "sending": frozenset({"sent", "ready", "refused", "failed", "unknown"}),
        "unknown": frozenset({"sent", "ready", "failed", "dropped"}),
        "refused": frozenset({"draft", "ready", "dropped"}),
        "failed": frozenset({"draft", "ready", "dropped"}),
        "sent": frozenset({"deleted"}),
        "deleted": frozenset(),
        "dropped": frozenset(),
    },
)

GESTURE = Graph(
    first="asked",
    moves={
        "asked": frozenset({"done", "failed"}),
        "failed": frozenset({"asked"}),
        "done": frozenset({"undone"}),
        "undone": frozenset({"asked"}),
    },
)
"""A like or a repost: asked of the network, done there, taken back."""

TO_DO = ("open", "pending")
"""Somebody of ours has something to do."""
ON_ITS_WAY = ("ready", "sending", "unknown")
"""It may be at the network any moment, or is already."""
STUCK = ("refused", "failed")
"""A person has to say what becomes of it."""
