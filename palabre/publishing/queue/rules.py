"""Weekly slots and who gets which: pure decisions of the queue.

A slot is an hour of the week on the clock of the brand; one that is kept for a category (a pillar) takes
the contents of that pillar alone, any other takes everything. A night on which the clocks skip its hour
it stands as much later; an hour that comes twice is its first time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from palabre.publishing.hours import NoSuchHour, moment

HORIZON = timedelta(days=730)
"""How far ahead a free slot is looked for."""


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """A slot of the week: `weekday` is 0 on Monday, `category` the pillar it is kept for."""

    weekday: int
    hour: time
    category: int | None = None

    def takes(self, category: int | None) -> bool:
        """Whether a content of that pillar (None: of none) may leave then."""
        return self.category is None or self.category == category


@dataclass(frozen=True, kw_only=True)
class Place:
    """A slot on its day. `at` is in UTC."""

    at: datetime
    slot: Weekly


@dataclass(frozen=True, kw_only=True)
class Item:
    """What stands in a queue. It may leave after `earliest` alone, where somebody has to approve it first,
    and before `ends`, where the rights of a file do."""

    key: int
    category: int | None
    at: datetime
    earliest: datetime
    ends: datetime | None = None

    def fits(self, place: Place) -> bool:
        """Whether it may leave there."""
        in_time = self.ends is None or place.at < self.ends
        return in_time and place.slot.takes(self.category) and place.at > self.earliest


class NoPlace(Exception):
    """No slot takes an item, the one to be moved or one that it pushes on."""

    def __init__(self, item: Item) -> None:
        super().__init__(item.key)
        self.item = item


def places(slots: Iterable[Weekly], zone: ZoneInfo, *, after: datetime) -> Iterator[Place]:
    """Every coming slot up to HORIZON, in order, each moment once. `after` itself is none of them."""
    of_day: dict[int, list[Weekly]] = defaultdict(list)
    for slot in slots:
        of_day[slot.weekday].append(slot)
    if not of_day:
        return
    # From the day before: clocks that change at midnight carry an hour of one day into the next.
    first = after.astimezone(zone).date() - timedelta(days=1)
    coming: dict[datetime, Weekly] = {}
    for ahead in range(HORIZON.days):
        day = first + timedelta(days=ahead)
        for slot in of_day.get(day.weekday(), ()):
            try:
                coming[moment(datetime.combine(day, slot.hour), zone)] = slot
            except NoSuchHour as skipped:
                # A slot that really stands at that hour goes first.
                coming.setdefault(skipped.instead.astimezone(UTC), slot)
        for at in sorted(at for at in coming if at.astimezone(zone).date() <= day):
            slot = coming.pop(at)
            if at > after:
                yield Place(at=at, slot=slot)


def first_free(
    slots: Iterable[Weekly],
    zone: ZoneInfo,
    *,
    category: int | None,
    after: datetime,
    taken: Collection[datetime],
    ends: datetime | None = None,
) -> datetime | None:
    """The first slot that takes the category and is not taken (whole minutes in UTC); None without one.

    `ends`: it is too late from then on.
    """
    coming = places(slots, zone, after=after)
    free = next((one.at for one in coming if one.slot.takes(category) and one.at not in taken), None)
    return None if free and ends and free >= ends else free


def closed_up(
    items: Sequence[Item],
    slots: Iterable[Weekly],
    zone: ZoneInfo,
    *,
    after: datetime,
    taken: Collection[datetime],
) -> dict[int, datetime]:
    """Each item's hour when the queue has no gap: in their order, the first slot that takes them.

    `taken` are the hours of what is not in the queue. What no slot takes is left out: it stays.
    """
    items, slots = list(items), list(slots)
    waiting = sorted(items, key=lambda item: item.at)
    given: dict[int, datetime] = {}
    for place in places(slots, zone, after=after):
        if not waiting:
            break
        following = None if place.at in taken else next((one for one in waiting if one.fits(place)), None)
        if following:
            waiting.remove(following)
            given[following.key] = place.at
    staying = {one.at for one in waiting}
    if staying.isdisjoint(given.values()):
        return given
    # What no slot takes keeps its hour: it is nobody else's.
    others = [one for one in items if one.key in given]
    return closed_up(others, slots, zone, after=after, taken={*taken, *staying})


def put_first(
    target: Item,
    others: Sequence[Item],
    slots: Iterable[Weekly],
    zone: ZoneInfo,
    *,
    after: datetime,
    taken: Collection[datetime],
) -> dict[int, datetime]:
    """The hours that change when an item takes the first slot it may have: who stood there goes one on.

    `taken` as in `closed_up`. Raises NoPlace when one of them would find no slot at all.
    """
    standing: Mapping[datetime, Item] = {one.at: one for one in others if one.key != target.key}
    given: dict[int, datetime] = {}
    moving = target
    for place in places(slots, zone, after=after):
        if place.at in taken or not moving.fits(place):
            continue
        given[moving.key] = place.at
        pushed = standing.get(place.at)
        if pushed is None:
            return given
        moving = pushed
    raise NoPlace(moving)
