"""What the pages of a series show: its next dates, its past ones, and what accounts say of its wordings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Max

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.reading import Reading, read
from palabre.publishing.delivery.states import PLANNED
from palabre.publishing.library.rights import Limit, over
from palabre.publishing.models import Asset, Delivery, Occurrence, Recurring
from palabre.publishing.recurring.making import limit_of, slot_of
from palabre.publishing.recurring.rules import Occurrence as Time
from palabre.publishing.recurring.rules import Rule, following, rest

SHOWN = 10
"""Dates shown before and after a series is saved."""


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The next dates of a rule that was typed; `rest`: the fewest days until the same words come back.

    `limit`: until when its files may be published; what comes later is not made.
    """

    rule: Rule
    times: tuple[Time, ...]
    rest: int | None
    alone: bool
    limit: Limit | None = None

    @property
    def allowed(self) -> list[tuple[Time, bool]]:
        """Each date, and whether its files may be published then."""
        return [(time, self.limit is None or time.at < self.limit.ends) for time in self.times]

    @property
    def mark(self) -> str:
        """What tells whether these are the dates a person saw."""
        return f"{self.rule.text}@{self.rule.start.isoformat(timespec='minutes')}"


def foreseen(rule: Rule, wordings: int, now: datetime, limit: Limit | None = None) -> Dates:
    """What a rule gives."""
    least = rest(rule, wordings=max(1, wordings), after=now)
    return Dates(
        rule=rule,
        times=tuple(islice(rule.occurrences(now), SHOWN)),
        rest=least.days if least is not None else None,
        alone=wordings < 2 and least is not None,
        limit=limit,
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
    content: Content,
    wordings: Iterable[str],
    channels: Sequence[Channel],
    campaign: str = "",
    changes: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[Wording]:
    """Each wording on each account; `changes`: what accounts say in their own words."""
    return [
        Wording(
            number=number,
            readings=read(content.with_changes({"text": words}), channels, changes or {}, None, campaign),
        )
        for number, words in enumerate(wordings, start=1)
        if words.strip() or content.media
    ]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One date of a series. Without an occurrence it is still to be made; `states` are its deliveries'.

    `over`: the file that may no longer be published then, for which it is not made or cannot leave.
    """

    at: datetime
    occurrence: Occurrence | None
    wording: str
    states: tuple[str, ...] = ()
    own: bool = False
    shifted: bool = False
    over: Asset | None = None

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
    limit = limit_of(series)
    if series.state == "active":
        for time in islice(series.follows.occurrences(now), SHOWN):
            one = made.get(slot_of(time.slot))
            late = limit.asset if limit and one is None and time.at >= limit.ends else None
            if one is None and not late and series.made_until and time.at <= series.made_until:
                continue  # Too near when the series was saved: it was not made, and is not any more.
            turn = one.turn if one else following(turn, len(series.wordings))
            wording = series.wordings[turn % len(series.wordings)]
            found.append(_line(one, time.at, wording, shifted=time.shifted, over=late))
            seen.add(slot_of(time.slot))
    for slot, one in made.items():
        if slot not in seen and one.post and one.post.deleted_at is None and len(found) < 4 * SHOWN:
            found.append(_line(one, one.at, str(one.post)))
    return sorted(_told(series.brand, found), key=lambda line: line.at)


def past_lines(series: Recurring, now: datetime, most: int = 20) -> list[Line]:
    """What came before, the newest first."""
    rows = series.occurrences.filter(at__lte=now).select_related("post").order_by("-at")[:most]
    return _told(series.brand, [_line(one, one.at, str(one.post or "")) for one in rows])


def _line(
    one: Occurrence | None, at: datetime, wording: str, *, shifted: bool = False, over: Asset | None = None
) -> Line:
    said = str(one.post.said.text or one.post) if one and one.post else wording
    return Line(at=at, occurrence=one, wording=said, shifted=shifted, over=over)


def _told(brand: Brand, lines: list[Line]) -> list[Line]:
    """With the states of their deliveries, and their own hour where somebody moved them."""
    posts = [line.occurrence.post_id for line in lines if line.occurrence and line.occurrence.post_id]
    rows = Delivery.objects.filter(variant__post__in=posts).exclude(state="cancelled")
    deliveries: dict[int, list[Delivery]] = {}
    for delivery in rows.select_related("variant").order_by("pk"):
        deliveries.setdefault(delivery.variant.post_id, []).append(delivery)
    planned = [each for group in deliveries.values() for each in group if each.state in PLANNED]
    ended = over(brand=brand, deliveries=planned)
    told = []
    for line in lines:
        one = line.occurrence
        of_it = deliveries.get(one.post_id or 0, []) if one else []
        hours = [each.due_at for each in of_it if each.due_at]
        own = bool(
            one and one.post and (one.post.revision > 1 or any(each.due_at != one.at for each in of_it))
        )
        late = next((ended[each.pk][0] for each in of_it if each.pk in ended), None)
        told.append(
            replace(
                line,
                at=min(hours, default=line.at),
                states=tuple(dict.fromkeys(each.state for each in of_it)),
                own=own,
                over=late or line.over,
            )
        )
    return told


@dataclass(frozen=True, kw_only=True)
class Row:
    """A series in the list; `next_at` is its next date, None when none is left.

    `over`: the file for which none is, while its rule goes on.
    """

    series: Recurring
    next_at: datetime | None
    last_at: datetime | None
    channels: tuple[Channel, ...]
    over: Asset | None = None


def rows(now: datetime) -> list[Row]:
    """Every series of the brand in scope, those that go on first."""
    channels = {one.pk: one for one in Channel.objects.exclude(state="removed")}
    found = Recurring.objects.select_related("brand", "by").annotate(last_at=Max("occurrences__at"))
    listed = []
    for series in found:
        next_at = _next(series, now) if series.state == "active" else None
        limit = limit_of(series) if next_at else None
        late = limit is not None and next_at is not None and next_at >= limit.ends
        listed.append(
            Row(
                series=series,
                next_at=None if late else next_at,
                last_at=series.last_at if series.last_at and series.last_at <= now else None,
                channels=tuple(channels[pk] for pk in series.channels if pk in channels),
                over=limit.asset if limit and late else None,
            )
        )
    order = {"active": 0, "paused": 1, "ended": 2}
    far = now + timedelta(days=10_000)
    return sorted(listed, key=lambda row: (order[row.series.state], row.next_at or far))


def _next(series: Recurring, now: datetime) -> datetime | None:
    time = next(series.follows.occurrences(now), None)
    return time.at if time else None
