"""What is unread of each topic: read by the home page, in the same counts as the page of mentions."""

from dataclasses import dataclass

from django.db import connection

from palabre.agency.models import Brand
from palabre.listening.filters import MentionFilter, Read
from palabre.listening.models import Topic


@dataclass(frozen=True, kw_only=True)
class UnreadTopic:
    """A topic with something unread, and the filters of the page that shows as much."""

    topic: Topic
    total: int
    negative: int

    @property
    def query(self) -> str:
        """All of it."""
        return MentionFilter(days=None, read=Read.UNREAD, topics=(self.topic.pk,)).query_string()

    @property
    def negative_query(self) -> str:
        """The negative part."""
        unread = MentionFilter(days=None, read=Read.UNREAD, topics=(self.topic.pk,), tones=(-1,))
        return unread.query_string()


def unread_topics(brand: Brand) -> list[UnreadTopic]:
    """Every topic with something unread that is neither spam nor ignored, in the order of the topics."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT topic, sum(count.items), coalesce(sum(count.items) FILTER (WHERE facet.tone < 0), 0)
               FROM listening_dailycount AS count
               JOIN listening_facet AS facet ON facet.id = count.facet_id
                AND NOT facet.is_read AND NOT facet.is_ignored AND NOT facet.is_spam
               JOIN listening_blend AS blend ON blend.id = count.blend_id, unnest(blend.topics) AS topic
               WHERE blend.brand_id = %s GROUP BY 1 HAVING sum(count.items) > 0""",
            [brand.pk],
        )
        counted = {topic: (int(total), int(negative)) for topic, total, negative in cursor.fetchall()}
    live = Topic.objects.filter(brand=brand, deleted_at=None, pk__in=counted)
    return [
        UnreadTopic(topic=topic, total=counted[topic.pk][0], negative=counted[topic.pk][1]) for topic in live
    ]
