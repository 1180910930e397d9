"""Pure decisions: how harmful a message may be, who may handle what, what an act does to a message.

The formula of the queue, shown on its page:

    harm = chance × severity × seen

`chance` that something is wrong: 1 − Π (1 − p) over the reasons, p being the guess's own score, or how often
such a reason proves right (`TRUST`). `severity`: the gravest of the reasons (`SEVERITY`). `seen`: who can see
it: 1 + log10(1 + readers), times a tenth where it is held back or hidden, times a half where it is private.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from palabre.networks.contract import Act

SEVERITY: Mapping[str, float] = {
    "toxic": 3.0,
    "reported": 3.0,
    "flagged": 2.5,
    "word": 2.0,
    "rule": 2.0,
    "held": 1.5,
    "spam": 1.0,
}
"""How grave what a reason points at is, 1 for a nuisance, 3 for what hurts somebody."""
TRUST: Mapping[str, float] = {"flagged": 0.8, "reported": 0.7, "word": 0.6, "rule": 0.6, "held": 0.5}
"""The chance that such a reason is right, where it brings no score: set beforehand, not measured."""
UNSEEN = 0.1
"""What is left of the harm of a message that nobody sees until somebody approves it."""
PRIVATE = 0.5


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One reason, as far as the formula reads it; `score` between 0 and 1, None where it has none."""

    kind: str
    score: float | None = None

    @property
    def chance(self) -> float:
        """That it is right."""
        return self.score if self.score is not None else TRUST.get(self.kind, 0.5)


def harm(
    grounds: Iterable[Ground], *, readers: int | None, unseen: bool = False, private: bool = False
) -> float:
    """The expected harm of leaving a message as it is; 0 without a reason. Unknown readers count as none."""
    every = list(grounds)
    if not every:
        return 0.0
    chance = 1 - math.prod(1 - min(max(one.chance, 0.0), 1.0) for one in every)
    severity = max(SEVERITY.get(one.kind, 1.0) for one in every)
    seen = 1 + math.log10(1 + max(readers or 0, 0))
    seen *= UNSEEN if unseen else 1.0
    seen *= PRIVATE if private else 1.0
    return round(chance * severity * seen, 4)


KEEP = "keep"
"""The decision that nothing has to be done: nothing is asked of the network."""
MILD = frozenset((Act.APPROVE, Act.UNHIDE, Act.UNSPAM, Act.RESTORE, Act.UNMUTE, Act.UNBLOCK, Act.UNBAN))
"""Acts that take something back or let it through: they need no article of the charter."""
ON_AUTHOR = frozenset((Act.MUTE, Act.UNMUTE, Act.BLOCK, Act.UNBLOCK, Act.KICK, Act.BAN, Act.UNBAN))
GRAVE = frozenset((Act.BAN, Act.BLOCK))
"""Acts that shut somebody out: where the brand wants it, two people have to agree."""
OFFERED = (
    Act.APPROVE,
    Act.HOLD,
    Act.HIDE,
    Act.UNHIDE,
    Act.SPAM,
    Act.UNSPAM,
    Act.DELETE,
    Act.RESTORE,
    Act.MUTE,
    Act.UNMUTE,
    Act.BLOCK,
    Act.UNBLOCK,
    Act.KICK,
    Act.BAN,
    Act.UNBAN,
    Act.REPORT,
)
"""In the order of the pages, mild before grave."""
REMOVING = frozenset((Act.DELETE, Act.HIDE, Act.SPAM, Act.HOLD))
"""Where the message is gone already, what such an act wanted is so."""


def needs_article(act: str) -> bool:
    """Whether a decision has to name an article of the charter: whatever takes something from somebody."""
    return act != KEEP and act not in MILD


def needs_second(act: str, *, four_eyes: bool) -> bool:
    """Whether somebody else has to agree before it is carried out."""
    return four_eyes and act in GRAVE


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a message stands for whoever reads it on the network, as far as is known."""

    held: bool
    hidden: bool
    gone: bool


def after(act: str, now: Standing) -> Standing:
    """How a message stands once an act on it is done."""
    changes: dict[str, dict[str, bool]] = {
        Act.APPROVE: {"held": False},
        Act.HOLD: {"held": True},
        Act.SPAM: {"hidden": True, "held": False},
        Act.UNSPAM: {"hidden": False},
        Act.HIDE: {"hidden": True},
        Act.UNHIDE: {"hidden": False},
        Act.DELETE: {"gone": True, "held": False},
        Act.RESTORE: {"gone": False},
    }
    told = {"held": now.held, "hidden": now.hidden, "gone": now.gone} | changes.get(act, {})
    return Standing(**told)


def makes_sense(act: str, now: Standing) -> bool:
    """Whether an act would change anything for a message that stands so."""
    match act:
        case Act.APPROVE:
            return now.held and not now.gone
        case Act.UNHIDE | Act.UNSPAM:
            return now.hidden and not now.gone
        case Act.RESTORE:
            return now.gone
        case Act.HOLD | Act.HIDE | Act.SPAM:
            return not now.gone and not now.hidden and not (act == Act.HOLD and now.held)
        case Act.DELETE | Act.REPORT:
            return not now.gone
        case _:
            return True
