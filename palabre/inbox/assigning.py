"""Who has taken a conversation on, and how pressing it is. Writes only."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.colleagues import colleagues_with, teams_of
from palabre.agency.live import tell
from palabre.agency.models import Brand, Team, User
from palabre.agency.roles import Right
from palabre.inbox.models import Conversation, Priority
from palabre.inbox.notes import add_note
from palabre.inbox.receiving import ROOM
from palabre.inbox.records import subject_of
from palabre.inbox.watching import watch


class Unable(Exception):
    """Whom it was given to cannot answer for this brand."""


@transaction.atomic
def assign(
    *,
    brand: Brand,
    conversations: Sequence[int],
    to: User | Team | None,
    by: User | None,
    now: datetime,
    note: str = "",
) -> int:
    """Give conversations to a person, to a team, or to nobody; how many changed hands.

    `note` is left beside each, and told to whom it names; `by` None: a rule gives them, and notes nothing.
    Raises Unable for somebody without the right to answer, and for a team of another organisation.
    """
    person = to if isinstance(to, User) else None
    team = to if isinstance(to, Team) else None
    if (person and person not in colleagues_with(brand, Right.ANSWER)) or (
        team and team not in teams_of(brand)
    ):
        raise Unable
    rows = Conversation.objects.select_for_update(of=("self",)).filter(brand=brand, pk__in=conversations)
    changed = 0
    for row in rows.select_related("assigned_to", "team", "brand").order_by("pk"):
        if by is not None and note.strip():
            add_note(conversation=row, by=by, text=note, now=now)
        if (row.assigned_to, row.team) == (person, team):
            continue
        before = str(row.assigned_to or row.team or "")
        Conversation.objects.filter(pk=row.pk).update(
            assigned_to=person, team=team, assigned_at=now if to else None
        )
        if person is not None:
            watch(conversation=row, users=[person], now=now)
        record(
            brand=brand,
            by=by,
            act="inbox.assign",
            subject=subject_of(row),
            before=before,
            after=str(to or ""),
        )
        tell(brand, ROOM, row.pk)
        changed += 1
    return changed


@transaction.atomic
def prioritise(*, brand: Brand, conversations: Sequence[int], priority: Priority, by: User | None) -> int:
    """Say how pressing conversations are; how many changed."""
    rows = Conversation.objects.select_for_update().filter(brand=brand, pk__in=conversations)
    changed = 0
    for row in rows.exclude(priority=priority).order_by("pk"):
        Conversation.objects.filter(pk=row.pk).update(priority=priority)
        record(
            brand=brand,
            by=by,
            act="inbox.prioritise",
            subject=subject_of(row),
            before=row.priority,
            after=priority.value,
        )
        tell(brand, ROOM, row.pk)
        changed += 1
    return changed
