"""The queue: each delivery at its account's next free slot, through approval, and no slot twice."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import close_old_connections, connection, transaction
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.kit.states import Moved
from palabre.publishing.approval.models import ApprovalTier
from palabre.publishing.delivery.planning import plan, stop_everything
from palabre.publishing.models import Delivery, Pillar, QueuePlace, QueueSlot
from palabre.publishing.queue.filling import NoSlot, put_in_queue
from palabre.publishing.queue.slots import next_for
from palabre.publishing.tests.arranged import build_channel, build_delivery, change, kept, planned
from tests.builders import Cast

MONDAY = datetime(2030, 1, 7, 6, 0, tzinfo=UTC)
"""Seven in the morning in Paris; far enough to be to come."""
NINE = datetime(2030, 1, 7, 8, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def pillar(brand: Brand) -> Pillar:
    return Pillar.objects.create(brand=brand, name="Recettes")


def slot(channel: Channel, weekday: int = 0, hour: int = 9, pillar: Pillar | None = None) -> QueueSlot:
    with scope(brand=channel.brand):
        return QueueSlot.objects.create(
            brand=channel.brand, channel=channel, weekday=weekday, hour=time(hour), pillar=pillar
        )


def next_free(channel: Channel, now: datetime) -> datetime | None:
    """The moment of its next free slot."""
    (coming,) = next_for(channels=[channel], category=None, now=now)
    return coming.at


def queued(*deliveries: Delivery, category: Pillar | None = None) -> list[datetime]:
    """Put them there; the hours they were given."""
    placed = put_in_queue(deliveries=deliveries, category=category, by=None, now=MONDAY)
    return [one.at for one in placed]


def test_contents_take_one_slot_after_the_other(channel: Channel) -> None:
    slot(channel)
    first, second = build_delivery(channel), build_delivery(channel)
    assert queued(first, second) == [NINE, NINE + WEEK]
    assert (kept(first).state, kept(first).due_at) == ("scheduled", NINE)
    assert queued(build_delivery(channel)) == [NINE + 2 * WEEK]
    assert QueuePlace.objects.count() == 3
    assert [step.act for step in first.steps.all()] == ["created", "planned"]


@pytest.mark.parametrize("state", ["scheduled", "awaiting", "paused"])
def test_a_slot_within_whose_minute_something_is_planned_is_not_free(channel: Channel, state: str) -> None:
    slot(channel)
    change(planned(channel, at=NINE + timedelta(seconds=40)), state=state)
    assert next_free(channel, MONDAY) == NINE + WEEK


def test_what_will_not_leave_or_leaves_elsewhere_holds_no_slot(channel: Channel) -> None:
    slot(channel)
    change(planned(channel, at=NINE), state="refused")
    planned(build_channel(channel.brand, "ailleurs"), at=NINE)
    assert next_free(channel, MONDAY) == NINE


def test_each_account_of_a_content_takes_its_own_slot(channel: Channel) -> None:
    other = build_channel(channel.brand, "fleuve")
    slot(channel)
    slot(other, weekday=1)
    assert queued(build_delivery(channel), build_delivery(other)) == [NINE, NINE + timedelta(days=1)]


def test_a_slot_kept_for_a_pillar_waits_for_its_contents(channel: Channel, pillar: Pillar) -> None:
    slot(channel, pillar=pillar)
    slot(channel, weekday=2)
    assert next_free(channel, MONDAY) == NINE + timedelta(days=2)
    assert queued(build_delivery(channel), category=pillar) == [NINE]


def test_an_account_without_a_slot_is_named_and_nothing_is_planned(channel: Channel, pillar: Pillar) -> None:
    bare, kept_for, gone = (build_channel(channel.brand, name) for name in ("nu", "garde", "parti"))
    for each in (channel, gone):
        slot(each)
    slot(kept_for, pillar=pillar)
    Channel.objects.filter(pk=gone.pk).update(state="removed")
    deliveries = [build_delivery(each) for each in (channel, bare, kept_for, gone)]
    with pytest.raises(NoSlot) as refused:
        queued(*deliveries)
    told = {(lack.channel.handle, lack.why) for lack in refused.value.lacks}
    assert told == {("nu", "none"), ("garde", "kept"), ("parti", "removed")}
    assert {kept(one).state for one in deliveries} == {"draft"}


def test_what_is_queued_again_may_take_the_slot_it_has(channel: Channel) -> None:
    slot(channel)
    delivery = build_delivery(channel)
    assert queued(delivery) == queued(delivery) == [NINE]


def test_what_is_leaving_is_not_queued(channel: Channel) -> None:
    slot(channel)
    delivery = planned(channel)
    change(delivery, state="sending")
    with pytest.raises(Moved):
        queued(delivery)


def test_what_must_be_approved_is_asked_and_leaves_time_to(brand: Brand, channel: Channel) -> None:
    slot(channel)
    ApprovalTier.objects.create(brand=brand, position=1, kind="role", role="owner")
    shortly = NINE - timedelta(minutes=2)
    (coming,) = next_for(channels=[channel], category=None, now=shortly)
    delivery = build_delivery(channel)
    (placed,) = put_in_queue(deliveries=[delivery], category=None, by=None, now=shortly)
    assert placed.at == coming.at == NINE + WEEK, "two minutes are too short to decide"
    assert kept(delivery).state == "awaiting"


def test_while_everything_is_paused_the_queue_fills_but_nothing_leaves(
    cast: Cast, brand: Brand, channel: Channel
) -> None:
    slot(channel)
    stop_everything(brand=brand, by=cast.owner, why="", now=MONDAY)
    delivery = build_delivery(channel)
    assert queued(delivery) == [NINE]
    assert kept(delivery).state == "paused"
    assert queued(build_delivery(channel)) == [NINE + WEEK]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_queue_at_once_never_share_a_slot(channel: Channel) -> None:
    slot(channel)
    brand, deliveries = channel.brand, [build_delivery(channel) for _ in range(2)]
    under_way, given = threading.Event(), []

    def second() -> None:
        under_way.wait()
        with scope(brand=brand):
            given.extend(queued(deliveries[1]))
        close_old_connections()
        connection.close()

    other = threading.Thread(target=second)
    other.start()
    with transaction.atomic():
        given.extend(queued(deliveries[0]))
        under_way.set()
        other.join(timeout=0.3)
        assert other.is_alive(), "it waits for the first to be done"
    other.join()
    assert given == [NINE, NINE + WEEK]


def test_a_slot_goes_with_its_account_and_is_open_again_without_its_pillar(
    channel: Channel, pillar: Pillar
) -> None:
    row = slot(channel, pillar=pillar)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM publishing_pillar WHERE id = %s", [pillar.pk])
    row.refresh_from_db()
    assert row.pillar_id is None
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM channels_channel WHERE id = %s", [channel.pk])
    assert not QueueSlot.objects.exists()


def test_a_slot_never_reaches_into_another_brand(cast: Cast, channel: Channel) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), transaction.atomic(), scope(brand=cast.other):
        QueueSlot.objects.create(brand=cast.other, channel=channel, weekday=0, hour=time(9))
        connection.check_constraints()


def test_what_was_moved_by_hand_leaves_the_queue(channel: Channel) -> None:
    slot(channel)
    delivery = build_delivery(channel)
    queued(delivery)
    plan(deliveries=[delivery], at=NINE + timedelta(hours=1), by=None, now=MONDAY)
    assert QueuePlace.objects.get().at != kept(delivery).due_at
    assert next_free(channel, MONDAY) == NINE
