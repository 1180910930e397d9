"""Putting deliveries into the queue: each at its account's next free slot, planned as by hand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from palabre.agency.models import Brand, User
from palabre.kit.states import Moved
from palabre.publishing.approval.queues import to_ask
from palabre.publishing.approval.rules import LEAST_NOTICE
from palabre.publishing.delivery.planning import plan
from palabre.publishing.delivery.states import EDITABLE
from palabre.publishing.library.rights import limits
from palabre.publishing.models import Delivery, Pillar, QueuePlace
from palabre.publishing.queue.rules import first_free
from palabre.publishing.queue.slots import Lack, lack_of, taken, weekly

QUEUE_LOCK = 0x70616C71
"""Advisory lock of a brand's queue, with the brand's key beside it."""


class NoSlot(Exception):
    """Accounts without a free slot; nothing was planned. `queue.words.lacking` says what to do about it."""

    def __init__(self, *lacks: Lack) -> None:
        super().__init__(", ".join(f"{lack.channel}: {lack.why}" for lack in lacks))
        self.lacks = lacks


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A delivery and the slot it was given (UTC)."""

    delivery: Delivery
    at: datetime


@transaction.atomic
def put_in_queue(
    *, deliveries: Sequence[Delivery], category: Pillar | None, by: User | None, now: datetime
) -> list[Placed]:
    """Plan each delivery of one brand, which is in scope, at its account's next free slot.

    In the order given: several on one account take one slot after the other. All or none. What has to
    be approved is asked, and gets a slot that leaves time to; none is later than the rights of the files.
    Raises NoSlot; Moved if one of them has left or is leaving.
    """
    if not deliveries:
        return []
    hold(deliveries[0].brand)
    rows = {row.pk: row for row in held(deliveries)}
    if any(row.state not in EDITABLE for row in rows.values()) or len(rows) != len(deliveries):
        raise Moved("it has left, is leaving or is gone")
    ordered = [rows[delivery.pk] for delivery in deliveries]
    channels = list({row.channel_id: row.channel for row in ordered}.values())
    slots = weekly(channels)
    full = taken(channels, after=now, besides=rows.keys())
    asking = {delivery.pk for delivery in to_ask(ordered)}
    allowed = limits(ordered[0].brand, ordered)
    placed: list[Placed] = []
    lacks: dict[int, Lack] = {}
    for row in ordered:
        limit = allowed.get(row.pk)
        at = first_free(
            slots[row.channel_id],
            ZoneInfo(row.brand.time_zone),
            category=category.pk if category else None,
            after=now + LEAST_NOTICE if row.pk in asking else now,
            taken=full[row.channel_id],
            ends=limit.ends if limit else None,
        )
        if at is None:
            own = slots[row.channel_id]
            lacks[row.channel_id] = lack_of(row.channel, own, category.pk if category else None, limit)
            continue
        full[row.channel_id].add(at)
        placed.append(Placed(delivery=row, at=at))
    if lacks:
        raise NoSlot(*lacks.values())
    give({one.delivery: one.at for one in placed}, by=by, now=now)
    return placed


def give(hours: Mapping[Delivery, datetime], *, by: User | None, now: datetime) -> None:
    """Plan each delivery at the slot it was given, and remember that the queue gave it."""
    together: dict[datetime, list[Delivery]] = defaultdict(list)
    for delivery, at in hours.items():
        together[at].append(delivery)
    for at, group in sorted(together.items()):
        plan(deliveries=group, at=at, by=by, now=now)
    remember(hours)


def remember(hours: Mapping[Delivery, datetime]) -> None:
    """That the queue gave each delivery its hour."""
    QueuePlace.objects.bulk_create(
        [QueuePlace(brand_id=one.brand_id, delivery=one, at=at) for one, at in hours.items()],
        update_conflicts=True,
        unique_fields=["delivery"],
        update_fields=["at"],
    )


def held(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """The rows as they are now, and until the end of the transaction, in the order of their keys."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("brand", "channel")
    return list(rows.filter(pk__in=[delivery.pk for delivery in deliveries]).order_by("pk"))


def hold(brand: Brand) -> None:
    """Until the end of the transaction, one person at a time fills this brand's queue.

    Before any delivery is held: who rearranges the queue takes it first, then its deliveries.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [QUEUE_LOCK, brand.pk])
