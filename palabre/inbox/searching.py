"""Looking for conversations by words or by name: every form of the words, in French and in English.

A conversation is its own card: what was said in it lately and who said it, without places, so that one
index of conversations answers however many messages there are.
"""

import re

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import connection

from palabre.inbox.models import Conversation
from palabre.kit.text import fold

LATELY = 200
"""Messages of a conversation that are looked into, the latest."""

_INDEX = """
    UPDATE inbox_conversation AS talk SET search = array_to_tsvector(ARRAY(
        SELECT DISTINCT word.lexeme
        FROM (SELECT item.search FROM inbox_message AS message
              JOIN stream_item AS item ON item.id = message.item_id
              WHERE message.conversation_id IN (
                  SELECT part.id FROM inbox_conversation AS part
                  WHERE part.id = %(id)s OR part.merged_into_id = %(id)s)
              ORDER BY message.at DESC LIMIT %(lately)s) AS said,
             unnest(said.search) AS word
    )) || to_tsvector('pg_catalog.simple', %(name)s)
    WHERE talk.id = %(id)s
"""


def index(conversation: Conversation) -> None:
    """Note what a conversation can be found by, as it stands. In the caller's transaction."""
    author = conversation.author
    given: dict[str, int | str] = {
        "id": conversation.pk,
        "lately": LATELY,
        "name": fold(f"{author.name} {author.handle}"),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, given)


def query_of(words: str) -> SearchQuery | CombinedSearchQuery | None:
    """What to look for: the words in either language's forms, or names that begin so; None for nothing."""
    folded = fold(words.lstrip("@")).replace('"', " ")
    names = re.findall(r"\w+", folded)
    if not names:
        return None
    said = SearchQuery(folded, config="pg_catalog.french", search_type="websearch")
    said |= SearchQuery(folded, config="pg_catalog.english", search_type="websearch")
    begun = " & ".join(f"{name}:*" for name in names)
    return said | SearchQuery(begun, config="pg_catalog.simple", search_type="raw")
