"""Writing an answer: a draft that is kept, then a reply that is ready to leave. Writes only.

Nothing is answered over the head of somebody: who writes sees the last message first (`Newer`), and what
another of ours is sending (`AlreadyAnswering`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import User
from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.channels.words import manifest_of
from palabre.inbox.models import Conversation, Message, Reply
from palabre.inbox.nudge import wake
from palabre.inbox.receiving import ROOM
from palabre.inbox.records import subject_of
from palabre.inbox.states import ON_ITS_WAY, REPLY
from palabre.kit.states import move
from palabre.networks.checks import problems
from palabre.networks.contract import Capability
from palabre.networks.errors import Problem
from palabre.networks.outgoing import Outgoing, Part, Target
from palabre.networks.rules import PostingRules, answering


@dataclass
class Newer(Exception):
    """Somebody said something that the writer has not read yet."""

    messages: Sequence[Message]


@dataclass
class AlreadyAnswering(Exception):
    """A colleague's answer is on its way to the same conversation."""

    reply: Reply


@dataclass
class Unfit(Exception):
    """The network's rules refuse it: what has to change, each at its place."""

    problems: tuple[Problem, ...]


class CannotAnswer(Exception):
    """Nothing can be answered from here: the network or the account does not allow it, or nobody asked."""


def rules_of_answers(channel: Channel) -> PostingRules | None:
    """What an answer on this account may be; None where none can be sent."""
    manifest = manifest_of(channel.network)
    if channel.by_hand or manifest is None or Capability.REPLY not in manifest.capabilities:
        return None
    return answering(rules_for(channel))


def keep_draft(*, conversation: Conversation, by: User, text: str, now: datetime) -> Reply | None:
    """Keep what is being written, one draft a person; an empty text takes it away."""
    mine = Reply.objects.filter(conversation=conversation, by=by, state="draft")
    if not text.strip():
        mine.delete()
        return None
    to = last_asked(conversation)
    if to is None:
        return None
    draft, made = Reply.objects.get_or_create(
        conversation=conversation,
        by=by,
        state="draft",
        defaults={
            "brand_id": conversation.brand_id,
            "to": to,
            "target_id": to.item.remote_id,
            "target_url": to.item.url,
            "text": text,
            "changed_at": now,
        },
    )
    if not made:
        mine.update(text=text, changed_at=now)
        draft.text = text
    return draft


def last_asked(conversation: Conversation) -> Message | None:
    """What an answer answers unless one says otherwise: the last that they said and that still stands."""
    standing = conversation.messages.filter(ours=False, gone_at=None)
    return standing.select_related("item").order_by("-at", "-pk").first()


@transaction.atomic
def answer(
    *,
    conversation: Conversation,
    by: User,
    text: str,
    seen: int,
    then: str,
    now: datetime,
    to: Message | None = None,
    anyway: bool = False,
) -> Reply:
    """Make an answer ready to leave. `seen` is the last message its writer had before them.

    Raises CannotAnswer, Unfit; Newer and AlreadyAnswering unless `anyway`. Sent again with the same words
    while it is on its way, it is that same answer: two clicks are one.
    """
    conversation = Conversation.objects.select_for_update().select_related("channel").get(pk=conversation.pk)
    rules = rules_of_answers(conversation.channel)
    target = to or last_asked(conversation)
    if rules is None or target is None or conversation.channel.state == "removed":
        raise CannotAnswer
    under_way = Reply.objects.filter(conversation=conversation, state__in=ON_ITS_WAY)
    for other in under_way.select_related("by"):
        if other.by_id == by.pk and other.text == text:
            return other
        if not anyway:
            raise AlreadyAnswering(other)
    newer = conversation.messages.filter(pk__gt=seen, gone_at=None).exclude(ours=True, item__text=text)
    if not anyway and newer.exists():
        raise Newer(list(newer.select_related("item__author").order_by("at", "pk")))
    if found := problems(_as_outgoing(text, target, now), rules):
        raise Unfit(found)
    last = conversation.messages.order_by("-pk").values_list("pk", flat=True).first()
    Reply.objects.filter(conversation=conversation, by=by, state="draft").delete()
    reply = Reply.objects.create(
        brand_id=conversation.brand_id,
        conversation=conversation,
        to=target,
        target_id=target.item.remote_id,
        target_url=target.item.url,
        by=by,
        text=text,
        then=then,
        seen=last,
        changed_at=now,
    )
    _make_ready(reply, now=now)
    return reply


@transaction.atomic
def try_again(*, reply: Reply, by: User, now: datetime) -> None:
    """A person wants a refused or failed answer to leave once more, with the same key."""
    record(brand=reply.brand, by=by, act="inbox.retry", subject=subject_of(reply.conversation))
    _make_ready(reply, now=now)


@transaction.atomic
def take_back(*, reply: Reply, by: User, now: datetime) -> None:
    """Back to the draft, to be changed; it must not have left. Raises `kit.states.Moved` if it is leaving."""
    Reply.objects.filter(conversation=reply.conversation, by=by, state="draft").delete()
    move(
        reply, REPLY, to="draft", by=by, changed_at=now, error_code="", error_params={}, problems=[], tries=0
    )
    tell(reply.brand, ROOM, reply.conversation_id)


@transaction.atomic
def drop(*, reply: Reply, by: User) -> None:
    """Give an answer up that did not leave."""
    move(reply, REPLY, to="dropped")
    record(
        brand=reply.brand,
        by=by,
        act="inbox.drop",
        subject=subject_of(reply.conversation),
        before={"text": reply.text},
    )
    tell(reply.brand, ROOM, reply.conversation_id)


def _make_ready(reply: Reply, *, now: datetime) -> None:
    move(reply, REPLY, to="ready", try_at=now, error_code="", error_params={}, problems=[])
    tell(reply.brand, ROOM, reply.conversation_id)
    wake()


def _as_outgoing(text: str, to: Message, now: datetime) -> Outgoing:
    target = Target(remote_id=to.item.remote_id, url=to.item.url)
    return Outgoing(key="checked-only", begun_at=now, parts=(Part(text=text),), reply_to=target)
