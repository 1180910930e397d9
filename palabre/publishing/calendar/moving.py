"""Moving a content to another hour: only what may still move, and only if it stands where one saw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from palabre.agency.models import User
from palabre.kit.states import Moved
from palabre.publishing.calendar.entries import MOVABLE
from palabre.publishing.delivery.planning import plan
from palabre.publishing.library.rights import hold_to_rights
from palabre.publishing.models import Delivery, Post


class CannotMove(Exception):
    """It has left, is leaving, or waits for something else than an hour."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """What was moved, and the contents that leave at that very minute on one of its channels."""

    deliveries: list[Delivery]
    same_minute: list[Post]


@transaction.atomic
def move(*, deliveries: Sequence[int], seen: datetime, to: datetime, by: User | None, now: datetime) -> Move:
    """Give deliveries of one brand another hour.

    `seen` is the hour the person saw them at. Raises Moved when somebody gave them another one since,
    CannotMove when they may not move any more, PastHour for an hour that is over, TooSoon for one that
    leaves no time to approve, RightsOver where a file may no longer be published then.
    """
    rows = list(
        Delivery.objects.select_for_update(of=("self",))
        .select_related("brand")
        .filter(pk__in=deliveries)
        .order_by("pk")
    )
    if len(rows) != len(set(deliveries)) or not rows:
        raise CannotMove
    if any(row.due_at is None or _minute(row.due_at) != _minute(seen) for row in rows):
        raise Moved("somebody moved it")
    if any(row.state not in MOVABLE for row in rows):
        raise CannotMove
    hold_to_rights(brand=rows[0].brand, deliveries=rows, at=to)
    plan(deliveries=rows, at=to, by=by, now=now)
    others = (
        Delivery.objects.filter(
            due_at=to,
            channel__in={row.channel_id for row in rows},
            state__in=("awaiting", "scheduled", "paused"),
        )
        .exclude(pk__in=[row.pk for row in rows])
        .select_related("variant__post")
    )
    return Move(deliveries=rows, same_minute=[other.variant.post for other in others[:3]])


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
