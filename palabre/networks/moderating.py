"""Acts on what others said and on who said it: what can be ordered, and what a network declares it can do.

The contract names them too. The gestures of a reader (like, repost) go the same way: each act has its
undoing, is done once however often it is asked for, and can be looked up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from palabre.networks.outgoing import Target
from palabre.networks.words import Words


class Act(StrEnum):
    """What can be done to a message or to its author."""

    APPROVE = "approve"
    """Show what was held."""
    HOLD = "hold"
    """Show it to nobody until it is approved."""
    HIDE = "hide"
    UNHIDE = "unhide"
    SPAM = "spam"
    UNSPAM = "unspam"
    DELETE = "delete"
    RESTORE = "restore"
    """Out of the bin."""
    REWRITE = "rewrite"
    """Change the words that are shown."""
    MUTE = "mute"
    """Hear no more of an author, who is not told."""
    UNMUTE = "unmute"
    BLOCK = "block"
    """Neither sees the other."""
    UNBLOCK = "unblock"
    KICK = "kick"
    """Put an author out of this place, who may come back."""
    BAN = "ban"
    """Let an author say nothing more at this place."""
    UNBAN = "unban"
    REPORT = "report"
    """To those who run the network."""
    LIKE = "like"
    UNLIKE = "unlike"
    REPOST = "repost"
    UNREPOST = "unrepost"


GESTURES = frozenset((Act.LIKE, Act.UNLIKE, Act.REPOST, Act.UNREPOST))
"""A reader's gestures: no moderation, and nothing to give reasons for."""

UNDONE_BY: Mapping[Act, Act] = {
    Act.APPROVE: Act.HOLD,
    Act.HOLD: Act.APPROVE,
    Act.HIDE: Act.UNHIDE,
    Act.SPAM: Act.UNSPAM,
    Act.DELETE: Act.RESTORE,
    Act.MUTE: Act.UNMUTE,
    Act.BLOCK: Act.UNBLOCK,
    Act.BAN: Act.UNBAN,
    Act.LIKE: Act.UNLIKE,
    Act.REPOST: Act.UNREPOST,
}
"""What takes an act back, where a network can do both. A REWRITE is taken back by another one, handed
what it gave."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """One act to do.

    `target` is the message, also of an act on its author, whom `author_id` names as `RemoteAuthor.remote_id`
    does. `root_id` is the root of the thread, "" where it is not known. `text` are the words of a REWRITE or
    a REPORT. `until` is aware: when a BAN ends by itself. `key` names this order for ever. `given` is what
    the act gave back that this one undoes, empty where that was not kept: the network is then asked.
    """

    act: Act
    target: Target
    key: str
    author_id: str = ""
    root_id: str = ""
    text: str = ""
    until: datetime | None = None
    given: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.key or (self.until is not None and self.until.tzinfo is None):
            raise ValueError("an order needs a key, and an aware moment to end at")


@dataclass(frozen=True, kw_only=True)
class Acting:
    """An act that a network can do: on a message or on its author, what it takes back, within what limits.

    `durations`: `Order.until` is honoured. `note` says what the act does not do, or when it can be done.
    """

    act: Act
    on: Literal["message", "author"]
    undoes: Act | None = None
    durations: bool = False
    note: Words | None = None


@dataclass(frozen=True, kw_only=True)
class Instead(Words):
    """What a person does where a network lets no program do it.

    `where`: the address of the page for it. In it `{url}` stands for the message's own, `{author}` for its
    author's page, `{server}` for the account's server; see `place_of`. "" where there is none.
    """

    where: str = ""


def acting(acts: Iterable[Acting], act: Act) -> Acting | None:
    """How a network does an act, None when it cannot."""
    return next((one for one in acts if one.act is act), None)


def place_of(instead: Instead, *, url: str = "", author: str = "", server: str = "") -> str:
    """The address of the page for it, "" when something it is made of is not known."""
    known = {"url": url, "author": author, "server": server}
    if any(f"{{{name}}}" in instead.where and not value for name, value in known.items()):
        return ""
    place = instead.where
    for name, value in known.items():
        place = place.replace(f"{{{name}}}", value)
    return place
