"""Messages as rules and word lists read them: a stream of the past, or what was just heard. Reads only.

One query, whatever the number; the history of each author goes along with the stream. In the brand's scope.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet

from palabre.inbox.models import Message
from palabre.moderation.ruling.rules import Subject
from palabre.moderation.ruling.trust import History
from palabre.query import Document

MOST = 100_000
"""Messages of the past that are looked at, the newest."""
AT_ONCE = 2_000
OpenAt = Callable[[datetime], bool]
"""Whether somebody of the brand is there at a moment."""
_FIELDS = (
    "pk",
    "conversation_id",
    "conversation__author_id",
    "thread__channel_id",
    "address",
    "at",
    "item__title",
    "item__text",
    "item__url",
    "item__network",
    "item__language",
    "item__country",
    "item__tone",
    "item__toxicity",
    "item__spam",
    "item__is_toxic",
    "item__is_spam",
    "conversation__author__handle",
    "conversation__author__name",
    "conversation__author__followers",
)


class Row(NamedTuple):
    """What is read of a message, in the order of `_FIELDS`."""

    pk: int
    conversation: int
    author: int
    channel: int
    address: str
    at: datetime
    title: str
    text: str
    url: str
    network: str
    language: str
    country: str
    tone: int
    toxicity: float
    spam: float
    is_toxic: bool
    is_spam: bool
    handle: str
    name: str
    followers: int | None

    @property
    def words(self) -> str:
        """What a word list reads: the title, if there is one, and the text under it."""
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True, kw_only=True)
class Past:
    """The messages of a time: since when, how many, and whether there were too many to look at all."""

    since: datetime
    count: int
    is_cut: bool
    rows: "QuerySet[Message]"


def said_to_us() -> "QuerySet[Message]":
    """What others said to the brand, and that still stands."""
    return Message.objects.filter(ours=False, gone_at=None, conversation__isnull=False)


def past(*, now: datetime, days: int, channel: int | None = None) -> Past:
    """What was said in the last days, at most `MOST`, the newest."""
    since = now - timedelta(days=days)
    rows = said_to_us().filter(at__gte=since)
    if channel is not None:
        rows = rows.filter(thread__channel=channel)
    count = rows.count()
    if count > MOST:
        since = rows.order_by("-at", "-pk").values_list("at", flat=True)[MOST]
        rows = rows.filter(at__gt=since)
    return Past(since=since, count=min(count, MOST), is_cut=count > MOST, rows=rows)


def rows_of(messages: "QuerySet[Message]") -> Iterator[Row]:
    """The rows, the oldest first; a few at a time are held in memory."""
    ordered = messages.order_by("at", "pk").values_list(*_FIELDS)
    for values in ordered.iterator(chunk_size=AT_ONCE):
        yield Row(*values)


def subjects(
    messages: "QuerySet[Message]", *, before: "QuerySet[Message]", open_at: OpenAt | None = None
) -> Iterator[tuple[Row, Subject]]:
    """Each message with what a rule may ask about it, the oldest first.

    `before` is what was said earlier: with it begins the history of each author. `open_at`: the brand's
    hours, None where nobody asks for them.
    """
    histories = _histories(before)
    nothing = History()
    for row in rows_of(messages):
        history = histories.get(row.author, nothing)
        histories[row.author] = history.then(row.at, bad=row.is_toxic or row.is_spam)
        yield (
            row,
            Subject(
                document=Document(
                    id=str(row.pk),
                    title=row.title,
                    text=row.text,
                    author=f"{row.name} @{row.handle}" if row.handle else row.name,
                    url=row.url,
                    network=row.network,
                    lang=row.language,
                    country=row.country,
                ),
                address=row.address,
                channel=row.channel,
                at=row.at,
                tone=row.tone,
                toxicity=row.toxicity,
                spam=row.spam,
                followers=row.followers,
                history=history,
                open=open_at(row.at) if open_at else None,
            ),
        )


def heard(messages: Collection[int], *, open_at: OpenAt | None = None) -> Iterator[tuple[Row, Subject]]:
    """What was just heard, with the histories of its authors as they were."""
    new = said_to_us().filter(pk__in=messages)
    before = said_to_us().exclude(pk__in=messages)
    authors = new.values("conversation__author")
    yield from subjects(new, before=before.filter(conversation__author__in=authors), open_at=open_at)


def _histories(before: "QuerySet[Message]") -> dict[int, History]:
    bad = Count("pk", filter=Q(item__is_toxic=True) | Q(item__is_spam=True))
    rows = before.values("conversation__author").annotate(said=Count("pk"), since=Min("at"), bad=bad)
    return {
        row["conversation__author"]: History(said=row["said"], since=row["since"], bad=row["bad"])
        for row in rows.order_by()
    }
