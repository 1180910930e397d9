"""What the pages of feeds show: how each stands, what became of its entries, how an entry would look."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q

from palabre.channels.models import Channel
from palabre.publishing.composing.reading import Reading, read
from palabre.publishing.feeding.rules import Told
from palabre.publishing.feeding.taking import written
from palabre.publishing.models import Delivery, Relay, RelayEntry

SHOWN = 40
"""Entries on a feed's page."""
SAMPLES = 3


@dataclass(frozen=True, kw_only=True)
class Sample:
    """An entry as the content it would become."""

    title: str
    text: str
    readings: Sequence[Reading]
    refused: bool
    at: datetime | None = None


def sample(relay: Relay, told: Told, channels: Sequence[Channel], at: datetime | None = None) -> Sample:
    """An entry, filled in and read on the chosen accounts; `relay` may be one that is not saved."""
    content, refused = written(relay, told, channels)
    readings = read(content, channels, {})
    return Sample(title=told.title, text=content.text, readings=readings, refused=refused, at=at)


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry and the states of what was made of it."""

    entry: RelayEntry
    title: str
    states: tuple[str, ...] = ()


def lines(relay: Relay) -> list[Line]:
    """The newest entries; what was there before is left out while nothing was made of it."""
    rows = list(relay.entries.exclude(state="known").select_related("post")[:SHOWN])
    posts = [row.post_id for row in rows if row.post_id]
    states: dict[int, list[str]] = {}
    found = Delivery.objects.filter(variant__post__in=posts).exclude(state="cancelled").order_by("pk")
    for post, state in found.values_list("variant__post_id", "state"):
        states.setdefault(post, []).append(state)
    plain = [Line(entry=row, title=row.said.get("title") or row.said.get("link", "")) for row in rows]
    return [
        replace(line, states=tuple(dict.fromkeys(states.get(line.entry.post_id or 0, ())))) for line in plain
    ]


def relays() -> list[Relay]:
    """Every feed of the brand in scope, with how many contents it made and how many entries wait."""
    made = Count("entries", filter=Q(entries__state="made"))
    waiting = Count("entries", filter=Q(entries__state="waiting"))
    return list(Relay.objects.select_related("brand").annotate(made=made, waiting=waiting))
