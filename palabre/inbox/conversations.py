"""What people do with a conversation: whose turn it is, until when it sleeps. Writes only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django_scopes import scopes_disabled

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import Brand, User
from palabre.inbox.models import Conversation
from palabre.inbox.pace import clocks
from palabre.inbox.pace.terms import Terms
from palabre.inbox.receiving import ROOM
from palabre.inbox.records import subject_of
from palabre.inbox.states import CONVERSATION
from palabre.kit.states import move


@dataclass(frozen=True, kw_only=True)
class Stood:
    """Where a conversation stood before it was moved: enough to put it back."""

    pk: int
    state: str
    snoozed_until: datetime | None


@transaction.atomic
def put(
    *,
    brand: Brand,
    conversations: Sequence[int],
    to: str,
    by: User | None,
    now: datetime,
    until: datetime | None = None,
) -> list[Stood]:
    """Move conversations of a brand; where those stood that moved. `until`: for `snoozed`, an hour to come.

    What stands there already is left alone, and so is what is no longer there or was merged.
    """
    if to not in CONVERSATION.moves:
        raise ValueError(f"no such state: {to}")
    if (to == "snoozed") != (until is not None) or (until is not None and until <= now):
        raise ValueError("a conversation sleeps until an hour to come")
    rows = Conversation.objects.select_for_update(of=("self",)).filter(brand=brand, pk__in=conversations)
    moved, terms = [], Terms(brand)
    found = list(rows.filter(merged_into=None).exclude(state=to).defer("search").order_by("pk"))
    if to == "done":
        clocks.resolved(found, terms, at=now, by=by)
    for row in found:
        moved.append(Stood(pk=row.pk, state=row.state, snoozed_until=row.snoozed_until))
        _move(terms, row, to=to, by=by, now=now, until=until)
    return moved


@transaction.atomic
def put_back(*, brand: Brand, stood: Sequence[Stood], by: User, now: datetime) -> int:
    """Undo: each where it stood; an hour of sleep that is over is an open conversation. How many."""
    before = {one.pk: one for one in stood}
    rows = Conversation.objects.select_for_update(of=("self",)).filter(brand=brand, pk__in=before)
    done, terms = 0, Terms(brand)
    for row in rows.filter(merged_into=None).defer("search").order_by("pk"):
        was = before[row.pk]
        slept = was.state == "snoozed" and (was.snoozed_until is None or was.snoozed_until <= now)
        to = "open" if slept else was.state
        if row.state != to:
            _move(terms, row, to=to, by=by, now=now, until=was.snoozed_until if to == "snoozed" else None)
            done += 1
    return done


def _move(
    terms: Terms, row: Conversation, *, to: str, by: User | None, now: datetime, until: datetime | None
) -> None:
    before, brand = row.state, terms.brand
    changes = {"snoozed_until": until, "done_at": now if to == "done" else None}
    if before == "done":
        clocks.unresolved(row)
    move(row, CONVERSATION, to=to, **clocks.wound(row, terms, now=now, to=to, **changes))
    if by is not None:
        record(
            brand=brand,
            by=by,
            act="inbox.put",
            subject=subject_of(row),
            before=before,
            after=to,
        )
    tell(brand, ROOM, row.pk)


def wake_sleepers(*, now: datetime) -> int:
    """Conversations whose hour has come are open again; how many. Crosses brands on purpose."""
    with scopes_disabled(), transaction.atomic():
        rows = Conversation.objects.select_for_update(of=("self",), skip_locked=True)
        sleepers = rows.filter(state="snoozed", snoozed_until__lte=now).select_related("brand")
        woken = list(sleepers.defer("search")[:1000])
        terms = {row.brand_id: Terms(row.brand) for row in woken}
        for row in woken:
            _move(terms[row.brand_id], row, to="open", by=None, now=now, until=None)
        return len(woken)
