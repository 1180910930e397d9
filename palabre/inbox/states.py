"""Two lives: that of a conversation, which people lead, and that of a reply, which leaves once.

    conversation   open ⇄ pending ⇄ waiting ⇄ snoozed ⇄ done

- `open`: our turn; `pending`: somebody of ours looks into it; `waiting`: the author's turn;
- `snoozed`: out of sight until an hour; `done`: nothing more to do. A new message opens it again.

    reply   draft → ready → sending → sent → deleted

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
        "draft": frozenset({"ready", "dropped"}),
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

TO_DO = ("open", "pending")
"""Somebody of ours has something to do."""
ON_ITS_WAY = ("ready", "sending", "unknown")
"""It may be at the network any moment, or is already."""
STUCK = ("refused", "failed")
"""A person has to say what becomes of it."""
