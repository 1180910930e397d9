"""The life of a delivery: one sending of one content on one channel.

    draft → awaiting → scheduled → sending → published → deleted
                                  ↘ handed ↗            (a kit: a person publishes by hand)

Where it cannot go on by itself it stands in a state that a person sees and can leave:

- `refused`, `expired`: the approval said no, or nobody answered in time;
- `paused`: the brand stopped everything; `missed`: its hour passed while nothing could send it;
- `rejected`: the network refused the content; `failed`: every try failed, and nothing was published;
- `unknown`: the answer was lost. It is looked for, and never sent again blindly.
"""

from palabre.kit.states import Graph

DELIVERY = Graph(
    first="draft",
    moves={
        "draft": frozenset({"awaiting", "scheduled", "paused", "cancelled"}),
        "awaiting": frozenset({"draft", "scheduled", "paused", "missed", "refused", "expired", "cancelled"}),
        "refused": frozenset({"draft", "awaiting", "cancelled"}),
        "expired": frozenset({"draft", "awaiting", "cancelled"}),
        "scheduled": frozenset(
            {"draft", "awaiting", "paused", "sending", "handed", "missed", "failed", "cancelled"}
        ),
        "paused": frozenset({"draft", "awaiting", "scheduled", "missed", "cancelled"}),
        "sending": frozenset({"published", "scheduled", "paused", "rejected", "failed", "unknown"}),
        "handed": frozenset({"published", "draft", "scheduled", "missed", "cancelled"}),
        "unknown": frozenset({"published", "scheduled", "paused", "failed", "cancelled"}),
        "missed": frozenset({"draft", "awaiting", "scheduled", "published", "cancelled"}),
        "rejected": frozenset({"draft", "awaiting", "scheduled", "cancelled"}),
        "failed": frozenset({"draft", "awaiting", "scheduled", "cancelled"}),
        "published": frozenset({"deleted"}),
        "deleted": frozenset(),
        "cancelled": frozenset({"draft"}),
    },
)

PLANNED = ("awaiting", "scheduled", "paused")
"""It has an hour that is still to come."""
STUCK = ("refused", "expired", "missed", "rejected", "failed", "unknown", "handed")
"""A person has to say what becomes of it."""
EDITABLE = ("draft", "awaiting", "refused", "expired", "scheduled", "paused", "missed", "rejected", "failed")
"""Its content may still change: nothing of it left."""
