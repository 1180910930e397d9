"""What waits for a reader, across the brands they work for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope

from palabre.agency.access import brands_of, may, may_set_up, role_in
from palabre.agency.models import Brand, User
from palabre.agency.roles import Right, Role
from palabre.alerts.mail import is_configured
from palabre.alerts.models import Digest, Event, Trigger
from palabre.alerts.wording import Line, line_of
from palabre.inbox.models import Conversation
from palabre.inbox.selectors import undecided
from palabre.inbox.states import TO_DO
from palabre.listening.counts import Step, tally
from palabre.listening.filters import MentionFilter, Order, Read
from palabre.listening.models import About, Source, Topic
from palabre.listening.reasons import ExplainedRow, explained_rows
from palabre.listening.selectors import page
from palabre.listening.unread import UnreadTopic, unread_topics
from palabre.networks.contract import ItemKind
from palabre.publishing.approval.queues import Waits, waits_for
from palabre.publishing.delivery.lateness import late
from palabre.publishing.kit import handed, unposted
from palabre.publishing.models import Delivery
from palabre.ui.typography import number

WARNINGS = (Trigger.BURST, Trigger.THRESHOLD)
WARNED_FOR = timedelta(days=3)
"""How long an alert that nobody put away stays on the home page."""
LAGGING_FROM = timedelta(hours=24)
"""A source that fails is tried again by itself; from then on a person should know."""
BIG = 10_000
"""Followers from which a voice is big."""
VOICES = 5


@dataclass(frozen=True, kw_only=True)
class Warned:
    """An alert nobody has looked at yet, in words, and the filter of the page that shows what it is about.

    `listens`: the reader may put it away.
    """

    brand: Brand
    event: Event
    line: Line
    listens: bool

    @property
    def icon(self) -> str:
        """A flame for what burns."""
        return "flame" if self.line.is_bad else "chart-line"

    @property
    def tone(self) -> str:
        """The banner's: the strongest, but for what is only unusual."""
        return "" if self.line.is_bad else "warn"

    @property
    def query(self) -> str:
        """Of a bad buzz the negative part alone."""
        given = MentionFilter(days=7, topics=(self.line.topic_id,) if self.line.topic_id else ())
        return (given.but(tones=(-1,)) if self.line.is_bad else given).query_string()


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Something negative and unread that many may have read; `query` leads to where it stands."""

    brand: Brand
    row: ExplainedRow
    query: str

    @property
    def weight(self) -> tuple[int, int]:
        """Furthest reach first, then the story told most often."""
        return self.row.item.reach or 0, self.row.row.story_size


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What waits in the inbox of a brand: conversations in which it is our turn, the one whose author has
    waited longest, answers that did not leave and the conversation of the first of them.
    """

    waiting: int
    oldest: Conversation | None
    stuck: int
    stuck_in: int | None

    @property
    def is_quiet(self) -> bool:
        """Nothing here needs anybody."""
        return not (self.waiting or self.stuck)


@dataclass(frozen=True, kw_only=True)
class BrandToday:
    """One brand at a glance. `unread` and `negative` are those of its own topics; days are the brand's.

    `listens`: the reader may work there, not only look.
    """

    brand: Brand
    listens: bool
    has_topics: bool
    unread: int
    unread_query: str
    negative: int
    negative_query: str
    topics: list[UnreadTopic]
    today: int
    yesterday: int
    warned: list[Warned]
    voices: list[Voice]
    stopped: list[Source]
    lagging: list[Source]
    unsent: int
    talk: Talk
    approvals: Waits
    by_hand: int
    unposted: int
    late: list[Delivery]

    @property
    def broken(self) -> int:
        """How many things a person has to mend."""
        return len(self.stopped) + len(self.lagging) + self.unsent


def brand_today(brand: Brand, user: User, *, now: datetime) -> BrandToday:
    """What one brand has waiting."""
    with scope(brand=brand):
        live = Topic.objects.filter(deleted_at=None)
        ours = tuple(live.filter(about=About.OURS).values_list("pk", flat=True))
        # The same filters as the pages behind the links, so that both say the same number.
        unread = MentionFilter(days=None, read=Read.UNREAD, topics=ours)
        waiting = tally(brand=brand, mentions=unread, now=now)
        negative = waiting.tones.get(-1, 0)
        week = tally(brand=brand, mentions=MentionFilter(days=7, topics=ours), now=now, step=Step.DAY)
        days = {bar.at: bar.total for bar in week.bars}
        here = now.astimezone(ZoneInfo(brand.time_zone)).date()
        sources = Source.objects.all()
        listens = may(role_in(user, brand) or Role.GUEST, Right.LISTEN)
        lately = Event.objects.filter(trigger__in=WARNINGS, seen_at=None, at__gte=now - WARNED_FOR)
        return BrandToday(
            brand=brand,
            listens=listens,
            has_topics=live.exists(),
            unread=waiting.total,
            unread_query=unread.query_string(),
            negative=negative,
            negative_query=unread.but(tones=(-1,)).query_string(),
            topics=unread_topics(brand),
            today=days.get(here, 0),
            yesterday=days.get(here - timedelta(days=1), 0),
            warned=[
                Warned(brand=brand, event=event, line=line_of(event), listens=listens) for event in lately[:5]
            ],
            voices=_voices(brand, ours, now=now) if negative else [],
            stopped=list(sources.filter(state="stopped")[:5]),
            lagging=list(sources.filter(state="failing", failing_since__lt=now - LAGGING_FROM)[:5]),
            unsent=Digest.objects.filter(state__in=("failed", "unknown")).count(),
            talk=_talk(),
            approvals=waits_for(user, brand),
            by_hand=handed().count(),
            unposted=unposted(now=now).count(),
            late=list(late(now=now)[:5]),
        )


def _talk() -> Talk:
    turn = Conversation.objects.filter(state__in=TO_DO)
    asked = (
        turn.filter(asked_at__isnull=False).select_related("author", "last__item").order_by("asked_at", "pk")
    )
    stuck = list(undecided().order_by("pk").values_list("conversation_id", flat=True))
    return Talk(
        waiting=turn.count(),
        oldest=asked.defer("search", "last__item__search").first(),
        stuck=len(stuck),
        stuck_in=next(iter(stuck), None),
    )


def _voices(brand: Brand, ours: tuple[int, ...], *, now: datetime) -> list[Voice]:
    """Who said something negative this week that carries far, and the press; each story and author once."""
    bad = MentionFilter(days=7, read=Read.UNREAD, tones=(-1,), topics=ours)
    asked = (bad.but(reach_min=BIG, order=Order.REACH), bad.but(kinds=(ItemKind.ARTICLE.value,)))
    found: list[Voice] = []
    told: set[tuple[str, int | None]] = set()
    for mentions in asked:
        shown = page(brand=brand, mentions=mentions, now=now, size=VOICES * 6)
        for row in explained_rows(shown.rows):
            item = row.item
            keys = {("story", item.story_id), ("author", item.author_id)} - {
                ("story", None),
                ("author", None),
            }
            if not keys & told:
                told |= keys
                found.append(Voice(brand=brand, row=row, query=mentions.query_string()))
    return found


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a brand's mentions say of the words: the newest of them, how many in all, where to see them."""

    brand: Brand
    rows: list[ExplainedRow]
    total: int
    query: str


def found_of(user: User, words: str) -> list[Found]:
    """Each brand of the user in which the words occur, most of them first."""
    wanted = MentionFilter(days=None, q=words)
    found = []
    for brand in brands_of(user):
        with scope(brand=brand):
            shown = page(brand=brand, mentions=wanted, size=5)
            rows = explained_rows(shown.rows)
        found.append(Found(brand=brand, rows=rows, total=shown.total, query=wanted.query_string()))
    return sorted((one for one in found if one.total), key=lambda one: -one.total)


def today_of(user: User, *, now: datetime) -> dict[str, Any]:
    """The context of the home page, most urgent first."""
    rows = [brand_today(brand, user, now=now) for brand in brands_of(user)]
    warned = sorted(
        (one for row in rows for one in row.warned),
        key=lambda one: (one.line.is_bad, one.event.at),
        reverse=True,
    )
    voices = sorted((voice for row in rows for voice in row.voices), key=lambda v: v.weight, reverse=True)
    mail_ready = is_configured()
    broken = sum(row.broken + (not row.has_topics) for row in rows) + (not mail_ready)
    return {
        "rows": rows,
        "warned": warned[:5],
        "voices": voices[:VOICES],
        "mail_ready": mail_ready,
        "may_set_up": may_set_up(user),
        "broken": broken,
        "approvals": [row for row in rows if row.approvals != Waits()],
        "by_hand": [row for row in rows if row.by_hand or row.unposted],
        "late": [row for row in rows if row.late],
        "talks": [row for row in rows if not row.talk.is_quiet],
        "is_done": not (
            warned
            or broken
            or any(row.topics or row.approvals != Waits() or row.by_hand or row.unposted for row in rows)
            or any(row.late or not row.talk.is_quiet for row in rows)
        ),
        "summary": _summary(rows, len(warned), broken),
    }


def _summary(rows: Sequence[BrandToday], warned: int, broken: int) -> str:
    """The day in one line; what is zero is not said."""
    negative, unread = sum(row.negative for row in rows), sum(row.unread for row in rows)
    parts = []
    if warned:
        parts.append(ngettext("%(n)s alert", "%(n)s alerts", warned) % {"n": warned})
    if late_ones := sum(len(row.late) for row in rows):
        parts.append(ngettext("%(n)s content late", "%(n)s contents late", late_ones) % {"n": late_ones})
    if broken:
        parts.append(ngettext("%(n)s thing to mend", "%(n)s things to mend", broken) % {"n": broken})
    if stuck := sum(row.talk.stuck for row in rows):
        words = ngettext(
            "%(n)s answer that waits for a decision", "%(n)s answers that wait for a decision", stuck
        )
        parts.append(words % {"n": number(stuck)})
    if talks := sum(row.talk.waiting for row in rows):
        words = ngettext("%(n)s conversation to answer", "%(n)s conversations to answer", talks)
        parts.append(words % {"n": number(talks)})
    if approve := sum(row.approvals.mine for row in rows):
        words = ngettext("%(n)s content to approve", "%(n)s contents to approve", approve)
        parts.append(words % {"n": number(approve)})
    if negative:
        words = ngettext("%(n)s negative mention to read", "%(n)s negative mentions to read", negative)
        parts.append(words % {"n": number(negative)})
    if unread and not negative:
        words = ngettext("%(n)s mention to read", "%(n)s mentions to read", unread)
        parts.append(words % {"n": number(unread)})
    return " · ".join(parts) or _("All is read and all works. Enjoy your day.")
