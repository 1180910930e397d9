"""Asking for approval: a delivery stands `awaiting` as long as one approval of it is pending.

On the path between composing and planning. Deciding is in `approval_deciding.py`, above planning.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.models import User
from palabre.kit.states import move_all
from palabre.publishing.approval.models import APPROVAL, Approval
from palabre.publishing.approval.queues import digests, to_ask
from palabre.publishing.delivery.nudge import ASK, wake
from palabre.publishing.delivery.steps import advance, put_down
from palabre.publishing.models import Delivery


@transaction.atomic
def ask(*, deliveries: Sequence[Delivery], by: User | None, now: datetime) -> None:
    """Put deliveries of one brand, which are `awaiting` by now, to approval from the first step.

    One that is asked about already, with the same words, goes on where it is.
    """
    if not deliveries:
        return
    brand = deliveries[0].brand
    said = digests(deliveries)
    rows = Approval.objects.select_for_update().filter(delivery__in=said, state="pending")
    same = {row.delivery_id for row in rows if row.digest == said[row.delivery_id]}
    new = [delivery for delivery in deliveries if delivery.pk not in same]
    withdraw(deliveries=new, by=by, now=now)
    Approval.objects.bulk_create(
        Approval(
            brand=brand,
            delivery=delivery,
            digest=said[delivery.pk],
            asked_by=by,
            asked_at=now,
            turn_at=now,
        )
        for delivery in new
    )
    put_down(new, act="asked", by=by)
    if new:
        record(brand=brand, by=by, act="approval.ask", subject=subject_of(new))
        wake(ASK)


@transaction.atomic
def withdraw(*, deliveries: Sequence[Delivery], by: User | None, now: datetime) -> None:
    """Nobody is asked about these deliveries any more."""
    waiting = Approval.objects.select_for_update().filter(delivery__in=deliveries, state="pending")
    move_all(list(waiting.order_by("pk")), APPROVAL, to="withdrawn", decided_by=by, decided_at=now)


@transaction.atomic
def ask_again(*, deliveries: Sequence[Delivery], by: User | None, now: datetime) -> list[Delivery]:
    """Their words may have changed: what was approved or asked about with other words is asked anew.

    Hands back those that wait now because of it. For deliveries held by the caller.
    """
    waiting = [delivery for delivery in deliveries if delivery.state == "awaiting"]
    leaving = to_ask([delivery for delivery in deliveries if delivery.state in ("scheduled", "paused")])
    advance(leaving, to="awaiting", act="changed", by=by)
    ask(deliveries=[*waiting, *leaving], by=by, now=now)
    return leaving


def subject_of(deliveries: Sequence[Delivery]) -> str:
    """What the log calls them."""
    first = Delivery.objects.select_related("variant__post").get(pk=deliveries[0].pk)
    return (
        f"{first.variant.post} (+{len(deliveries) - 1})" if len(deliveries) > 1 else str(first.variant.post)
    )
