"""What an account heard, put into conversations: on the path after `stream.store`, before anybody is told.

Idempotent: a page that comes again, by the same ear or by another, changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from palabre.agency.live import tell
from palabre.channels.models import Channel
from palabre.inbox.models import Conversation, Message, Thread
from palabre.inbox.pace import clocks
from palabre.inbox.pace.terms import Terms
from palabre.inbox.room import ROOM
from palabre.inbox.searching import index
from palabre.inbox.states import CONVERSATION, TO_DO
from palabre.inbox.watching import say_again
from palabre.kit.states import move
from palabre.networks.items import Address, RemoteAuthor, RemoteItem
from palabre.stream.lock import hold
from palabre.stream.models import Author, Item
from palabre.stream.tidy import key as tidy_key

__all__ = ["ROOM", "Arrival", "all_of", "change", "head_of", "receive", "settle", "take_away", "words_of"]


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Something an account heard that is stored: `item` is its row, `above` the rows it hangs under, the
    root first; `edited`: it was known and says something else now. `counterpart` as in `Said`."""

    said: RemoteItem
    address: Address
    item: int
    above: tuple[int, ...] = ()
    held: bool = False
    edited: bool = False
    counterpart: RemoteAuthor | None = None


@transaction.atomic
def receive(*, channel: Channel, arrivals: Sequence[Arrival], now: datetime) -> list[Conversation]:
    """Put what was heard where it belongs; the conversations in which something is new, in their order.

    In the channel's brand and under its lock, so that two ears of one account never write beside each other.
    """
    brand = channel.brand
    hold(brand)
    told: dict[int, Conversation] = {}
    terms = Terms(brand)
    for arrival in sorted(arrivals, key=lambda one: one.said.published_at or now):
        conversation = _file(channel, arrival, terms, now=now)
        if conversation is not None:
            told[conversation.pk] = conversation
    for conversation in told.values():
        tell(brand, ROOM, conversation.pk)
    return list(told.values())


@transaction.atomic
def take_away(*, channel: Channel, remote_ids: Sequence[str], now: datetime) -> int:
    """What its author or the network deleted: its words go, that something stood there stays. How many."""
    hold(channel.brand)
    keys = [tidy_key(one) for one in remote_ids]
    rows = Message.objects.filter(thread__channel=channel, item__remote_id__in=keys, gone_at=None)
    found = list(rows.values_list("pk", "item_id", "conversation_id"))
    Message.objects.filter(pk__in=[pk for pk, _, _ in found]).update(gone_at=now)
    Item.objects.filter(pk__in=[item for _, item, _ in found]).update(title="", text="", image_urls=[])
    for conversation in {one for _, _, one in found if one is not None}:
        settle(Conversation.objects.get(pk=conversation), now=now)
        tell(channel.brand, ROOM, conversation)
    return len(found)


def _file(channel: Channel, arrival: Arrival, terms: Terms, *, now: datetime) -> Conversation | None:
    """The conversation in which this is new, None where nothing is."""
    item = Item.objects.select_related("author").get(pk=arrival.item)
    thread = _thread(channel, arrival, item)
    for above in arrival.above:
        _read_above(channel, thread, above)
    ours = arrival.address is Address.OURS
    author = _counterpart(channel, arrival, item, thread) if ours else item.author
    conversation = _conversation(channel, thread, author, item, arrival) if author else None
    known = Message.objects.filter(thread=thread, item=item).first()
    if known is not None:
        return _again(known, conversation, arrival, terms, now=now)
    Message.objects.create(
        brand_id=channel.brand_id,
        thread=thread,
        conversation=conversation,
        item=item,
        address=arrival.address,
        ours=ours,
        held=arrival.held,
        at=item.occurred_at,
    )
    if conversation is None:
        return None
    head = head_of(conversation)
    if ours:
        _answered(head, terms, at=item.occurred_at, now=now)
    else:
        _asked(head, terms, at=item.occurred_at)
    settle(head, now=now)
    return head


def _again(
    known: Message, conversation: Conversation | None, arrival: Arrival, terms: Terms, *, now: datetime
) -> Conversation | None:
    """What was met before: edited, approved, given back, or read above another until now."""
    changes: dict[str, Any] = {}
    if arrival.edited:
        changes["edited_at"] = now
    if known.held != arrival.held:
        changes["held"] = arrival.held
    if known.gone_at is not None:
        changes["gone_at"] = None
    first = known.conversation_id is None and conversation is not None
    if first:
        changes |= {"conversation": conversation, "address": arrival.address}
        changes |= {"ours": arrival.address is Address.OURS}
    if not changes:
        return None
    Message.objects.filter(pk=known.pk).update(**changes)
    found = known.conversation or conversation
    if found is None:
        return None
    target = head_of(found)
    if first and arrival.address is not Address.OURS:
        _asked(target, terms, at=known.at)
    settle(target, now=now)
    return target


def _thread(channel: Channel, arrival: Arrival, item: Item) -> Thread:
    root = tidy_key(arrival.said.thread_id or arrival.said.remote_id)
    thread = Thread.objects.filter(channel=channel, remote_id=root).first() or _adopted(channel, root)
    if thread is None:
        thread = Thread.objects.create(brand_id=channel.brand_id, channel=channel, remote_id=root)
    if thread.root_id is None:
        candidates = [item.pk, *arrival.above]
        found = Item.objects.filter(pk__in=candidates, remote_id=root, network=channel.network).first()
        if found is not None:
            thread.root = found
            thread.save(update_fields=["root"])
    return thread


def _read_above(channel: Channel, thread: Thread, above: int) -> None:
    """What something hangs under is part of its thread, though nobody has to answer it."""
    row = Item.objects.values("occurred_at", "author__remote_id").get(pk=above)
    Message.objects.get_or_create(
        thread=thread,
        item_id=above,
        defaults={
            "brand_id": channel.brand_id,
            "ours": row["author__remote_id"] in (channel.account, channel.url),
            "at": row["occurred_at"],
        },
    )


def _adopted(channel: Channel, root: str) -> Thread | None:
    """What listening had brought before an account heard of it is this account's from now on."""
    thread = Thread.objects.filter(channel=None, network=channel.network, remote_id=root).first()
    if thread is not None:
        Thread.objects.filter(pk=thread.pk).update(channel=channel)
        Conversation.objects.filter(thread=thread, channel=None).update(channel=channel)
        thread.channel = channel
    return thread


def _counterpart(channel: Channel, arrival: Arrival, item: Item, thread: Thread) -> Author | None:
    """Whom the account answered: the author of what stands above, if it is a conversation already."""
    parent = tidy_key(arrival.said.reply_to or "")
    if parent:
        above = Message.objects.filter(thread=thread, item__remote_id=parent, ours=False)
        message = above.select_related("item__author").first()
        if message is not None and message.conversation_id is not None:
            return message.item.author
    if arrival.counterpart is not None:
        return Author.objects.filter(
            network=channel.network,
            remote_id=tidy_key(arrival.counterpart.remote_id),
            pk__in=thread.conversations.values("author"),
        ).first()
    return None


def _conversation(
    channel: Channel, thread: Thread, author: Author, item: Item, arrival: Arrival
) -> Conversation | None:
    """That of this author in this thread; a new one begins with what was said to us, not with us."""
    found = _standing(thread, author, arrival)
    if found is not None or arrival.address is Address.OURS:
        return found
    return Conversation.objects.create(
        brand_id=channel.brand_id,
        channel=channel,
        thread=thread,
        author=author,
        address=arrival.address,
        opened_at=item.occurred_at,
        last_at=item.occurred_at,
    )


def _standing(thread: Thread, author: Author, arrival: Arrival) -> Conversation | None:
    """Where this author's words in this thread go: to what was split off when they go on from there."""
    rows = list(Conversation.objects.filter(thread=thread, author=author).order_by("split", "pk"))
    parent = tidy_key(arrival.said.reply_to or "")
    if parent and any(row.split for row in rows):
        above = Message.objects.filter(thread=thread, item__remote_id=parent).first()
        rows = [row for row in rows if above and row.pk == above.conversation_id] or rows
    return rows[0] if rows else None


def _asked(conversation: Conversation, terms: Terms, *, at: datetime) -> None:
    """Somebody spoke to us: our turn, unless we have said something since. Who was held to be answered
    (`done`, `waiting`) waits from now on, not since what they asked before."""
    ours = words_of(conversation).filter(ours=True).aggregate(last=Max("at"))["last"]
    if ours is not None and ours > at:
        return
    waits = conversation.asked_at is not None and conversation.state not in ("done", "waiting")
    changes: dict[str, Any] = {} if waits else {"asked_at": at}
    if conversation.state in TO_DO:
        change(conversation, **clocks.wound(conversation, terms, now=at, **changes))
    else:
        changes |= {"snoozed_until": None, "done_at": None}
        wound = clocks.wound(conversation, terms, now=at, to="open", **changes)
        move(conversation, CONVERSATION, to="open", **wound)
        say_again([conversation])


def _answered(conversation: Conversation, terms: Terms, *, at: datetime, now: datetime) -> None:
    """Said on the network itself, without Palabre: nothing is left to do here, unless more was said since."""
    theirs = words_of(conversation).filter(ours=False).aggregate(last=Max("at"))["last"]
    if theirs is not None and theirs > at:
        return
    clocks.answered(conversation, terms, at=at, by=None)
    changes: dict[str, Any] = {"asked_at": None}
    if conversation.answered_at is None:
        changes["answered_at"] = at
    if conversation.state in ("open", "pending", "snoozed"):
        clocks.resolved([conversation], terms, at=now, by=None)
        changes |= {"done_at": now, "snoozed_until": None}
        wound = clocks.wound(conversation, terms, now=now, to="done", **changes)
        move(conversation, CONVERSATION, to="done", **wound)
    else:
        change(conversation, **clocks.wound(conversation, terms, now=now, **changes))


def head_of(conversation: Conversation) -> Conversation:
    """The conversation that shows this one: itself unless it was merged into another."""
    if conversation.merged_into_id is None:
        return conversation
    return Conversation.objects.get(pk=conversation.merged_into_id)


def all_of(conversation: Conversation) -> list[int]:
    """A conversation and those that were merged into it."""
    parts = Conversation.objects.filter(merged_into=conversation.pk).values_list("pk", flat=True)
    return [conversation.pk, *parts]


def words_of(conversation: Conversation) -> "QuerySet[Message]":
    """What was said in a conversation and in those that were merged into it."""
    return Message.objects.filter(conversation__in=all_of(conversation))


def settle(conversation: Conversation, *, now: datetime) -> None:
    """The figures of a conversation, or of the one it was merged into, from the messages as they stand."""
    head = head_of(conversation)
    said = words_of(head)
    rows = said.aggregate(counted=Count("pk"), last_at=Max("at"))
    last = said.order_by("-at", "-pk").first()
    change(head, counted=rows["counted"], last_at=rows["last_at"] or now, last=last)
    index(head)


def change(conversation: Conversation, **changes: object) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(**changes)
    for name, value in changes.items():
        setattr(conversation, name, value)
