"""The slots of accounts and what fills them: reads. Everything here is of the brand in scope."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from palabre.channels.models import Channel
from palabre.publishing.approval.queues import steps_for, steps_of_brand
from palabre.publishing.approval.rules import LEAST_NOTICE
from palabre.publishing.delivery.states import PLANNED
from palabre.publishing.library.rights import Limit
from palabre.publishing.models import Delivery, QueueSlot
from palabre.publishing.queue.rules import Weekly, first_free

HOLDS = (*PLANNED, "sending", "unknown", "handed", "published")
"""States in which a delivery keeps its minute to itself."""


@dataclass(frozen=True, kw_only=True)
class Lack:
    """Why an account has no free slot: removed, none, kept (for other pillars), full, or rights: none that
    is free before a file of the content may no longer be published, as `limit` says."""

    channel: Channel
    why: str
    limit: Limit | None = None


@dataclass(frozen=True, kw_only=True)
class Coming:
    """An account's next free slot, or why it has none."""

    channel: Channel
    at: datetime | None
    lack: Lack | None = None


def next_for(
    *,
    channels: Sequence[Channel],
    category: int | None,
    now: datetime,
    besides: Collection[int] = (),
    limits: Mapping[int, Limit] | None = None,
) -> list[Coming]:
    """Each account's next free slot, with time left to approve where that is asked.

    `besides`: deliveries that are themselves to be queued, whose present hours hold nothing. `limits`:
    until when the files of each account may be published.
    """
    slots = weekly(channels)
    held = taken(channels, after=now, besides=besides)
    steps = steps_of_brand()
    found = []
    for channel in channels:
        after = now + LEAST_NOTICE if steps_for(steps, channel.pk) else now
        zone = ZoneInfo(channel.brand.time_zone)
        limit = (limits or {}).get(channel.pk)
        at = first_free(
            slots[channel.pk],
            zone,
            category=category,
            after=after,
            taken=held[channel.pk],
            ends=limit.ends if limit else None,
        )
        lack = None if at else lack_of(channel, slots[channel.pk], category, limit)
        found.append(Coming(channel=channel, at=at, lack=lack))
    return found


def lack_of(
    channel: Channel, slots: Sequence[Weekly], category: int | None, limit: Limit | None = None
) -> Lack:
    """Why no slot of the account was found for a pillar, for files that may be published until a limit."""
    if channel.state == "removed":
        return Lack(channel=channel, why="removed")
    if not slots:
        return Lack(channel=channel, why="none")
    if not any(slot.takes(category) for slot in slots):
        return Lack(channel=channel, why="kept")
    return Lack(channel=channel, why="rights" if limit else "full", limit=limit)


def weekly(channels: Iterable[Channel]) -> dict[int, list[Weekly]]:
    """The slots of each account; those of a removed one count for nothing."""
    found: dict[int, list[Weekly]] = defaultdict(list)
    rows = QueueSlot.objects.filter(channel__in=[one.pk for one in channels if one.state != "removed"])
    for channel, weekday, hour, pillar in rows.values_list("channel", "weekday", "hour", "pillar"):
        found[channel].append(Weekly(weekday=weekday, hour=hour, category=pillar))
    return found


def taken(
    channels: Iterable[Channel], *, after: datetime, besides: Collection[int] = ()
) -> dict[int, set[datetime]]:
    """The minutes (UTC) from `after` on at which something of each account leaves."""
    found: dict[int, set[datetime]] = defaultdict(set)
    rows = Delivery.objects.filter(
        brand__in={one.brand_id for one in channels},
        channel__in=[one.pk for one in channels],
        due_at__gte=minute(after),
        state__in=HOLDS,
    ).exclude(pk__in=besides)
    for channel, due in rows.values_list("channel", "due_at"):
        if due:
            found[channel].add(minute(due))
    return found


def minute(at: datetime) -> datetime:
    """The whole minute (UTC) a moment is in."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)
