"""Writing an answer: a draft that is kept, then a reply that is ready to leave. Writes only.

Nothing is answered over the head of somebody: who writes sees the last message first (`Newer`), and what
another of ours is sending, or has asked leave to send (`AlreadyAnswering`). Where answers are approved it is
`asked` first; see `approval`.
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
from palabre.inbox import attaching
from palabre.inbox.approval.steps import approver_of
from palabre.inbox.models import Conversation, Message, Reply
from palabre.inbox.nudge import wake
from palabre.inbox.receiving import ROOM, all_of, words_of
from palabre.inbox.records import subject_of
from palabre.inbox.states import ON_ITS_WAY, REPLY
from palabre.kit.states import move
from palabre.networks.checks import problems
from palabre.networks.contract import Capability
from palabre.networks.errors import Problem, Rejected
from palabre.networks.outgoing import Outgoing, Part, Target
from palabre.networks.rules import PostingRules, answering
from palabre.publishing.composing.content import Medium


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


def rules_of_answers(channel: Channel | None) -> PostingRules | None:
    """What an answer on this account may be; None where none can be sent, and without an account."""
    if channel is None:
        return None
    manifest = manifest_of(channel.network)
    if channel.by_hand or manifest is None or Capability.REPLY not in manifest.capabilities:
        return None
    return answering(rules_for(channel))


def keep_draft(
    *,
    conversation: Conversation,
    by: User,
    text: str | None,
    now: datetime,
    media: Sequence[Medium] | None = None,
) -> Reply | None:
    """Keep what is being written, one draft a person; without words and files it goes.

    None for the text or the files leaves them as they are kept.
    """
    mine = Reply.objects.filter(conversation__in=all_of(conversation), by=by, state="draft")
    kept = mine.first()
    text = (kept.text if kept else "") if text is None else text
    files = (kept.media if kept else []) if media is None else attaching.written(media)
    if not text.strip() and not files:
        mine.delete()
        return None
    to = last_asked(conversation)
    if to is None:
        return None
    draft, made = Reply.objects.get_or_create(
        conversation_id=kept.conversation_id if kept else to.conversation_id or conversation.pk,
        by=by,
        state="draft",
        defaults={
            "brand_id": conversation.brand_id,
            "to": to,
            "target_id": to.item.remote_id,
            "target_url": to.item.url,
            "text": text,
            "media": files,
            "changed_at": now,
        },
    )
    if not made:
        mine.update(text=text, media=files, changed_at=now)
        draft.text, draft.media = text, files
    return draft


def last_asked(conversation: Conversation) -> Message | None:
    """What an answer answers unless one says otherwise: the last that they said and that still stands."""
    standing = words_of(conversation).filter(ours=False, gone_at=None)
    return standing.select_related("item").order_by("-at", "-pk").first()


@transaction.atomic
def answer(
    *,
    conversation: Conversation,
    by: User | None,
    text: str,
    seen: int,
    then: str,
    now: datetime,
    to: Message | None = None,
    anyway: bool = False,
    media: Sequence[Medium] = (),
) -> Reply:
    """Make an answer ready to leave, or ask for leave where answers are approved. `seen` is the last message
    its writer had before them; `by` None: a rule answers.

    Raises CannotAnswer, Unfit; Newer and AlreadyAnswering unless `anyway`. Sent again with the same words
    while it is on its way, it is that same answer: two clicks are one.
    """
    locked = Conversation.objects.select_for_update(of=("self",)).select_related("channel")
    whole = locked.get(pk=conversation.pk)
    target = to or last_asked(whole)
    if target is None:
        raise CannotAnswer
    # What was merged is answered where it was said, by the account it was said to.
    conversation = (
        whole if target.conversation_id == whole.pk else locked.get(pk=target.conversation_id or whole.pk)
    )
    if rules_of_answers(conversation.channel) is None or conversation.channel.state == "removed":
        raise CannotAnswer
    under_way = Reply.objects.filter(conversation__in=all_of(whole), state__in=(*ON_ITS_WAY, "asked"))
    for other in under_way.select_related("by"):
        if other.by == by and other.text == text and other.media == attaching.written(media):
            return other
        if not anyway:
            raise AlreadyAnswering(other)
    if not anyway:
        check_newer(whole, text=text, seen=seen)
    check(conversation, target, text=text, media=media, now=now)
    last = words_of(whole).order_by("-pk").values_list("pk", flat=True).first()
    Reply.objects.filter(conversation__in=all_of(whole), by=by, state="draft").delete()
    reply = Reply.objects.create(
        brand_id=conversation.brand_id,
        conversation=conversation,
        to=target,
        target_id=target.item.remote_id,
        target_url=target.item.url,
        by=by,
        text=text,
        media=attaching.written(media),
        then=then,
        seen=last,
        changed_at=now,
    )
    if approver_of(conversation.channel) is not None:
        _ask(reply, by=by, now=now)
    else:
        make_ready(reply, now=now)
    return reply


def check_newer(conversation: Conversation, *, text: str, seen: int) -> None:
    """Nothing, if nothing was said since. Raises Newer."""
    newer = words_of(conversation).filter(pk__gt=seen, gone_at=None).exclude(ours=True, item__text=text)
    if newer.exists():
        raise Newer(list(newer.select_related("item__author").order_by("at", "pk")))


def check(
    conversation: Conversation, to: Message, *, text: str, media: Sequence[Medium], now: datetime
) -> None:
    """Nothing, if it may leave as it is. Raises CannotAnswer, Unfit."""
    rules = rules_of_answers(conversation.channel)
    if rules is None:
        raise CannotAnswer
    found = problems_of(conversation.channel, rules, text=text, media=media, now=now, to=to)
    if found:
        raise Unfit(found)


def problems_of(
    channel: Channel,
    rules: PostingRules,
    *,
    text: str,
    media: Sequence[Medium],
    now: datetime,
    to: Message | None = None,
) -> tuple[Problem, ...]:
    """What the network's rules for answers, or the rights of a file, have against it."""
    target = Target(remote_id=to.item.remote_id, url=to.item.url) if to else Target(remote_id="checked-only")
    part = Part(text=text, media=attaching.as_sent(media, rules))
    outgoing = Outgoing(key="checked-only", begun_at=now, parts=(part,), reply_to=target)
    return (*problems(outgoing, rules), *attaching.forbidden(media, channel, now))


def _ask(reply: Reply, *, by: User | None, now: datetime) -> None:
    move(reply, REPLY, to="asked", asked_at=now, told_at=None)
    record(
        brand=reply.brand,
        by=by,
        act="inbox.ask",
        subject=subject_of(reply.conversation),
        after={"text": reply.text},
    )
    tell(reply.brand, ROOM, reply.conversation_id)


@transaction.atomic
def try_again(*, reply: Reply, by: User, now: datetime) -> None:
    """A person wants a refused or failed answer to leave once more, with the same key."""
    record(brand=reply.brand, by=by, act="inbox.retry", subject=subject_of(reply.conversation))
    make_ready(reply, now=now)


@transaction.atomic
def take_back(*, reply: Reply, by: User, now: datetime) -> None:
    """Back to the draft, to be changed; it must not have left. Raises `kit.states.Moved` if it is leaving.

    What the person was typing meanwhile stays, below.
    """
    own = Reply.objects.filter(conversation=reply.conversation, by=by, state="draft")
    text, media = reply.text, reply.media
    for draft in own.select_for_update():
        text = "\n\n".join(each for each in (text, draft.text) if each.strip())
        media = [*media, *(one for one in draft.media if one not in media)]
    own.delete()
    if reply.state == "asked":
        record(brand=reply.brand, by=by, act="inbox.withdraw", subject=subject_of(reply.conversation))
    move(
        reply,
        REPLY,
        to="draft",
        by=by,
        text=text,
        media=media,
        files=[],
        changed_at=now,
        error_code="",
        error_params={},
        problems=[],
        tries=0,
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


def make_ready(reply: Reply, *, now: datetime, **changes: object) -> None:
    """It may leave; its files are frozen. Raises Unfit for a file that cannot be made ready."""
    channel = reply.conversation.channel
    if reply.media and not reply.files:
        rules = rules_of_answers(channel)
        assert rules is not None
        try:
            changes["files"] = attaching.frozen(attaching.media_of(reply), channel, rules)
        except Rejected as refused:
            raise Unfit(refused.problems) from None
    move(reply, REPLY, to="ready", try_at=now, error_code="", error_params={}, problems=[], **changes)
    tell(reply.brand, ROOM, reply.conversation_id)
    wake()
