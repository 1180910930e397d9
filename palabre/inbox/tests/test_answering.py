"""An answer leaves once, whatever happens on the way, and never over the head of somebody."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from palabre.agency.models import AuditEntry, Brand
from palabre.channels.models import Channel
from palabre.channels.sessions import way_out
from palabre.inbox import sending
from palabre.inbox.answering import (
    AlreadyAnswering,
    Newer,
    Unfit,
    answer,
    drop,
    keep_draft,
    take_back,
    try_again,
)
from palabre.inbox.finding import _absent, find_unknown, say_sent
from palabre.inbox.models import Conversation, Reply
from palabre.inbox.selectors import stuck
from palabre.inbox.sending import LEASE, claim, send, send_due, sweep
from palabre.networks.errors import Temporary
from palabre.networks.registry import connector
from palabre.networks.sandbox.store import Store
from tests.builders import Cast, build_user

Hear = Callable[[datetime], int]
SORRY = "Bonjour Aïcha, vous avez raison et nous sommes désolés."


def ready(conversation: Conversation, cast: Cast, now: datetime, text: str = SORRY, **how: object) -> Reply:
    last = conversation.messages.order_by("-pk").first()
    assert last is not None
    given = {"seen": last.pk, "then": "waiting", **how}
    return answer(conversation=conversation, by=cast.owner, text=text, now=now, **given)  # type: ignore[arg-type]


def send_at(at: datetime) -> None:
    async_to_sync(send_due)(lambda: at)


def look_at(at: datetime) -> None:
    async_to_sync(find_unknown)(lambda: at)


def standing(store: Store) -> list[str]:
    """What the account says at the sandbox under somebody's words."""
    return [post.said["text"] for post in store.of("baobab") if post.key]


def test_an_answer_leaves_and_is_a_message_of_the_conversation(
    asked: Conversation, cast: Cast, store: Store, now: datetime, hear: Hear
) -> None:
    reply = ready(asked, cast, now)
    send_at(now)
    reply.refresh_from_db()
    asked.refresh_from_db()
    assert reply.state == "sent"
    assert standing(store) == [SORRY]
    assert asked.state == "waiting"
    assert asked.asked_at is None
    assert asked.answered_at is not None
    assert [message.item.text for message in asked.messages.order_by("at")][-1] == SORRY
    hear(now + timedelta(minutes=10))
    assert asked.messages.count() == 2, "what the network brings back is known"
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_the_log_says_who_answered_what_without_naming_to_whom(
    asked: Conversation, cast: Cast, now: datetime, store: Store
) -> None:
    ready(asked, cast, now)
    send_at(now)
    entry = AuditEntry.objects.get(act="inbox.reply")
    assert entry.by == cast.owner
    assert entry.subject == f"#{asked.pk}"
    assert entry.after["text"] == SORRY


def test_two_clicks_are_one_answer(asked: Conversation, cast: Cast, store: Store, now: datetime) -> None:
    first = ready(asked, cast, now)
    assert ready(asked, cast, now).pk == first.pk
    send_at(now)
    assert standing(store) == [SORRY]


def test_sending_over_a_newer_message_asks_first(
    asked: Conversation, cast: Cast, store: Store, hear: Hear, now: datetime
) -> None:
    seen = asked.messages.get().pk
    store.say("baobab", "aicha", "En fait, tout va bien !", at=now, reply_to=asked.thread.remote_id)
    hear(now + timedelta(minutes=5))
    with pytest.raises(Newer) as told:
        ready(asked, cast, now, seen=seen)
    assert [message.item.text for message in told.value.messages] == ["En fait, tout va bien !"]
    assert Reply.objects.count() == 0
    ready(asked, cast, now, seen=seen, anyway=True)


def test_two_colleagues_do_not_answer_each_over_the_other(
    asked: Conversation, brand: Brand, cast: Cast, now: datetime
) -> None:
    karim = build_user("karim@iroko.example", brand.organisation, "member", "Karim")
    ready(asked, cast, now)
    last = asked.messages.get().pk
    with pytest.raises(AlreadyAnswering):
        answer(conversation=asked, by=karim, text="Bonjour !", seen=last, then="waiting", now=now)


def test_an_answer_the_network_would_refuse_is_refused_before_it_leaves(
    asked: Conversation, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Unfit) as told:
        ready(asked, cast, now, text="x" * 100_000)
    assert told.value.problems[0].field == "text"
    assert Reply.objects.count() == 0


@pytest.mark.parametrize("behaviour", ["cut_after", "outcome_unknown"])
def test_a_lost_answer_is_looked_for_and_never_sent_blindly(
    asked: Conversation, cast: Cast, store: Store, now: datetime, behaviour: str
) -> None:
    store.plan("baobab", behaviour)
    reply = ready(asked, cast, now)
    send_at(now)
    reply.refresh_from_db()
    assert reply.state == "unknown"
    for minutes in (1, 3, 4):
        look_at(now + timedelta(minutes=minutes))
        send_at(now + timedelta(minutes=minutes))
    reply.refresh_from_db()
    assert reply.state == "sent"
    assert standing(store) == [SORRY]


def test_a_sender_that_died_is_looked_for(
    asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    reply = ready(asked, cast, now)
    assert [one.pk for one in claim("ready", now=now)] == [reply.pk]
    sweep(now=now + LEASE + timedelta(seconds=1))
    reply.refresh_from_db()
    assert reply.state == "unknown"
    after = now + LEASE + timedelta(minutes=3)
    look_at(after)
    send_at(after)
    assert standing(store) == [SORRY]


def test_who_waited_too_long_for_its_turn_sends_nothing(
    asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    store.plan("baobab", "forgetful", "forgetful")
    reply = ready(asked, cast, now)
    (slow,) = claim("ready", now=now)
    later = now + LEASE + timedelta(minutes=1)
    sweep(now=later)
    look_at(later)
    send_at(later)
    assert standing(store) == [SORRY]

    async def its_turn() -> None:
        async with way_out() as http:
            await send(slow, http, lambda: later)

    async_to_sync(its_turn)()
    reply.refresh_from_db()
    assert (reply.state, standing(store)) == ("sent", [SORRY])


def test_a_call_that_takes_its_time_keeps_its_lease(
    asked: Conversation, cast: Cast, store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = ready(asked, cast, now)
    monkeypatch.setattr(sending, "LEASE", timedelta(milliseconds=30))
    seen: list[datetime] = []

    def leased() -> datetime:
        return Reply._base_manager.values_list("leased_until", flat=True).get(pk=reply.pk)

    async def slowly(*_: object) -> None:
        """As long as it takes for the lease to be another one."""
        first = await sync_to_async(leased)()
        while not seen:
            await asyncio.sleep(0.01)
            seen.extend({await sync_to_async(leased)()} - {first})
        raise Temporary("server_trouble")

    monkeypatch.setattr(type(connector("sandbox")), "publish", slowly)
    clock = count()
    async_to_sync(asyncio.wait_for)(send_due(lambda: now + timedelta(seconds=next(clock))), 60)
    assert seen


def test_a_look_at_the_try_before_does_not_send_the_next_one_again(
    asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    reply = ready(asked, cast, now)
    store.plan("baobab", "outcome_unknown", "cut_after")
    send_at(now)
    later = now + timedelta(minutes=3)
    (slow,) = claim("unknown", now=later)
    Reply.objects.filter(pk=reply.pk).update(leased_until=None)
    look_at(later)
    send_at(later)
    reply.refresh_from_db()
    assert (reply.state, reply.tries, standing(store)) == ("unknown", 2, [SORRY])
    _absent(slow, now=later)
    reply.refresh_from_db()
    assert reply.state == "unknown"


def test_an_answer_of_which_nobody_can_tell_is_counted_among_those_that_wait_for_a_person(
    asked: Conversation, cast: Cast, store: Store, channel: Channel, now: datetime
) -> None:
    channel.credentials = json.dumps({**json.loads(channel.credentials), "behaviour": "cannot_tell"})
    channel.save()
    store.plan("baobab", "cut_after")
    reply = ready(asked, cast, now)
    send_at(now)
    assert stuck() == 0, "it is still looked for"
    look_at(now + timedelta(minutes=1))
    reply.refresh_from_db()
    assert (reply.state, reply.try_at) == ("unknown", None)
    assert stuck() == 1


def test_what_was_refused_waits_with_its_reason_and_can_be_changed(
    asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    store.plan("baobab", "rejected")
    reply = ready(asked, cast, now)
    send_at(now)
    reply.refresh_from_db()
    asked.refresh_from_db()
    assert (reply.state, reply.error_code) == ("refused", "content_refused")
    assert asked.state == "open", "nobody has answered yet"
    take_back(reply=reply, by=cast.owner, now=now)
    assert Reply.objects.get(state="draft").text == SORRY


def test_a_temporary_failure_is_tried_again_with_the_same_key(
    asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    store.plan("baobab", "temporary")
    reply = ready(asked, cast, now)
    send_at(now)
    reply.refresh_from_db()
    assert (reply.state, reply.tries) == ("ready", 1)
    send_at(now + timedelta(minutes=2))
    reply.refresh_from_db()
    assert reply.state == "sent"
    assert standing(store) == [SORRY]


def test_a_comment_deleted_between_reading_and_answering_says_so(
    asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    store.remove("aicha", asked.messages.get().item.remote_id)
    reply = ready(asked, cast, now)
    send_at(now)
    reply.refresh_from_db()
    assert reply.state == "refused"
    assert [problem["code"] for problem in reply.problems] == ["reply_target_missing"]
    drop(reply=reply, by=cast.owner)


def test_where_the_network_cannot_tell_a_person_says_what_they_saw(
    asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    reply = ready(asked, cast, now)
    Reply.objects.filter(pk=reply.pk).update(state="unknown", try_at=None, begun_at=now)
    reply.refresh_from_db()
    say_sent(reply=reply, by=cast.owner, now=now)
    asked.refresh_from_db()
    assert (reply.state, asked.state) == ("sent", "waiting")


def test_a_person_can_have_a_failed_answer_leave_again(
    asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    reply = ready(asked, cast, now)
    Reply.objects.filter(pk=reply.pk).update(state="failed")
    reply.refresh_from_db()
    try_again(reply=reply, by=cast.owner, now=now)
    send_at(now)
    assert standing(store) == [SORRY]


def test_what_comes_while_an_answer_leaves_keeps_the_conversation_open(
    asked: Conversation, cast: Cast, store: Store, hear: Hear, now: datetime
) -> None:
    ready(asked, cast, now)
    store.say("baobab", "aicha", "Et l’addition ?", at=now, reply_to=asked.thread.remote_id)
    hear(now + timedelta(minutes=5))
    send_at(now + timedelta(minutes=5))
    asked.refresh_from_db()
    assert asked.state == "open"


def test_a_draft_is_kept_for_its_writer_alone(
    asked: Conversation, brand: Brand, cast: Cast, now: datetime
) -> None:
    karim = build_user("karim@iroko.example", brand.organisation, "member", "Karim")
    keep_draft(conversation=asked, by=cast.owner, text="Bonjour", now=now)
    keep_draft(conversation=asked, by=cast.owner, text="Bonjour Aïcha", now=now)
    keep_draft(conversation=asked, by=karim, text="Salut", now=now)
    assert sorted(Reply.objects.values_list("text", flat=True)) == ["Bonjour Aïcha", "Salut"]
    keep_draft(conversation=asked, by=karim, text="  ", now=now)
    assert Reply.objects.get().text == "Bonjour Aïcha"
