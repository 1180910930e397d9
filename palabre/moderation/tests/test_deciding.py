"""From a message to review to what is done about it on the network, and back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scopes_disabled

from palabre.agency.models import AuditEntry, User
from palabre.channels.models import Channel
from palabre.inbox.models import Message
from palabre.moderation.acting import claim
from palabre.moderation.cases import Cause, flag, review, take_in
from palabre.moderation.cases import claim as take
from palabre.moderation.deciding import (
    AlreadyDecided,
    CannotUndo,
    Pointless,
    SamePerson,
    Unfounded,
    agree,
    decide,
    drop,
    undo,
)
from palabre.moderation.models import Article, Case, Decision, Kind, Policy
from palabre.moderation.rules import Ground, harm
from palabre.moderation.selectors import choices_for
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

Carry = Callable[[datetime], int]


def test_what_is_seen_by_more_and_hurts_more_comes_first() -> None:
    sure = Ground(kind="toxic", score=0.9)
    assert harm([sure], readers=1000) > harm([sure], readers=10) > harm([sure], readers=10, private=True)
    assert harm([sure], readers=10) > harm([sure], readers=10, unseen=True)
    assert harm([sure], readers=0) > harm([Ground(kind="spam", score=0.9)], readers=0)
    assert harm([sure, Ground(kind="flagged")], readers=0) > harm([sure], readers=0)
    assert harm([], readers=10) == 0


def test_what_the_network_holds_back_comes_to_the_queue(
    channel: Channel, store: Store, hear: Callable[[datetime], int], now: datetime
) -> None:
    post = store.say("baobab", "baobab", "Brunch", at=now - timedelta(hours=2))
    store.say("baobab", "noe", "Bande de voleurs", at=now - timedelta(hours=1), reply_to=post, held=True)
    hear(now)
    case = Case.objects.get()
    assert case.state == "open"
    assert Kind.HELD in case.kinds


def test_a_message_judged_worse_than_the_brand_bears_comes_with_the_words_that_told(
    cast: Cast, message: Message, now: datetime
) -> None:
    message.item.text, message.item.toxicity = "espèce de connard", 0.9
    message.item.save(update_fields=["text", "toxicity"])
    Policy.objects.create(brand=cast.brand, toxicity_at=0.95)
    assert review(brand=cast.brand, items=[message.item_id], now=now) == 0
    Policy.objects.update(toxicity_at=0.8)
    assert review(brand=cast.brand, items=[message.item_id], now=now) == 1
    assert review(brand=cast.brand, items=[message.item_id], now=now) == 0
    assert "connard" in Case.objects.get().reasons.get(kind=Kind.TOXIC).words


def test_a_hidden_message_stands_so_on_the_network_and_in_its_conversation(
    cast: Cast, message: Message, article: Article, store: Store, act: Carry, now: datetime
) -> None:
    case = flag(message=message, by=cast.owner, note="dur", now=now)
    decision = decide(message=message, act="hide", by=cast.owner, article=article, why="insulte", now=now)
    assert decision.state == "asked"
    act(now)
    decision.refresh_from_db()
    message.refresh_from_db()
    assert (decision.state, message.hidden) == ("done", True)
    assert store.marked("baobab", "hide", decision.target_id, now)
    assert decision.before == {"held": False, "hidden": False, "gone": False}
    assert decision.after["hidden"] is True
    assert case is not None
    case.refresh_from_db()
    assert case.state == "settled"
    entry = AuditEntry.objects.get(act="moderation.hide")
    assert (entry.by, entry.why, entry.after["article"]) == (cast.owner, "insulte", article.number)


def test_the_evidence_stays_when_the_network_loses_the_message(
    cast: Cast,
    message: Message,
    article: Article,
    store: Store,
    hear: Callable[[datetime], int],
    act: Carry,
    now: datetime,
) -> None:
    said = message.item.text
    decision = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    act(now)
    store.remove("aicha", decision.target_id)
    hear(now + timedelta(minutes=5))
    message.item.refresh_from_db()
    assert message.item.text == ""
    assert decision.evidence.text == said


def test_what_was_done_is_taken_back_by_a_decision_of_its_own(
    cast: Cast, message: Message, article: Article, store: Store, act: Carry, now: datetime
) -> None:
    decision = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    act(now)
    decision.refresh_from_db()
    back = undo(decision=decision, by=cast.owner, now=now, why="trop dur")
    with pytest.raises(AlreadyDecided):
        undo(decision=decision, by=cast.owner, now=now)
    act(now)
    for row in (decision, back, message):
        row.refresh_from_db()
    assert (decision.state, back.act, back.state, message.hidden) == ("undone", "unhide", "done", False)
    assert not store.marked("baobab", "hide", decision.target_id, now)


def test_only_what_we_hid_is_shown_again_and_that_undoes_it(
    cast: Cast, message: Message, article: Article, store: Store, act: Carry, now: datetime
) -> None:
    hidden = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    act(now)
    message.refresh_from_db()
    offered = {choice.act for choice in choices_for(message)}
    assert "unhide" in offered
    assert "unspam" not in offered
    with pytest.raises(Pointless):
        decide(message=message, act="unspam", by=cast.owner, now=now)
    decide(message=message, act="unhide", by=cast.owner, now=now)
    act(now)
    hidden.refresh_from_db()
    assert hidden.state == "undone"
    Message.objects.update(gone_at=now)
    message.refresh_from_db()
    assert "restore" not in {choice.act for choice in choices_for(message)}


def test_taking_back_that_was_given_up_can_be_asked_for_anew(
    cast: Cast, message: Message, article: Article, act: Carry, now: datetime
) -> None:
    hidden = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    act(now)
    hidden.refresh_from_db()
    drop(decision=undo(decision=hidden, by=cast.owner, now=now), by=cast.owner, now=now)
    undo(decision=hidden, by=cast.owner, now=now)
    act(now)
    hidden.refresh_from_db()
    assert hidden.state == "undone"


def test_what_the_brand_keeps_asks_nothing_of_the_network_and_is_no_act_to_undo(
    cast: Cast, message: Message, act: Carry, now: datetime
) -> None:
    decision = decide(message=message, act="keep", by=cast.owner, now=now)
    assert (decision.state, act(now)) == ("done", 0)
    with pytest.raises(CannotUndo):
        undo(decision=decision, by=cast.owner, now=now)


def test_an_act_that_takes_something_names_its_article(cast: Cast, message: Message, now: datetime) -> None:
    with pytest.raises(Unfounded):
        decide(message=message, act="hide", by=cast.owner, now=now)


def test_two_clicks_are_one_decision_and_what_is_gone_is_not_hidden(
    cast: Cast, message: Message, article: Article, now: datetime
) -> None:
    decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    with pytest.raises(AlreadyDecided):
        decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    Message.objects.update(gone_at=now)
    with pytest.raises(Pointless):
        decide(message=message, act="spam", by=cast.owner, article=article, now=now)


def test_a_ban_waits_for_a_second_person(
    cast: Cast, colleague: User, message: Message, article: Article, store: Store, act: Carry, now: datetime
) -> None:
    until = now + timedelta(days=7)
    ban = decide(message=message, act="ban", by=cast.owner, article=article, until=until, now=now)
    assert (ban.state, act(now)) == ("waiting", 0)
    with pytest.raises(SamePerson):
        agree(decision=ban, by=cast.owner, now=now)
    agree(decision=ban, by=colleague, now=now)
    act(now)
    ban.refresh_from_db()
    assert (ban.state, ban.second_by) == ("done", colleague)
    assert store.marked("baobab", "ban", "aicha", now)
    assert not store.marked("baobab", "ban", "aicha", until + timedelta(minutes=1))


def test_a_ban_that_nobody_agrees_to_brings_its_case_back(
    cast: Cast, colleague: User, message: Message, article: Article, now: datetime
) -> None:
    case = flag(message=message, by=cast.owner, note="", now=now)
    ban = decide(message=message, act="ban", by=cast.owner, article=article, now=now)
    drop(decision=ban, by=colleague, now=now, why="non")
    assert case is not None
    case.refresh_from_db()
    assert case.state == "open"


def test_a_lost_answer_is_asked_for_again_and_done_once(
    cast: Cast, message: Message, article: Article, store: Store, act: Carry, now: datetime
) -> None:
    store.plan("baobab@acts", "cut_after")
    decision = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    act(now)
    decision.refresh_from_db()
    assert (decision.state, decision.error_code) == ("asked", "server_trouble")
    act(now + timedelta(hours=1))
    decision.refresh_from_db()
    assert decision.state == "done"


def test_a_worker_that_died_loses_nothing(
    cast: Cast, message: Message, article: Article, act: Carry, now: datetime
) -> None:
    decision = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    assert [one.pk for one in claim(now=now)] == [decision.pk]
    assert act(now + timedelta(minutes=1)) == 0
    act(now + timedelta(minutes=10))
    decision.refresh_from_db()
    assert decision.state == "done"


@pytest.mark.parametrize(("behaviour", "state"), [("rejected", "refused"), ("unexpected_answer", "failed")])
def test_what_the_network_refuses_waits_for_a_person(
    behaviour: str,
    state: str,
    cast: Cast,
    message: Message,
    article: Article,
    store: Store,
    act: Carry,
    now: datetime,
) -> None:
    store.plan("baobab@acts", behaviour)
    decision = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    act(now)
    decision.refresh_from_db()
    assert decision.state == state
    undo(decision=decision, by=cast.owner, now=now)
    decision.refresh_from_db()
    assert decision.state == "dropped"


def test_a_message_that_went_meanwhile_is_as_the_decision_wanted_it(
    cast: Cast, message: Message, article: Article, store: Store, act: Carry, now: datetime
) -> None:
    decision = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    store.remove("aicha", decision.target_id)
    act(now)
    decision.refresh_from_db()
    message.refresh_from_db()
    assert (decision.state, decision.after["gone"]) == ("done", True)
    assert message.gone_at is not None


def test_where_the_network_offers_no_way_somebody_does_it_by_hand(
    cast: Cast, channel: Channel, message: Message, article: Article, act: Carry, now: datetime
) -> None:
    Channel.objects.update(by_hand=True)
    decision = decide(message=message, act="hide", by=cast.owner, article=article, now=now)
    assert (decision.state, act(now)) == ("by_hand", 0)


def test_a_case_that_a_colleague_looks_at_is_theirs_for_a_while(
    cast: Cast, colleague: User, message: Message, now: datetime
) -> None:
    case = flag(message=message, by=cast.owner, note="", now=now)
    assert case is not None
    assert take(case=case, by=cast.owner, now=now)
    assert not take(case=case, by=colleague, now=now)
    assert take(case=case, by=colleague, now=now + timedelta(hours=1))


def test_a_new_reason_opens_a_settled_case_and_an_old_one_does_not(
    cast: Cast, message: Message, now: datetime
) -> None:
    cause = Cause(kind=Kind.RULE, label="insultes")
    take_in(message=message, causes=[cause], now=now)
    decide(message=message, act="keep", by=cast.owner, now=now)
    assert take_in(message=message, causes=[cause], now=now) is None
    assert Case.objects.get().state == "settled"
    take_in(message=message, causes=[Cause(kind=Kind.WORD, label="noms d’oiseaux")], now=now)
    assert Case.objects.get().state == "open"


def test_a_rule_decides_too_and_the_log_names_it(message: Message, article: Article, now: datetime) -> None:
    decide(message=message, act="hide", by=None, article=article, label="insultes", now=now)
    assert AuditEntry.objects.get(act="moderation.hide").after["rule"] == "insultes"


def test_no_decision_of_one_brand_points_into_another(cast: Cast, message: Message, now: datetime) -> None:
    decision = decide(message=message, act="keep", by=cast.owner, now=now)
    with scopes_disabled(), pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(brand=cast.other)
        connection.check_constraints()
