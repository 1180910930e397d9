"""Deciding on an answer: it leaves, as it is or as who approves put it, or goes back with a note.

What was said since is looked at again: an approval given over a newer message would be given blindly.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import Brand, Team, User
from palabre.channels.models import Channel
from palabre.inbox import attaching
from palabre.inbox.answering import (
    AlreadyAnswering,
    CannotAnswer,
    check,
    check_newer,
    last_asked,
    make_ready,
)
from palabre.inbox.approval.steps import asked
from palabre.inbox.approval.words import who_words
from palabre.inbox.models import Approves, Conversation, Reply
from palabre.inbox.receiving import ROOM
from palabre.inbox.records import subject_of
from palabre.inbox.states import ON_ITS_WAY, REPLY
from palabre.kit.states import Moved, move
from palabre.publishing.composing.content import Medium


class NotTheirs(Exception):
    """It is not this person's turn: they wrote it, or somebody else is asked."""


@transaction.atomic
def approve(
    *,
    reply: Reply,
    by: User,
    seen: int,
    now: datetime,
    text: str | None = None,
    media: Sequence[Medium] | None = None,
    anyway: bool = False,
) -> None:
    """Let an answer leave; `text` is what it says instead. `seen`: the last message the page showed.

    Raises Moved, NotTheirs, CannotAnswer, Unfit; Newer and AlreadyAnswering unless `anyway`.
    """
    reply = _held(reply, by)
    conversation = reply.conversation
    if not anyway:
        check_newer(conversation, text=reply.text, seen=seen)
        leaving = Reply.objects.filter(conversation=conversation, state__in=ON_ITS_WAY)
        if other := leaving.exclude(pk=reply.pk).select_related("by").first():
            raise AlreadyAnswering(other)
    before = {"text": reply.text}
    reply.text = reply.text if text is None else text
    reply.media = reply.media if media is None else attaching.written(media)
    to = reply.to or last_asked(conversation)
    if to is None:
        raise CannotAnswer
    check(conversation, to, text=reply.text, media=attaching.media_of(reply), now=now)
    last = conversation.messages.order_by("-pk").values_list("pk", flat=True).first()
    make_ready(
        reply,
        now=now,
        text=reply.text,
        media=reply.media,
        seen=last,
        decided_by=by,
        decided_at=now,
        note="",
    )
    changed = before["text"] != reply.text
    record(
        brand=reply.brand,
        by=by,
        act="inbox.approve",
        subject=subject_of(conversation),
        before=before if changed else None,
        after={"text": reply.text},
    )


@transaction.atomic
def send_back(*, reply: Reply, by: User, note: str, now: datetime) -> None:
    """Give an answer back to its writer, who sees why. Raises Moved, NotTheirs; ValueError without a note."""
    if not note.strip():
        raise ValueError("who sends back says why")
    reply = _held(reply, by)
    move(reply, REPLY, to="returned", decided_by=by, decided_at=now, note=note.strip(), told_at=None)
    record(
        brand=reply.brand,
        by=by,
        act="inbox.send_back",
        subject=subject_of(reply.conversation),
        before={"text": reply.text},
        why=note.strip(),
    )
    tell(reply.brand, ROOM, reply.conversation_id)


def _held(reply: Reply, by: User) -> Reply:
    """The answer, kept from changing; its conversation before it, as everybody who takes both does."""
    conversations = Conversation.objects.select_for_update(of=("self",)).select_related("channel__brand")
    conversation = conversations.get(pk=reply.conversation_id)
    rows = Reply.objects.select_for_update(of=("self",)).select_related("brand", "by", "to__item")
    found = rows.filter(pk=reply.pk, state="asked").first()
    if found is None:
        raise Moved("no longer asked")
    found.conversation = conversation
    (one,) = asked(found.brand, [found])
    if by.pk not in one.turn.people:
        raise NotTheirs
    return found


@transaction.atomic
def set_approver(
    *,
    brand: Brand,
    channel: Channel | None,
    by: User,
    kind: str,
    role: str = "",
    person: User | None = None,
    team: Team | None = None,
) -> None:
    """Say who approves answers, for the brand or one account; `kind` "" takes the row away: nobody for a
    brand, as its brand for an account. What waits by then waits for an owner at least."""
    rows = Approves.objects.filter(channel=channel)
    before = rows.select_related("person", "team").first()
    rows.delete()
    after = None
    if kind:
        after = Approves.objects.create(
            brand=brand, channel=channel, kind=kind, role=role, person=person, team=team
        )
    record(
        brand=brand,
        by=by,
        act="inbox.approvers",
        subject=str(channel) if channel else brand.name,
        before=str(who_words(before)),
        after=str(who_words(after)),
    )
