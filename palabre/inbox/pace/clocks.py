"""The clocks of a conversation, kept at the moments that move them: a question, an answer, a change of state,
other hours or other promises. Writes only; no page ever reckons a due.

A clock runs while it is our turn (`open`, `pending`). While the author's turn is awaited, while it sleeps and
once it is done it stands still, and it goes on where it stood. What is asked after it was done is a new case.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django_scopes import scope, scopes_disabled

from palabre.agency.models import Brand, User
from palabre.inbox.models import Conversation, Kept, Rhythm
from palabre.inbox.pace.rules import due, rested, spent
from palabre.inbox.pace.terms import Terms
from palabre.inbox.states import TO_DO

BATCH = 1000
"""Conversations reckoned anew in one transaction."""


def wound(
    row: Conversation, terms: Terms, *, now: datetime, to: str | None = None, **changes: object
) -> dict[str, object]:
    """The changes of a conversation with what they do to its clocks; `to`: the state it goes to, if any.

    To be written by the caller, in the same UPDATE. A question that comes after it was done begins anew.
    """
    state = to or row.state
    asked = changes.get("asked_at", row.asked_at)
    reopened, rests = row.reopened_at, tuple(row.rests or ())
    spoke = changes.get("asked_at")
    if row.state == "done" and isinstance(spoke, datetime):
        reopened, rests = spoke, ()
    else:
        at = spoke if isinstance(spoke, datetime) else now
        rests = rested(rests, was_ours=row.state in TO_DO, is_ours=state in TO_DO, at=at)
    changes |= {"reopened_at": reopened, "rests": list(rests) or None}
    answered = changes.get("answered_at", row.answered_at)
    return changes | _dues(
        row, terms, state=state, asked=asked, answered=answered is not None, reopened=reopened, rests=rests
    )


def _dues(
    row: Conversation,
    terms: Terms,
    *,
    state: str,
    asked: object,
    answered: bool,
    reopened: datetime | None,
    rests: Sequence[datetime],
) -> dict[str, object]:
    if state not in TO_DO:
        return {"answer_by": None, "resolve_by": None}
    promised, measure = terms.promised(row.channel_id), terms.measure(row.channel_id)
    since = asked if isinstance(asked, datetime) else None
    delay = promised.next if answered else promised.first
    return {
        "answer_by": due(since, delay, rests=rests, measure=measure),
        "resolve_by": due(reopened or row.opened_at, promised.resolve, rests=rests, measure=measure),
    }


def answered(row: Conversation, terms: Terms, *, at: datetime, by: User | None) -> None:
    """Put down what became of the answer that was owed; before the row says that it was given."""
    if row.asked_at is None:
        return
    what = Kept.What.FIRST if row.answered_at is None else Kept.What.NEXT
    _keep([_outcome(row, terms, what, since=row.asked_at, at=at, by=by)])


def resolved(rows: Sequence[Conversation], terms: Terms, *, at: datetime, by: User | None) -> None:
    """Put down that these cases are closed; before the rows say so."""
    _keep(
        [
            _outcome(row, terms, Kept.What.RESOLVE, since=row.reopened_at or row.opened_at, at=at, by=by)
            for row in rows
        ]
    )


def unresolved(row: Conversation) -> None:
    """A case that was closed is open again by hand: it was not resolved after all."""
    since = row.reopened_at or row.opened_at
    Kept.objects.filter(conversation=row, what=Kept.What.RESOLVE, since=since).delete()


def _outcome(
    row: Conversation,
    terms: Terms,
    what: Kept.What,
    *,
    since: datetime,
    at: datetime,
    by: User | None,
) -> Kept:
    promised, at = terms.promised(row.channel_id), max(at, since)
    delay = {
        Kept.What.FIRST: promised.first,
        Kept.What.NEXT: promised.next,
        Kept.What.RESOLVE: promised.resolve,
    }[what]
    rests = row.rests or []
    ended = [*rests, max(at, rests[-1])] if len(rests) % 2 else rests
    taken = spent(since, at, rests=rests, measure=terms.clock)
    return Kept(
        brand_id=row.brand_id,
        channel_id=row.channel_id,
        conversation=row,
        what=what,
        by=by,
        since=since,
        at=at,
        due=due(since, delay, rests=ended, measure=terms.measure(row.channel_id)),
        taken=int(taken.total_seconds()),
        worked=int(spent(since, at, rests=rests, measure=terms.hours).total_seconds()),
    )


def _keep(rows: Sequence[Kept]) -> None:
    with scopes_disabled():
        Kept.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["conversation", "what", "since"],
            update_fields=["at", "by", "due", "taken", "worked"],
        )


def rewind(brand: Brand) -> int:
    """Reckon the dues of everything that is our turn anew, after hours or promises changed; how many moved.

    In batches, each a transaction; done again it changes nothing.
    """
    terms, place, moved = Terms(brand), 0, 0
    with scope(brand=brand):
        while True:
            with transaction.atomic():
                rows = Conversation.objects.select_for_update().filter(state__in=TO_DO, pk__gt=place)
                batch = list(rows.defer("search").order_by("pk")[:BATCH])
                moved += _rewound(batch, terms)
            if len(batch) < BATCH:
                return moved
            place = batch[-1].pk


def _rewound(batch: Sequence[Conversation], terms: Terms) -> int:
    changed = []
    for row in batch:
        dues = _dues(
            row,
            terms,
            state=row.state,
            asked=row.asked_at,
            answered=row.answered_at is not None,
            reopened=row.reopened_at,
            rests=row.rests or (),
        )
        if dues != {"answer_by": row.answer_by, "resolve_by": row.resolve_by}:
            row.answer_by, row.resolve_by = dues["answer_by"], dues["resolve_by"]  # type: ignore[assignment]
            changed.append(row)
    Conversation.objects.bulk_update(changed, ["answer_by", "resolve_by"], batch_size=BATCH)
    return len(changed)


def follow_zones() -> int:
    """Reckon anew where a brand moved to another clock since; how many brands did. Crosses brands on
    purpose."""
    with scopes_disabled():
        rows = [row for row in Rhythm.objects.select_related("brand") if row.zone != row.brand.time_zone]
    for row in rows:
        rewind(row.brand)
        with scopes_disabled():
            Rhythm.objects.filter(pk=row.pk).update(zone=row.brand.time_zone)
    return len(rows)
