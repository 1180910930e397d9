"""When an alert may speak: at most so often, at its own hour, in its own zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.alerts.models import Frequency, Rule
from palabre.alerts.schedule import due_at

PARIS = ZoneInfo("Europe/Paris")
MONDAY_NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 12:00 in Paris


def rule(frequency: str, last: datetime | None = None, **settings: object) -> Rule:
    return Rule(frequency=frequency, time_zone="Europe/Paris", last_sent_at=last, **settings)


def test_an_instant_alert_is_due_at_once() -> None:
    assert due_at(rule(Frequency.INSTANT), now=MONDAY_NOON) == MONDAY_NOON


def test_an_hourly_alert_waits_for_an_hour_after_the_last_one() -> None:
    assert due_at(rule(Frequency.HOURLY), now=MONDAY_NOON) == MONDAY_NOON
    last = MONDAY_NOON - timedelta(minutes=20)
    assert due_at(rule(Frequency.HOURLY, last), now=MONDAY_NOON) == last + timedelta(hours=1)


def test_a_daily_alert_speaks_at_its_hour_today_or_tomorrow() -> None:
    assert due_at(rule(Frequency.DAILY, hour=18), now=MONDAY_NOON) == datetime(2026, 11, 23, 18, tzinfo=PARIS)
    assert due_at(rule(Frequency.DAILY, hour=8), now=MONDAY_NOON) == datetime(2026, 11, 24, 8, tzinfo=PARIS)


def test_a_daily_alert_that_has_just_spoken_waits_for_the_next_day() -> None:
    at_noon = due_at(rule(Frequency.DAILY, MONDAY_NOON, hour=12), now=MONDAY_NOON)
    assert at_noon == datetime(2026, 11, 24, 12, tzinfo=PARIS)


@pytest.mark.parametrize(("weekday", "day"), [(0, 30), (1, 24), (6, 29)])
def test_a_weekly_alert_speaks_on_its_day(weekday: int, day: int) -> None:
    due = due_at(rule(Frequency.WEEKLY, hour=8, weekday=weekday), now=MONDAY_NOON)
    assert due == datetime(2026, 11, day, 8, tzinfo=PARIS)


def test_an_hour_that_spring_skips_becomes_the_next_one() -> None:
    before = datetime(2026, 3, 28, 22, tzinfo=UTC)
    due = due_at(rule(Frequency.DAILY, hour=2), now=before).astimezone(PARIS)
    assert (due.month, due.day, due.hour) == (3, 29, 3)


def test_an_hour_that_autumn_repeats_counts_once() -> None:
    first = due_at(rule(Frequency.DAILY, hour=2), now=datetime(2026, 10, 24, 22, tzinfo=UTC))
    again = due_at(rule(Frequency.DAILY, first, hour=2), now=first + timedelta(minutes=61))
    assert first.astimezone(PARIS).date().isoformat() == "2026-10-25"
    assert again.astimezone(PARIS).date().isoformat() == "2026-10-26"


@given(
    moment=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    frequency=st.sampled_from(Frequency.values),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
)
def test_the_next_time_is_never_past_and_never_more_than_a_week_away(
    moment: datetime, frequency: str, hour: int, weekday: int
) -> None:
    due = due_at(rule(frequency, hour=hour, weekday=weekday), now=moment)
    assert moment <= due <= moment + timedelta(days=8)
