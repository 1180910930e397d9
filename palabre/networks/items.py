"""What somebody said, as every room reads it: plain text and plain values, the same for all networks.

The contract hands these in; `contract` names them too, so that a network imports from one place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class ItemKind(StrEnum):
    """The trade's kinds of things somebody can say."""

    ARTICLE = "article"
    POST = "post"
    REPLY = "reply"
    COMMENT = "comment"
    VIDEO = "video"
    EMAIL = "email"
    PAGE = "page"


class Address(StrEnum):
    """Why something reached an account."""

    COMMENT = "comment"
    """Under what the account published."""
    REPLY = "reply"
    """To something the account said in another's thread."""
    MENTION = "mention"
    QUOTE = "quote"
    MESSAGE = "message"
    """In private."""
    REVIEW = "review"
    OURS = "ours"
    """The account itself said it, here or on the network."""


@dataclass(frozen=True, kw_only=True)
class RemoteAuthor:
    """Who said it, as the network knows them; `followers` is None where the network does not tell."""

    remote_id: str
    handle: str = ""
    name: str = ""
    url: str = ""
    avatar_url: str = ""
    followers: int | None = None


@dataclass(frozen=True, kw_only=True)
class RemoteItem:
    """Something said, as plain text and plain values; `remote_id` is unique within its network.

    `text` and `title` hold no markup. `outlet` is the host of a site or server. `published_at` is
    aware; None when the source does not say. Counts are None where the network does not tell.
    `deleted` asks for the removal of what was stored under this id.
    """

    remote_id: str
    url: str
    text: str
    title: str = ""
    kind: ItemKind = ItemKind.POST
    author: RemoteAuthor | None = None
    published_at: datetime | None = None
    language: str | None = None
    country: str | None = None
    outlet: str = ""
    thread_id: str | None = None
    reply_to: str | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    views: int | None = None
    image_urls: tuple[str, ...] = ()
    summary_only: bool = False
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """Something said to an account, or by it. `above` is what it hangs under: the root first, then what is
    known of what lies between, the direct parent last; empty where nothing is known.

    `item.thread_id` is the id of the root (its own where it is the root), `item.reply_to` that of the
    direct parent; `item.deleted` asks for removal. `held`: the network shows it to nobody until it is
    approved. `counterpart` is whom the account talks with, where that is not the item's author.
    """

    item: RemoteItem
    address: Address
    above: tuple[RemoteItem, ...] = ()
    held: bool = False
    counterpart: RemoteAuthor | None = None


class Sighting(NamedTuple):
    """What matching reads of something said: all that is worked out for a post that nobody looks for.

    `author` is handle and name; "" is unknown. `whole` gives the item, or None for what turns out not
    to be something said; every other field is as `sightings.sighting_of` reads it from that item.
    """

    title: str
    text: str
    author: str
    url: str
    language: str
    country: str
    deleted: bool
    whole: Callable[[], RemoteItem | None]
