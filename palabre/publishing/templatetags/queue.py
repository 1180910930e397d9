"""The queue's own words: why an account has no free slot, a day in full."""

from datetime import date

from django import template
from django.utils.formats import date_format

from palabre.channels.words import language
from palabre.publishing.queue.slots import Lack
from palabre.publishing.queue.words import lacking

register = template.Library()


@register.filter
def lack_words(lack: Lack) -> str:
    """The reason, with the next step."""
    return lacking([lack])[0]


@register.filter
def day_in_full(day: date) -> str:
    """`mardi 1er décembre`, `Tuesday 1 December`."""
    number = "1er" if day.day == 1 and language() == "fr" else str(day.day)
    return f"{date_format(day, 'l')} {number} {date_format(day, 'F')}"
