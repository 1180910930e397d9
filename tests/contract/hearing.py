"""What holds for every network through which one hears and answers: reads a `connector` and a `stage`."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from palabre.kit.http import HttpFailure
from palabre.networks import registry
from palabre.networks.contract import Address, Cursor, Deletes, Page, Said, Session
from palabre.networks.errors import NetworkError, OutcomeUnknown, RateLimited, Rejected, UnexpectedAnswer
from palabre.networks.outgoing import Target
from palabre.networks.rules import answering, answers_of
from tests.contract.publishing import assert_quiet
from tests.contract.scene import SECRET, Reply
from tests.contract.stage import Fault, Stage, drive, standing_of
from tests.contract.suite import (
    CALLS_AT_MOST,
    FAILURES,
    assert_plain_json,
    assert_well_made,
    changed,
)


async def visit(
    connector: Any, session: Session, ear: str, cursor: Cursor | None = None
) -> tuple[list[Said], Cursor]:
    """Every page of one visit, as the one caller asks for them; the cursor comes back as JSON does."""
    heard: list[Said] = []
    for _ in range(CALLS_AT_MOST):
        page: Page = await connector.hear(session, ear, cursor)
        assert_plain_json(page.cursor)
        heard += said_in(connector, session, ear, page)
        cursor = json.loads(json.dumps(dict(page.cursor)))
        if not page.more:
            assert cursor is not None
            return heard, cursor
    raise AssertionError("this visit never ends")


def said_in(connector: Any, session: Session, ear: str, page: Page) -> list[Said]:
    """What a page says."""
    said = (connector.said(raw, ear, session.account) for raw in page.raw)
    return [one for one in said if one is not None]


def ids(heard: list[Said]) -> list[str]:
    """Who is who."""
    return [said.item.remote_id for said in heard]


class HearsContract:
    """Needs fixtures `connector`, `stage` and `session`."""

    async def test_all_that_is_said_is_heard_once_and_the_pages_end(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None
        spoken = [(await stage.speak(f"Un mot, {number}", "")).remote_id for number in range(stage.many)]
        heard, cursor = await visit(connector, session, stage.ear)
        found = ids(heard)
        assert len(found) == len(set(found)) and set(found) >= set(spoken)
        late = await stage.speak("Encore un", "")
        heard, cursor = await visit(connector, session, stage.ear, cursor)
        assert late.remote_id in ids(heard)
        heard, _ = await visit(connector, session, stage.ear, cursor)
        assert len(ids(heard)) == len(set(ids(heard)))

    async def test_an_old_cursor_and_a_repeated_page_lose_nothing(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None
        await stage.speak("Avant", "")
        _, cursor = await visit(connector, session, stage.ear)
        spoken = [(await stage.speak(f"Après, {number}", "")).remote_id for number in range(3)]
        first: Page = await connector.hear(session, stage.ear, cursor)
        again: Page = await connector.hear(session, stage.ear, cursor)
        assert said_in(connector, session, stage.ear, first) == said_in(connector, session, stage.ear, again)
        further = await stage.speak("Pendant la lecture", "")
        await visit(connector, session, stage.ear, first.cursor)
        heard, _ = await visit(connector, session, stage.ear, cursor)
        assert set(ids(heard)) >= {*spoken, further.remote_id}

    async def test_what_is_heard_says_why_it_came_and_what_it_hangs_under(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None
        first = await stage.speak("Qui vient demain ?", "")
        below = await stage.speak("Moi !", first.remote_id)
        heard, _ = await visit(connector, session, stage.ear)
        by_id = {said.item.remote_id: said for said in heard}
        one, two = by_id[first.remote_id], by_id[below.remote_id]
        assert Address.OURS not in (one.address, two.address)
        assert two.item.reply_to == first.remote_id and two.item.thread_id == one.item.thread_id
        assert two.above and two.above[0].remote_id == two.item.thread_id
        assert two.above[-1].remote_id == first.remote_id and "demain" in two.above[-1].text
        assert one.item.author is not None and one.item.author == two.item.author
        for said in heard:
            if not said.item.deleted:  # of what is gone nothing is known but its id
                assert_well_made(said.item)
            for above in said.above:
                assert_well_made(above)

    async def test_what_is_taken_away_is_noticed_and_nothing_else(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None and stage.unsay is not None
        kept, gone = await stage.speak("Je reste", ""), await stage.speak("Je m’en vais", "")
        _, cursor = await visit(connector, session, stage.ear)
        await stage.unsay(gone)
        later = replace(session, now=lambda: stage.now() + timedelta(hours=2))
        heard, cursor = await visit(connector, later, stage.ear, cursor)
        by_id = {said.item.remote_id: said.item for said in heard}
        assert by_id[gone.remote_id].deleted and not by_id[gone.remote_id].text
        assert not by_id[kept.remote_id].deleted if kept.remote_id in by_id else True
        heard, _ = await visit(connector, later, stage.ear, cursor)
        assert gone.remote_id not in ids([said for said in heard if not said.item.deleted])

    async def test_what_lies_between_is_told_in_its_order(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None
        spoken = [await stage.speak("Un", "")]
        for text in ("Deux", "Trois", "Quatre"):
            spoken.append(await stage.speak(text, spoken[-1].remote_id))
        heard, _ = await visit(connector, session, stage.ear)
        last = next(said for said in heard if said.item.remote_id == spoken[-1].remote_id)
        order = {target.remote_id: place for place, target in enumerate(spoken)}
        places = [order[one.remote_id] for one in last.above if one.remote_id in order]
        assert places == sorted(set(places)) and places[-1] == 2
        assert "between" not in stage.tells or places == [0, 1, 2]
        assert {one.thread_id for one in last.above} == {last.item.thread_id}

    async def test_saying_is_pure_and_survives_any_answer(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None
        target = await stage.speak("Bonjour", "")
        await stage.speak("Bonsoir", target.remote_id)
        for ear in registry.manifests()[stage.key].ears:
            page: Page = await connector.hear(session, ear.key, None)
            for raw in page.raw[:3]:
                kept = json.dumps(raw, sort_keys=True)
                first = connector.said(raw, ear.key, session.account)
                assert connector.said(json.loads(kept), ear.key, session.account) == first
                assert json.dumps(raw, sort_keys=True) == kept and SECRET not in kept
                for variant in changed(raw, seed=1, every=6):
                    try:
                        said = connector.said(variant, ear.key, session.account)
                    except UnexpectedAnswer:
                        continue
                    assert said is None or isinstance(said, Said)
                    if said is not None:
                        hash(said)
                        assert said.item.url == "" or said.item.url.startswith(("https://", "http://"))

    async def test_an_unknown_ear_is_refused(self, connector: Any, stage: Stage, session: Session) -> None:
        with pytest.raises(Rejected):
            await connector.hear(session, "?", None)

    # Answering.

    async def test_an_answer_hangs_on_what_it_answers_and_is_heard_as_ours(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None
        first = await stage.speak("Vous ouvrez quand ?", "")
        deep = await stage.speak("Et dimanche ?", first.remote_id)
        for target in (first, deep):
            published = await drive(connector, session, stage.content("À huit heures", reply_to=target))
            (post,) = await standing_of(stage, published)
            assert post.above == target.remote_id and post.text == "À huit heures"
            if stage.settle is not None:
                await stage.settle(published)
            heard, _ = await visit(connector, session, stage.own_ear)
            ours = {said.item.remote_id: said for said in heard}[published.remote_id]
            assert ours.address is Address.OURS and ours.item.reply_to == target.remote_id
            assert ours.counterpart is not None and ours.above[-1].author == ours.counterpart
            assert ours.item.author is not None and ours.item.author.remote_id == session.account

    async def test_the_same_answer_twice_is_one_and_a_lost_one_is_found(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None
        for fault in (None, Fault(lost=True), Fault(cut=True)):
            target = await stage.speak("Vous êtes là ?", "")
            outgoing = stage.content(f"Oui, toujours {fault}", reply_to=target)
            faulty = session if fault is None else stage.with_fault(session, fault)
            published = await drive(connector, faulty, outgoing)
            if "forgetful" not in stage.name:
                again = await drive(connector, session, outgoing)
                assert again.remote_id == published.remote_id
            found = await connector.find(session, outgoing)
            assert found is not None and found.remote_id == published.remote_id
            assert [post.text for post in await stage.standing()].count(outgoing.text) == 1

    async def test_an_answer_that_was_not_sent_is_not_found(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None
        target = await stage.speak("Vous êtes là ?", "")
        await drive(connector, session, stage.content("Oui", reply_to=target))
        assert await connector.find(session, stage.content("Jamais envoyé", reply_to=target)) is None

    async def test_what_is_gone_cannot_be_answered(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None and stage.unsay is not None
        target = await stage.speak("Je retire ce que j’ai dit", "")
        answered = stage.content("Trop tard", reply_to=target)
        published = await drive(connector, session, answered)
        await stage.unsay(target)
        if "forgetful" not in stage.name:
            again = await drive(connector, session, answered)
            assert again.remote_id == published.remote_id
        for lost in (target, Target(remote_id="at://x"), Target(remote_id="")):
            outgoing = stage.content("Encore là ?", reply_to=lost)
            told = await connector.check(session, outgoing)
            assert {problem.code for problem in told} == {"reply_target_missing"}
            with pytest.raises(Rejected) as refused:
                await connector.publish(session, outgoing)
            (problem,) = refused.value.problems
            assert problem.field == "reply_to" and problem.message("fr") and problem.message("en")

    async def test_an_answer_follows_its_own_rules(
        self, connector: Any, stage: Stage, session: Session
    ) -> None:
        assert stage.speak is not None
        rules = answering(session.rules) if session.rules else answers_of(stage.key)
        assert rules is not None and not rules.threads and not rules.title_required
        target = await stage.speak("Racontez-moi tout", "")
        before = await stage.standing()
        bad = [stage.content("Un", "Deux", reply_to=target), stage.content("", reply_to=target)]
        if rules.text_max is not None:
            bad.append(stage.content("a" * (rules.text_max + 1), reply_to=target))
        for outgoing in bad:
            assert await connector.check(session, outgoing)
            with pytest.raises(Rejected):
                await connector.publish(session, outgoing)
        assert await stage.standing() == before

    async def test_an_answer_can_be_taken_back(self, connector: Any, stage: Stage, session: Session) -> None:
        if not isinstance(connector, Deletes):
            return
        assert stage.speak is not None
        target = await stage.speak("Êtes-vous sûrs ?", "")
        outgoing = stage.content("Oui", reply_to=target)
        published = await drive(connector, session, outgoing)
        for _ in range(2):
            await connector.delete(session, published.sent)
        assert await standing_of(stage, published) == []
        assert await connector.find(session, outgoing) is None

    # What goes wrong.

    @pytest.mark.parametrize("failure", FAILURES)
    async def test_each_failure_of_a_visit_has_its_exact_type(
        self,
        connector: Any,
        stage: Stage,
        session: Session,
        failure: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        if "failures" in stage.impossible or stage.failing is None:
            return
        caplog.set_level(logging.DEBUG)
        reply, expected = FAILURES[failure]
        blind = replace(session, http=stage.failing(reply))
        for ear in registry.manifests()[stage.key].ears:
            with pytest.raises(NetworkError) as told:
                await connector.hear(blind, ear.key, None)
            assert type(told.value) is expected, f"{ear.key}, {failure}: {told.value!r}"
            if isinstance(told.value, RateLimited):
                assert told.value.retry_after == 17
            assert_quiet(told.value, session)
            assert SECRET not in caplog.text

    @pytest.mark.parametrize("failure", ("500", "timeout", "html"))
    async def test_a_lost_answer_to_an_answer_is_never_taken_for_nothing(
        self, connector: Any, stage: Stage, session: Session, failure: str
    ) -> None:
        if "failures" in stage.impossible:
            return
        assert stage.speak is not None
        replies: Mapping[str, Reply | HttpFailure] = {name: told for name, (told, _) in FAILURES.items()}
        target = await stage.speak("Allô ?", "")
        broken = stage.with_fault(session, Fault(reply=replies[failure]))
        with pytest.raises(OutcomeUnknown):
            await connector.publish(broken, stage.content("Allô", reply_to=target))
