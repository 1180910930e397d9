"""What the page of the queue shows: the coming slots of each account, what fills them, where gaps are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, takewhile
from zoneinfo import ZoneInfo

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.library.rights import over
from palabre.publishing.models import Asset, Delivery, Pillar
from palabre.publishing.queue.arranging import items, standing, would_close
from palabre.publishing.queue.rules import Item, Weekly, places
from palabre.publishing.queue.slots import HOLDS, minute, weekly


@dataclass(frozen=True, kw_only=True)
class Row:
    """A slot on its day, or an hour that is none, with what leaves then. `at` is in the brand's zone.

    `queued` are the deliveries that stand there by the queue, `over` the file of each that may no longer be
    published then.
    """

    at: datetime
    slot: Weekly | None
    pillar: Pillar | None
    deliveries: Sequence[Delivery]
    queued: frozenset[int]
    over: Mapping[int, Asset]

    @property
    def free(self) -> bool:
        """Whether it is a gap."""
        return self.slot is not None and not self.deliveries


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One account: its coming days, how many slots a week, how much stands in its queue.

    `stray` counts what the queue placed where no slot takes it any more; `closing` what would move if
    its gaps were closed; `beyond` what stands after the days shown.
    """

    channel: Channel
    days: Sequence[tuple[date, Sequence[Row]]]
    slots: int
    queued: int
    stray: int
    closing: int
    beyond: int
    first_gap: datetime | None


def lanes(brand: Brand, channels: Sequence[Channel], *, now: datetime, days: int) -> list[Lane]:
    """The queues of accounts of the brand in scope over the coming days."""
    slots = weekly(channels)
    queue = standing(channels, now=now)
    of_channel = items(queue, now=now)
    closing = would_close(channels, of_channel, slots, now=now)
    zone = ZoneInfo(brand.time_zone)
    last = now.astimezone(zone).date() + timedelta(days=days - 1)
    ends = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
    leaving = _leaving(channels, now=now, ends=ends)
    every = [one for by_minute in leaving.values() for there in by_minute.values() for one in there]
    ended = {pk: assets[0] for pk, assets in over(brand=brand, deliveries=every).items()}
    pillars = {pillar.pk: pillar for pillar in Pillar.objects.all()}
    found = []
    for channel in channels:
        own = of_channel.get(channel.pk, [])
        rows = _rows(
            slots.get(channel.pk, ()), leaving[channel.pk], own, pillars, ended, zone, now=now, ends=ends
        )
        found.append(
            Lane(
                channel=channel,
                days=[(day, list(group)) for day, group in groupby(rows, key=lambda row: row.at.date())],
                slots=len(slots.get(channel.pk, ())),
                queued=len(own),
                stray=_stray(own, slots.get(channel.pk, ()), zone, now=now),
                closing=sum(item.key in closing for item in own),
                beyond=sum(item.at >= ends for item in own),
                first_gap=next((row.at for row in rows if row.free), None),
            )
        )
    return found


def _leaving(
    channels: Sequence[Channel], *, now: datetime, ends: datetime
) -> dict[int, dict[datetime, list[Delivery]]]:
    """What leaves, by account and minute."""
    found: dict[int, dict[datetime, list[Delivery]]] = defaultdict(lambda: defaultdict(list))
    rows = Delivery.objects.filter(
        channel__in=channels, due_at__gt=now, due_at__lt=ends, state__in=HOLDS, variant__post__deleted_at=None
    )
    for one in rows.select_related("variant__post").order_by("due_at", "pk"):
        if one.due_at:
            found[one.channel_id][minute(one.due_at)].append(one)
    return found


def _rows(
    slots: Sequence[Weekly],
    leaving: Mapping[datetime, list[Delivery]],
    queue: Sequence[Item],
    pillars: Mapping[int, Pillar],
    ended: Mapping[int, Asset],
    zone: ZoneInfo,
    *,
    now: datetime,
    ends: datetime,
) -> list[Row]:
    coming = takewhile(lambda place: place.at < ends, places(slots, zone, after=now))
    slot_at = {place.at: place.slot for place in coming}
    queued = frozenset(item.key for item in queue)
    rows = []
    for at in sorted({*slot_at, *leaving}):
        slot = slot_at.get(at)
        pillar = pillars.get(slot.category) if slot and slot.category else None
        there = leaving.get(at, ())
        local = at.astimezone(zone)
        rows.append(Row(at=local, slot=slot, pillar=pillar, deliveries=there, queued=queued, over=ended))
    return rows


def _stray(queue: Sequence[Item], slots: Sequence[Weekly], zone: ZoneInfo, *, now: datetime) -> int:
    """How many stand where no slot takes them."""
    last = max((item.at for item in queue), default=now)
    coming = takewhile(lambda place: place.at <= last, places(slots, zone, after=now))
    slot_at = {place.at: place.slot for place in coming}
    return sum(not (slot := slot_at.get(item.at)) or not slot.takes(item.category) for item in queue)
