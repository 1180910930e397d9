"""What is due of a conversation, at the moments that move it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.inbox.conversations import put, put_back, wake_sleepers
from palabre.inbox.models import Conversation, Kept, Promise, Rhythm
from palabre.inbox.pace.clocks import follow_zones, rewind
from palabre.inbox.pace.terms import Terms
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

HOUR = timedelta(hours=1)
TUESDAY = datetime(2026, 11, 3, 9, tzinfo=UTC)
"""Ten o’clock in Paris, four in Montréal."""
OFFICE = [[[540, 1080]]] * 5 + [[], []]


@pytest.fixture
def promise(brand: Brand) -> Promise:
    """Two hours for the first answer, four for the next, a day for the whole, by the clock."""
    return Promise.objects.create(
        brand=brand, first_minutes=120, next_minutes=240, resolve_minutes=1440, in_hours=False
    )


def again(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def test_a_question_is_due_from_when_it_was_asked(
    promise: Promise, asked: Conversation, now: datetime
) -> None:
    found = again(asked)
    assert found.asked_at == now - HOUR
    assert found.answer_by == now + HOUR
    assert found.resolve_by == now + 23 * HOUR
    assert found.next_due == found.answer_by


def test_nothing_is_due_where_nothing_is_promised(asked: Conversation) -> None:
    assert again(asked).next_due is None


def test_an_account_s_own_promise_wins_whole(
    promise: Promise, brand: Brand, asked: Conversation, channel: Channel, now: datetime
) -> None:
    Promise.objects.create(brand=brand, channel=channel, first_minutes=30, in_hours=False)
    assert rewind(brand) == 1
    found = again(asked)
    assert found.answer_by == now - HOUR / 2
    assert found.resolve_by is None
    assert rewind(brand) == 0, "done again it changes nothing"


def test_working_hours_leave_the_night_out(promise: Promise, brand: Brand, asked: Conversation) -> None:
    Conversation.objects.update(asked_at=TUESDAY)
    Rhythm.objects.create(brand=brand, week=[[[600, 660]]] * 7, zone="Europe/Paris")
    Promise.objects.update(in_hours=True)
    rewind(brand)
    # Asked at ten in Paris, an hour a day: two hours are over tomorrow at eleven.
    assert again(asked).answer_by == TUESDAY + timedelta(days=1, hours=1)


def test_sleep_stops_the_clock_and_waking_lets_it_go_on(
    promise: Promise, brand: Brand, asked: Conversation, cast: Cast, now: datetime
) -> None:
    put(brand=brand, conversations=[asked.pk], to="snoozed", by=cast.owner, now=now, until=now + 5 * HOUR)
    assert again(asked).next_due is None
    wake_sleepers(now=now + 5 * HOUR)
    assert again(asked).answer_by == now + 6 * HOUR


def test_a_closed_case_is_due_no_more_and_undoing_gives_it_its_time_back(
    promise: Promise, brand: Brand, asked: Conversation, cast: Cast, now: datetime
) -> None:
    stood = put(brand=brand, conversations=[asked.pk], to="done", by=cast.owner, now=now)
    assert again(asked).next_due is None
    kept = Kept.objects.get()
    assert (kept.what, kept.taken, kept.by) == ("resolve", 3600, cast.owner)
    put_back(brand=brand, stood=stood, by=cast.owner, now=now + HOUR)
    assert again(asked).answer_by == now + 2 * HOUR
    assert not Kept.objects.exists(), "it was not resolved after all"


def test_an_answer_on_the_network_itself_is_counted_as_the_first(
    promise: Promise,
    asked: Conversation,
    store: Store,
    channel: Channel,
    hear: Callable[..., int],
    now: datetime,
) -> None:
    theirs = asked.messages.get(ours=False).item.remote_id
    store.say("baobab", "baobab", "Toutes nos excuses.", at=now, reply_to=theirs)
    hear(now + timedelta(minutes=10))
    first = Kept.objects.get(what="first")
    assert (first.taken, first.due, first.by) == (3600, now + HOUR, None)
    found = again(asked)
    assert found.answer_by is None
    assert found.answered_at == now


def test_what_is_asked_after_it_was_done_is_a_new_case(
    promise: Promise,
    brand: Brand,
    asked: Conversation,
    store: Store,
    cast: Cast,
    hear: Callable[..., int],
    now: datetime,
) -> None:
    put(brand=brand, conversations=[asked.pk], to="done", by=cast.owner, now=now)
    theirs = asked.messages.get(ours=False).item.remote_id
    later = now + timedelta(days=3)
    store.say("baobab", "aicha", "Et cette fois ?", at=later, reply_to=theirs)
    hear(later + timedelta(minutes=10))
    found = again(asked)
    assert found.asked_at == found.reopened_at == later
    assert found.answer_by == later + 2 * HOUR
    assert found.resolve_by == later + 24 * HOUR


def test_another_clock_of_the_brand_moves_what_is_due(
    promise: Promise, brand: Brand, asked: Conversation
) -> None:
    Conversation.objects.update(asked_at=TUESDAY)
    Rhythm.objects.create(brand=brand, week=OFFICE, zone="Europe/Paris")
    Promise.objects.update(in_hours=True)
    rewind(brand)
    assert again(asked).answer_by == TUESDAY + 2 * HOUR
    Brand.objects.filter(pk=brand.pk).update(time_zone="America/Montreal")
    assert follow_zones() == 1
    assert again(asked).answer_by == datetime(2026, 11, 3, 16, tzinfo=UTC), "eleven in Montréal"
    assert follow_zones() == 0


def test_public_holidays_are_those_the_calendar_knows(brand: Brand) -> None:
    Rhythm.objects.create(brand=brand, week=OFFICE, zone="Europe/Paris", country="FR")
    hours = Terms(brand).hours
    assert not hours.open_at(datetime(2026, 11, 11, 10, tzinfo=UTC)), "armistice"
    assert hours.open_at(datetime(2026, 11, 12, 10, tzinfo=UTC))
