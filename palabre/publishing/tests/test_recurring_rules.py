"""When a series comes back: what a rule gives, what it may not be, and the change of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.publishing.recurring.plain import Every, Plain, plain_of
from palabre.publishing.recurring.rules import (
    MOST,
    BadRule,
    Rule,
    adjacent,
    following,
    occurrence,
    read_rule,
    rest,
    tidy,
)

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2027, 1, 4, 10)  # a Monday
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def dates(text: str, most: int = 5, start: datetime = START) -> list[str]:
    rule = read_rule(text, start=start, zone=PARIS, now=NOW)
    return [f"{one.slot:%Y-%m-%d %H:%M}" for one in islice(rule.occurrences(NOW), most)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH", ["2027-01-04 10:00", "2027-01-07 10:00", "2027-01-11 10:00"]),
        ("RRULE: freq=daily; interval=10", ["2027-01-04 10:00", "2027-01-14 10:00", "2027-01-24 10:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["2027-01-31 10:00", "2027-03-31 10:00", "2027-05-31 10:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2027-01-31 10:00", "2027-02-28 10:00", "2027-03-31 10:00"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["2027-01-29 10:00", "2027-02-26 10:00", "2027-03-26 10:00"]),
        ("FREQ=DAILY;COUNT=2", ["2027-01-04 10:00", "2027-01-05 10:00"]),
        ("FREQ=DAILY;UNTIL=20270105", ["2027-01-04 10:00", "2027-01-05 10:00"]),
        ("FREQ=DAILY;UNTIL=20270105T090000Z", ["2027-01-04 10:00", "2027-01-05 10:00"]),
        ("FREQ=DAILY;UNTIL=20270105T085959Z", ["2027-01-04 10:00"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29 10:00"]),
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9,18", ["2027-01-04 18:00", "2027-01-11 09:00", "2027-01-11 18:00"]),
    ],
)
def test_a_rule_gives_its_dates_on_the_clock_of_the_brand(text: str, expected: list[str]) -> None:
    assert dates(text, len(expected)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("every monday", "unreadable"),
        ("FREQ=SECONDLY", "frequency"),
        ("FREQ=MINUTELY;INTERVAL=5", "frequency"),
        ("BYDAY=MO", "frequency"),
        ("FREQ=DAILY;BYSECOND=1", "part"),
        ("FREQ=DAILY;BYEASTER=1", "part"),
        ("FREQ=DAILY;FREQ=WEEKLY", "twice"),
        ("FREQ=DAILY;INTERVAL=0", "number"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270105", "both_ends"),
        ("FREQ=DAILY;UNTIL=tomorrow", "until"),
        ("FREQ=DAILY;UNTIL=20270231", "until"),
        ("FREQ=DAILY;BYMONTH=13", "never"),
        ("FREQ=MONTHLY;BYDAY=MO,XX", "unreadable"),
        ("FREQ=DAILY;UNTIL=20261231", "never"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never"),
        ("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "never"),
        ("FREQ=HOURLY", "flood"),
        (
            "FREQ=YEARLY;BYMONTH=12;BYHOUR=0,1,2,3,4,5,6,7;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14",
            "flood",
        ),
        ("FREQ=DAILY;" + "BYHOUR=" + ",".join(["1"] * 300), "long"),
        ("FREQ=WEEKLY\nDTSTART:20200101T000000", "frequency"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadRule) as refused:
        read_rule(text, start=START, zone=PARIS, now=NOW)
    assert refused.value.code == code


def test_a_rule_whose_dates_are_past_says_so() -> None:
    with pytest.raises(BadRule) as refused:
        read_rule("FREQ=DAILY;COUNT=3", start=datetime(2026, 1, 1, 10), zone=PARIS, now=NOW)
    assert refused.value.code == "over"


def test_an_hour_that_spring_skips_leaves_later_and_the_clock_hour_stays_afterwards() -> None:
    rule = Rule(text="FREQ=DAILY", start=datetime(2027, 3, 27, 2, 30), zone=PARIS)
    first, changed, after = islice(rule.occurrences(datetime(2027, 3, 27, tzinfo=UTC)), 3)
    assert first.at == datetime(2027, 3, 27, 1, 30, tzinfo=UTC)
    assert changed.shifted and changed.at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "03:30 that day"
    assert not after.shifted and after.at == datetime(2027, 3, 29, 0, 30, tzinfo=UTC)


def test_an_hour_that_autumn_has_twice_comes_once() -> None:
    assert occurrence(datetime(2027, 10, 31, 2, 30), PARIS).at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    hourly = Rule(text="FREQ=HOURLY;INTERVAL=1", start=datetime(2027, 3, 28, 1), zone=PARIS)
    moments = [one.at for one in islice(hourly.occurrences(datetime(2027, 3, 27, tzinfo=UTC)), 4)]
    assert len(set(moments)) == 4


@given(
    st.sampled_from(list(Every)),
    st.integers(1, 60),
    st.sets(st.integers(0, 6), min_size=1),
    st.sampled_from(["1", "15", "31", "-1", "1MO", "4SU", "-1FR"]),
    st.none() | st.dates(date(2028, 1, 1), date(2030, 12, 31)),
    st.none() | st.integers(1, 999),
)
def test_what_is_said_plainly_is_read_back_as_it_was_said(
    every: Every, interval: int, days: set[int], month_day: str, until: date | None, count: int | None
) -> None:
    plain = Plain(
        every=every,
        interval=interval,
        days=tuple(sorted(days)) if every is Every.WEEK else (),
        month_day=month_day if every is Every.MONTH else "",
        until=None if count else until,
        count=count,
    )
    text = plain.written(START.date())
    assert plain_of(tidy(text)) == plain
    rule = Rule(text=text, start=START, zone=PARIS)
    found = [one.at for one in islice(rule.occurrences(NOW), 10)]
    assert found == sorted(set(found))
    assert all(one.astimezone(PARIS).time() == time(10) for one in found)


@given(st.integers(1, 40), st.integers(2, 6))
def test_wordings_take_turns_and_rest_as_long_as_all_the_others_take(interval: int, wordings: int) -> None:
    rule = Rule(text=f"FREQ=DAILY;INTERVAL={interval}", start=START, zone=PARIS)
    turns, turn = [], None
    for _ in range(3 * wordings):
        turn = following(turn, wordings)
        turns.append(turn)
    assert turns == [*range(wordings)] * 3
    least = rest(rule, wordings=wordings, after=NOW)
    assert least is not None and timedelta(0) <= timedelta(days=interval * wordings) - least <= timedelta(
        hours=1
    )


def test_the_same_words_twice_in_a_row_are_seen() -> None:
    assert not adjacent(["Un", "Deux", "Un", "Trois"])
    assert adjacent(["Un", "Un "])
    assert adjacent(["Un", "Deux", "Un"]), "the ring closes"


def test_as_many_as_a_stretch_may_hold_are_accepted() -> None:
    hours = ",".join(map(str, range(8, 11)))
    assert len(dates(f"FREQ=DAILY;BYHOUR={hours}", MOST)) == MOST
