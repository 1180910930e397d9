"""Working time, held against a reader of the clock who goes minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.inbox.pace.hours import DAY, Hours, NeverOpen, always, spans_in_order

PARIS = ZoneInfo("Europe/Paris")
OFFICE = (((540, 720), (780, 1080)),) * 5 + ((), ())
MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Paris", "UTC", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe", "Asia/Beirut")
CHANGES = tuple(
    datetime(2026, month, day, 0, tzinfo=UTC) for month, day in ((3, 28), (4, 4), (9, 5), (10, 3), (10, 24))
)


def at(text: str, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.fixture
def office() -> Hours:
    return Hours(week=OFFICE, zone=PARIS, closed=lambda day: day == date(2026, 11, 11))


def test_an_office_is_closed_at_noon_at_night_on_sunday_and_on_a_holiday(office: Hours) -> None:
    assert office.open_at(at("2026-11-10T09:00"))
    assert not office.open_at(at("2026-11-10T12:00")), "the end of a span is no part of it"
    assert not office.open_at(at("2026-11-10T20:00"))
    assert not office.open_at(at("2026-11-08T10:00")), "a Sunday"
    assert not office.open_at(at("2026-11-11T10:00")), "armistice"


def test_two_hours_asked_for_on_friday_evening_are_over_on_monday_morning(office: Hours) -> None:
    assert office.after(at("2026-11-06T17:30"), timedelta(hours=2)) == at("2026-11-09T10:30")


def test_what_falls_on_a_holiday_waits_for_the_day_after(office: Hours) -> None:
    assert office.after(at("2026-11-11T10:00"), timedelta(hours=1)) == at("2026-11-12T10:00")


def test_nothing_to_work_is_over_at_once_and_no_hours_are_never_over(office: Hours) -> None:
    asked = at("2026-11-08T10:00")
    assert office.after(asked, timedelta(0)) == asked
    closed = Hours(week=((),) * 7, zone=PARIS)
    with pytest.raises(NeverOpen):
        closed.after(asked, MINUTE)
    with pytest.raises(NeverOpen):
        closed.before(asked, MINUTE)


def test_the_night_the_clocks_change_is_as_long_as_it_is() -> None:
    day = always(PARIS)
    assert day.working_between(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == timedelta(hours=23)
    assert day.working_between(at("2026-10-25T00:00"), at("2026-10-26T00:00")) == timedelta(hours=25)
    night = Hours(week=(((120, 180),),) * 7, zone=PARIS)
    assert night.working_between(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == timedelta(0)
    assert night.working_between(at("2026-10-25T00:00"), at("2026-10-26T00:00")) == timedelta(hours=2)


@pytest.mark.parametrize("week", [(), (((0, 60), (50, 90)),) * 7, (((60, 60),),) * 7, (((0, DAY + 1),),) * 7])
def test_spans_that_overlap_or_leave_the_day_are_refused(
    week: tuple[tuple[tuple[int, int], ...], ...],
) -> None:
    with pytest.raises(ValueError, match="day"):
        Hours(week=week, zone=PARIS)


def test_spans_typed_in_any_order_are_put_in_order_and_joined() -> None:
    assert spans_in_order([(780, 1080), (540, 720), (700, 780)]) == ((540, 1080),)
    assert spans_in_order([(780, 1080), (540, 720)]) == ((540, 720), (780, 1080))


spans = st.lists(st.integers(0, DAY // 15), unique=True, max_size=6).map(
    lambda edges: tuple(
        (edges[place] * 15, edges[place + 1] * 15)
        for edges in [sorted(edges)]
        for place in range(0, len(edges) - 1, 2)
    )
)
hours = st.builds(
    lambda week, zone, shut: Hours(week=tuple(week), zone=ZoneInfo(zone), closed=lambda day: day.day in shut),
    st.lists(spans, min_size=7, max_size=7),
    st.sampled_from(ZONES),
    st.sets(st.integers(1, 31), max_size=4),
)
moments = st.builds(
    lambda day, minute: day + timedelta(minutes=minute), st.sampled_from(CHANGES), st.integers(0, 3 * DAY)
)


def plainly_open(known: Hours, moment: datetime) -> bool:
    """What a clock on the wall says, and nothing else."""
    clock = moment.astimezone(known.zone)
    minute = 60 * clock.hour + clock.minute
    return not known.closed(clock.date()) and any(a <= minute < b for a, b in known.week[clock.weekday()])


def minutes(begin: datetime, n: int) -> list[datetime]:
    return [begin + one * MINUTE for one in range(n)]


@given(hours, moments)
def test_it_is_open_when_the_clock_on_the_wall_says_so(known: Hours, moment: datetime) -> None:
    assert known.open_at(moment) == plainly_open(known, moment)


@given(hours, moments, st.integers(-60, 3 * DAY))
def test_working_time_is_the_number_of_open_minutes(known: Hours, moment: datetime, n: int) -> None:
    plain = sum(plainly_open(known, one) for one in minutes(moment, n))
    assert known.working_between(moment, moment + n * MINUTE) == plain * MINUTE


@given(hours, moments, st.integers(1, 900))
def test_after_stops_at_the_minute_that_completes_it(known: Hours, moment: datetime, n: int) -> None:
    try:
        found = known.after(moment, n * MINUTE)
    except NeverOpen:
        assert not any(known.week)
        return
    assert known.working_between(moment, found) == n * MINUTE
    assert known.open_at(found - MINUTE), "not a minute later than needed"


@given(hours, moments, st.integers(1, 900))
def test_before_is_after_read_backwards(known: Hours, moment: datetime, n: int) -> None:
    try:
        found = known.before(moment, n * MINUTE)
    except NeverOpen:
        assert not any(known.week)
        return
    assert known.working_between(found, moment) == n * MINUTE
    assert known.open_at(found), "not a minute earlier than needed"
