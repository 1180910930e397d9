"""What holds for every network on which one acts on what others said: reads a `connector` and a `stage`."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from palabre.kit.http import Answer, Http, HttpFailure
from palabre.networks import registry
from palabre.networks.contract import Act, Acting, Order, Session
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from palabre.networks.outgoing import Target
from tests.contract.hearing import visit
from tests.contract.publishing import assert_quiet
from tests.contract.scene import Reply
from tests.contract.stage import Fault, FaultyHttp, Stage
from tests.contract.suite import LOGIN_PAGE

ACT_FAILURES: Mapping[str, tuple[Reply | HttpFailure, type[NetworkError]]] = {
    "401": (Reply(status=401, body={"error": "unauthorized"}), AuthExpired),
    "403": (Reply(status=403, body={"error": "forbidden"}), NotPermitted),
    "404": (Reply(status=404, body={"error": "not found"}), Gone),
    "410": (Reply(status=410, body={"error": "gone"}), Gone),
    "422": (Reply(status=422, body={"error": "unprocessable"}), Rejected),
    "429": (Reply(status=429, body={"error": "slow"}, headers={"Retry-After": "17"}), RateLimited),
    "500": (Reply(status=500, body="oops"), Temporary),
    "502": (Reply(status=502, body="oops"), Temporary),
    "503": (Reply(status=503, body="later"), Temporary),
    "504": (Reply(status=504, body="oops"), Temporary),
    "timeout": (HttpFailure("timeout", "server", sent=True), Temporary),
    "broken": (HttpFailure("broken_answer", "server", sent=True), Temporary),
    "refused": (HttpFailure("connection_refused", "server"), Temporary),
    "tls": (HttpFailure("tls_expired", "server"), Temporary),
    "html": (Reply(body=LOGIN_PAGE), UnexpectedAnswer),
}
"""The same whether a look or the act itself fails: what is done twice is done once."""
UNSURE = ("500", "502", "504", "timeout", "broken", "html")
"""What leaves open whether a report was made, which twice would be two."""
OF_THE_BIN = (Act.DELETE, Act.RESTORE)
WORDS = "Des mots retirés"

_keys = count(1)
_texts = count(1)


def order_of(act: Act, said: Any, **more: Any) -> Order:
    """An order as Palabre makes it of what it heard."""
    item = said.item
    words = WORDS if act in (Act.REWRITE, Act.REPORT) else ""
    return Order(
        act=act,
        target=Target(remote_id=item.remote_id, url=item.url),
        author_id=item.author.remote_id,
        root_id=item.thread_id or "",
        key=f"order-{next(_keys):06}",
        **{"text": words, **more},
    )


def pairs(key: str) -> list[tuple[Act, Act | None]]:
    """Each act with the one that takes it back; None for what is not taken back."""
    acts = registry.manifests()[key].acts
    undoing = {one.undoes: one.act for one in acts if one.undoes is not None and one.act is not Act.HOLD}
    first = [one.act for one in acts if one.undoes is None or one.act is Act.HOLD]
    return [(act, undoing.get(act)) for act in first]


class ModeratesContract:
    """Needs fixtures `connector`, `stage` and `session`."""

    @pytest.fixture
    def heard(self, connector: Any, stage: Stage, session: Session) -> Callable[[], Awaitable[Any]]:
        """Somebody says something below what the account published, and it is heard."""

        async def heard() -> Any:
            assert stage.speak is not None
            text = f"Vous exagérez, {next(_texts)}"
            target = await (stage.beneath(text) if stage.beneath else stage.speak(text, ""))
            said, _ = await visit(connector, session, stage.ear)
            return next(one for one in said if one.item.remote_id == target.remote_id)

        return heard

    async def test_every_act_is_done_once_stands_and_is_taken_back(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        assert stage.acted is not None
        for act, undo in pairs(stage.key):
            said = await heard()
            order = order_of(act, said)
            assert not await stage.acted(act, order.target), act
            assert await connector.standing(session, order) in (False, None), act
            given = await connector.moderate(session, order)
            assert json.loads(json.dumps(dict(given))) == given
            assert await stage.acted(act, order.target), act
            assert await connector.standing(session, order) in (True, None), act
            if act is not Act.REPORT:
                await connector.moderate(session, order)
                assert await stage.acted(act, order.target), act
            if undo is None:
                continue
            back = order_of(undo, said, given=given)
            assert await connector.standing(session, back) in (False, None), undo
            for _ in range(2):
                await connector.moderate(session, back)
                assert not await stage.acted(act, order.target), undo
            assert await connector.standing(session, back) in (True, None), undo

    async def test_an_act_is_taken_back_without_what_it_gave_and_done_anew(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        assert stage.acted is not None
        for act, undo in pairs(stage.key):
            if undo is None:
                continue
            said = await heard()
            for _ in range(2):
                await connector.moderate(session, order_of(act, said))
                assert await stage.acted(act, order_of(act, said).target), act
                await connector.moderate(session, order_of(undo, said))
                assert not await stage.acted(act, order_of(act, said).target), undo

    async def test_other_words_give_way_to_the_first_ones(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        if Act.REWRITE not in _acts(stage):
            return
        said = await heard()
        given = await connector.moderate(session, order_of(Act.REWRITE, said))
        await connector.moderate(session, order_of(Act.REWRITE, said, text="", given=given))
        again, _ = await visit(connector, session, stage.ear)
        texts = {one.item.remote_id: one.item.text for one in again}
        assert texts[said.item.remote_id] == said.item.text
        with pytest.raises(Rejected) as refused:
            await connector.moderate(session, order_of(Act.REWRITE, said, text=" "))
        assert refused.value.code == "words_missing"

    async def test_two_messages_below_one_post_are_told_apart(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        assert stage.acted is not None
        for act, undo in pairs(stage.key):
            if _acts(stage)[act].on == "author" or undo is None:
                continue
            one, two = order_of(act, await heard()), order_of(act, await heard())
            await connector.moderate(session, one)
            assert not await stage.acted(act, two.target)
            await connector.moderate(session, two)
            await connector.moderate(session, replace(one, act=undo))
            assert not await stage.acted(act, one.target) and await stage.acted(act, two.target), act

    async def test_on_what_is_gone_nothing_is_done(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        assert stage.unsay is not None
        for act, _ in pairs(stage.key):
            if act in OF_THE_BIN or _acts(stage)[act].on == "author":
                continue
            said = await heard()
            await stage.unsay(Target(remote_id=said.item.remote_id))
            for asked in _asked(connector, act):
                with pytest.raises(Gone) as told:
                    await asked(session, order_of(act, said))
                assert_quiet(told.value, session)
            nowhere = replace(order_of(act, said), target=Target(remote_id="nowhere"))
            with pytest.raises(Gone):
                await connector.moderate(session, nowhere)

    async def test_without_the_right_nothing_is_done_and_it_is_said(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        assert stage.acted is not None and stage.powerless is not None
        for act, _ in pairs(stage.key):
            said = await heard()
            order = order_of(act, said)
            powerless = await stage.powerless(session)
            with pytest.raises(NotPermitted) as told:
                await connector.moderate(powerless, order)
            assert_quiet(told.value, session)
            assert not await stage.acted(act, order.target), act

    async def test_an_act_that_is_not_declared_is_refused(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        said = await heard()
        for act in set(Act) - set(_acts(stage)):
            for asked in (connector.moderate, connector.standing):
                with pytest.raises(Rejected) as refused:
                    await asked(session, order_of(act, said))
                assert refused.value.code == "act_unknown"
                assert_quiet(refused.value, session)

    async def test_nothing_is_done_without_a_sign_in(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        said = await heard()
        stranger = replace(stage.stranger(), account=session.account)
        for act, _ in pairs(stage.key):
            for asked in _asked(connector, act):
                with pytest.raises(AuthExpired):
                    await asked(stranger, order_of(act, said))

    # What goes wrong.

    async def test_what_was_done_with_its_answer_lost_is_done_once(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        assert stage.acted is not None
        for act, undo in pairs(stage.key):
            order = order_of(act, await heard())
            lost = _acting_badly(stage, session, Fault(lost=True))
            with pytest.raises(OutcomeUnknown if act is Act.REPORT else Temporary):
                await connector.moderate(lost, order)
            assert await stage.acted(act, order.target), act
            assert await connector.standing(session, order) in (True, None), act
            if act is not Act.REPORT:
                await connector.moderate(session, order)
                assert await stage.acted(act, order.target), act
            if undo is not None:
                await connector.moderate(session, replace(order, act=undo))

    @pytest.mark.parametrize("failure", ACT_FAILURES)
    async def test_each_failure_of_an_act_has_its_exact_type(
        self, connector: Any, stage: Stage, session: Session, heard: Any, failure: str
    ) -> None:
        if "failures" in stage.impossible:
            return
        said, (reply, plain) = await heard(), ACT_FAILURES[failure]
        for act, _ in pairs(stage.key):
            expected = OutcomeUnknown if act is Act.REPORT and failure in UNSURE else plain
            broken = replace(session, http=FaultyHttp(session.http, Fault(reply=reply), _writes))
            with pytest.raises(NetworkError) as told:
                await connector.moderate(broken, order_of(act, said))
            assert type(told.value) is expected, f"{act}, {failure}: {told.value!r}"
            assert not isinstance(told.value, RateLimited) or told.value.retry_after == 17
            assert_quiet(told.value, session)

    @pytest.mark.parametrize("failure", ACT_FAILURES)
    async def test_each_failure_of_a_look_has_its_exact_type(
        self, connector: Any, stage: Stage, session: Session, heard: Any, failure: str
    ) -> None:
        if "failures" in stage.impossible or stage.failing is None:
            return
        said, (reply, expected) = await heard(), ACT_FAILURES[failure]
        blind = replace(session, http=stage.failing(reply))
        for act, _ in pairs(stage.key):
            if act is Act.REPORT:
                continue  # it cannot be looked up
            with pytest.raises(NetworkError) as told:
                await connector.standing(blind, order_of(act, said))
            assert type(told.value) is expected, f"{act}, {failure}: {told.value!r}"
            assert_quiet(told.value, session)

    async def test_a_look_changes_nothing(
        self, connector: Any, stage: Stage, session: Session, heard: Any
    ) -> None:
        if "failures" in stage.impossible:
            return
        said = await heard()
        looking = replace(session, http=_ReadOnly(session.http))
        for act in _acts(stage):
            await connector.standing(looking, order_of(act, said))


def _asked(connector: Any, act: Act) -> tuple[Any, ...]:
    """The act, and looking for it; a report cannot be looked up."""
    return (connector.moderate,) if act is Act.REPORT else (connector.moderate, connector.standing)


class _ReadOnly(Http):
    """Another `Http` that changes nothing."""

    def __init__(self, inner: Http) -> None:
        super().__init__()
        self._inner = inner

    async def request(self, method: str, url: str, **options: Any) -> Answer:
        assert not _writes(method, url), f"{method} {url} while only looking"
        return await self._inner.request(method, url, **options)


def _writes(method: str, url: str) -> bool:
    return method not in ("GET", "HEAD")


def _acting_badly(stage: Stage, session: Session, fault: Fault) -> Session:
    if stage.faulty is not None:
        return stage.faulty(session, fault)
    return replace(session, http=FaultyHttp(session.http, fault, _writes))


def _acts(stage: Stage) -> dict[Act, Acting]:
    return {one.act: one for one in registry.manifests()[stage.key].acts}
