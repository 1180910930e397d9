"""What the pages of the inbox show: the list, one conversation with its whole thread, the counts.

Everything here runs in the brand's scope.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django_scopes import scope

from palabre.agency.models import Brand, Team, User
from palabre.inbox.models import (
    AuthorCard,
    Conversation,
    Labelled,
    Line,
    Message,
    Note,
    Reply,
    Watch,
)
from palabre.inbox.searching import query_of
from palabre.inbox.states import STUCK, TO_DO
from palabre.networks.items import Address
from palabre.stream.models import Author, Sentiment

PAGE = 40
"""Conversations of one page of the list."""
SHOWN = 200
"""Messages of a thread that are shown at once: those around what is answered; the rest is a link away."""

TABS = ("todo", "mine", "waiting", "snoozed", "done", "all")
"""The lists there are, in their order: whose turn it is."""


def _in_tab(tab: str, reader: User) -> Q:
    """What a list holds; `mine` is what the reader, or a team of theirs, has taken on."""
    match tab:
        case "todo":
            return Q(state__in=TO_DO)
        case "mine":
            teams = Team.objects.filter(members__user=reader).values("pk")
            return Q(state__in=TO_DO) & (Q(assigned_to=reader) | Q(team__in=teams))
        case "all":
            return Q()
        case state:
            return Q(state=state)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a reader asks the list for; empty asks for everything."""

    tab: str = "todo"
    channel: int | None = None
    address: str = ""
    words: str = ""
    unhappy: bool = False
    nobody: bool = False
    watched: bool = False
    label: int | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """From a query string; what cannot be read is not asked for."""
        tab, address = asked.get("tab", ""), asked.get("kind", "")
        return cls(
            tab=tab if tab in TABS else "todo",
            channel=_number(asked.get("channel", "")),
            address=address if address in set(Address) else "",
            words=asked.get("q", "").strip()[:200],
            unhappy=asked.get("tone") == "negative",
            nobody=asked.get("whose") == "nobody",
            watched=asked.get("whose") == "watched",
            label=_number(asked.get("label", "")),
        )

    def query(self) -> dict[str, str]:
        """Back to a query string, without what is usual."""
        told = {
            "tab": self.tab if self.tab != "todo" else "",
            "channel": str(self.channel or ""),
            "kind": self.address,
            "q": self.words,
            "tone": "negative" if self.unhappy else "",
            "whose": "nobody" if self.nobody else "watched" if self.watched else "",
            "label": str(self.label or ""),
        }
        return {name: value for name, value in told.items() if value}


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 18 else None


def conversations(wanted: Wanted, reader: User) -> "QuerySet[Conversation]":
    """What the filter lets through, the latest word first."""
    rows = Conversation.objects.filter(_in_tab(wanted.tab, reader))
    if wanted.tab in ("done", "all"):
        rows = rows.filter(merged_into=None)  # a part rests as done: the other lists hold none
    if wanted.label is not None:
        rows = rows.filter(Exists(Labelled.objects.filter(conversation=OuterRef("pk"), label=wanted.label)))
    if wanted.watched:
        rows = rows.filter(Exists(Watch.objects.filter(conversation=OuterRef("pk"), user=reader)))
    if wanted.nobody:
        rows = rows.filter(assigned_to=None, team=None)
    if wanted.channel is not None:
        rows = rows.filter(channel=wanted.channel)
    if wanted.address:
        rows = rows.filter(address=wanted.address)
    if wanted.unhappy:
        rows = rows.filter(last__item__tone=Sentiment.NEGATIVE)
    if wanted.words:
        sought = query_of(wanted.words)
        rows = rows.filter(search=sought) if sought is not None else rows.none()
    return rows.order_by("-last_at", "-pk")


def page_of(wanted: Wanted, reader: User, before: tuple[datetime, int] | None = None) -> list[Conversation]:
    """One page of the list and one row more, by which one sees that there is a next page."""
    rows = conversations(wanted, reader)
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(last_at__lt=at) | Q(last_at=at, pk__lt=pk))
    beside = ("author", "channel", "last__item", "assigned_to", "team")
    labels = Prefetch("labelled", Labelled.objects.select_related("label").order_by("label__place", "pk"))
    greatly = Prefetch("author__card", AuthorCard.objects.filter(vip=True).only("author_id", "vip"))
    narrow = rows.select_related(*beside).defer("search", "last__item__search")
    return list(narrow.prefetch_related(labels, greatly)[: PAGE + 1])


def counts(reader: User) -> dict[str, int]:
    """How many conversations the lists hold in which something is still to come; what is done is not counted:
    nobody has to do anything about that number, and it is the great one."""
    coming = Conversation.objects.filter(state__in=[*TO_DO, "waiting", "snoozed"])
    by_state = dict(coming.values_list("state").annotate(n=Count("pk")))
    return {
        "todo": sum(by_state.get(state, 0) for state in TO_DO),
        "mine": Conversation.objects.filter(_in_tab("mine", reader)).count(),
        "waiting": by_state.get("waiting", 0),
        "snoozed": by_state.get("snoozed", 0),
    }


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One conversation as its page shows it. `others` counts what is in the thread and not shown here,
    `earlier` what was said in it before. `parts` were merged into it: their words stand among its own.
    """

    conversation: Conversation
    parts: Sequence[Conversation]
    labelled: Sequence[Labelled]
    watchers: Sequence[User]
    earlier: int
    above: Sequence[Message]
    messages: Sequence[Message]
    notes: Sequence[Note]
    replies: Sequence[Reply]
    sent: Mapping[str, Reply]
    draft: Reply | None
    seen: int
    others: int

    @property
    def talk(self) -> list[Message | Note]:
        """What was said and what colleagues noted, as it came."""
        return sorted([*self.messages, *self.notes], key=lambda one: one.at)


def opened(pk: int, reader: User) -> Opened:
    """A conversation with what stands above it, all its words and what is on its way.

    Raises Conversation.DoesNotExist.
    """
    found = Conversation.objects.select_related(
        "author", "channel__brand", "thread__root__author", "last__item", "assigned_to", "team"
    ).get(pk=pk)
    parts = list(found.parts.select_related("author", "channel", "thread").order_by("pk"))
    all_ = [found, *parts]
    rows = Message.objects.select_related("item__author").filter(thread__in=[one.thread_id for one in all_])
    theirs = rows.filter(conversation__in=all_)
    mine = list(theirs.order_by("-at", "-pk")[: SHOWN + 1])[::-1]
    earlier = theirs.count() - SHOWN if len(mine) > SHOWN else 0
    mine = mine[-SHOWN:]
    parents = {message.item.reply_to for message in mine} - {message.item.remote_id for message in mine}
    wanted = Q(item__remote_id__in=parents | {one.thread.remote_id for one in all_})
    above = list(rows.filter(wanted).exclude(conversation__in=all_).order_by("at", "pk")[:SHOWN])
    replies = Reply.objects.filter(conversation__in=all_).select_related("by", "to__item", "conversation")
    every = list(replies.order_by("pk"))
    unsent = [reply for reply in every if reply.state not in ("sent", "deleted", "dropped")]
    watches = Watch.objects.filter(conversation=found).select_related("user").order_by("at", "pk")
    labels = Labelled.objects.filter(conversation=found).select_related("label")
    return Opened(
        conversation=found,
        parts=parts,
        labelled=list(labels.order_by("label__place", "pk")),
        watchers=[watch.user for watch in watches],
        earlier=earlier,
        above=above,
        messages=mine,
        notes=list(Note.objects.filter(conversation__in=all_).select_related("by")[:SHOWN]),
        replies=[reply for reply in unsent if reply.state != "draft"],
        sent={reply.remote_id: reply for reply in every if reply.state == "sent" and reply.remote_id},
        draft=next((one for one in unsent if one.state == "draft" and one.by_id == reader.pk), None),
        seen=max((message.pk for message in mine), default=0),
        others=rows.exclude(conversation__in=all_).exclude(pk__in=[one.pk for one in above]).count(),
    )


def rest_of_thread(conversation: Conversation, after: tuple[datetime, int] | None = None) -> list[Message]:
    """What others said in the same thread, the first of it or what follows; one more than `SHOWN` where
    there is more."""
    rows = Message.objects.filter(thread=conversation.thread_id).exclude(conversation=conversation)
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(at__gt=at) | Q(at=at, pk__gt=pk))
    return list(rows.select_related("item__author").order_by("at", "pk")[: SHOWN + 1])


def said_before(conversation: Conversation, before: tuple[datetime, int]) -> list[Message]:
    """What was said in a conversation before a message, the latest of it, in its order; one more than
    `SHOWN`, at the beginning, where there is more."""
    at, pk = before
    parts = [one.pk for one in conversation.parts.only("pk")]
    rows = Message.objects.filter(conversation__in=[conversation.pk, *parts])
    rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk)).select_related("item__author")
    return list(rows.order_by("-at", "-pk")[: SHOWN + 1])[::-1]


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is known of an author. Tones are shares in percent of what they said; None: nothing is held."""

    author: Author
    conversations: int
    messages: int
    first_at: datetime | None
    tones: tuple[tuple[str, int], ...] | None
    latest: Sequence[Conversation]


def card_of(conversation: Conversation) -> Card:
    """The author beside their conversation: what we said to each other before."""
    author = conversation.author
    before = Conversation.objects.filter(author=author)
    tones = dict(author.items.values_list("tone").annotate(n=Count("pk")))
    total = sum(tones.values())
    names = ((Sentiment.POSITIVE, "pos"), (Sentiment.NEUTRAL, "neu"), (Sentiment.NEGATIVE, "neg"))
    shares = tuple((name, round(100 * tones.get(tone, 0) / total)) for tone, name in names) if total else None
    latest = before.exclude(pk=conversation.pk).select_related("last__item", "channel")
    return Card(
        author=author,
        conversations=before.count(),
        messages=total,
        first_at=author.first_seen_at,
        tones=shares,
        latest=list(latest.order_by("-last_at")[:5]),
    )


def next_of(
    wanted: Wanted, reader: User, after: Conversation, skip: Collection[int] = ()
) -> Conversation | None:
    """The conversation that follows this one in the list, else the first of it; none that is skipped."""
    rows = conversations(wanted, reader).exclude(pk__in=[after.pk, *skip])
    later = rows.filter(Q(last_at__lt=after.last_at) | Q(last_at=after.last_at, pk__lt=after.pk)).first()
    return later or rows.first()


def lines() -> list[Line]:
    """Every way the brand's accounts are heard."""
    return list(Line.objects.select_related("channel").order_by("channel__network", "channel_id", "ear"))


def undecided() -> QuerySet[Reply]:
    """Answers that wait for a person: they did not leave, or nobody can tell whether they did."""
    return Reply.objects.filter(Q(state__in=STUCK) | Q(state="unknown", try_at=None))


def stuck() -> int:
    """How many those are."""
    return undecided().count()


def asked() -> int:
    """Answers that wait for somebody's approval."""
    return Reply.objects.filter(state="asked").count()


def counter(request: HttpRequest, brand: Any) -> int:
    """What the side bar says of this room: conversations in which it is our turn. Pages outside a brand
    ask too, for the brand the reader was in last."""
    assert isinstance(brand, Brand)
    with scope(brand=brand):
        return Conversation.objects.filter(state__in=TO_DO).count()
