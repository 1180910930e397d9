"""Who sends what: due deliveries are claimed by one process each, and held while it sends them.

Crosses brands on purpose: one round serves them all. The partial indexes make a claim cost what is
due, not what is stored.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django_scopes import scopes_disabled

from palabre.publishing.delivery.steps import advance
from palabre.publishing.models import Delivery

LEASE = timedelta(minutes=3)
"""How long a sender may go without a word; longer than any call may take."""
MISSED_AFTER = timedelta(hours=2)
"""A content that could not begin to leave for so long is not sent by itself any more: it may be stale."""

WHY_MISSED = {"working": "nobody_sent", "needs_sign_in": "signed_out", "removed": "channel_removed"}
"""What is said of a missed delivery, by the state of its channel."""

_CLAIM = """
    UPDATE publishing_delivery SET state = 'sending', leased_until = %(until)s, tries = tries + 1,
           begun_at = coalesce(begun_at, %(now)s)
    WHERE id IN (SELECT id FROM ranked WHERE place <= %(share)s ORDER BY try_at, id LIMIT %(most)s)
    RETURNING id
"""
_DUE = """
    WITH due AS (
        SELECT d.id, d.channel_id, d.try_at
        FROM publishing_delivery d JOIN channels_channel c ON c.id = d.channel_id
        WHERE d.state = 'scheduled' AND d.try_at <= %(now)s AND d.channel_id <> ALL (%(but)s::bigint[])
          AND c.state = 'working' AND NOT c.by_hand
          AND (c.resting_until IS NULL OR c.resting_until <= %(now)s)
          AND NOT EXISTS (SELECT FROM publishing_standstill s
                          WHERE s.brand_id = d.brand_id AND s.ended_at IS NULL)
        ORDER BY d.try_at, d.id LIMIT 4 * %(most)s FOR UPDATE OF d SKIP LOCKED),
    ranked AS (
        SELECT id, try_at, row_number() OVER (PARTITION BY channel_id ORDER BY try_at, id) AS place FROM due)
"""


def begin_round() -> None:
    """Let go of a connection that was lost since the last round: it would be lost for all that follow."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def claim_due(
    *, now: datetime, most: int, share: int | None = None, but: Collection[int] = ()
) -> list[Delivery]:
    """Take at most so many due deliveries, the longest due first: they are `sending`, ours for `LEASE`.

    At most `share` of one account, and none of the accounts `but`: whoever has much to send lets
    the others leave on time.
    """
    asked: dict[str, Any] = {"now": now, "until": now + LEASE, "most": most}
    asked |= {"share": share or most, "but": list(but)}
    with scopes_disabled(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DUE + _CLAIM, asked)
            ids = [row[0] for row in cursor.fetchall()]
        return _whole(ids)


def claim_unknown(*, now: datetime, most: int) -> list[Delivery]:
    """Take deliveries whose outcome is to be looked for; they stay `unknown`, ours for `LEASE`.

    Where the account has to be signed in again first, that is waited for.
    """
    with scopes_disabled(), transaction.atomic():
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        due = Delivery.objects.filter(free, state="unknown", try_at__lte=now, channel__state="working")
        held = due.order_by("try_at").select_for_update(skip_locked=True, of=("self",))
        ids = list(held.values_list("pk", flat=True)[:most])
        Delivery.objects.filter(pk__in=ids).update(leased_until=now + LEASE)
        return _whole(ids)


def hold(delivery: Delivery, *, now: datetime) -> bool:
    """Still at it: another `LEASE` from now. False when it was taken from us meanwhile."""
    with scopes_disabled():
        ours = Delivery.objects.filter(pk=delivery.pk, state="sending", tries=delivery.tries)
        return bool(ours.update(leased_until=now + LEASE))


def held_still(deliveries: Sequence[Delivery]) -> set[int]:
    """The keys of those that are still ours, and stay so until the end of the transaction."""
    tries = {delivery.pk: delivery.tries for delivery in deliveries}
    with scopes_disabled(), connection.cursor() as cursor:
        cursor.execute(_OURS, {"ids": list(tries), "tries": list(tries.values())})
        return {row[0] for row in cursor.fetchall()}


# Looked at and not written: the write that follows, of what is handed over, renews the lease with it.
_OURS = """
    SELECT d.id FROM publishing_delivery AS d
    JOIN unnest(%(ids)s::bigint[], %(tries)s::int[]) AS ours (id, tries) ON ours.id = d.id
    WHERE d.state = 'sending' AND d.tries = ours.tries
    ORDER BY d.id FOR NO KEY UPDATE OF d
"""


def sweep(*, now: datetime) -> None:
    """What stands where it should not: senders that died, hours that passed while nothing could leave.

    A sender that died may have been heard: its delivery is looked for, never sent again blindly. What
    it had not begun to hand over goes back to its hour.
    """
    with scopes_disabled(), transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        lapsed = list(rows.filter(state="sending", leased_until__lt=now)[:500])
        begun = [delivery for delivery in lapsed if delivery.outgoing is not None]
        waiting = [delivery for delivery in lapsed if delivery.outgoing is None]
        advance(waiting, to="scheduled", act="not_begun", try_at=now, leased_until=None)
        advance(
            begun,
            to="unknown",
            act="interrupted",
            code="interrupted",
            error_code="interrupted",
            try_at=now,
            leased_until=None,
        )
    with scopes_disabled(), transaction.atomic():
        too_late = rows.filter(
            Q(tries=0) | ~Q(channel__state="working"),
            state="scheduled",
            try_at__lt=now - MISSED_AFTER,
            sent=[],
        )
        for state, code in WHY_MISSED.items():
            missed = list(too_late.filter(channel__state=state)[:500])
            advance(missed, to="missed", act="missed", code=code, error_code=code)


def _whole(ids: list[int]) -> list[Delivery]:
    rows = Delivery.objects.filter(pk__in=ids).select_related(
        "brand", "channel__brand", "variant__post__campaign"
    )
    return list(rows.order_by("try_at", "pk"))
