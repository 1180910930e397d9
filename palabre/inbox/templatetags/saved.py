"""Filters of the pages of saved replies."""

from django import template

from palabre.inbox.models import SavedText
from palabre.inbox.saved.words import wording_words

register = template.Library()


@register.filter
def wording(text: SavedText) -> str:
    """A wording named: its language and its tone."""
    return wording_words(text)
