"""What the pages of a series show: its next dates, its past ones, and what accounts say of its wordings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Max

from palabre.channels.models import Channel
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.reading import Reading, read
from palabre.publishing.models import Delivery, Occurrence, Recurring
from palabre.publishing.recurring.making import slot_of
from palabre.publishing.recurring.rules import Occurrence as Time
from palabre.publishing.recurring.rules import Rule, following, rest

SHOWN = 10
"""Dates shown before and after a series is saved."""


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The next dates of a rule that was typed; `rest`: the fewest days until the same words come back."""

    rule: Rule
    times: tuple[Time, ...]
    rest: int | None
    alone: bool

    @property
    def mark(self) -> str:
        """What tells whether these are the dates a person saw."""
        return f"{self.rule.text}@{self.rule.start.isoformat(timespec='minutes')}"


def foreseen(rule: Rule, wordings: int, now: datetime) -> Dates:
    """What a rule gives."""
    least = rest(rule, wordings=max(1, wordings), after=now)
    return Dates(
        rule=rule,
        times=tuple(islice(rule.occurrences(now), SHOWN)),
        rest=least.days if least is not None else None,
        alone=wordings < 2 and least is not None,
    )


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One wording as the chosen accounts take it."""

    number: int
    readings: Sequence[Reading]

    @property
    def refused(self) -> bool:
        """Whether one of them would refuse it."""
        return any(reading.problems for reading in self.readings)


def read_wordings(
    content: Content, wordings: Iterable[str], channels: Sequence[Channel], campaign: str = ""
) -> list[Wording]:
    """Each wording on each account."""
    return [
        Wording(
            number=number, readings=read(content.with_changes({"text": words}), channels, {}, None, campaign)
        )
        for number, words in enumerate(wordings, start=1)
        if words.strip() or content.media
    ]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One date of a series. Without an occurrence it is still to be made; `states` are its deliveries'."""

    at: datetime
    occurrence: Occurrence | None
    wording: str
    states: tuple[str, ...] = ()
    own: bool = False
    shifted: bool = False

    @property
    def skipped(self) -> bool:
        """Whether it was made and put away."""
        one = self.occurrence
        return bool(one and (one.post is None or one.post.deleted_at))


def next_lines(series: Recurring, now: datetime) -> list[Line]:
    """The next dates, made or still to be made; of a series that does not go on, what is left of it alone."""
    made = {one.slot: one for one in series.occurrences.filter(at__gt=now).select_related("post")}
    found: list[Line] = []
    seen: set[str] = set()
    last = series.occurrences.filter(at__lte=now).last()
    turn = last.turn if last else None
    if series.state == "active":
        for time in islice(series.follows.occurrences(now), SHOWN):
            one = made.get(slot_of(time.slot))
            if one is None and series.made_until and time.at <= series.made_until:
                continue  # Too near when the series was saved: it was not made, and is not any more.
            turn = one.turn if one else following(turn, len(series.wordings))
            wording = series.wordings[turn % len(series.wordings)]
            found.append(_line(one, time.at, wording, shifted=time.shifted))
            seen.add(slot_of(time.slot))
    for slot, one in made.items():
        if slot not in seen and one.post and one.post.deleted_at is None and len(found) < 4 * SHOWN:
            found.append(_line(one, one.at, str(one.post)))
    return sorted(_told(found), key=lambda line: line.at)


def past_lines(series: Recurring, now: datetime, most: int = 20) -> list[Line]:
    """What came before, the newest first."""
    rows = series.occurrences.filter(at__lte=now).select_related("post").order_by("-at")[:most]
    return _told([_line(one, one.at, str(one.post or "")) for one in rows])


def _line(one: Occurrence | None, at: datetime, wording: str, *, shifted: bool = False) -> Line:
    said = str(one.post.said.text or one.post) if one and one.post else wording
    return Line(at=at, occurrence=one, wording=said, shifted=shifted)


def _told(lines: list[Line]) -> list[Line]:
    """With the states of their deliveries, and their own hour where somebody moved them."""
    posts = [line.occurrence.post_id for line in lines if line.occurrence and line.occurrence.post_id]
    rows = Delivery.objects.filter(variant__post__in=posts).exclude(state="cancelled")
    states: dict[int, list[tuple[str, datetime | None]]] = {}
    for post, state, due in rows.order_by("pk").values_list("variant__post_id", "state", "due_at"):
        states.setdefault(post, []).append((state, due))
    told = []
    for line in lines:
        one = line.occurrence
        of_it = states.get(one.post_id or 0, []) if one else []
        hours = [due for _state, due in of_it if due]
        own = bool(
            one and one.post and (one.post.revision > 1 or any(due != one.at for _state, due in of_it))
        )
        told.append(
            Line(
                at=min(hours, default=line.at),
                occurrence=one,
                wording=line.wording,
                states=tuple(dict.fromkeys(state for state, _due in of_it)),
                own=own,
                shifted=line.shifted,
            )
        )
    return told


@dataclass(frozen=True, kw_only=True)
class Row:
    """A series in the list; `next_at` is its next date, None when none is left."""

    series: Recurring
    next_at: datetime | None
    last_at: datetime | None
    channels: tuple[Channel, ...]


def rows(now: datetime) -> list[Row]:
    """Every series of the brand in scope, those that go on first."""
    channels = {one.pk: one for one in Channel.objects.exclude(state="removed")}
    found = Recurring.objects.select_related("brand", "by").annotate(last_at=Max("occurrences__at"))
    listed = [
        Row(
            series=series,
            next_at=_next(series, now) if series.state == "active" else None,
            last_at=series.last_at if series.last_at and series.last_at <= now else None,
            channels=tuple(channels[pk] for pk in series.channels if pk in channels),
        )
        for series in found
    ]
    order = {"active": 0, "paused": 1, "ended": 2}
    far = now + timedelta(days=10_000)
    return sorted(listed, key=lambda row: (order[row.series.state], row.next_at or far))


def _next(series: Recurring, now: datetime) -> datetime | None:
    time = next(series.follows.occurrences(now), None)
    return time.at if time else None
