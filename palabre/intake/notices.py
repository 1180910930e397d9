"""From a new mention to what an alert tells of it."""

from palabre.alerts.events import Notice
from palabre.alerts.wants import Facts
from palabre.listening.matching import preference_of
from palabre.listening.models import Mention

EXCERPT = 400
"""Characters of the text an alert shows."""


def notice_of(mention: Mention, *, urgent: bool = False) -> Notice:
    """The notice of a mention whose item, author, story and topic are loaded."""
    item, author, story = mention.item, mention.item.author, mention.item.story
    return Notice(
        key=f"mention:{mention.topic_id}:{item.pk}",
        at=item.occurred_at,
        topic=mention.topic_id,
        topic_name=mention.topic.name,
        item=item.pk,
        title=item.title,
        excerpt=item.text[:EXCERPT],
        url=item.url,
        urgent=urgent,
        facts=Facts(
            network=item.network,
            language=item.language,
            tone=item.tone,
            author=(author.name or author.handle) if author else "",
            outlet=item.outlet,
            reach=item.reach,
            story=item.story_id,
            story_size=story.size if story else 1,
            is_spam=item.is_spam,
            fit=preference_of(mention.topic).fit(item.language, item.country),
        ),
    )
