"""Dues, delays and hours in words, in the reader's language."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from palabre.inbox.models import Conversation, Due
from palabre.inbox.pace.hours import Span
from palabre.inbox.words import waited_words

WEEKDAYS = (
    pgettext_lazy("weekday", "Monday"),
    pgettext_lazy("weekday", "Tuesday"),
    pgettext_lazy("weekday", "Wednesday"),
    pgettext_lazy("weekday", "Thursday"),
    pgettext_lazy("weekday", "Friday"),
    pgettext_lazy("weekday", "Saturday"),
    pgettext_lazy("weekday", "Sunday"),
)
SOON = 60
"""Minutes before a due from which it is shown as pressing."""


def due_words(due: datetime, now: datetime) -> tuple[str, str]:
    """How far off a due is, and how it is coloured: `negative` once late, `warning` when it is near."""
    minutes = int((due - now).total_seconds() // 60)
    if minutes < 0:
        return _("late by %(time)s") % {"time": waited_words(-minutes)}, "negative"
    return _("in %(time)s") % {"time": waited_words(minutes)}, "warning" if minutes < SOON else ""


def first_due(row: Conversation) -> tuple[Due, datetime] | None:
    """What is due first of a conversation that is not done, None where nothing is."""
    dues = ((Due.ANSWER, row.answer_by), (Due.RESOLVE, row.resolve_by), (Due.HAND, row.due_at))
    known = [(at, kind) for kind, at in dues if at is not None and row.state != "done"]
    if not known:
        return None
    at, kind = min(known, key=lambda one: one[0])
    return kind, at


def moment_words(at: datetime) -> str:
    """Tue 3 Nov, 14:00, on the reader's clock."""
    return date_format(localtime(at), "D j M, H:i")


def span_words(minutes: int | None) -> str:
    """A delay: 90 min, 4 h, 2 h 30."""
    if minutes is None:
        return "—"
    hours, rest = divmod(minutes, 60)
    if minutes < 120 and rest:
        return _("%(n)d min") % {"n": minutes}
    return _("%(n)d h") % {"n": hours} + (f" {rest:02}" if rest else "")


def seconds_words(seconds: float | None) -> str:
    """How long it took; a dash where nothing is known."""
    return "—" if seconds is None else span_words(max(round(seconds / 60), 1))


def clock_words(minute: int) -> str:
    """09:00, from minutes of the day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def spans_words(spans: Sequence[Span]) -> str:
    """09:00-12:00 13:00-18:00, as it is typed."""
    return ", ".join(f"{clock_words(begins)}-{clock_words(ends)}" for begins, ends in spans)


def shifted_words(minutes: int, due: Due) -> str:
    """When a rule does its part."""
    told = {"due": Due(due).label, "time": span_words(abs(minutes))}
    if minutes == 0:
        return _("when %(due)s is due") % told
    return (_("%(time)s before %(due)s") if minutes < 0 else _("%(time)s after %(due)s")) % told


def taken_back_words(n: int) -> str:
    """What was done with some conversations."""
    return ngettext("%(n)d conversation taken back.", "%(n)d conversations taken back.", n) % {"n": n}
