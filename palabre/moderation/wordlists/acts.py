"""What a word list does, and what of it each network can do: pure. Discourse's eight actions.

Where a network lets nobody do what a list is for, the next best act is taken, and said beforehand (`way`);
where there is none, the message waits for a person in the queue.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from palabre.networks.moderating import Act


class WordAct(StrEnum):
    """What is done where a word of a list is said; in the order of the page, mild before grave."""

    FLAG = "flag"
    TAG = "tag"
    LINK = "link"
    REPLACE = "replace"
    CENSOR = "censor"
    APPROVAL = "approval"
    BLOCK = "block"
    SILENCE = "silence"


WAYS: Mapping[WordAct, tuple[Act, ...]] = {
    WordAct.LINK: (Act.REWRITE,),
    WordAct.REPLACE: (Act.REWRITE,),
    WordAct.CENSOR: (Act.REWRITE, Act.HIDE, Act.HOLD),
    WordAct.APPROVAL: (Act.HOLD, Act.HIDE),
    WordAct.BLOCK: (Act.DELETE, Act.HIDE, Act.HOLD),
    WordAct.SILENCE: (Act.MUTE,),
}
"""What is asked of a network, the first that it can do. To shut somebody out is for people to decide: where
nobody can be muted, a silence comes to the queue."""
REVIEWED = frozenset((WordAct.FLAG, WordAct.CENSOR, WordAct.APPROVAL, WordAct.BLOCK, WordAct.SILENCE))
"""A person always looks at what these did, or could not do."""
TAKES_TEXT = frozenset((WordAct.LINK, WordAct.REPLACE))
"""Each entry says what stands in its place."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """What a list comes to on one account: `act` is asked of the network, None where it can do nothing.

    `is_second`: not what the list is for, but the next best. `reviewed`: a person looks at it.
    """

    act: Act | None
    is_second: bool
    reviewed: bool


def way(wanted: WordAct, can: Collection[Act]) -> Way:
    """What a list does where the network can do these acts."""
    ways = WAYS.get(wanted, ())
    act = next((one for one in ways if one in can), None)
    lost = bool(ways) and act is None
    return Way(act=act, is_second=act is not None and act is not ways[0], reviewed=wanted in REVIEWED or lost)
