"""A mention as plain values, with what its rules and its alerts ask about: read in one statement.

On the path: `record` → here → the brand's rules and the notices of intake. Pages read the models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from palabre.stream.tidy import numbers


@dataclass(slots=True)
class Found:
    """A mention, its topic, item, author and story. `handle` and `name` are the author's; "" and None
    are unknown; `story_size` is 1 where there is no story."""

    id: int
    brand: int
    topic: int
    topic_name: str
    item: int
    occurred_at: datetime
    network: str
    language: str
    country: str
    tone: int
    is_spam: bool
    title: str
    text: str
    url: str
    outlet: str
    reach: int | None
    handle: str
    name: str
    story: int | None
    story_size: int

    @property
    def author(self) -> str:
        """Handle and name, as matching reads them."""
        return " ".join(filter(None, (self.handle, self.name)))


def found_of(ids: Sequence[int]) -> list[Found]:
    """The mentions of these ids, in their order; of whichever brands they are."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT mention.id, mention.brand_id, mention.topic_id, topic.name, item.id, item.occurred_at,
                      item.network, item.language, item.country, item.tone, item.is_spam, item.title,
                      item.text, item.url, item.outlet, item.reach, coalesce(author.handle, ''),
                      coalesce(author.name, ''), item.story_id, coalesce(story.size, 1)
               FROM unnest(%s::bigint[]) WITH ORDINALITY AS given (id, place)
               JOIN listening_mention AS mention ON mention.id = given.id
               JOIN listening_topic AS topic ON topic.id = mention.topic_id
               JOIN stream_item AS item ON item.id = mention.item_id
               LEFT JOIN stream_author AS author ON author.id = item.author_id
               LEFT JOIN stream_story AS story ON story.id = item.story_id
               ORDER BY given.place""",
            [numbers(ids)],
        )
        return [Found(*row) for row in cursor.fetchall()]
