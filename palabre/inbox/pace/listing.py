"""The list by what is due: what is late, what has a date set by hand, and the order of urgency.

Rows without a due come last. All three read one index (`conversation_due`).
"""

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from palabre.inbox.models import Conversation

LATE = Q(next_due__lt=Now())
"""A due has passed, and it is not done."""
BY_HAND = Q(due_at__isnull=False) & ~Q(state="done")


def by_due(rows: "QuerySet[Conversation]") -> "QuerySet[Conversation]":
    """What is due first comes first."""
    return rows.order_by(F("next_due").asc(nulls_last=True), "pk")


def due_after(rows: "QuerySet[Conversation]", place: tuple[datetime | None, int]) -> "QuerySet[Conversation]":
    """What comes after a place in that order."""
    at, pk = place
    if at is None:
        return rows.filter(next_due=None, pk__gt=pk)
    return rows.filter(Q(next_due__gt=at) | Q(next_due=None) | Q(next_due=at, pk__gt=pk))


def late() -> int:
    """How many conversations are late. In the brand's scope."""
    return Conversation.objects.filter(LATE).count()
