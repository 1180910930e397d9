"""When a delivery is to leave: planned, moved, stopped, taken up again. A row is the truth, a job a nudge."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils import timezone

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.publishing.approval.asking import ask, withdraw
from palabre.publishing.approval.queues import to_ask
from palabre.publishing.approval.rules import LEAST_NOTICE
from palabre.publishing.delivery.nudge import nudge
from palabre.publishing.delivery.steps import advance, own, put_down
from palabre.publishing.models import Delivery, Standstill

SWITCH_LOCK = 0x70616C62
"""Advisory lock of a brand's crisis switch, with the brand's key beside it."""
NEVER = datetime.max.replace(tzinfo=UTC)
PAST_GRACE = timedelta(minutes=1)
"""What was meant for “now” when the form was filled in is still meant for now."""


class PastHour(ValueError):
    """The hour is over: nothing can leave then."""


class TooSoon(PastHour):
    """Somebody has to approve it first, and the hour leaves no time to."""


@transaction.atomic
def plan(*, deliveries: Sequence[Delivery], at: datetime | None, by: User | None, now: datetime) -> None:
    """Let deliveries of one brand leave at a moment, or wait for approval until then.

    `at` None: many at once, each at the hour it already carries; the clock sees them without a nudge.
    Also for what failed, was missed or refused: it gets a new chance, with the same key.
    Raises PastHour, TooSoon; Moved if one of them began to leave meanwhile.
    """
    held = _held(deliveries)
    if at is None:
        carried = {one.pk: one.due_at for one in held if one.due_at}
        _plan(held, carried, F("due_at"), act="imported", by=by, now=now)
    else:
        _plan(held, {one.pk: at for one in held}, at, act="planned", by=by, now=now)
        nudge(at)


@transaction.atomic
def plan_each(*, hours: Mapping[Delivery, datetime], by: User | None, now: datetime) -> None:
    """`plan` for many at once, each at its own moment, in a few statements. Raises as `plan`."""
    own_hours = {delivery.pk: at for delivery, at in hours.items()}
    leaves = own({pk: at.isoformat() for pk, at in own_hours.items()}, "timestamptz")
    _plan(_held(list(hours)), own_hours, leaves, act="planned", by=by, now=now)
    nudge(*own_hours.values())


def _plan(
    held: Sequence[Delivery],
    hours: Mapping[int, datetime],
    leaves: datetime | F | RawSQL,
    *,
    act: Literal["planned", "imported"],
    by: User | None,
    now: datetime,
) -> None:
    """`hours` are those of the deliveries; `leaves` says the same to the database."""
    if past := [at for at in hours.values() if at < now - PAST_GRACE]:
        raise PastHour(min(past))
    by_hand = act == "planned"
    params = {pk: {"at": at.isoformat()} for pk, at in hours.items()} if by_hand else {}
    hour: dict[str, Any] = {
        "due_at": leaves,
        "try_at": leaves,
        "error_code": "",
        "error_params": {},
        "problems": [],
    }
    for to, group in _by_next_state(held).items():
        first = min((hours[delivery.pk] for delivery in group if delivery.pk in hours), default=now)
        if to == "awaiting" and by_hand and first < now + LEAST_NOTICE:
            raise TooSoon(first)
        moving = [delivery for delivery in group if delivery.state != to]
        staying = [delivery for delivery in group if delivery.state == to]
        advance(moving, to=to, act=act, by=by, each=params, told_at=None, **hour)
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in staying]).update(told_at=None, **hour)
        put_down(staying, act="moved", by=by, each=params)
        if to == "awaiting":
            ask(deliveries=group, by=by, now=now)
        else:
            withdraw(deliveries=group, by=by, now=now)


@transaction.atomic
def release(
    *,
    deliveries: Sequence[Delivery],
    by: User | None,
    now: datetime,
    act: str = "approved",
    note: str = "",
    params: dict[str, Any] | None = None,
) -> list[Delivery]:
    """What was awaiting has its approval: it goes on to its hour, or is missed where that is over.

    Hands them back as they stand then.
    """
    held = _held(deliveries)
    coming = [delivery for delivery in held if delivery.due_at and delivery.due_at >= now - PAST_GRACE]
    late = [delivery for delivery in held if delivery not in coming]
    said: dict[str, Any] = {"act": act, "by": by, "note": note, "params": params, "at": now}
    for to, group in _by_next_state(coming).items():
        advance(group, to=to, **said)
    advance(late, to="missed", code="approved_late", error_code="approved_late", told_at=None, **said)
    if coming:
        nudge(min(delivery.due_at for delivery in coming if delivery.due_at))
    return held


@transaction.atomic
def unplan(*, deliveries: Sequence[Delivery], by: User | None) -> None:
    """Back to a draft; the hour is forgotten, and nobody is asked to approve it any more."""
    held = _held(deliveries)
    withdraw(deliveries=held, by=by, now=timezone.now())
    advance(held, to="draft", act="unplanned", by=by, due_at=None, try_at=None)


@transaction.atomic
def cancel(*, deliveries: Sequence[Delivery], by: User | None, why: str = "") -> None:
    """It will not leave; the row stays, to tell so."""
    held = _held(deliveries)
    withdraw(deliveries=held, by=by, now=timezone.now())
    advance(held, to="cancelled", act="cancelled", by=by, note=why)


def stop_everything(*, brand: Brand, by: User, why: str, now: datetime) -> list[Delivery]:
    """The crisis switch: what is planned is paused and handed back as a list; what is leaving leaves.

    Nothing planned meanwhile leaves either. A second time pauses what may be left to pause.
    """
    with transaction.atomic():
        # Committed before any delivery is held: who plans one may wait for the switch, never it for them.
        _lock_switch(brand)
        if not Standstill.objects.filter(ended_at=None).exists():
            Standstill.objects.create(brand=brand, began_by=by, began_at=now, why=why)
            record(brand=brand, by=by, act="publishing.stop", subject=brand.name, why=why)
    with transaction.atomic():
        advance(_all_held("scheduled"), to="paused", act="paused", by=by, note=why)
    return list(Delivery.objects.filter(state="paused").order_by("due_at"))


def take_up(*, brand: Brand, by: User, now: datetime) -> tuple[list[Delivery], list[Delivery]]:
    """The end of a standstill: what is still to come goes on; what was to leave meanwhile is missed.

    Hands back both lists, by hour: a person decides on each of the second.
    """
    with transaction.atomic():
        _lock_switch(brand)
        if Standstill.objects.filter(ended_at=None).update(ended_at=now, ended_by=by):
            record(brand=brand, by=by, act="publishing.resume", subject=brand.name)
    with transaction.atomic():
        paused = _all_held("paused")
        coming = [delivery for delivery in paused if delivery.due_at and delivery.due_at >= now]
        late = [delivery for delivery in paused if delivery not in coming]
        advance(coming, to="scheduled", act="resumed", by=by)
        advance(late, to="missed", act="missed", by=by, code="standstill", error_code="standstill")
        if coming:
            nudge(min(delivery.due_at for delivery in coming if delivery.due_at))
    return coming, late


def _all_held(state: str) -> list[Delivery]:
    """Every delivery of the brand in scope in a state, held in the order of the keys; handed back by hour."""
    rows = Delivery.objects.select_for_update().filter(state=state).order_by("pk")
    return sorted(rows, key=lambda delivery: delivery.due_at or NEVER)


def standstill() -> Standstill | None:
    """The standstill of the brand in scope, if its switch is on."""
    return Standstill.objects.filter(ended_at=None).select_related("began_by").first()


def _by_next_state(deliveries: Sequence[Delivery]) -> dict[str, list[Delivery]]:
    """Where each goes once it has an hour."""
    if not deliveries:
        return {}
    brand = deliveries[0].brand
    _lock_switch(brand, shared=True)
    stopped = Standstill.objects.filter(ended_at=None).exists()
    asking = to_ask(deliveries)
    free = [delivery for delivery in deliveries if delivery not in asking]
    groups = {"awaiting": asking, "paused" if stopped else "scheduled": free}
    return {state: group for state, group in groups.items() if group}


def _lock_switch(brand: Brand, *, shared: bool = False) -> None:
    """Until the end of the transaction: nobody turns the switch while something is being planned."""
    take = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {take}(%s, %s)", [SWITCH_LOCK, brand.pk])


def _held(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """The rows as they are now, and until the end of the transaction, in the order of their keys."""
    return list(
        Delivery.objects.select_for_update(of=("self",))
        .select_related("brand", "channel")
        .filter(pk__in=[delivery.pk for delivery in deliveries])
        .order_by("pk")
    )
