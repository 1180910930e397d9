"""What the pages of moderation show: the queue, one case, the decisions. Everything here runs in scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from palabre.agency.models import User
from palabre.inbox.models import Message
from palabre.moderation.deciding import BACK, Way, standing_of, stands_against, way_of
from palabre.moderation.models import Appeal, Case, Decision, Kind, Reason
from palabre.moderation.rules import OFFERED, makes_sense
from palabre.moderation.states import STUCK
from palabre.networks.contract import Act

PAGE = 40


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a reader asks the queue for; empty asks for everything."""

    kind: str = ""
    channel: int | None = None
    free: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """From a query string; what cannot be read is not asked for."""
        kind, channel = asked.get("kind", ""), asked.get("channel", "")
        return cls(
            kind=kind if kind in Kind.values else "",
            channel=int(channel) if channel.isascii() and channel.isdigit() and len(channel) < 18 else None,
            free=asked.get("whose") == "nobody",
        )

    def query(self) -> dict[str, str]:
        """Back to a query string."""
        told = {
            "kind": self.kind,
            "channel": str(self.channel or ""),
            "whose": "nobody" if self.free else "",
        }
        return {name: value for name, value in told.items() if value}


def queue(wanted: Wanted, *, now: datetime) -> "QuerySet[Case]":
    """Open cases that the filter lets through, the greatest expected harm first."""
    rows = Case.objects.filter(state="open")
    if wanted.kind:
        rows = rows.filter(kinds__contains=[wanted.kind])
    if wanted.channel is not None:
        rows = rows.filter(message__thread__channel=wanted.channel)
    if wanted.free:
        rows = rows.filter(Q(claimed_by=None) | Q(claimed_until__lt=now))
    return rows.order_by("-harm", "-pk")


def page_of(wanted: Wanted, *, now: datetime, after: tuple[float, int] | None = None) -> list[Case]:
    """One page of the queue, and one row more by which one sees that there is a next page."""
    rows = queue(wanted, now=now)
    if after is not None:
        harm, pk = after
        rows = rows.filter(Q(harm__lt=harm) | Q(harm=harm, pk__lt=pk))
    beside = ("message__item__author", "message__thread__channel", "claimed_by")
    return list(rows.select_related(*beside).defer("message__item__search")[: PAGE + 1])


def next_of(wanted: Wanted, case: Case | None, reader: User, *, now: datetime) -> Case | None:
    """The case that follows and that no colleague looks at: what follows this one, else the first."""
    mine = Q(claimed_by=None) | Q(claimed_until__lt=now) | Q(claimed_by=reader)
    rows = queue(wanted, now=now).filter(mine)
    if case is None:
        return rows.first()
    rows = rows.exclude(pk=case.pk)
    following = rows.filter(Q(harm__lt=case.harm) | Q(harm=case.harm, pk__lt=case.pk)).first()
    return following or rows.first()


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An act that can be decided on a message now, and how it would be carried out."""

    act: str
    way: Way

    @property
    def by_hand(self) -> bool:
        """Whether a person has to do it on the network."""
        return self.way.by is None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One case as its page shows it. `above` is what the message answers, `before` what else was decided
    about its author."""

    case: Case
    message: Message
    reasons: Sequence[Reason]
    choices: Sequence[Choice]
    above: Message | None
    decisions: Sequence[Decision]
    before: Sequence[Decision]


def opened(pk: int) -> Opened:
    """A case with its reasons and what can be done. Raises Case.DoesNotExist."""
    case = Case.objects.select_related(
        "message__item__author", "message__thread__channel", "message__conversation", "claimed_by", "brand"
    ).get(pk=pk)
    message = case.message
    beside = ("article", "by", "channel")
    theirs = Decision.objects.none()
    if message.item.author_id is not None:
        theirs = Decision.objects.filter(author=message.item.author_id).exclude(case=case)
    rows = Message.objects.select_related("item__author").filter(thread=message.thread_id)
    parent = rows.filter(item__remote_id=message.item.reply_to).first() if message.item.reply_to else None
    return Opened(
        case=case,
        message=message,
        reasons=list(case.reasons.select_related("by")),
        choices=choices_for(message),
        above=parent,
        decisions=list(case.decisions.select_related(*beside).order_by("-pk")),
        before=list(theirs.select_related(*beside).order_by("-pk")[:5]),
    )


def choices_for(message: Message) -> list[Choice]:
    """Acts that make sense for a message as it stands, and that its network or a person there can do."""
    channel, stood = message.thread.channel, standing_of(message)
    found: list[Choice] = []
    if channel is None:
        return found
    ours = stands_against(message)
    for act in OFFERED:
        if act in BACK and act not in ours:
            continue
        way = way_of(channel, act)
        undoing = act in (Act.UNMUTE, Act.UNBLOCK, Act.UNBAN)
        if (way.by or way.instead) and makes_sense(act, stood) and not undoing:
            found.append(Choice(act=act.value, way=way))
    return found


DECIDED = ("all", "todo", "waiting")
"""The lists of decisions: all, those a person has to do something about, those that wait for a second one."""


def decisions(tab: str, *, article: int | None = None) -> "QuerySet[Decision]":
    """The log of decisions, newest first."""
    rows = Decision.objects.select_related("article", "by", "channel", "evidence", "second_by")
    if tab == "todo":
        rows = rows.filter(state__in=STUCK)
    elif tab == "waiting":
        rows = rows.filter(state="waiting")
    if article is not None:
        rows = rows.filter(article__number=article)
    return rows.order_by("-at", "-pk")


def numbers() -> dict[str, int]:
    """What waits in each tab; each is read from an index of what waits alone."""
    return {
        "queue": Case.objects.filter(state="open").count(),
        "todo": Decision.objects.filter(state__in=(*STUCK, "waiting")).count(),
        "appeals": Appeal.objects.filter(state="open").count(),
    }
