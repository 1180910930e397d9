"""Slots of the week on the calendar: in order, once each, right when the clocks change."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.publishing.queue.rules import Item, NoPlace, Weekly, closed_up, first_free, places, put_first

PARIS = ZoneInfo("Europe/Paris")
NUUK = ZoneInfo("America/Nuuk")
"""Its clocks go from Saturday 23:00 to Sunday 00:00 in spring."""
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
NINE, NOON = time(9), time(12)


def local(at: datetime | None, zone: ZoneInfo = PARIS) -> str:
    assert at is not None
    return at.astimezone(zone).strftime("%a %d %H:%M")


def shown(slots: list[Weekly], zone: ZoneInfo, *, after: datetime, count: int) -> list[str]:
    return [local(place.at, zone) for place in islice(places(slots, zone, after=after), count)]


def test_slots_come_in_the_order_of_the_calendar_whatever_theirs() -> None:
    slots = [Weekly(weekday=2, hour=NINE), Weekly(weekday=0, hour=NOON), Weekly(weekday=0, hour=NINE)]
    said = ["Mon 23 09:00", "Mon 23 12:00", "Wed 25 09:00", "Mon 30 09:00"]
    assert shown(slots, PARIS, after=MONDAY, count=4) == said


def test_the_moment_itself_is_over() -> None:
    nine = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert shown([Weekly(weekday=0, hour=NINE)], PARIS, after=nine, count=1) == ["Mon 30 09:00"]


def test_an_hour_that_spring_skips_stands_as_much_later_and_gives_way_to_one_that_stands_there() -> None:
    friday = datetime(2027, 3, 26, tzinfo=UTC)
    two = Weekly(weekday=6, hour=time(2, 30))
    assert shown([two], PARIS, after=friday, count=2) == ["Sun 28 03:30", "Sun 04 02:30"]
    both = [two, Weekly(weekday=6, hour=time(3, 30), category=7)]
    first, second = islice(places(both, PARIS, after=friday), 2)
    assert (local(first.at), first.slot.category) == ("Sun 28 03:30", 7)
    assert local(second.at) == "Sun 04 02:30"


def test_an_hour_that_comes_twice_in_autumn_is_a_slot_once() -> None:
    saturday = datetime(2027, 10, 30, 12, tzinfo=UTC)
    found = list(islice(places([Weekly(weekday=6, hour=time(2, 30))], PARIS, after=saturday), 2))
    assert found[0].at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "the first of the two"
    assert local(found[1].at) == "Sun 07 02:30"


def test_clocks_that_change_at_midnight_keep_the_order() -> None:
    friday = datetime(2027, 3, 26, 12, tzinfo=UTC)
    slots = [Weekly(weekday=5, hour=time(23, 30)), Weekly(weekday=6, hour=time(0, 15))]
    assert shown(slots, NUUK, after=friday, count=2) == ["Sun 28 00:15", "Sun 28 00:30"]


def test_a_slot_kept_for_a_category_takes_nothing_else_and_an_open_one_takes_all() -> None:
    slots = [Weekly(weekday=0, hour=NINE, category=7), Weekly(weekday=0, hour=NOON)]
    assert local(first_free(slots, PARIS, category=7, after=MONDAY, taken=())) == "Mon 23 09:00"
    assert local(first_free(slots, PARIS, category=8, after=MONDAY, taken=())) == "Mon 23 12:00"
    assert local(first_free(slots, PARIS, category=None, after=MONDAY, taken=())) == "Mon 23 12:00"
    assert first_free(slots[:1], PARIS, category=None, after=MONDAY, taken=()) is None
    assert first_free([], PARIS, category=None, after=MONDAY, taken=()) is None


def test_a_taken_slot_is_passed_over() -> None:
    nine = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    slots = [Weekly(weekday=0, hour=NINE), Weekly(weekday=0, hour=NOON)]
    assert local(first_free(slots, PARIS, category=None, after=MONDAY, taken={nine})) == "Mon 23 12:00"


def item(key: int, at: datetime, category: int | None = None) -> Item:
    return Item(key=key, category=category, at=at, earliest=MONDAY)


DAILY = [Weekly(weekday=day, hour=NINE, category=7 if day % 2 else None) for day in range(7)]


def test_what_is_put_first_pushes_each_one_on_up_to_the_first_gap() -> None:
    at = [place.at for place in islice(places(DAILY, PARIS, after=MONDAY), 7)]
    queue = [item(1, at[0]), item(2, at[2]), item(3, at[6])]
    moved = put_first(queue[2], queue, DAILY, PARIS, after=MONDAY, taken=())
    assert moved == {3: at[0], 1: at[2], 2: at[4]}, "over the slots that are kept, into the gap"


def test_what_leaves_by_hand_is_not_pushed_away() -> None:
    at = [place.at for place in islice(places(DAILY, PARIS, after=MONDAY), 7)]
    moved = put_first(item(1, at[4]), [], DAILY, PARIS, after=MONDAY, taken={at[0]})
    assert moved == {1: at[2]}


def test_what_no_slot_takes_is_not_put_first() -> None:
    kept = [Weekly(weekday=0, hour=NINE, category=7)]
    with pytest.raises(NoPlace):
        put_first(item(1, MONDAY), [], kept, PARIS, after=MONDAY, taken=())


def test_nothing_is_given_a_slot_from_the_day_on_at_which_its_rights_are_over() -> None:
    at = [place.at for place in islice(places(DAILY, PARIS, after=MONDAY), 7)]
    limited = Item(key=1, category=None, at=at[0], earliest=MONDAY, ends=at[2])
    free = item(2, at[2])
    with pytest.raises(NoPlace) as refused:
        put_first(free, [limited, free], DAILY, PARIS, after=MONDAY, taken=())
    assert refused.value.item == limited, "it would be pushed beyond"
    assert first_free(DAILY, PARIS, category=None, after=MONDAY, taken={at[0]}, ends=at[2]) is None
    assert first_free(DAILY, PARIS, category=None, after=MONDAY, taken={at[0]}, ends=at[3]) == at[2]


def test_what_stays_because_no_slot_takes_it_keeps_its_hour_to_itself() -> None:
    at = [place.at for place in islice(places(DAILY, PARIS, after=MONDAY), 7)]
    over = Item(key=1, category=None, at=at[0], earliest=MONDAY, ends=MONDAY)
    following = item(2, at[4])
    assert closed_up([over, following], DAILY, PARIS, after=MONDAY, taken=()) == {2: at[2]}


weeks = st.lists(
    st.builds(
        Weekly,
        weekday=st.integers(0, 6),
        hour=st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)),
        category=st.sampled_from([None, 7, 8]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda slot: (slot.weekday, slot.hour),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from([PARIS, NUUK, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])


@settings(deadline=None)
@given(weeks, zones, moments)
def test_slots_come_in_order_each_moment_once_and_never_over(
    slots: list[Weekly], zone: ZoneInfo, after: datetime
) -> None:
    found = [place.at for place in islice(places(slots, zone, after=after), 60)]
    assert found == sorted(set(found))
    assert after < found[0] < after + timedelta(days=8)
    hours = {slot.hour for slot in slots}
    off = [at for at in found if at.astimezone(zone).time() not in hours]
    assert len(off) <= len(slots) * 20, "only what a change of clocks skipped"
    assert all(at.astimezone(zone).utcoffset() != (at - timedelta(days=1)).astimezone(zone).utcoffset()
               for at in off)  # fmt: skip


@settings(deadline=None)
@given(
    weeks,
    zones,
    moments,
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from([None, 7, 8])), min_size=1, max_size=15),
    st.sets(st.integers(0, 40), max_size=10),
)
def test_a_queue_rearranged_shares_no_slot_and_respects_what_is_kept(
    slots: list[Weekly],
    zone: ZoneInfo,
    after: datetime,
    queue: list[tuple[int, int | None]],
    by_hand: set[int],
) -> None:
    coming = list(islice(places(slots, zone, after=after), 41))
    slot_at = {place.at: place.slot for place in places(slots, zone, after=after)}
    taken = {coming[place].at for place in by_hand}
    items, used = [], set(taken)
    for key, (place, category) in enumerate(queue):
        at = coming[place].at
        if at not in used and coming[place].slot.takes(category):
            used.add(at)
            items.append(Item(key=key, category=category, at=at, earliest=after))
    by_key = {one.key: one for one in items}

    closed = closed_up(items, slots, zone, after=after, taken=taken)
    assert closed.keys() == by_key.keys()
    assert len(set(closed.values())) == len(closed)
    assert not taken & set(closed.values())
    assert all(slot_at[at].takes(by_key[key].category) for key, at in closed.items())
    assert all(at <= by_key[key].at for key, at in closed.items()), "closing up makes nobody wait longer"
    again = [Item(key=k, category=by_key[k].category, at=at, earliest=after) for k, at in closed.items()]
    assert closed_up(again, slots, zone, after=after, taken=taken) == closed, "and is done once"

    for target in items[-1:]:
        moved = put_first(target, items, slots, zone, after=after, taken=taken)
        hours = {one.key: moved.get(one.key, one.at) for one in items}
        assert len(set(hours.values())) == len(items)
        assert not taken & set(hours.values())
        assert all(slot_at[at].takes(by_key[key].category) for key, at in hours.items())
        assert hours[target.key] == first_free(
            slots, zone, category=target.category, after=after, taken=taken
        )
        assert all(hours[one.key] >= one.at for one in items if one is not target)
