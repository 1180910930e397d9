"""What holds for every network that can be posted to: the contract reads a `connector` and a `stage`."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from palabre.kit.http import HttpFailure
from palabre.networks import registry
from palabre.networks.contract import Capability, Deletes, Edits, Measures, Session
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
from palabre.networks.outgoing import Media, Outgoing, Part, Published, Target
from palabre.networks.rules import MediaKind, narrowed, rules_of
from tests.contract.connecting import ConnectsContract
from tests.contract.scene import SECRET, Reply
from tests.contract.stage import PIXEL, Fault, Stage, drive, standing_of
from tests.contract.suite import FAILURES, LOGIN_PAGE

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


class PublishesContract(ConnectsContract):
    """Needs fixtures `connector` and `stage`; signing in comes first."""

    # Publishing.

    async def test_a_text_goes_out_as_it_is(self, connector: Any, stage: Stage, session: Session) -> None:
        text = f"Un café ☕ & <script>alert('é')</script> 👨‍👩‍👧 : {stage.link} #tilleuls"
        outgoing = stage.content(text)
        published = await drive(connector, session, outgoing)
        assert published.complete and published.remote_id
        assert published.url.startswith(("https://", "http://"))
        there = await standing_of(stage, published)
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
            assert len({post.id for post in await standing_of(stage, first)}) == 1

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
        one, two, three, comment = await standing_of(stage, published)
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
                there = await standing_of(stage, published)
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
        assert whole.complete and [post.text for post in await standing_of(stage, whole)] == [
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
        (post,) = await standing_of(stage, published)
        assert post.alts == ("Un point « noir »",)

    async def test_somebody_is_answered(self, connector: Any, stage: Stage, session: Session) -> None:
        if _manifest(stage.key).answers is None:
            problems = await connector.check(session, stage.content(reply_to=Target(remote_id="x")))
            assert "no_replies" in {problem.code for problem in problems}
            return
        if "reply" in stage.impossible:
            return
        assert stage.said_by_other is not None
        target = await stage.said_by_other("Qui vient demain ?")
        published = await drive(connector, session, stage.content("Nous, avec joie", reply_to=target))
        (post,) = await standing_of(stage, published)
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
        assert await standing_of(stage, published) == []
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
        assert [post.text for post in await standing_of(stage, published)] == ["Après"]

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


def _is_secret(value: str) -> bool:
    return SECRET in value or value.startswith("eyJ")


def _manifest(key: str) -> Any:
    return registry.manifests()[key]


def assert_protocols(key: str, connector: object) -> None:
    """A capability is declared exactly when its protocol is there."""
    declared = _manifest(key).capabilities
    for capability, protocol in registry.PROTOCOLS.items():
        assert (capability in declared) == isinstance(connector, protocol), capability
