"""A rule, tried on the past before it lives: what it would have done, act by act. Nothing is changed."""

from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.inbox.answering import rules_of_answers
from palabre.inbox.models import Message
from palabre.moderation.deciding import way_of
from palabre.moderation.ruling.opening import opening
from palabre.moderation.ruling.rules import Action, CompiledRule, Condition, Do
from palabre.moderation.ruling.subjects import Row, past, said_to_us, subjects
from palabre.query import Document, matched_terms

DAYS = (7, 30, 90)
SHOWN = 5
"""Messages shown of each act, the newest."""
ON_NETWORK: Mapping[Do, str] = {Do.HIDE: "hide", Do.HOLD: "hold"}
"""Actions of a rule that the network is asked for."""


@dataclass(frozen=True)
class Marked:
    """A piece of a text, and whether it is what was found."""

    text: str
    is_mark: bool = False


@dataclass(frozen=True, kw_only=True)
class Example:
    """A message that was met, with its passages."""

    message: Message
    pieces: Sequence[Marked]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one action would have come to: how often it is done, how often it cannot be (`queued`: a person
    looks at it instead; `spared`: an answer that is not sent twice)."""

    action: Action
    done: int
    queued: int = 0
    spared: int = 0
    examples: Sequence[Example] = ()


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a rule would have done since a moment: messages looked at, those it fires on, act by act."""

    since: datetime
    looked: int
    is_cut: bool
    fired: int
    outcomes: Sequence[Outcome]


class _Tally:
    """Counts of one action along the stream."""

    def __init__(self, action: Action, channels: Mapping[int, Channel]) -> None:
        self.action, self.counts = action, Counter[str]()
        self.last: deque[int] = deque(maxlen=SHOWN)
        self._answered: dict[int, datetime] = {}
        self._talks: set[int] = set()
        self._can = {pk for pk, channel in channels.items() if _can(action.do, channel)}

    def add(self, row: Row) -> None:
        what = self._what(row)
        self.counts[what] += 1
        if what != "spared":
            self.last.append(row.pk)

    def _what(self, row: Row) -> str:
        if self.action.do is Do.REPLY:
            return "done" if self._may_answer(row) else "spared"
        return "done" if row.channel in self._can else "queued"

    def _may_answer(self, row: Row) -> bool:
        """Once a conversation, and once an author within the days, where anything can be sent at all."""
        before = self._answered.get(row.author)
        within = before is not None and row.at - before < timedelta(days=self.action.days)
        if row.channel not in self._can or row.conversation in self._talks or within:
            return False
        self._answered[row.author] = row.at
        self._talks.add(row.conversation)
        return True


def _can(do: Do, channel: Channel) -> bool:
    if do in ON_NETWORK:
        return way_of(channel, ON_NETWORK[do]).by is not None
    return do is not Do.REPLY or rules_of_answers(channel) is not None


def try_rule(rule: CompiledRule, *, brand: Brand, now: datetime, days: int) -> Tried:
    """Ask a rule of what was said in the last days, by itself, whatever the rules before it."""
    seen = past(now=now, days=days)
    channels = {channel.pk: channel for channel in Channel.objects.filter(brand=brand)}
    tallies = [_Tally(action, channels) for action in rule.actions]
    fired = 0
    before = (
        said_to_us().filter(at__lte=seen.since) if seen.is_cut else said_to_us().filter(at__lt=seen.since)
    )
    for row, subject in subjects(seen.rows, before=before, open_at=opening(brand, [rule])):
        if rule.fires(subject):
            fired += 1
            for tally in tallies:
                tally.add(row)
    shown = examples({pk for tally in tallies for pk in tally.last}, rule.conditions)
    return Tried(
        since=seen.since,
        looked=seen.count,
        is_cut=seen.is_cut,
        fired=fired,
        outcomes=[
            Outcome(
                action=tally.action,
                **{name: tally.counts[name] for name in ("done", "queued", "spared")},
                examples=[shown[pk] for pk in reversed(tally.last) if pk in shown],
            )
            for tally in tallies
        ],
    )


def examples(messages: Collection[int], conditions: Sequence[Condition] = ()) -> dict[int, Example]:
    """Messages to be shown, with the words that the conditions' queries found in them."""
    rows = Message.objects.select_related("item", "conversation__author", "thread__channel")
    return {
        message.pk: Example(
            message=message,
            pieces=list(pieces(message.item.text, sorted(set(_places(message.item.text, conditions))))),
        )
        for message in rows.filter(pk__in=messages)
    }


def _places(text: str, conditions: Sequence[Condition]) -> Iterator[tuple[int, int]]:
    for condition in conditions:
        if condition.query is not None and not condition.isnt:
            for span in matched_terms(condition.query, Document(text=text)):
                if span.field == "text":
                    yield span.start, span.end


def pieces(text: str, places: Sequence[tuple[int, int]], *, around: int = 160) -> Iterator[Marked]:
    """A text cut at the places found, which are in order; a long one begins a little before the first."""
    first = places[0][0] if places else 0
    begin = max(0, first - around // 2) if first > around else 0
    end = min(len(text), max(begin + 2 * around, first + around))
    at = begin
    if begin:
        yield Marked("…")
    for start, stop in places:
        if start < at or stop > end:
            continue
        if start > at:
            yield Marked(text[at:start])
        yield Marked(text[start:stop], is_mark=True)
        at = stop
    yield Marked(text[at:end] + ("…" if end < len(text) else ""))
