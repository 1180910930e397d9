"""The slots of an account's week: given, taken away, copied from another account. Nothing planned moves."""

from collections.abc import Collection
from datetime import time

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.models import User
from palabre.channels.models import Channel
from palabre.publishing.models import Pillar, QueueSlot

MOST = 200
"""Slots an account may have in a week: more than one an hour."""


class TooMany(Exception):
    """An account has enough slots."""


@transaction.atomic
def add_slots(
    *, channel: Channel, weekdays: Collection[int], hour: time, pillar: Pillar | None, by: User | None
) -> int:
    """A slot at that hour on each of the days; one that is there already is kept for the pillar given now.

    How many are new. Raises TooMany.
    """
    before = QueueSlot.objects.filter(channel=channel).count()
    rows = [
        QueueSlot(brand=channel.brand, channel=channel, weekday=weekday, hour=hour, pillar=pillar)
        for weekday in sorted(set(weekdays))
    ]
    _write(rows, keep_pillar=False)
    return _told(channel, before, by=by)


@transaction.atomic
def copy_slots(*, channel: Channel, of: Channel, by: User | None) -> int:
    """The slots of another account of the brand, beside its own; how many are new. Raises TooMany."""
    before = QueueSlot.objects.filter(channel=channel).count()
    rows = [
        QueueSlot(
            brand=channel.brand,
            channel=channel,
            weekday=row.weekday,
            hour=row.hour,
            pillar_id=row.pillar_id,
        )
        for row in QueueSlot.objects.filter(channel=of)
    ]
    _write(rows, keep_pillar=True)
    return _told(channel, before, by=by)


@transaction.atomic
def drop_slots(*, channel: Channel, slots: Collection[int], by: User | None) -> int:
    """Take slots away; how many went."""
    gone, _kinds = QueueSlot.objects.filter(channel=channel, pk__in=slots).delete()
    if gone:
        record(brand=channel.brand, by=by, act="queue.slots", subject=str(channel))
    return gone


def _write(rows: list[QueueSlot], *, keep_pillar: bool) -> None:
    if keep_pillar:
        QueueSlot.objects.bulk_create(rows, ignore_conflicts=True)
        return
    QueueSlot.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["channel", "weekday", "hour"], update_fields=["pillar"]
    )


def _told(channel: Channel, before: int, *, by: User | None) -> int:
    after = QueueSlot.objects.filter(channel=channel).count()
    if after > MOST:
        raise TooMany
    record(brand=channel.brand, by=by, act="queue.slots", subject=str(channel))
    return after - before
