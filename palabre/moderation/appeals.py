"""An author objects, somebody else looks again: upheld, or overturned and undone."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import User
from palabre.inbox.receiving import ROOM
from palabre.kit.states import move
from palabre.moderation.deciding import CannotUndo, SamePerson, subject_of, undo
from palabre.moderation.models import Appeal, Decision
from palabre.moderation.states import APPEAL


class AlreadyAppealed(Exception):
    """An appeal against this decision is open already."""


@transaction.atomic
def appeal(*, decision: Decision, by: User, words: str, received_at: datetime) -> Appeal:
    """Put down that an author objects. Raises AlreadyAppealed."""
    Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.appeals.filter(state="open").exists():
        raise AlreadyAppealed
    made: Appeal = Appeal.objects.create(
        brand=decision.brand, decision=decision, words=words, received_at=received_at, by=by
    )
    record(
        brand=decision.brand,
        by=by,
        act="moderation.appeal",
        subject=subject_of(decision),
        after={"words": words},
    )
    tell(decision.brand, ROOM, 0)
    return made


def may_handle(found: Appeal, user: User) -> bool:
    """Never who decided, nor who agreed to it."""
    return user.pk not in (found.decision.by_id, found.decision.second_by_id)


def waiting_for(user: User) -> "QuerySet[Appeal]":
    """Open appeals that this person may handle. In the brand's scope."""
    mine = Q(decision__by=user) | Q(decision__second_by=user)
    return Appeal.objects.filter(state="open").exclude(mine)


@transaction.atomic
def handle(*, found: Appeal, by: User, overturn: bool, answer: str, now: datetime) -> bool:
    """Settle an appeal; whether what was decided could be undone from here, True where it stands.

    Raises SamePerson, `kit.states.Moved` where a colleague settled it first.
    """
    if not may_handle(found, by):
        raise SamePerson
    to = "overturned" if overturn else "upheld"
    move(found, APPEAL, to=to, handled_by=by, handled_at=now, answer=answer)
    undone = True
    if overturn and found.decision.state not in ("undone", "dropped"):
        try:
            undo(decision=found.decision, by=by, now=now, why=answer)
        except CannotUndo:
            undone = False
    record(
        brand=found.brand,
        by=by,
        act=f"moderation.{to}",
        subject=subject_of(found.decision),
        why=answer,
        before={"state": "open"},
        after={"state": to, "undone": undone},
    )
    tell(found.brand, ROOM, 0)
    return undone
