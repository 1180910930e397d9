"""When a rule may speak next: at most so often, at its hour and day, in its own time zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from palabre.alerts.models import Frequency, Rule

HOUR = timedelta(hours=1)


def due_at(rule: Rule, *, now: datetime) -> datetime:
    """The first moment from `now` on at which the rule may speak (aware, UTC).

    Instant: now. Hourly: an hour after the last message. Daily and weekly: the next time the
    clock of the rule's zone shows its hour (on its day); an hour that a change of clocks skips is
    the first one after it, one that comes twice counts once.
    """
    last = rule.last_sent_at
    if rule.frequency == Frequency.INSTANT:
        return now
    if rule.frequency == Frequency.HOURLY:
        return max(now, last + HOUR) if last else now
    zone = ZoneInfo(rule.time_zone)
    local = now.astimezone(zone)
    for days in range(9):
        day = (local + timedelta(days=days)).date()
        if rule.frequency == Frequency.WEEKLY and day.weekday() != rule.weekday:
            continue
        # Through UTC and back: an hour skipped in spring becomes the next one that exists.
        moment = datetime(day.year, day.month, day.day, rule.hour, tzinfo=zone).astimezone(ZoneInfo("UTC"))
        if moment >= now and (last is None or moment - last > HOUR):
            return moment
    raise AssertionError("a week has each of its days")
