"""The contract between Palabre and every network: plain values in, plain values out.

A network is one module of this folder with a frozen `MANIFEST` and a `connector` that implements
only the protocols its network can honour. The caller hands in a `Session`, the only way out.
`sandbox.py` implements everything in memory and is the page a new author reads first.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes


class Capability(StrEnum):
    """What a connector can do; each one names the protocol that does it."""

    COLLECT = "collect"
    STREAM = "stream"


class Access(StrEnum):
    """What it takes to be let in."""

    OPEN = "open"
    APPROVAL = "approval"
    PAID = "paid"


class Reach(StrEnum):
    """Listed places (veille ciblée) or everything a network lets one search (veille radar)."""

    TARGETED = "targeted"
    RADAR = "radar"


class ItemKind(StrEnum):
    """The trade's kinds of things somebody can say."""

    ARTICLE = "article"
    POST = "post"
    REPLY = "reply"
    COMMENT = "comment"
    VIDEO = "video"
    EMAIL = "email"
    PAGE = "page"


@dataclass(frozen=True, kw_only=True)
class Words:
    """A label in both languages: the pure rooms know no translation machinery."""

    fr: str
    en: str


@dataclass(frozen=True, kw_only=True)
class WatchKind:
    """One way to look at a network: what the person types, and how it is used.

    `needs_topic`: the target is left empty and the topics' own words are asked for (a search).
    `fields`: further things to ask for, in order (a mailbox has a host, a user, a password…).
    """

    key: str
    label: Words
    hint: Words
    placeholder: str = ""
    reach: Reach = Reach.TARGETED
    capability: Capability = Capability.COLLECT
    needs_topic: bool = False
    needs_account: bool = False
    fields: tuple["WatchField", ...] = ()


@dataclass(frozen=True, kw_only=True)
class WatchField:
    """One thing to ask for beside the target; a secret is stored encrypted and never shown again."""

    key: str
    label: Words
    secret: bool = False
    required: bool = True
    default: str = ""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """At most `calls` in `seconds`, per host, account or app; `source` and date in the manifest."""

    calls: int
    seconds: int
    per: str = "host"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything that can be declared about a network; `key` is the module's name.

    `invented`: nothing there is true; offered to demo brands and to developers alone.
    """

    key: str
    label: str
    icon: str
    capabilities: frozenset[Capability]
    watches: tuple[WatchKind, ...]
    source: str
    checked_on: date
    scopes: Mapping[Capability, tuple[str, ...]] = field(default_factory=dict)
    budgets: tuple[Budget, ...] = ()
    access: Access = Access.OPEN
    price: Words | None = None
    cannot: tuple[Words, ...] = ()
    invented: bool = False


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
class Watch:
    """What to look at: a source of a brand, stripped of everything the network need not know.

    `words` are the search words of the topics, for the kinds that search. `options` holds the
    kind's further fields, secrets decrypted.
    """

    kind: str
    target: str
    words: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


Cursor = Mapping[str, Any]
"""Where a watch stands (etag, since-id, sequence number): JSON, opaque to all but its connector."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One call's worth of raw answers, in the network's order.

    `cursor` is stored only after the page's items are committed. `more`: call again at once.
    `wait` is the network's own advice in seconds before the next call. `moved_to` is the new
    permanent address of the target. `title` is the network's name for the target.
    """

    raw: tuple[Any, ...]
    cursor: Cursor
    more: bool = False
    wait: float | None = None
    moved_to: str | None = None
    title: str = ""
    unchanged: bool = False


@dataclass(frozen=True, kw_only=True)
class Session:
    """What a connector is handed: the only ways out, the account's secrets, the clock."""

    http: Http
    mailboxes: Mailboxes
    now: Callable[[], datetime]
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    account: str = ""


@runtime_checkable
class Collects(Protocol):
    """Looks at a target, one page a call."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One call; `cursor` None the first time. Raises `NetworkError` subclasses alone."""
        ...

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """Pure: one raw answer to an item, None for what is not something said."""
        ...


@runtime_checkable
class Suggests(Protocol):
    """Turns what a person typed (a page, a handle, an address) into watches that work."""

    async def suggest(self, session: Session, typed: str) -> tuple["Suggestion", ...]:
        """Best first; empty when this network has nothing at that address."""
        ...


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A watch that was found behind what a person typed; `second_best` where nothing better is there."""

    watch: Watch
    title: str
    second_best: bool = False


@runtime_checkable
class Streams(Protocol):
    """Listens to the present; resumed from the cursor of the last committed page."""

    def stream(self, session: Session, watch: Watch, cursor: Cursor | None) -> AsyncGenerator[Page, None]:
        """Pages as they come, small and often; ends by `Temporary` when the line breaks."""
        ...

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """As in `Collects`."""
        ...
