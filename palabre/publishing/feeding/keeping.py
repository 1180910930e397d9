"""Writing feeds: begun, changed, paused, taken up, forgotten; an entry made by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.kit.states import move
from palabre.publishing.feeding.models import RELAY
from palabre.publishing.feeding.work import nudge_relay
from palabre.publishing.models import Campaign, Pillar, Relay


@dataclass(frozen=True, kw_only=True)
class RelayDraft:
    """What a person typed, checked; `url` is a feed that was found."""

    name: str
    url: str
    channels: Sequence[int]
    template: str
    card: bool
    put: str
    hours: Sequence[time]
    words: str
    a_day: int
    first: int = 0
    campaign: Campaign | None = None
    pillar: Pillar | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """As the row keeps it."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return plain | {"channels": sorted(self.channels), "hours": sorted(self.hours)}


@transaction.atomic
def save_relay(
    *, brand: Brand, by: User, draft: RelayDraft, now: datetime, relay: Relay | None = None
) -> Relay:
    """Begin to follow a feed, or change what becomes of its entries from now on.

    Another address begins anew: what is there is no news.
    """
    if relay is None:
        relay = Relay.objects.create(brand=brand, by=by, since=now, next_at=now, **draft.fields)
        record(brand=brand, by=by, act="relay.begin", subject=relay.name)
    else:
        elsewhere = relay.url != draft.url
        for name, value in draft.fields.items():
            setattr(relay, name, value)
        changed = set(draft.fields)
        if elsewhere:
            relay.cursor, relay.since, relay.next_at = None, now, now
            changed |= {"cursor", "since", "next_at"}
        relay.save(update_fields=sorted(changed))
        record(brand=brand, by=by, act="relay.change", subject=relay.name)
    nudge_relay(relay.pk)
    return relay


@transaction.atomic
def pause_relay(*, relay: Relay, by: User) -> None:
    """Ask it no more; what was made stays. Raises Moved, ValueError."""
    move(relay, RELAY, to="paused")
    record(brand=relay.brand, by=by, act="relay.pause", subject=relay.name)


@transaction.atomic
def resume_relay(*, relay: Relay, by: User, now: datetime) -> None:
    """Ask it again, at once. What came while it was paused is no news. Raises Moved, ValueError."""
    changes: dict[str, Any] = {"failures": 0, "failing_since": None, "error_code": "", "error_params": {}}
    if relay.state == "paused":
        changes |= {"since": now, "cursor": None, "first": 0}
    move(relay, RELAY, to="active", next_at=now, **changes)
    record(brand=relay.brand, by=by, act="relay.resume", subject=relay.name)
    nudge_relay(relay.pk)


@transaction.atomic
def take_last(*, relay: Relay, most: int, by: User) -> int:
    """Make the newest of what was there before, beside what a day allows; how many will be."""
    newest = relay.entries.filter(state__in=("known", "old"), post=None)
    chosen = sorted(newest[:500], key=lambda entry: entry.at, reverse=True)[:most]
    relay.entries.filter(pk__in=[entry.pk for entry in chosen]).update(state="waiting")
    record(brand=relay.brand, by=by, act="relay.last", subject=relay.name, after={"n": len(chosen)})
    return len(chosen)


@transaction.atomic
def delete_relay(*, relay: Relay, by: User) -> None:
    """Forget it and what it knew; contents that were made stay, planned ones leave as planned."""
    record(brand=relay.brand, by=by, act="relay.delete", subject=relay.name)
    relay.delete()
