"""The calendar as iCalendar (RFC 5545), for Thunderbird, Google, Apple and the others."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from palabre.agency.models import Brand
from palabre.channels.words import label_of
from palabre.publishing.calendar.entries import Entry, entries
from palabre.publishing.calendar.models import CalendarNote
from palabre.publishing.calendar.selection import SHOWN
from palabre.publishing.models import Delivery
from palabre.publishing.words import STATES

PAST, FUTURE = timedelta(days=90), timedelta(days=366)
REFRESH = timedelta(minutes=15)
LASTS = timedelta(minutes=15)
"""A moment has no length; a quarter of an hour can be seen and clicked in every calendar."""


def ical(*, brand: Brand, now: datetime) -> bytes:
    """What the brand in scope planned and sent, three months back and a year ahead, with its notes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Palabre//Calendar//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", brand.name)
    calendar.add("x-wr-calname", brand.name)
    calendar.add("x-wr-timezone", brand.time_zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    rows = Delivery.objects.filter(
        state__in=SHOWN, due_at__gte=now - PAST, due_at__lt=now + FUTURE, variant__post__deleted_at=None
    ).order_by("due_at", "variant__post_id", "pk")
    for entry in entries(rows, ZoneInfo(brand.time_zone)):
        calendar.add_component(_event(brand, entry, now))
    for note in CalendarNote.objects.filter(yearly=False, last_day__gte=(now - PAST).date()):
        calendar.add_component(_note(brand, note, now))
    for note in CalendarNote.objects.filter(yearly=True):
        calendar.add_component(_note(brand, note, now))
    return calendar.to_ical()


def _event(brand: Brand, entry: Entry, now: datetime) -> Event:
    event = Event()
    # One delivery has one identity for ever: a content that moves, moves in the reader's calendar too.
    event.add("uid", f"delivery-{entry.parts[0].pk}@{_host()}")
    event.add("dtstamp", now)
    event.add("dtstart", entry.at.astimezone(UTC))
    event.add("dtend", entry.at.astimezone(UTC) + LASTS)
    where = ", ".join(label_of(network) for network in entry.networks)
    event.add("summary", f"{_mark(entry)}{entry.name or _('(no text)')} · {where}")
    event.add("description", str(STATES[entry.state].words))
    event.add("categories", [label_of(network) for network in entry.networks])
    event.add("url", settings.ENV.public_url + reverse("publishing:post", args=[brand.slug, entry.post]))
    event.add("status", "TENTATIVE" if entry.state in ("awaiting", "paused") else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _note(brand: Brand, note: CalendarNote, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"note-{note.pk}@{_host()}")
    event.add("dtstamp", now)
    event.add("dtstart", note.first_day)
    event.add("dtend", note.last_day + timedelta(days=1))
    event.add("summary", note.text)
    event.add("transp", "TRANSPARENT")
    if note.yearly:
        event.add("rrule", {"freq": "yearly"})
    return event


def _mark(entry: Entry) -> str:
    return "⚠ " if entry.stuck else ""


def _host() -> str:
    return str(settings.ENV.public_url).split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]
