"""Three lives: of a case, which waits to be looked at; of a decision, which is carried out; of an appeal.

    decision   waiting → asked → acting → done → undone

- `waiting`: a second person has to agree; `asked`: ready to be carried out; `acting`: at the network.
- `by_hand`: the network offers no way: somebody does it there and says so. `refused`, `failed`: a person has
  to say what becomes of it. `dropped`: it was given up, nothing happened.

A case is `open` until it is `settled`, or its message `gone`; a new reason opens it again. An appeal is
`upheld` (the decision stands) or `overturned` (it is undone).
"""

from palabre.kit.states import Graph

CASE = Graph(
    first="open",
    moves={
        "open": frozenset({"settled", "gone"}),
        "settled": frozenset({"open"}),
        "gone": frozenset({"open"}),
    },
)

DECISION = Graph(
    first="waiting",
    moves={
        "waiting": frozenset({"asked", "by_hand", "dropped"}),
        "asked": frozenset({"acting", "by_hand", "dropped"}),
        "acting": frozenset({"done", "asked", "refused", "failed", "by_hand"}),
        "by_hand": frozenset({"done", "dropped"}),
        "refused": frozenset({"asked", "by_hand", "dropped"}),
        "failed": frozenset({"asked", "by_hand", "dropped"}),
        "done": frozenset({"undone"}),
        "undone": frozenset(),
        "dropped": frozenset(),
    },
)

APPEAL = Graph(
    first="open",
    moves={
        "open": frozenset({"upheld", "overturned"}),
        "upheld": frozenset(),
        "overturned": frozenset(),
    },
)

ON_ITS_WAY = ("waiting", "asked", "acting")
"""Nothing is to be done about it but wait, or agree."""
STUCK = ("refused", "failed", "by_hand")
"""A person has to do something."""
STANDS = ("waiting", "asked", "acting", "by_hand", "done")
"""What was decided holds, carried out or on its way."""
