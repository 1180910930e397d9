"""Rearranging what stands in a queue: put first, put one slot later, close the gaps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from palabre.agency.models import User
from palabre.channels.models import Channel
from palabre.kit.states import Moved
from palabre.publishing.approval.queues import to_ask
from palabre.publishing.approval.rules import LEAST_NOTICE
from palabre.publishing.delivery.planning import plan_each
from palabre.publishing.delivery.states import PLANNED
from palabre.publishing.library.rights import limits
from palabre.publishing.models import Delivery
from palabre.publishing.queue import rules
from palabre.publishing.queue.filling import NoSlot, Placed, held, hold, remember
from palabre.publishing.queue.rules import Item, NoPlace, Weekly
from palabre.publishing.queue.slots import lack_of, taken, weekly


def standing(channels: Sequence[Channel], *, now: datetime) -> list[Delivery]:
    """What stands in the queues of accounts, by hour: planned, still to come, at the hour the queue gave."""
    rows = Delivery.objects.filter(
        channel__in=channels, state__in=PLANNED, due_at__gt=now, queue_place__at=F("due_at")
    )
    # Narrow: the page of every account reads all of it, and no words are needed.
    narrow = rows.select_related("variant__post").only(
        "brand_id",
        "channel_id",
        "state",
        "due_at",
        "variant_id",
        "variant__post_id",
        "variant__post__pillar_id",
    )
    return list(narrow.order_by("due_at", "pk"))


def items(deliveries: Sequence[Delivery], *, now: datetime) -> dict[int, list[Item]]:
    """Deliveries as the rules know them, by account."""
    asking = {delivery.pk for delivery in to_ask(deliveries)}
    allowed = limits(deliveries[0].brand, deliveries) if deliveries else {}
    found: dict[int, list[Item]] = {}
    for one in deliveries:
        if one.due_at:
            limit = allowed.get(one.pk)
            item = Item(
                key=one.pk,
                category=one.variant.post.pillar_id,
                at=one.due_at,
                earliest=now + LEAST_NOTICE if one.pk in asking else now,
                ends=limit.ends if limit else None,
            )
            found.setdefault(one.channel_id, []).append(item)
    return found


def would_close(
    channels: Sequence[Channel],
    queue: Mapping[int, Sequence[Item]],
    slots: Mapping[int, Sequence[Weekly]],
    *,
    now: datetime,
) -> dict[int, datetime]:
    """The hours that would change if every queue closed its gaps, by delivery."""
    every = {item.key: item.at for row in queue.values() for item in row}
    others = taken(channels, after=now, besides=every)
    hours: dict[int, datetime] = {}
    for channel in channels:
        hours |= rules.closed_up(
            queue.get(channel.pk, ()),
            slots.get(channel.pk, ()),
            ZoneInfo(channel.brand.time_zone),
            after=now,
            taken=others.get(channel.pk, ()),
        )
    return {key: at for key, at in hours.items() if at != every[key]}


@transaction.atomic
def close_up(*, channels: Sequence[Channel], by: User | None, now: datetime) -> list[Placed]:
    """What stands in the queues of accounts of one brand takes the first slots, in its order.

    Hands back what moved. What no slot takes stays at its hour.
    """
    if not channels:
        return []
    hold(channels[0].brand)
    there = _held_queue(channels, now=now)
    hours = would_close(channels, items(there, now=now), weekly(channels), now=now)
    return _given(there, hours, by=by, now=now)


@transaction.atomic
def put_first(*, delivery: Delivery, by: User | None, now: datetime) -> list[Placed]:
    """The delivery takes the first slot it may have; whoever stands there goes one on, and so forth.

    Raises Moved if it no longer stands in the queue, NoSlot if no slot takes it or one it pushes.
    """
    hold(delivery.brand)
    channel = delivery.channel
    there = _held_queue([channel], now=now)
    queue = items(there, now=now).get(channel.pk, [])
    target = _found(queue, delivery)
    slots = weekly([channel])[channel.pk]
    try:
        hours = rules.put_first(
            target,
            queue,
            slots,
            ZoneInfo(channel.brand.time_zone),
            after=now,
            taken=taken([channel], after=now, besides=[item.key for item in queue])[channel.pk],
        )
    except NoPlace as refused:
        raise _no_slot(channel, slots, refused.item, there) from None
    return _given(there, hours, by=by, now=now)


@transaction.atomic
def put_later(*, delivery: Delivery, by: User | None, now: datetime) -> list[Placed]:
    """The delivery goes to the next free slot after its own, which it leaves. Raises as `put_first`."""
    hold(delivery.brand)
    channel = delivery.channel
    there = _held_queue([channel], now=now)
    target = _found(items(there, now=now).get(channel.pk, []), delivery)
    slots = weekly([channel])[channel.pk]
    at = rules.first_free(
        slots,
        ZoneInfo(channel.brand.time_zone),
        category=target.category,
        after=max(target.at, target.earliest),
        taken=taken([channel], after=now)[channel.pk],
        ends=target.ends,
    )
    if at is None:
        raise _no_slot(channel, slots, target, there)
    return _given(there, {target.key: at}, by=by, now=now)


def _no_slot(channel: Channel, slots: Sequence[Weekly], item: Item, there: Sequence[Delivery]) -> NoSlot:
    """Why an item of the queue finds no slot."""
    limit = limits(channel.brand, [one for one in there if one.pk == item.key]).get(item.key)
    return NoSlot(lack_of(channel, slots, item.category, limit))


def _held_queue(channels: Sequence[Channel], *, now: datetime) -> list[Delivery]:
    """What stands in the queues, held until the end of the transaction, as it is once it is held."""
    held(standing(channels, now=now))
    return standing(channels, now=now)


def _found(queue: Sequence[Item], delivery: Delivery) -> Item:
    item = next((item for item in queue if item.key == delivery.pk), None)
    if item is None:
        raise Moved("it no longer stands in the queue")
    return item


def _given(
    there: Sequence[Delivery], hours: Mapping[int, datetime], *, by: User | None, now: datetime
) -> list[Placed]:
    moving = {one: hours[one.pk] for one in there if one.pk in hours and one.due_at != hours[one.pk]}
    plan_each(hours=moving, by=by, now=now)
    remember(moving)
    return [Placed(delivery=one, at=at) for one, at in moving.items()]
