"""Rules beside the mentions they decide on: on what comes in, and dry on the past."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.listening.found import Found, found_of
from palabre.listening.models import Mention, Rule
from palabre.listening.rules import CompiledRule, Subject, compiled_from, fires
from palabre.query import Document
from palabre.stream.tidy import numbers

PAST = timedelta(days=30)
PAST_MOST = 5_000
"""Mentions a dry run looks at, the newest first."""
SHOWN = 8
CHUNK = 500
"""Mentions a dry run holds in memory at once."""


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What a rule would have done: mentions looked at, mentions it fires on, some of those."""

    looked: int
    fired: int
    sample: tuple[Mention, ...]


class Stored(NamedTuple):
    """A rule as its row has it, in JSON."""

    id: int
    conditions: str
    actions: str

    def compiled(self) -> CompiledRule:
        """Ready to be asked; a rule that did not change is not read again. Raises `QueryError`."""
        return _compiled(self)


def active_rules(brands: Collection[Brand]) -> dict[int, list[Stored]]:
    """The active rules of each of these brands that has any, in their order; crosses brands on purpose."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT brand_id, id, conditions::text, actions::text FROM listening_rule
               WHERE brand_id = ANY(%s::bigint[]) AND is_active ORDER BY brand_id, position, id""",
            [numbers(brand.pk for brand in brands)],
        )
        found: dict[int, list[Stored]] = {}
        for brand, *rule in cursor.fetchall():
            found.setdefault(brand, []).append(Stored(*rule))
    return found


@lru_cache(maxsize=10_000)
def _compiled(rule: Stored) -> CompiledRule:
    return compiled_from(rule.id, json.loads(rule.conditions), json.loads(rule.actions))


def dry_run(rule: CompiledRule) -> DryRun:
    """Try a rule on the last thirty days; nothing is changed."""
    past = Mention.objects.filter(occurred_at__gte=timezone.now() - PAST, topic__deleted_at=None)
    ids = list(past.order_by("-occurred_at", "-pk").values_list("pk", flat=True)[:PAST_MOST])
    fired = []
    for start in range(0, len(ids), CHUNK):
        said = found_of(ids[start : start + CHUNK])
        fired += [mention.id for mention in said if fires(rule, subject_of(mention))]
    shown = Mention.objects.select_related("item__author", "item__story", "topic").in_bulk(fired[:SHOWN])
    return DryRun(looked=len(ids), fired=len(fired), sample=tuple(shown[id_] for id_ in fired[:SHOWN]))


def renumbered(rules: Sequence[Rule]) -> None:
    """Write down the order of the rules as given."""
    for position, rule in enumerate(rules):
        rule.position = position
    Rule.objects.bulk_update(rules, ["position"])


def subject_of(mention: Found) -> Subject:
    """A mention as the rules see it."""
    return Subject(
        document=Document(
            id=str(mention.item),
            title=mention.title,
            text=mention.text,
            author=mention.author,
            url=mention.url,
            network=mention.network,
            lang=mention.language,
            country=mention.country,
        ),
        topic=mention.topic,
        network=mention.network,
        language=mention.language,
        tone=mention.tone,
        author=mention.handle,
        reach=mention.reach,
        story_size=mention.story_size,
    )
