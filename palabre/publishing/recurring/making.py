"""Occurrences become contents, a month ahead, once each; what has not left can be taken away again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from palabre.agency.models import Brand, User
from palabre.channels.models import Channel
from palabre.publishing.approval.rules import LEAST_NOTICE
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery.planning import cancel, plan, unplan
from palabre.publishing.delivery.states import EDITABLE, PLANNED
from palabre.publishing.library.rights import Limit, limits_said
from palabre.publishing.models import Delivery, Occurrence, Post, Recurring
from palabre.publishing.recurring.rules import HORIZON, MOST, following, within
from palabre.publishing.recurring.rules import Occurrence as Time

REFRESH = timedelta(hours=6)
"""A series is looked at again this long after it was; the horizon is far beyond."""


def slot_of(slot: datetime) -> str:
    """The name of an hour of the clock."""
    return slot.isoformat(timespec="minutes")


@transaction.atomic
def top_up(*, series: Recurring, now: datetime) -> list[Post]:
    """Make what is missing up to the horizon. Idempotent; nothing for a series that is not active.

    What is nearer than the notice an approval needs is not made any more: nothing is sent late. Nor is what
    a file may no longer be published for.
    """
    held = Recurring.objects.select_for_update(of=("self",)).select_related("brand", "by").get(pk=series.pk)
    channels = _channels(held)
    if held.state != "active" or not channels:
        return []
    until = now + HORIZON
    known = list(held.occurrences.filter(at__gte=now - timedelta(days=2)).values_list("at", "turn", "slot"))
    last = held.occurrences.filter(at__lt=now - timedelta(days=2)).values_list("at", "turn", "slot").last()
    turns = [(at, turn) for at, turn, _slot in ([last] if last else []) + known]
    taken = {slot for _at, _turn, slot in known}
    made: list[Post] = []
    allowed = limit_of(held)
    for time in within(held.follows, now + LEAST_NOTICE, until):
        if len(made) == MOST or (allowed and time.at >= allowed.ends):
            break
        if slot_of(time.slot) in taken:
            continue
        before = max((pair for pair in turns if pair[0] < time.at), default=None)
        turn = following(before[1] if before else None, len(held.wordings))
        turns.append((time.at, turn))
        made.append(_make(held, time, turn, channels, now))
    held.made_until = until
    held.save(update_fields=["made_until"])
    return made


def limit_of(series: Recurring) -> Limit | None:
    """Until when all that a series shows may be published; None where no right ends."""
    return limit_said(series.brand, [series.said(0).with_changes(series.own(pk)) for pk in series.channels])


def limit_said(brand: Brand, said: Iterable[Content]) -> Limit | None:
    """The first limit of several contents; None where no right ends."""
    found = limits_said(brand, dict(enumerate(said)))
    return min(found.values(), key=lambda one: one.ends, default=None)


def _channels(series: Recurring) -> list[int]:
    working = Channel.objects.filter(pk__in=series.channels).exclude(state="removed")
    return list(working.values_list("pk", flat=True))


def _make(series: Recurring, time: Time, turn: int, channels: Iterable[int], now: datetime) -> Post:
    post = save_post(
        brand=series.brand,
        by=series.by,
        draft=PostDraft(
            content=series.said(turn),
            channels={pk: series.own(pk) for pk in channels},
            name=series.name,
            campaign=series.campaign,
            pillar=series.pillar,
        ),
    )
    Occurrence.objects.create(
        brand=series.brand, recurring=series, slot=slot_of(time.slot), at=time.at, turn=turn, post=post
    )
    plan(deliveries=list(post.deliveries()), at=time.at, by=series.by, now=now)
    return post


@dataclass(frozen=True, kw_only=True)
class Made:
    """An occurrence whose content has not left, its open deliveries; `own`: somebody moved or changed it."""

    occurrence: Occurrence
    deliveries: list[Delivery]
    own: bool


def unsent(series: Recurring, now: datetime, *, lock: bool = False) -> list[Made]:
    """What was made of a series and is still to leave, by hour.

    `lock` holds the deliveries until the end of the transaction: none of them begins to leave meanwhile.
    """
    coming = Q(at__gt=now) | Q(post__variants__deliveries__due_at__gt=now)
    rows = list(
        Occurrence.objects.filter(coming, recurring=series, post__deleted_at=None, post__isnull=False)
        .select_related("post")
        .distinct()
        .order_by("at")
    )
    deliveries = Delivery.objects.filter(variant__post__in=[row.post_id for row in rows])
    deliveries = deliveries.select_related("variant").order_by("pk")
    if lock:
        deliveries = deliveries.select_for_update(of=("self",))
    of_post: dict[int, list[Delivery]] = {}
    for delivery in deliveries:
        of_post.setdefault(delivery.variant.post_id, []).append(delivery)
    found = []
    for row in rows:
        assert row.post is not None
        open_ = [one for one in of_post.get(row.post.pk, []) if one.state != "cancelled"]
        if any(one.state not in EDITABLE or one.sent for one in open_):
            continue  # It left, or is leaving: its proof stays.
        own = row.post.revision > 1 or any(one.due_at != row.at for one in open_)
        found.append(Made(occurrence=row, deliveries=open_, own=own))
    return found


@dataclass(frozen=True, kw_only=True)
class Taken:
    """How many contents are gone, and how many stayed because somebody had moved or changed them."""

    gone: int
    own: int


@transaction.atomic
def take_away(*, series: Recurring, by: User | None, now: datetime, all_of_it: bool) -> Taken:
    """Take away what was made and has not left. What somebody moved or changed is never thrown away:
    with `all_of_it` it goes back to a draft, else it stays planned."""
    made = unsent(series, now, lock=True)
    going = [one for one in made if not one.own]
    cancel(deliveries=[each for one in going for each in one.deliveries], by=by)
    posts = [one.occurrence.post_id for one in going if one.occurrence.post_id]
    Post.objects.filter(pk__in=posts).update(deleted_at=now)
    Occurrence.objects.filter(pk__in=[one.occurrence.pk for one in going]).delete()
    own = [one for one in made if one.own]
    if all_of_it:
        planned = [each for one in own for each in one.deliveries if each.state in PLANNED]
        unplan(deliveries=planned, by=by)
    return Taken(gone=len(going), own=len(own))
