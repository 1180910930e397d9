"""What holds for every network that can be posted to: recorded servers here, real ones in `tests/live`.

`PublishesContract` reads a `connector` and a `stage` fixture; a stage is a place to publish on, whose
server keeps what was sent and can be asked what stands there without any code of Palabre.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from palabre.kit.http import Answer, Http, HttpFailure
from palabre.kit.mailbox import Mailboxes
from palabre.networks import registry
from palabre.networks.contract import (
    Capability,
    Connects,
    Deletes,
    Edits,
    Grant,
    Measures,
    Names,
    Publishes,
    Session,
    SignIn,
)
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
)
from palabre.networks.outgoing import Article, Media, Outgoing, Part, Published, Sent, Target
from palabre.networks.rules import MediaKind, narrowed, rules_of
from tests.contract.scene import NOW, SECRET, Reply
from tests.contract.suite import FAILURES, LOGIN_PAGE

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

    `writes` tells a write of a content from uploads and reads. `known` is somebody's handle. `sign_in`
    and `answer` are what a person types or comes back with. `impossible`: name of a scene to the reason
    why it cannot be played.
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
        if rules_of(self.key).title_required and "article" not in more:
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


WRITE_FAILURES: Mapping[str, tuple[Reply | HttpFailure, type[NetworkError]]] = {
    "401": (Reply(status=401, body={"error": "unauthorized"}), AuthExpired),
    "403": (Reply(status=403, body={"error": "forbidden"}), NotPermitted),
    "410": (Reply(status=410, body={"error": "gone"}), Gone),
    "422": (Reply(status=422, body={"error": "unprocessable"}), Rejected),
    "429": (Reply(status=429, body={"error": "slow"}, headers={"Retry-After": "17"}), RateLimited),
    "500": (Reply(status=500, body="oops"), OutcomeUnknown),
    "502": (Reply(status=502, body="oops"), OutcomeUnknown),
    "503": (Reply(status=503, body="later"), Temporary),
    "504": (Reply(status=504, body="oops"), OutcomeUnknown),
    "timeout": (HttpFailure("timeout", "server", sent=True), OutcomeUnknown),
    "broken": (HttpFailure("broken_answer", "server", sent=True), OutcomeUnknown),
    "refused": (HttpFailure("connection_refused", "server"), Temporary),
    "tls": (HttpFailure("tls_expired", "server"), Temporary),
    "html": (Reply(body=LOGIN_PAGE), OutcomeUnknown),
    "empty": (Reply(body=b""), OutcomeUnknown),
    "other_shape": (Reply(body='"a word"'), OutcomeUnknown),
}
"""What happens to the write itself: only what surely did nothing may be tried again."""

READ_FAILURES = ("401", "403", "429", "500", "503", "timeout", "name_not_found", "truncated", "html", "empty")

SCENES: Mapping[str, str] = {
    "failures": "each failure of a write and of a read raises its exact type",
    "reply": "a post of somebody else is answered",
    "media": "an image goes out with its alt text",
    "refresh": "a sign-in is renewed",
    "refused_sign_in": "a wrong password is refused",
    "figures": "the figures of a post are counted",
}
"""What a stage may mark impossible, with a reason; nothing else can be left out."""


class PublishesContract:
    """Needs fixtures `connector` and `stage`."""

    @pytest.fixture
    async def session(self, connector: Any, stage: Stage) -> Session:
        return await stage.signed(connector)

    # Signing in.

    async def test_a_sign_in_gives_an_account_and_keeps_its_secrets(
        self, connector: Connects, stage: Stage
    ) -> None:
        session = stage.stranger()
        grant = await connector.exchange(session, stage.sign_in, stage.pending, stage.answer)
        assert all(isinstance(value, str) for value in grant.credentials.values())
        assert json.loads(json.dumps(dict(grant.credentials))) == dict(grant.credentials)
        signed = replace(session, credentials=grant.credentials)
        (account,) = await connector.accounts(signed)
        assert account.remote_id and account.handle and account.name
        assert account.url.startswith(("https://", "http://"))
        for secret in _secrets(grant):
            assert secret not in repr(grant) + repr(signed) + repr(account) + repr(stage.sign_in)

    async def test_without_a_sign_in_nothing_works(self, connector: Any, stage: Stage) -> None:
        for asked in (
            connector.accounts(stage.stranger()),
            connector.publish(stage.stranger(), stage.content()),
        ):
            with pytest.raises(AuthExpired):
                await asked

    async def test_a_wrong_password_is_refused(self, connector: Connects, stage: Stage) -> None:
        if "refused_sign_in" in stage.impossible:
            return
        wrong = {
            name: "nobody" if name in ("name", "app_password", "token") else value
            for name, value in stage.sign_in.fields.items()
        }
        sign_in = replace(stage.sign_in, fields=wrong)
        with pytest.raises((AuthExpired, Rejected)):
            grant = await connector.exchange(stage.stranger(), sign_in, {}, {})
            await connector.accounts(replace(stage.stranger(), credentials=grant.credentials))

    async def test_an_unknown_way_in_is_refused(self, connector: Connects, stage: Stage) -> None:
        with pytest.raises(Rejected):
            await connector.exchange(stage.stranger(), replace(stage.sign_in, kind="?"), {}, {})

    async def test_a_sign_in_is_renewed_or_asks_for_a_person(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        if "refresh" in stage.impossible:
            with pytest.raises(AuthExpired):
                await connector.refresh(session)
            return
        grant = await connector.refresh(session)
        renewed = replace(session, credentials=grant.credentials)
        published = await drive(connector, renewed, stage.content())
        assert published.complete
        if isinstance(connector, Deletes):
            await connector.delete(renewed, published.sent)

    async def test_people_are_known_by_the_beginning_of_their_name(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        if not isinstance(connector, Names):
            return
        for typed in ("", "@", "\x00", "personne de ce nom"):
            assert await connector.people(session, typed) == ()
        found = await connector.people(session, f"@{stage.known[:3]}")
        assert stage.known in {person.handle for person in found} and len(found) <= 10

    # Publishing.

    async def test_a_text_goes_out_as_it_is(self, connector: Any, stage: Stage, session: Session) -> None:
        text = f"Un café ☕ & <script>alert('é')</script> 👨‍👩‍👧 : {stage.link} #tilleuls"
        outgoing = stage.content(text)
        published = await drive(connector, session, outgoing)
        assert published.complete and published.remote_id
        assert published.url.startswith(("https://", "http://"))
        there = await _new(stage, published)
        assert [post.text for post in there] == [text]

    async def test_the_same_key_twice_is_one_post_or_is_found(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        outgoing = stage.content()
        first = await drive(connector, session, outgoing)
        found = await connector.find(session, outgoing)
        assert found is not None and found.first == first.first
        if "forgetful" not in stage.name:
            again = await drive(connector, session, outgoing)
            assert again.remote_id == first.remote_id
            assert len([post for post in await stage.standing() if post.text == outgoing.text]) >= 1
            assert len({post.id for post in await _new(stage, first)}) == 1

    async def test_what_was_not_sent_is_not_found(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        sent = await drive(connector, session, stage.content("Un texte de cette scène"))
        assert await connector.find(session, stage.content("Un texte jamais envoyé")) is None
        assert sent.complete

    async def test_a_thread_hangs_together_and_a_comment_below_it(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        rules = rules_of(stage.key)
        if not rules.threads:
            assert await connector.check(session, stage.content("Un", "Deux"))
            return
        outgoing = stage.content("Fil : un", "Fil : deux", "Fil : trois", first_comment="Fil : le lien")
        published = await drive(connector, session, outgoing)
        one, two, three, comment = await _new(stage, published)
        assert [post.text for post in (one, two, three, comment)] == [
            *(part.text for part in outgoing.parts),
            outgoing.first_comment,
        ]
        assert (one.above, two.above, three.above, comment.above) == ("", one.id, two.id, one.id)

    async def test_a_thread_cut_anywhere_goes_on_where_it_stands(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        texts = ("Reprise : un", "Reprise : deux") if rules_of(stage.key).threads else ("Reprise",)
        for at in range(len(texts)):
            for fault in (Fault(at=at, lost=True), Fault(at=at, cut=True)):
                outgoing = stage.content(*texts)
                published = await drive(connector, stage.with_fault(session, fault), outgoing)
                there = await _new(stage, published)
                assert [post.text for post in there] == list(texts), f"{fault}"
                everything = {post.id for post in await stage.standing()}
                assert len(everything) == len(await stage.standing())
                await self._no_other(connector, stage, session, outgoing, published)

    async def _no_other(
        self, connector: Any, stage: Stage, session: Session, outgoing: Outgoing, published: Published
    ) -> None:
        """Nothing of this content stands but what was told of: take it away, and none is left."""
        if isinstance(connector, Deletes):
            await connector.delete(session, published.sent)
            left = [post for post in await stage.standing() if post.text in {p.text for p in outgoing.parts}]
            assert left == []

    async def test_a_later_process_goes_on_from_what_was_kept(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        if not rules_of(stage.key).threads:
            return
        outgoing = stage.content("Suite : un", "Suite : deux")
        first = await connector.publish(session, outgoing)
        assert not first.complete and len(first.sent) == 1
        whole = await connector.publish(await stage.signed(connector), outgoing, first.sent)
        assert whole.complete and [post.text for post in await _new(stage, whole)] == [
            "Suite : un",
            "Suite : deux",
        ]

    async def test_an_image_goes_out_with_its_alt_text(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        if "media" in stage.impossible:
            return
        image = Media.of(PIXEL, kind=MediaKind.IMAGE, mime="image/png", name="point.png")
        image = replace(image, alt="Un point « noir »", width=1, height=1)
        outgoing = stage.content()
        outgoing = replace(outgoing, parts=(Part(text="Avec une image", media=(image,)),))
        published = await drive(connector, session, outgoing)
        (post,) = await _new(stage, published)
        assert post.alts == ("Un point « noir »",)

    async def test_somebody_is_answered(self, connector: Any, stage: Stage, session: Session) -> None:
        if not rules_of(stage.key).reply:
            problems = await connector.check(session, stage.content(reply_to=Target(remote_id="x")))
            assert "no_replies" in {problem.code for problem in problems}
            return
        if "reply" in stage.impossible:
            return
        assert stage.said_by_other is not None
        target = await stage.said_by_other("Qui vient demain ?")
        published = await drive(connector, session, stage.content("Nous, avec joie", reply_to=target))
        (post,) = await _new(stage, published)
        assert post.above

    async def test_what_the_rules_refuse_is_never_sent(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        before = await stage.standing()
        rules = session.rules or rules_of(stage.key)
        bad = stage.content("a" * (rules.text_max + 1)) if rules.text_max else stage.content("")
        told = await connector.check(session, bad)
        assert told and {problem.field for problem in told} == {"text"}
        with pytest.raises(Rejected) as refused:
            await connector.publish(session, bad)
        assert refused.value.problems
        for problem in refused.value.problems:
            assert problem.message("fr") and problem.message("en")
        assert await stage.standing() == before

    async def test_checking_changes_nothing(self, connector: Any, stage: Stage, session: Session) -> None:
        before = await stage.standing()
        assert await connector.check(session, stage.content()) == ()
        assert await stage.standing() == before

    async def test_limits_are_json_that_narrows_the_rules(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        told = await connector.limits(session)
        assert json.loads(json.dumps(told)) == told
        assert narrowed(rules_of(stage.key), told).key == stage.key

    # Afterwards.

    async def test_what_was_deleted_is_gone_and_deleting_twice_is_no_fault(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        if not isinstance(connector, Deletes):
            return
        outgoing = stage.content("À effacer")
        published = await drive(connector, session, outgoing)
        await connector.delete(session, published.sent)
        await connector.delete(session, published.sent)
        assert await _new(stage, published) == []
        assert await connector.find(session, outgoing) is None

    async def test_an_edit_changes_what_stands(self, connector: Any, stage: Stage, session: Session) -> None:
        if not isinstance(connector, Edits):
            assert Capability.EDIT not in _manifest(stage.key).capabilities
            return
        outgoing = stage.content("Avant")
        published = await drive(connector, session, outgoing)
        changed = replace(outgoing, parts=(Part(text="Après"),))
        for _ in range(2):
            sent = await connector.edit(session, changed, published.sent)
            assert [one.remote_id for one in sent] == [one.remote_id for one in published.sent]
        assert [post.text for post in await _new(stage, published)] == ["Après"]

    async def test_figures_are_counted_and_a_post_that_is_gone_is_said_so(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        if not isinstance(connector, Measures) or "figures" in stage.impossible:
            return
        published = await drive(connector, session, stage.content("À compter"))
        gone = await drive(connector, session, stage.content("À perdre"))
        if stage.settle is not None:
            await stage.settle(published)
        if isinstance(connector, Deletes):
            await connector.delete(session, gone.sent)
        figures = await connector.measure(session, (*published.sent, *gone.sent))
        assert set(figures) == {one.remote_id for one in (*published.sent, *gone.sent)}
        counted = figures[published.remote_id]
        assert not counted.gone and counted.replies is not None
        if stage.settle is None:
            assert figures[gone.remote_id].gone

    # What goes wrong.

    @pytest.mark.parametrize("failure", WRITE_FAILURES)
    async def test_each_failure_of_a_write_has_its_exact_type(
        self, connector: Any, stage: Stage, session: Session, failure: str
    ) -> None:
        if "failures" in stage.impossible:
            return
        reply, expected = WRITE_FAILURES[failure]
        broken = stage.with_fault(session, Fault(reply=reply))
        with pytest.raises(NetworkError) as told:
            await connector.publish(broken, stage.content())
        assert type(told.value) is expected, f"{failure}: {told.value!r}"
        if isinstance(told.value, RateLimited):
            assert told.value.retry_after == 17
        assert_quiet(told.value, session)

    @pytest.mark.parametrize("failure", READ_FAILURES)
    async def test_a_failed_look_is_never_taken_for_nothing_there(
        self, connector: Any, stage: Stage, session: Session, failure: str
    ) -> None:
        if "failures" in stage.impossible or stage.failing is None:
            return
        reply, expected = FAILURES[failure]
        blind = replace(session, http=stage.failing(reply))
        looks = (lambda: connector.find(blind, stage.content()), lambda: connector.accounts(blind))
        for look in looks:
            with pytest.raises(NetworkError) as told:
                await look()
            assert type(told.value) is expected, f"{failure}: {told.value!r}"
            assert_quiet(told.value, session)


def assert_quiet(error: NetworkError, session: Session) -> None:
    """Both sentences are whole, and no secret of the session shows anywhere."""
    said = [
        repr(error),
        str(error),
        repr(error.params),
        error.message("fr"),
        error.message("en"),
        repr(session),
    ]
    for secret in [SECRET, *(value for value in session.credentials.values() if _is_secret(value))]:
        assert not [text for text in said if secret in text]
    for sentence in (error.message("fr"), error.message("en")):
        assert not re.search(r"\{\w*(:[^{}]*)?\}", sentence), sentence


def _secrets(grant: Grant) -> list[str]:
    names = ("token", "access", "refresh", "app_password", "client_secret", "dpop_key")
    return [grant.credentials[name] for name in names if grant.credentials.get(name)]


def _is_secret(value: str) -> bool:
    return SECRET in value or value.startswith("eyJ")


async def _new(stage: Stage, published: Published) -> list[Standing]:
    """What stands of a content, in its order."""
    there = {post.id: post for post in await stage.standing()}
    return [there[one.remote_id] for one in published.sent if one.remote_id in there]


def _manifest(key: str) -> Any:
    return registry.manifests()[key]


def assert_protocols(key: str, connector: object) -> None:
    """A capability is declared exactly when its protocol is there."""
    declared = _manifest(key).capabilities
    for capability, protocol in registry.PROTOCOLS.items():
        assert (capability in declared) == isinstance(connector, protocol), capability
