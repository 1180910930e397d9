"""A walk down a list that comes newest first loses nothing: cut, repeated, or told of things late."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from palabre.networks.contract import Cursor
from palabre.networks.descents import MOST, Depth, Descent

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DEPTH = Depth(again=timedelta(minutes=15), late=timedelta(days=2))
SIZE = 10


def pages(
    told: list[datetime], cursor: Cursor | None, now: datetime
) -> Iterator[tuple[list[datetime], Cursor]]:
    """What each call of one visit brings, and the cursor after it."""
    while True:
        here = Descent.of(cursor, now, DEPTH)
        place = int(here.page or 0)
        page = sorted(told, reverse=True)[place : place + SIZE]
        further = str(place + SIZE) if place + SIZE < len(told) else ""
        held, more = here.next(len(page), min(page, default=None), further)
        cursor = json.loads(json.dumps(held))
        yield [when for when in page if when >= here.until], cursor
        if not more:
            return


def visit(told: list[datetime], cursor: Cursor | None, now: datetime) -> tuple[set[datetime], Cursor]:
    seen: set[datetime] = set()
    for page, after in pages(told, cursor, now):
        seen |= set(page)
        cursor = after
    assert cursor is not None
    return seen, cursor


def ago(**past: float) -> datetime:
    return NOW - timedelta(**past)


def test_the_first_visit_goes_back_thirty_days_at_most() -> None:
    told = [ago(days=day) for day in range(60)]
    seen, _ = visit(told, None, NOW)
    assert seen == {when for when in told if when >= ago(days=30)}


def test_the_first_visit_stops_at_two_hundred_and_later_ones_look_no_further() -> None:
    told = [ago(minutes=minute) for minute in range(1000)]
    seen, cursor = visit(told, None, NOW)
    assert len(seen) == MOST
    later, _ = visit(told, cursor, NOW + timedelta(hours=2))
    assert later <= seen


def test_each_visit_ends_a_little_below_where_the_last_one_began() -> None:
    told = [ago(minutes=minute) for minute in range(0, 600, 5)]
    _, cursor = visit(told, None, NOW)
    seen, _ = visit(told, cursor, NOW + timedelta(minutes=1))
    assert seen == {ago(minutes=minute) for minute in (0, 5, 10, 15)}


def test_what_the_network_learnt_of_a_day_late_is_heard_within_the_hour() -> None:
    told = [ago(hours=hour) for hour in range(100)]
    _, cursor = visit(told, None, NOW)
    told.append(ago(hours=20, minutes=30))
    seen, cursor = visit(told, cursor, NOW + timedelta(minutes=30))
    assert told[-1] not in seen
    seen, cursor = visit(told, cursor, NOW + timedelta(minutes=61))
    assert told[-1] in seen
    seen, _ = visit(told, cursor, NOW + timedelta(minutes=62))
    assert told[-1] not in seen


def test_an_empty_list_and_a_mark_that_does_not_move_end_the_visit() -> None:
    here = Descent.of(None, NOW, DEPTH)
    assert here.next(0, None, "")[1] is False
    held, more = here.next(10, NOW, "mark")
    assert more
    assert Descent.of(held, NOW, DEPTH).next(10, NOW, "mark")[1] is False


@given(
    st.lists(st.integers(min_value=0, max_value=500), max_size=150),
    st.lists(st.tuples(st.integers(min_value=1, max_value=40), st.integers(0, 20)), max_size=12),
    st.data(),
)
def test_visits_that_are_cut_and_begun_again_hear_everything(
    first: list[int], further: list[tuple[int, int]], data: st.DataObject
) -> None:
    told = [ago(minutes=minute) for minute in first]
    now, cursor, seen = NOW, None, set[datetime]()
    for minutes, count in further:
        for page, after in pages(told, cursor, now):
            seen |= set(page)
            if data.draw(st.booleans()):
                cursor = after
            if data.draw(st.booleans()):
                break  # killed here, or before the cursor was stored
        now += timedelta(minutes=minutes)
        told += [now - timedelta(seconds=second) for second in range(count)]
    for _ in range(3):
        found, cursor = visit(told, cursor, now)
        seen |= found
    assert seen >= {when for when in told if when >= NOW - timedelta(days=29)}
