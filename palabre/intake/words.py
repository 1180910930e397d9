"""What to ask a network that searches: the words its brand's topics cannot do without."""

from palabre.agency.models import Brand
from palabre.listening.models import Topic
from palabre.query import parse, search_phrases

AT_MOST = 12
"""Searches a brand asks of one network in a round: each is a call."""


def search_words(brand: Brand) -> tuple[str, ...]:
    """Phrases such that every match of a live topic holds one of its topic's; the brand's own scope.

    Topics without such a phrase (only prefixes, only fields) ask for nothing.
    """
    words: dict[str, None] = {}
    for topic in Topic.objects.filter(brand=brand, deleted_at=None, is_paused=False).order_by("pk"):
        words.update(dict.fromkeys(search_phrases(parse(topic.query))))
    return tuple(words)[:AT_MOST]
