"""A word list, tried on the past before it lives: what it would have met, where, and what would come of it.

Nothing is changed. In the brand's scope.
"""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from palabre.channels.models import Channel
from palabre.inbox.models import Message
from palabre.moderation.deciding import way_of
from palabre.moderation.ruling.subjects import past, rows_of
from palabre.moderation.ruling.trying import Example, pieces
from palabre.moderation.wordlists.acts import WAYS, Way, WordAct, way
from palabre.moderation.wordlists.exchange import Row
from palabre.moderation.wordlists.rules import Entry, Hit, Matcher, censored, read, rewritten
from palabre.networks.moderating import Act

DAYS = 30
SHOWN = 12
WORDS = 20
"""Entries whose counts are shown."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What a list comes to on one account; `met` messages there were met."""

    channel: Channel
    way: Way
    met: int = 0


@dataclass(frozen=True, kw_only=True)
class Touched(Example):
    """A message that was met: its passages, and what would stand there, "" where its words stay."""

    becomes: str = ""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a list would have met since a moment: messages looked at and met, entries most met, by account."""

    since: datetime
    looked: int
    is_cut: bool
    met: int
    words: Sequence[tuple[str, int]]
    places: Sequence[Place]
    examples: Sequence[Touched]


def matcher_of(rows: Sequence[Row], *, disguised: bool) -> Matcher:
    """A list ready to be looked for. Raises `rules.WordError`."""
    patterns = [read(Entry(text=row.text, cased=row.cased), place) for place, row in enumerate(rows)]
    return Matcher(patterns, disguised=disguised)


def can(channel: Channel, act: WordAct) -> Way:
    """What a list with this act comes to on an account."""
    return way(act, {one for one in WAYS.get(act, ()) if way_of(channel, one.value).by is not None})


def becomes(text: str, hits: Sequence[Hit], act: WordAct, rows: Sequence[Row]) -> str:
    """The words as the list would have them; the text itself where it changes none."""
    match act:
        case WordAct.CENSOR:
            return censored(text, hits)
        case WordAct.REPLACE:
            return rewritten(text, hits, lambda hit, _: rows[hit.entry].replacement)
        case WordAct.LINK:
            return rewritten(text, hits, lambda hit, said: f"{said} ({rows[hit.entry].replacement})")
        case _:
            return text


def places(act: WordAct, channels: Sequence[Channel]) -> list[Place]:
    """What a list comes to on each account, said before it does anything."""
    return [Place(channel=channel, way=can(channel, act)) for channel in channels]


def try_list(
    rows: Sequence[Row],
    *,
    act: WordAct,
    disguised: bool,
    channels: Sequence[Channel],
    only: int | None,
    now: datetime,
) -> Tried:
    """Look for the words in what was said in the last `DAYS` days. Raises `rules.WordError`."""
    matcher = matcher_of(rows, disguised=disguised)
    seen = past(now=now, days=DAYS, channel=only)
    met, words, accounts = 0, Counter[int](), Counter[int]()
    last: deque[tuple[int, tuple[Hit, ...]]] = deque(maxlen=SHOWN)
    for row in rows_of(seen.rows):
        hits = matcher.find(row.words)
        if hits:
            met += 1
            words.update({hit.entry for hit in hits})
            accounts[row.channel] += 1
            last.append((row.pk, hits))
    return Tried(
        since=seen.since,
        looked=seen.count,
        is_cut=seen.is_cut,
        met=met,
        words=[(rows[entry].text, count) for entry, count in words.most_common(WORDS)],
        places=[
            Place(channel=one.channel, way=one.way, met=accounts[one.channel.pk])
            for one in places(act, channels)
        ],
        examples=_examples(list(reversed(last)), act, rows, channels),
    )


def _examples(
    found: Sequence[tuple[int, tuple[Hit, ...]]],
    act: WordAct,
    rows: Sequence[Row],
    channels: Sequence[Channel],
) -> list[Touched]:
    messages = Message.objects.select_related("item", "conversation__author", "thread__channel")
    known = messages.in_bulk([pk for pk, _ in found])
    rewrites = {channel.pk for channel in channels if can(channel, act).act is Act.REWRITE}
    touched = []
    for pk, hits in found:
        message = known.get(pk)
        if message is None:
            continue
        item = message.item
        words = f"{item.title}\n{item.text}" if item.title else item.text
        after = becomes(words, hits, act, rows) if message.thread.channel_id in rewrites else words
        marks = [(hit.start, hit.end) for hit in hits]
        touched.append(
            Touched(
                message=message,
                pieces=list(pieces(words, marks)),
                becomes=after if after != words else "",
            )
        )
    return touched
