"""Dates and times in words, in the page's language and zone."""

from datetime import UTC, date, datetime, timedelta

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from palabre.ui import typography

FRENCH_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long since, in words: `il y a 12 min`, `hier`, then the date; a dash for None."""
    if value is None:
        return typography.DASH
    now = now or datetime.now(UTC)
    passed = now - value
    if passed < timedelta(seconds=-60):
        return day(value, now)
    if passed < timedelta(seconds=60):
        return _("just now")
    if passed < timedelta(hours=1):
        return _("%(count)s min ago") % {"count": passed.seconds // 60}
    here, there = timezone.localtime(now).date(), timezone.localtime(value).date()
    days = (here - there).days
    if days == 0 or passed < timedelta(hours=6):
        return _("%(count)s h ago") % {"count": int(passed.total_seconds() // 3600)}
    if days == 1:
        return _("yesterday")
    if days < 7:
        return _("%(count)s d ago") % {"count": days}
    return day(value, now)


def day(value: datetime | date | None, now: datetime | None = None) -> str:
    """A date as short as it stays clear: `21 nov.`, with its year when it is not this one."""
    if value is None:
        return typography.DASH
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    this_year = timezone.localtime(now or datetime.now(UTC)).year
    months = FRENCH_MONTHS if typography.french() else ENGLISH_MONTHS
    words = {"day": _day(local.day), "month": months[local.month - 1]}
    text = pgettext("day and month", "%(day)s %(month)s") % words
    return text if local.year == this_year else f"{text} {local.year}"


def _day(number: int) -> str:
    return "1er" if number == 1 and typography.french() else str(number)


def moment(value: datetime | None) -> str:
    """A date and time in full, in the page's zone: `lundi 23 novembre 2026 à 10:02`."""
    if value is None:
        return typography.DASH
    local = timezone.localtime(value)
    form = "l j F Y à H:i" if typography.french() else "l j F Y, H:i"
    text = dateformat.format(local, form.replace("à", "\\à"))
    return text.replace(" 1 ", " 1er ", 1) if typography.french() and local.day == 1 else text
