"""From a new mention to what an alert tells of it."""

from palabre.alerts.events import Notice
from palabre.alerts.wants import Facts
from palabre.listening.found import Found
from palabre.listening.preference import NONE, Preference

EXCERPT = 400
"""Characters of the text an alert shows."""


def notice_of(mention: Found, *, prefers: Preference = NONE, urgent: bool = False) -> Notice:
    """The notice of a mention, whose topic would rather have what it `prefers`."""
    return Notice(
        key=f"mention:{mention.topic}:{mention.item}",
        at=mention.occurred_at,
        topic=mention.topic,
        topic_name=mention.topic_name,
        item=mention.item,
        title=mention.title,
        excerpt=mention.text[:EXCERPT],
        url=mention.url,
        urgent=urgent,
        facts=Facts(
            network=mention.network,
            language=mention.language,
            tone=mention.tone,
            author=mention.name or mention.handle,
            outlet=mention.outlet,
            reach=mention.reach,
            story=mention.story,
            story_size=mention.story_size,
            is_spam=mention.is_spam,
            fit=prefers.fit(mention.language, mention.country),
        ),
    )
