"""What a delivery hands to a network, and what it keeps of the answer: frozen values, no network.

A content goes out step by step: a thread has one step a part, a blog post may be drafted first, a
first comment comes last. Each step is one write; what it gave is kept before the next one begins, so
a content that was cut in the middle goes on where it stands.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO, Self

from palabre.kit.uploads import PIECE, Upload
from palabre.networks.rules import MediaKind

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Visibility(StrEnum):
    """Who may see it; a network knows some of them (`PostingRules.visibilities`)."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DRAFT = "draft"


@dataclass(frozen=True, kw_only=True)
class Media:
    """A file to publish. `open` gives it at its beginning whenever its bytes are needed.

    `size` in bytes, `width` and `height` in pixels, `seconds` for what plays. `name` is a file name.
    """

    kind: MediaKind
    mime: str
    size: int
    open: Callable[[], BinaryIO] = field(repr=False, compare=False)
    name: str = ""
    alt: str = ""
    width: int | None = None
    height: int | None = None
    seconds: float | None = None

    @classmethod
    def of(cls, content: bytes, *, kind: MediaKind, mime: str, **more: object) -> Self:
        """A file whose bytes are at hand."""
        made = cls(kind=kind, mime=mime, size=len(content), open=lambda: BytesIO(content))
        return replace(made, **more)  # type: ignore[arg-type]

    def body(self) -> Upload:
        """The file as the body of a request, read as it leaves. Raises OSError where it is lost."""
        return Upload.of(self.open)

    def digest(self, *, salt: bytes = b"") -> str:
        """The SHA-256 of `salt` and the file, in hexadecimal; a piece of it in memory at a time."""
        summed = sha256(salt)
        with self.open() as file:
            while piece := file.read(PIECE):
                summed.update(piece)
        return summed.hexdigest()


@dataclass(frozen=True, kw_only=True)
class Card:
    """The preview of a page, for networks that make none themselves."""

    url: str
    title: str = ""
    description: str = ""
    image: Media | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """One post of a thread, or the only one."""

    text: str
    media: tuple[Media, ...] = ()
    card: Card | None = None


@dataclass(frozen=True, kw_only=True)
class Article:
    """What a page of a site needs beside its text; `html` replaces the text where it is given."""

    title: str
    slug: str = ""
    excerpt: str = ""
    html: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Target:
    """The post that is answered: `remote_id` as the network's items have it."""

    remote_id: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One content for one account, ready to go.

    `key` names this delivery for ever (letters, digits, `-` and `_`, 8 to 64): every attempt has the
    same one. `begun_at` is aware, set before the first attempt and the same in each: what is looked
    for after a lost answer is not older. `language` is a BCP 47 tag. `warning` is shown before the
    text where a network can. `publish_at` asks the network to publish by itself, at a site that can.
    """

    key: str
    begun_at: datetime
    parts: tuple[Part, ...]
    first_comment: str = ""
    article: Article | None = None
    language: str = ""
    visibility: Visibility = Visibility.PUBLIC
    warning: str = ""
    reply_to: Target | None = None
    publish_at: datetime | None = None

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key) or self.begun_at.tzinfo is None or not self.parts:
            raise ValueError("a content needs a key, an aware moment and a part")

    @property
    def text(self) -> str:
        """The text of the first part, or of the only one."""
        return self.parts[0].text


COMMENT = "comment"
"""The step of the first comment."""


def part_step(place: int) -> str:
    """The step of the part at `place`, from 0."""
    return f"part-{place}"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What one step left at the network, to be kept before the next step.

    `step` is `part-0`, `part-1`…, `comment`, or a connector's own word for a preparation. `remote_id`
    is the id that items of this network have, `url` where a person sees it (empty before it shows).
    `extra` is JSON for the connector alone.
    """

    step: str
    remote_id: str
    url: str = ""
    at: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Published:
    """All that stands at the network, in order; call again with `sent` until it is `complete`."""

    sent: tuple[Sent, ...]
    complete: bool

    @property
    def first(self) -> Sent | None:
        """The post itself; None while there are only preparations."""
        return next((sent for sent in self.sent if sent.step == part_step(0)), None)

    @property
    def remote_id(self) -> str:
        """The id of the post, "" before it is there."""
        return self.first.remote_id if self.first else ""

    @property
    def url(self) -> str:
        """Where a person sees the post, "" before it is there."""
        return self.first.url if self.first else ""


def steps(outgoing: Outgoing) -> tuple[str, ...]:
    """Every step of a content on a network without preparations, in order."""
    comment = (COMMENT,) if outgoing.first_comment else ()
    return tuple(part_step(place) for place in range(len(outgoing.parts))) + comment


def next_step(outgoing: Outgoing, done: tuple[Sent, ...]) -> str | None:
    """The first step that is not done yet, None when all are."""
    past = {sent.step for sent in done}
    return next((step for step in steps(outgoing) if step not in past), None)


def after(outgoing: Outgoing, done: tuple[Sent, ...], *new: Sent) -> Published:
    """What stands once `new` is added to what was done."""
    sent = (*done, *new)
    return Published(sent=sent, complete=next_step(outgoing, sent) is None)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a network counts of a post; None where it does not tell. `gone`: it is not there any more."""

    likes: int | None = None
    reposts: int | None = None
    quotes: int | None = None
    replies: int | None = None
    views: int | None = None
    clicks: int | None = None
    gone: bool = False
