"""A stage: a place to publish on, whose server keeps what was sent and can be asked what stands there
without any code of Palabre. Recorded servers here, real ones in `tests/live`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from palabre.kit.http import Answer, Http, HttpFailure
from palabre.kit.mailbox import Mailboxes
from palabre.networks.contract import Act, Connects, Publishes, Session, SignIn
from palabre.networks.errors import OutcomeUnknown, Temporary
from palabre.networks.outgoing import Article, Outgoing, Part, Published, Sent, Target
from palabre.networks.rules import narrowed, rules_of
from tests.contract.scene import NOW, Reply

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "000000050001a5f645400000000049454e44ae426082"
)
"""The smallest PNG: one pixel."""

_keys = count(1)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A post as its server has it: `text` is plain, `above` the id of what it answers."""

    id: str
    text: str
    above: str = ""
    alts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What happens to the `at`-th write of a content (from 0): its answer is lost after it was done, it
    is cut before it arrives, or `reply` is answered instead."""

    at: int = 0
    lost: bool = False
    cut: bool = False
    reply: Reply | HttpFailure | None = None


class FaultyHttp(Http):
    """Another `Http`, one write of which goes wrong."""

    def __init__(self, inner: Http, fault: Fault, writes: Callable[[str, str], bool]) -> None:
        super().__init__()
        self._inner, self._fault, self._writes, self._count = inner, fault, writes, count()

    async def request(self, method: str, url: str, **options: Any) -> Answer:
        if not self._writes(method, url) or next(self._count) != self._fault.at:
            return await self._inner.request(method, url, **options)
        if isinstance(self._fault.reply, HttpFailure):
            raise self._fault.reply
        if self._fault.reply is not None:
            return self._fault.reply.answer(url)
        if self._fault.lost:
            await self._inner.request(method, url, **options)
        raise HttpFailure("timeout", "server", sent=True)


@dataclass(kw_only=True)
class Stage:
    """One place to publish on. `http` makes the way out, `standing` asks the server what is there.

    `speak` makes somebody say a text to the account, below a post of this id or "", `unsay` takes it
    back; it comes through `ear`, what the account says through `own_ear`; `many` is more than a page.
    `writes` tells a write of a content from uploads and reads. `known` is somebody's handle. `sign_in`
    and `answer` are what a person types or comes back with. `impossible`: name of a scene to the reason
    why it cannot be played.

    `beneath` makes somebody say a text below what the account published, `acted` asks the server whether
    an act stands on what was said (or on who said it), `powerless` takes the right to moderate away.
    """

    name: str
    key: str
    sign_in: SignIn
    http: Callable[[], Http]
    standing: Callable[[], Awaitable[list[Standing]]]
    writes: Callable[[str, str], bool] = lambda method, url: False
    answer: Mapping[str, str] = field(default_factory=dict)
    pending: Mapping[str, str] = field(default_factory=dict)
    faulty: Callable[[Session, Fault], Session] | None = None
    failing: Callable[[Reply | HttpFailure], Http] | None = None
    said_by_other: Callable[[str], Awaitable[Target]] | None = None
    speak: Callable[[str, str], Awaitable[Target]] | None = None
    unsay: Callable[[Target], Awaitable[None]] | None = None
    beneath: Callable[[str], Awaitable[Target]] | None = None
    acted: Callable[[Act, Target], Awaitable[bool]] | None = None
    powerless: Callable[[Session], Awaitable[Session]] | None = None
    tells: tuple[str, ...] = ()
    ear: str = ""
    own_ear: str = ""
    many: int = 120
    link: str = "https://tilleuls.com/menu"
    known: str = ""
    now: Callable[[], datetime] = lambda: NOW
    settle: Callable[[Published], Awaitable[None]] | None = None
    impossible: Mapping[str, str] = field(default_factory=dict)

    def stranger(self, http: Http | None = None) -> Session:
        """A session nobody signed in to."""
        return Session(http=http or self.http(), mailboxes=Mailboxes(), now=self.now, rest=_at_once)

    async def signed(self, connector: Connects) -> Session:
        """A session of the account."""
        session = self.stranger()
        grant = await connector.exchange(session, self.sign_in, self.pending, self.answer)
        session = replace(session, credentials=grant.credentials)
        (account,) = await connector.accounts(session)
        assert isinstance(connector, Publishes)
        rules = narrowed(
            rules_of(self.key), await connector.limits(replace(session, account=account.remote_id))
        )
        return replace(session, account=account.remote_id, rules=rules)

    def with_fault(self, session: Session, fault: Fault) -> Session:
        """The same session, one write of which goes wrong."""
        if self.faulty is not None:
            return self.faulty(session, fault)
        return replace(session, http=FaultyHttp(session.http, fault, self.writes))

    def content(self, *texts: str, **more: Any) -> Outgoing:
        """A content of these parts, with what this network asks for beside."""
        parts = tuple(Part(text=text) for text in texts or ("Un café sous les tilleuls ☕",))
        if rules_of(self.key).title_required and not {"article", "reply_to"} & set(more):
            more["article"] = Article(title="Un café sous les tilleuls")
        key = f"delivery-{next(_keys):06}"
        return Outgoing(key=key, begun_at=self.now() - timedelta(seconds=1), parts=parts, **more)


async def _at_once(seconds: float) -> None:
    """Files are prepared at once in a scene."""


async def drive(connector: Publishes, session: Session, outgoing: Outgoing) -> Published:
    """As the one caller does: step by step, looking for what may have happened, never sending blindly."""
    done: tuple[Sent, ...] = ()
    for _ in range(30):
        try:
            published = await connector.publish(session, outgoing, done)
        except OutcomeUnknown:
            found = await connector.find(session, outgoing, done)
            done = done if found is None else found.sent
        except Temporary:
            continue
        else:
            done = published.sent
            if published.complete:
                return published
    raise AssertionError("this content never ends")


async def standing_of(stage: Stage, published: Published) -> list[Standing]:
    """What stands of a content, in its order."""
    there = {post.id: post for post in await stage.standing()}
    return [there[one.remote_id] for one in published.sent if one.remote_id in there]
