"""What this room holds of one person, how the audit log names it, and taking it all away.

The log names conversations by number, so that who asks to be forgotten is not named there.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from palabre.agency.models import AuditEntry, Brand
from palabre.inbox.models import Conversation, Message, Note, Reply, Thread
from palabre.stream.models import Author


def subject_of(conversation: Conversation) -> str:
    """How the log names a conversation."""
    return f"#{conversation.pk}"


def said_to(author: Author) -> list[Any]:
    """What the brand answered this person, as JSON: drafts and what never left too. In the brand's scope."""
    rows = Reply.objects.filter(conversation__author=author).order_by("pk")
    return list(rows.values("text", "state", "created_at", "sent_at", "remote_url"))


def noted_of(author: Author) -> list[Any]:
    """What colleagues noted beside this person's conversations, as JSON. In the brand's scope."""
    return list(Note.objects.filter(conversation__author=author).values("text", "at"))


def answers_to(author: Author) -> list[int]:
    """The items of the brand's own words in this person's conversations. In the brand's scope."""
    ours = Message.objects.filter(conversation__author=author, ours=True)
    return list(ours.values_list("item", flat=True))


def remove_empty(*, most: int) -> int:
    """Remove at most `most` conversations, and as many threads, of which no message is held any more: their
    words were past their time. How many conversations went; call until 0. In the brand's scope.
    """
    with transaction.atomic():
        empty = list(
            Conversation.objects.filter(messages=None, parts=None).values_list("pk", flat=True)[:most]
        )
        Conversation.objects.filter(pk__in=empty).delete()
        threads = Thread.objects.filter(messages=None, conversations=None).values_list("pk", flat=True)
        Thread.objects.filter(pk__in=list(threads[:most])).delete()
    return len(empty)


def forget(*, brand: Brand, author: Author, remote_ids: Sequence[str]) -> None:
    """Take this person's conversations away, and what the log says was written to them; that something
    was done stays. `remote_ids` are of what they said: a thread they began keeps the words of others.

    In the caller's transaction and in the brand's scope.
    """
    rows = list(Conversation.objects.filter(author=author).only("pk"))
    told = AuditEntry.objects.filter(
        brand=brand, act__startswith="inbox.", subject__in=[subject_of(row) for row in rows]
    )
    told.update(before=None, after=None, why="")
    Conversation.objects.filter(pk__in=[row.pk for row in rows]).delete()
    begun = Thread.objects.filter(remote_id__in=remote_ids)
    for thread in begun.only("pk"):
        Thread.objects.filter(pk=thread.pk).update(remote_id=f"erased:{thread.pk}")
    begun.filter(messages=None).delete()
