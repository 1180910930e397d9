"""Entries come in, once each, and become contents: as many a day as wanted, the oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from palabre.agency.models import User
from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.networks.contract import RemoteItem
from palabre.publishing.approval.rules import LEAST_NOTICE
from palabre.publishing.composing.blocks import filled as filled_block
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.reading import read
from palabre.publishing.delivery.planning import plan
from palabre.publishing.delivery.states import PLANNED
from palabre.publishing.feeding.models import ASKED, WAITS, Put
from palabre.publishing.feeding.rules import SUMMARIES, TOLD_MOST, Told, filled, is_new, next_hour
from palabre.publishing.models import Delivery, Relay, RelayEntry
from palabre.publishing.queue.filling import NoSlot, put_in_queue
from palabre.query import Document, matches, parse


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An entry as it was read; `raw` is what the reader knows beyond an item."""

    item: RemoteItem
    raw: dict[str, Any]

    @property
    def told(self) -> Told:
        """What it says."""
        tags = self.raw.get("tags") or ()
        return Told(
            title=self.item.title,
            link=self.item.url,
            summary=self.item.text[:TOLD_MOST],
            author=self.item.author.name if self.item.author else "",
            tags=tuple(str(tag)[:80] for tag in tags)[:20],
            source=self.item.outlet,
        )


def wanted(words: str, seen: Seen) -> bool:
    """Whether an entry matches the words (a query that was checked when it was typed)."""
    if not words.strip():
        return True
    item = seen.item
    author = item.author.name if item.author else ""
    said = Document(
        id=item.remote_id,
        title=item.title,
        text=item.text,
        author=author,
        url=item.url,
        lang=item.language or "",
    )
    return matches(parse(words), said)


@transaction.atomic
def take_in(*, relay: Relay, seen: Sequence[Seen], first: bool, now: datetime) -> int:
    """Put down entries, each once for ever; how many were not known. `first`: what was there before is no
    news, but for as many of the newest as were asked for."""
    known = set(
        relay.entries.filter(remote_id__in=[one.item.remote_id for one in seen]).values_list(
            "remote_id", flat=True
        )
    )
    fresh = list({one.item.remote_id: one for one in seen if one.item.remote_id not in known}.values())
    asked: set[str] = set()
    if first and relay.first:
        newest = sorted(
            (one for one in fresh if wanted(relay.words, one)),
            key=lambda one: one.item.published_at or datetime(1, 1, 1, tzinfo=UTC),
            reverse=True,
        )
        asked = {one.item.remote_id for one in newest[: relay.first]}

    def state(one: Seen) -> str:
        if one.item.remote_id in asked:
            return "waiting"
        if first or not is_new(one.item.published_at, relay.since):
            return "known"
        return "waiting" if wanted(relay.words, one) else "out"

    rows = [
        RelayEntry(
            brand=relay.brand,
            relay=relay,
            remote_id=one.item.remote_id[:500],
            state=state(one),
            said=one.told.written(),
            published_at=one.item.published_at,
            seen_at=now,
        )
        for one in fresh
    ]
    RelayEntry.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def room(relay: Relay, now: datetime) -> int:
    """How many more contents may be made today, on the clock of the brand."""
    made = relay.entries.filter(made_at__gte=_midnight(relay, now)).count()
    return max(0, relay.a_day - made)


def _midnight(relay: Relay, now: datetime) -> datetime:
    zone = ZoneInfo(relay.brand.time_zone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


def to_make(relay: Relay, now: datetime) -> list[RelayEntry]:
    """What waits and has room today, the oldest first; what waited too long is left out."""
    relay.entries.filter(state="waiting", seen_at__lt=now - WAITS).update(state="old")
    waiting = relay.entries.filter(state="waiting").order_by(F("published_at").asc(nulls_last=True), "pk")
    found = list(waiting[: room(relay, now)])
    if waiting.count() > len(found):
        # There is more: come back when the next day begins.
        tomorrow = _midnight(relay, now + timedelta(days=1))
        Relay.objects.filter(pk=relay.pk, next_at__gt=tomorrow, state__in=ASKED).update(next_at=tomorrow)
    return found


def working(relay: Relay) -> list[Channel]:
    """The accounts it writes for that are still there."""
    return list(Channel.objects.filter(pk__in=relay.channels).exclude(state="removed"))


def written(relay: Relay, told: Told, channels: Sequence[Channel]) -> tuple[Content, bool]:
    """An entry as a content, its summary as long as every account takes; whether one refuses it even so."""
    template = filled_block(relay.template, relay.brand)
    blog = any(rules_for(channel).title for channel in channels)
    base = Content(
        link=told.link if relay.card else "",
        title=told.title if blog else "",
        tags=told.tags if blog else (),
    )
    campaign = relay.campaign.name if relay.campaign else ""
    longest = None
    for most in SUMMARIES:
        content = replace(base, text=filled(template, told, most))
        longest = longest or content
        if not any(reading.problems for reading in read(content, channels, {}, None, campaign)):
            return content, False
    assert longest is not None
    return longest, True


@transaction.atomic
def make(*, entry: RelayEntry, by: User | None, now: datetime) -> bool:
    """Make the content of an entry, once; whether it was made. What accounts would refuse stays a draft."""
    rows = RelayEntry.objects.select_for_update(of=("self",))
    entry = rows.select_related("relay__brand", "relay__campaign", "relay__pillar").get(pk=entry.pk)
    relay, told = entry.relay, Told.read(entry.said)
    channels = working(relay)
    if entry.post_id or entry.state == "made" or not channels:
        return False
    content, refused = written(relay, told, channels)
    post = save_post(
        brand=relay.brand,
        by=by,
        draft=PostDraft(
            content=content,
            channels={channel.pk: {} for channel in channels},
            name=told.title[:160],
            campaign=relay.campaign,
            pillar=relay.pillar,
        ),
    )
    entry.fault = "refused" if refused else ""
    entry.post, entry.state, entry.made_at = post, "made", now
    deliveries = list(post.deliveries().select_related("brand", "channel"))
    if relay.put == Put.QUEUE and not refused:
        try:
            put_in_queue(deliveries=deliveries, category=relay.pillar, by=by, now=now)
        except NoSlot:
            entry.fault = "no_slot"
    elif relay.put == Put.HOURS and not refused:
        plan(deliveries=deliveries, at=_hour(relay, now), by=by, now=now)
    entry.save(update_fields=["post", "state", "made_at", "fault"])
    return True


def _hour(relay: Relay, now: datetime) -> datetime:
    mine = Delivery.objects.filter(variant__post__entry__relay=relay, due_at__gt=now, state__in=PLANNED)
    taken = {due for due in mine.values_list("due_at", flat=True) if due}
    return next_hour(relay.hours, ZoneInfo(relay.brand.time_zone), after=now + LEAST_NOTICE, taken=taken)
