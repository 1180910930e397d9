"""Merging conversations into one, splitting one in two, and taking both back. Writes only.

Nothing moves when conversations are merged: each keeps its messages, notes and answers, and points at its
head, which shows and counts them. So receiving stays exactly once, an answer leaves by the account of what it
answers, and taking apart gives back what was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import Brand, User
from palabre.inbox.labelling import label
from palabre.inbox.models import Conversation, Label, Message, Watch
from palabre.inbox.pace import clocks
from palabre.inbox.pace.terms import Terms
from palabre.inbox.receiving import change, settle
from palabre.inbox.records import subject_of
from palabre.inbox.room import ROOM
from palabre.inbox.states import TO_DO
from palabre.inbox.watching import watch
from palabre.stream.lock import hold

MOST = 50
"""Conversations that are one at most."""


class Unmergeable(Exception):
    """Fewer than two conversations, more than `MOST`, or nothing that could be split off."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What one merge did, enough to take it back: each part, the state it stood in and its head before."""

    head: int
    parts: tuple[tuple[int, str, int | None], ...]


@transaction.atomic
def merge(*, brand: Brand, conversations: Sequence[int], by: User, now: datetime) -> Merged:
    """Make one of several conversations: the first that was opened is the head, and it is our turn if it
    was in any. Labels and watchers come together. Raises Unmergeable.
    """
    hold(brand)
    rows = Conversation.objects.select_for_update(of=("self",)).filter(brand=brand, merged_into=None)
    chosen = list(rows.filter(pk__in=conversations).order_by("opened_at", "pk"))
    if not 2 <= len(chosen) <= MOST:
        raise Unmergeable
    head, *others = chosen
    theirs = list(rows.model.objects.filter(merged_into__in=others).order_by("pk"))
    parts = [*others, *theirs]
    if len(parts) >= MOST:
        raise Unmergeable
    done = tuple((one.pk, one.state, one.merged_into_id) for one in parts)
    _bring_together(brand, head, others, by=by, now=now)
    turn, terms = any(one.state in TO_DO for one in chosen), Terms(brand)
    asked = min((one.asked_at for one in chosen if one.asked_at), default=None)
    for one in parts:
        wound = clocks.wound(one, terms, now=now, to="done")
        change(one, merged_into=head, state="done", snoozed_until=None, **wound)
    if turn and head.state not in TO_DO:
        wound = clocks.wound(head, terms, now=now, to="open", asked_at=asked)
        change(head, state="open", snoozed_until=None, done_at=None, **wound)
    else:
        change(head, **clocks.wound(head, terms, now=now, asked_at=asked))
    settle(head, now=now)
    numbers = [subject_of(one) for one in parts]
    record(brand=brand, by=by, act="inbox.merge", subject=subject_of(head), after=numbers)
    for one in [head, *parts]:
        tell(brand, ROOM, one.pk)
    return Merged(head=head.pk, parts=done)


def _bring_together(
    brand: Brand, head: Conversation, others: Sequence[Conversation], *, by: User, now: datetime
) -> None:
    for row in Label.objects.filter(labelled__conversation__in=others).distinct():
        label(brand=brand, conversations=[head.pk], label=row, by=by, now=now)
    watching = [row.user for row in Watch.objects.filter(conversation__in=others).select_related("user")]
    if watching:
        watch(conversation=head, users=watching, now=now)
    if head.assigned_to_id is None and head.team_id is None:
        taken = next((one for one in others if one.assigned_to_id or one.team_id), None)
        if taken is not None:
            change(head, assigned_to_id=taken.assigned_to_id, team_id=taken.team_id)
    change(head, priority=max(one.priority for one in [head, *others]))


@transaction.atomic
def unmerge(*, brand: Brand, merged: Merged, by: User, now: datetime) -> int:
    """Take a merge back; how many stand alone again. An hour of sleep is over: those are open."""
    hold(brand)
    done = 0
    for pk, state, before in merged.parts:
        part = Conversation.objects.filter(brand=brand, pk=pk, merged_into=merged.head).first()
        if part is not None:
            _stand(part, state=state, head=before, now=now)
            done += 1
    head = Conversation.objects.filter(brand=brand, pk=merged.head).first()
    if head is not None:
        settle(head, now=now)
        record(brand=brand, by=by, act="inbox.unmerge", subject=subject_of(head), after=done)
        tell(brand, ROOM, head.pk)
    return done


@transaction.atomic
def take_apart(*, conversation: Conversation, by: User, now: datetime) -> None:
    """Let one that was merged stand alone again, in the state of the one it stood in."""
    hold(conversation.brand)
    head = conversation.merged_into
    if head is None:
        return
    state = head.state if head.state != "snoozed" else "open"
    _stand(conversation, state=state, head=None, now=now)
    settle(head, now=now)
    record(
        brand=conversation.brand,
        by=by,
        act="inbox.unmerge",
        subject=subject_of(head),
        after=[subject_of(conversation)],
    )
    tell(conversation.brand, ROOM, head.pk)


def _stand(part: Conversation, *, state: str, head: int | None, now: datetime) -> None:
    if head is not None:
        change(part, merged_into_id=head)
    else:
        to = "open" if state == "snoozed" else state
        wound = clocks.wound(part, Terms(part.brand), now=now, to=to)
        change(part, merged_into=None, state=to, done_at=now if to == "done" else None, **wound)
    settle(part, now=now)
    tell(part.brand, ROOM, part.pk)


@transaction.atomic
def split(*, conversation: Conversation, messages: Sequence[int], by: User, now: datetime) -> Conversation:
    """Take chosen messages into a conversation of their own; some must stay behind. It goes on for itself:
    what answers one of these messages comes to it, all else stays with the first.

    Raises Unmergeable where nothing was chosen, or all, or nothing that its author said.
    """
    brand = conversation.brand
    hold(brand)
    rows = Message.objects.filter(conversation=conversation)
    chosen = list(rows.filter(pk__in=messages).order_by("at", "pk"))
    first = next((one for one in chosen if not one.ours), None)
    if first is None or len(chosen) == rows.count():
        raise Unmergeable
    waits = conversation.state in TO_DO
    made = Conversation.objects.create(
        brand=brand,
        channel_id=conversation.channel_id,
        thread_id=conversation.thread_id,
        author_id=conversation.author_id,
        address=first.address or conversation.address,
        state="open" if waits else conversation.state if conversation.state != "snoozed" else "open",
        assigned_to_id=conversation.assigned_to_id,
        team_id=conversation.team_id,
        priority=conversation.priority,
        opened_at=chosen[0].at,
        asked_at=None if chosen[-1].ours else chosen[-1].at,
        last_at=chosen[-1].at,
        split=True,
    )
    Message.objects.filter(pk__in=[one.pk for one in chosen]).update(conversation=made)
    change(made, **clocks.wound(made, Terms(brand), now=now))
    settle(made, now=now)
    settle(conversation, now=now)
    record(
        brand=brand,
        by=by,
        act="inbox.split",
        subject=subject_of(conversation),
        after={"into": subject_of(made), "messages": len(chosen)},
    )
    tell(brand, ROOM, conversation.pk)
    tell(brand, ROOM, made.pk)
    return made
