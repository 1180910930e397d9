"""The queue's own words: why an account has no free slot, a day in full."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext

from palabre.channels.words import language
from palabre.publishing.models import Delivery
from palabre.publishing.queue.board import Row
from palabre.publishing.queue.slots import Lack
from palabre.publishing.queue.words import lacking
from palabre.publishing.words import until

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
def day_in_full(day: date) -> str:
    """`mardi 1er décembre`, `Tuesday 1 December`."""
    number = "1er" if day.day == 1 and language() == "fr" else str(day.day)
    return f"{date_format(day, 'l')} {number} {date_format(day, 'F')}"
