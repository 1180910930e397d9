"""Rules beside the mentions they decide on: on what comes in, and dry on the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from palabre.listening.models import Mention, Rule
from palabre.listening.rules import CompiledRule, Subject, compiled_from, fires
from palabre.query import Document

PAST = timedelta(days=30)
PAST_MOST = 5_000
"""Mentions a dry run looks at, the newest first."""
SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What a rule would have done: mentions looked at, mentions it fires on, some of those."""

    looked: int
    fired: int
    sample: tuple[Mention, ...]


def active_rules() -> list[CompiledRule]:
    """The brand's active rules in their order."""
    active = Rule.objects.filter(is_active=True)
    return [compiled_from(rule.pk, rule.conditions, rule.actions) for rule in active]


def dry_run(rule: CompiledRule) -> DryRun:
    """Try a rule on the last thirty days; nothing is changed."""
    past = (
        Mention.objects.filter(occurred_at__gte=timezone.now() - PAST, topic__deleted_at=None)
        .select_related("item__author", "item__story", "topic")
        .order_by("-occurred_at", "-pk")[:PAST_MOST]
    )
    looked, fired = 0, []
    for mention in past.iterator(chunk_size=500):
        looked += 1
        if fires(rule, subject_of(mention)):
            fired.append(mention)
    return DryRun(looked=looked, fired=len(fired), sample=tuple(fired[:SHOWN]))


def renumbered(rules: Sequence[Rule]) -> None:
    """Write down the order of the rules as given."""
    for position, rule in enumerate(rules):
        rule.position = position
    Rule.objects.bulk_update(rules, ["position"])


def subject_of(mention: Mention) -> Subject:
    """A mention as the rules see it; its item, author and story are loaded."""
    item, author, story = mention.item, mention.item.author, mention.item.story
    name = " ".join(filter(None, (author.handle, author.name))) if author else ""
    return Subject(
        document=Document(
            id=str(item.pk),
            title=item.title,
            text=item.text,
            author=name,
            url=item.url,
            network=item.network,
            lang=item.language,
            country=item.country,
        ),
        topic=mention.topic_id,
        network=item.network,
        language=item.language,
        tone=item.tone,
        author=author.handle if author else "",
        reach=item.reach,
        story_size=story.size if story else 1,
    )
