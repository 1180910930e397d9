"""The contract between Palabre and every network: plain values in, plain values out.

A network is one module of this folder with a frozen `MANIFEST` and a `connector` that implements
only the protocols its network can honour. The caller hands in a `Session`, the only way out.
`sandbox.py` implements everything in memory and is the page a new author reads first.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.networks.errors import Problem
from palabre.networks.items import Address as Address
from palabre.networks.items import ItemKind as ItemKind
from palabre.networks.items import RemoteAuthor as RemoteAuthor
from palabre.networks.items import RemoteItem as RemoteItem
from palabre.networks.items import Said as Said
from palabre.networks.items import Sighting as Sighting
from palabre.networks.moderating import Act as Act
from palabre.networks.moderating import Acting as Acting
from palabre.networks.moderating import Instead as Instead
from palabre.networks.moderating import Order as Order
from palabre.networks.outgoing import Figures, Outgoing, Published, Sent
from palabre.networks.rules import PostingRules
from palabre.networks.words import Words as Words


class Capability(StrEnum):
    """What a connector can do; each one names the protocol that does it."""

    COLLECT = "collect"
    STREAM = "stream"
    CONNECT = "connect"
    PUBLISH = "publish"
    EDIT = "edit"
    DELETE = "delete"
    MEASURE = "measure"
    HEAR = "hear"
    """What is said to an account."""
    REPLY = "reply"
    """`publish` takes `Outgoing.reply_to`."""
    MODERATE = "moderate"
    """Acts on what others said, and a reader's gestures."""


class Access(StrEnum):
    """What it takes to be let in."""

    OPEN = "open"
    APPROVAL = "approval"
    PAID = "paid"


class Reach(StrEnum):
    """Listed places (veille ciblée) or everything a network lets one search (veille radar)."""

    TARGETED = "targeted"
    RADAR = "radar"


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
class Ear:
    """One way to hear what is said to an account; `every`: seconds of advised wait between two visits.

    `private`: what is heard there is for the account alone.
    """

    key: str
    label: Words
    hint: Words
    every: float
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Budget:
    """At most `calls` in `seconds`, per host, account or app; `source` and date in the manifest.

    `capability` is what it counts, None for any call.
    """

    calls: int
    seconds: int
    per: str = "host"
    capability: Capability | None = None


@dataclass(frozen=True, kw_only=True)
class SignInKind:
    """One way to sign an account in: what the person types, and whether they are sent to the network.

    `hint` says in plain words what is needed and where it is found, `where` is the address of that page.
    `redirect`: `authorise_url` gives the page to send them to, and their way back comes to `exchange`;
    otherwise what they typed is enough. `server`: the field whose value is the server, "" where the
    network has one alone.
    """

    key: str
    label: Words
    hint: Words
    fields: tuple["WatchField", ...] = ()
    redirect: bool = False
    server: str = ""
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything that can be declared about a network; `key` is the module's name.

    `invented`: nothing there is true; offered to demo brands and to developers alone. `scopes` are what
    a sign-in asks for, by what they are for. `rules` are there when the network can be posted to,
    `answers` (the rules of a reply) when something said there can be answered. `acts` are what can be done
    to what others said, `instead` what a person does there where no program may.
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
    sign_ins: tuple[SignInKind, ...] = ()
    rules: PostingRules | None = None
    answers: PostingRules | None = None
    ears: tuple[Ear, ...] = ()
    acts: tuple[Acting, ...] = ()
    instead: Mapping[Act, Instead] = field(default_factory=dict)


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
    """What a connector is handed: the only ways out, the account's secrets, the clock.

    `account` is the network's own id of the account. `rules` are the manifest's, narrowed by what this
    server or plan allows. `rest` waits some seconds (for a file to be processed).
    """

    http: Http
    mailboxes: Mailboxes
    now: Callable[[], datetime]
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    account: str = ""
    rules: PostingRules | None = None
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep


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


@runtime_checkable
class Sights(Protocol):
    """For streams too fast to normalise what nobody looks for; `sightings.sight` does without it."""

    def sight(self, raw: Any, watch: Watch) -> Sighting | None:
        """Pure: the sighting of a raw answer, None only where `normalise` gives None."""
        ...


@runtime_checkable
class Hears(Protocol):
    """Listens to what is said to a signed-in account."""

    async def hear(self, session: Session, ear: str, cursor: Cursor | None) -> Page:
        """One page through one of the manifest's ears; `cursor` None the first time. Read-only.

        The first visit goes back thirty days or 200 entries, whichever is less. A cursor is stored once
        the page's entries are; an old one, or the same page again, brings some entries once more and
        loses none. Raises `NetworkError` subclasses alone.
        """
        ...

    def said(self, raw: Any, ear: str, account: str) -> Said | None:
        """Pure: one raw answer, None for a like, a follow or anything else that says nothing."""
        ...


# The way out: accounts, publishing, figures.


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A sign-in under way. `kind` and `fields` are those of the manifest's `SignInKind`.

    `redirect_uri` is Palabre's own address for the way back, `state` an unguessable word that travels
    with the person, `registration` what `Registers.register` gave for this server.
    """

    kind: str
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    redirect_uri: str = ""
    state: str = field(default="", repr=False)
    registration: Mapping[str, str] = field(default_factory=dict, repr=False)
    capabilities: frozenset[Capability] = frozenset((Capability.PUBLISH,))


@dataclass(frozen=True, kw_only=True)
class Authorisation:
    """Where to send the person; `pending` is secret and handed back to `exchange`."""

    url: str = field(repr=False)
    pending: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a sign-in gave. `credentials` are text by name, to be sealed and handed to each session.

    `expires_at`: when these stop working by themselves (then `refresh`); `ends_at`: when even that
    does. None where the network does not tell.
    """

    credentials: Mapping[str, str] = field(repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account that a sign-in can speak for; `credentials` where it has its own beside the grant's."""

    remote_id: str
    handle: str = ""
    name: str = ""
    url: str = ""
    avatar_url: str = ""
    server: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)


@runtime_checkable
class Connects(Protocol):
    """Signs accounts in. Raises `AuthExpired` when what was typed or granted is refused."""

    async def authorise_url(self, session: Session, sign_in: SignIn) -> Authorisation:
        """The page to send the person to, for a kind that redirects."""
        ...

    async def exchange(
        self, session: Session, sign_in: SignIn, pending: Mapping[str, str], answer: Mapping[str, str]
    ) -> Grant:
        """The grant: `answer` is the query they came back with; both are empty without a redirect.

        Raises `NotPermitted("sign_in_cancelled")` when the person said no.
        """
        ...

    async def refresh(self, session: Session) -> Grant:
        """A new grant from the session's credentials; the old one may be dead afterwards."""
        ...

    async def accounts(self, session: Session) -> tuple[Account, ...]:
        """The accounts that the session's credentials can speak for; read-only, the check of health."""
        ...


@runtime_checkable
class Registers(Protocol):
    """A network whose servers must know Palabre before a person can sign in."""

    async def register(self, session: Session, server: str, redirect_uri: str) -> Mapping[str, str]:
        """The secrets of Palabre at `server`: made once, kept, used by each sign-in there."""
        ...

    def outgrown(self, registration: Mapping[str, str]) -> bool:
        """Pure: whether a kept one was made for less than a sign-in asks for today."""
        ...


@runtime_checkable
class Presents(Protocol):
    """A network that fetches from Palabre who Palabre is."""

    def client_document(self, address: str, redirect_uri: str) -> Mapping[str, Any]:
        """The JSON to serve at `address`, which is also the client's id. Pure."""
        ...


@runtime_checkable
class Revokes(Protocol):
    """Gives a sign-in back when an account is removed."""

    async def revoke(self, session: Session) -> None:
        """Make the session's credentials worthless; calling it again is no fault."""
        ...


@runtime_checkable
class Publishes(Protocol):
    """Sends a content, one write a call."""

    async def limits(self, session: Session) -> Mapping[str, Any]:
        """What this server, plan or account allows, as JSON for `rules.narrowed`; read-only."""
        ...

    async def check(self, session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
        """What would be refused, by the rules and by what the server knows (a mention…); read-only."""
        ...

    async def publish(self, session: Session, outgoing: Outgoing, done: tuple[Sent, ...] = ()) -> Published:
        """Do the next step that is not in `done`; keep what it gave, call again until `complete`.

        Raises `OutcomeUnknown` when the step may have happened: then `find` before anything else.
        Every other error means that the step was not done.
        """
        ...

    async def find(
        self,
        session: Session,
        outgoing: Outgoing,
        done: tuple[Sent, ...] = (),
        taken: frozenset[str] = frozenset(),
    ) -> Published | None:
        """Whether the step after `done` happened: all that stands, or None when it surely did not.

        `taken` are remote ids that belong to other deliveries. Raises `OutcomeUnknown("cannot_tell")`
        when the network cannot say; read-only.
        """
        ...


@runtime_checkable
class Names(Protocol):
    """Knows people by the beginning of their name, for mentions."""

    async def people(self, session: Session, typed: str) -> tuple[RemoteAuthor, ...]:
        """At most ten, best first; `handle` is what to write behind the @. Read-only."""
        ...


@runtime_checkable
class Edits(Protocol):
    """Changes what was published."""

    async def edit(self, session: Session, outgoing: Outgoing, sent: tuple[Sent, ...]) -> tuple[Sent, ...]:
        """Make what stands say what `outgoing` says, part by part; idempotent."""
        ...


@runtime_checkable
class Deletes(Protocol):
    """Takes back what was published."""

    async def delete(self, session: Session, sent: tuple[Sent, ...]) -> None:
        """Remove it all, last first; what is gone already is no fault."""
        ...


@runtime_checkable
class Measures(Protocol):
    """Counts what a post did."""

    async def measure(self, session: Session, sent: tuple[Sent, ...]) -> Mapping[str, Figures]:
        """The figures by remote id, of as many posts as given; read-only."""
        ...


@runtime_checkable
class Moderates(Protocol):
    """Acts on what others said; the manifest's `acts` say which acts those are."""

    async def moderate(self, session: Session, order: Order) -> Mapping[str, str]:
        """Do it, and give what undoing it needs (nothing, where it stood already): asked twice, done once.

        Raises `Gone` when the message or its author is, `NotPermitted` when the account lacks the right,
        `Rejected` where this message takes no such act, or no message does. A lost answer is `Temporary`,
        but for a REPORT, which twice would be two: `OutcomeUnknown`.
        """
        ...

    async def standing(self, session: Session, order: Order) -> bool | None:
        """Whether what the order asks for stands already, None where the network cannot tell; read-only.

        Raises as `moderate` does.
        """
        ...
