"""The queue's own words: why an account has no free slot, a day in full."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from palabre.channels.words import language
from palabre.publishing.models import Delivery
from palabre.publishing.queue.board import Row
from palabre.publishing.queue.slots import Lack
from palabre.publishing.queue.words import lacking
from palabre.publishing.words import until
from palabre.ui import moments

register = template.Library()


@register.filter
def lack_words(lack: Lack) -> str:
    """The reason, with the next step."""
    return lacking([lack])[0]


@register.filter
def rights_over(row: Row, delivery: Delivery) -> str:
    """Which of its files may not be published any more when it is to leave, "" for none."""
    asset = row.over.get(delivery.pk)
    if asset is None:
        return ""
    return gettext("“%(name)s” may be published until %(until)s: at this hour it cannot leave.") % {
        "name": asset.name,
        "until": until(asset),
    }


@register.filter
def slot_briefly(at: datetime) -> str:
    """`mar. 24 nov., 09:00`, `Tue 24 Nov, 09:00`."""
    local = timezone.localtime(at)
    return f"{day_short(date_format(local, 'l'))} {moments.day(local)}, {local:%H:%M}"


@register.filter
def day_short(day: str) -> str:
    """A day of the week in three letters: `mar.`, `Tue`."""
    return day[:3] + ("." if language() == "fr" else "")


@register.filter
def day_in_full(day: date) -> str:
    """`mardi 1er décembre`, `Tuesday 1 December`."""
    number = "1er" if day.day == 1 and language() == "fr" else str(day.day)
    return f"{date_format(day, 'l')} {number} {date_format(day, 'F')}"
