"""Raising events: put down once, and waiting at once for every rule that wants to tell them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from palabre.agency.models import Brand
from palabre.alerts.models import Event, Frequency, Rule, Trigger, Waiting
from palabre.alerts.schedule import due_at
from palabre.alerts.tasks import nudge_soon
from palabre.alerts.wants import Facts, wants


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What an upper room has to tell. `facts` are what a rule's filter may ask about; what is
    `urgent` is told at once by whoever tells it, whatever their hour."""

    key: str
    at: datetime
    trigger: str = Trigger.MENTION
    topic: int | None = None
    topic_name: str = ""
    item: int | None = None
    title: str = ""
    excerpt: str = ""
    url: str = ""
    facts: Facts = field(default_factory=Facts)
    details: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[int, ...] | None = None
    urgent: bool = False


@transaction.atomic
def raise_events(*, brand: Brand, notices: Sequence[Notice], now: datetime) -> list[Event]:
    """Put down the notices that are new, in the caller's transaction and the brand's scope.

    `rules` of a notice restricts who tells it (a threshold belongs to its own rule). Returns the
    events made; a notice whose key is known is left out.
    """
    known = set(Event.objects.filter(key__in=[n.key for n in notices]).values_list("key", flat=True))
    fresh = {notice.key: notice for notice in notices if notice.key not in known}
    events = Event.objects.bulk_create(
        [
            Event(
                brand=brand,
                key=notice.key,
                trigger=notice.trigger,
                at=notice.at,
                raised_at=now,
                topic=notice.topic,
                topic_name=notice.topic_name,
                item=notice.item,
                title=notice.title,
                excerpt=notice.excerpt,
                url=notice.url,
                details={**notice.facts.as_details(), **notice.details},
            )
            for notice in fresh.values()
        ]
    )
    if not events:
        return []
    rules = list(Rule.objects.filter(is_paused=False))
    waiting = [
        Waiting(rule=rule, event=event)
        for event in events
        for rule in rules
        if _concerns(rule, fresh[event.key])
    ]
    Waiting.objects.bulk_create(waiting, ignore_conflicts=True)
    urgent = {entry.rule for entry in waiting if fresh[entry.event.key].urgent}
    telling = {entry.rule for entry in waiting}
    for rule in telling:
        _bring_forward(rule, now, at_once=rule in urgent)
    if urgent or any(rule.frequency == Frequency.INSTANT for rule in telling):
        transaction.on_commit(nudge_soon)
    return events


def _concerns(rule: Rule, notice: Notice) -> bool:
    if notice.rules is not None:
        return rule.pk in notice.rules
    if rule.trigger != notice.trigger or (rule.topics and notice.topic not in rule.topics):
        return False
    return wants(rule.filter, notice.facts)


def _bring_forward(rule: Rule, now: datetime, *, at_once: bool) -> None:
    """A rule that has something to tell is due at its own hour, never later than it said."""
    due = now if at_once or rule.frequency == Frequency.INSTANT else due_at(rule, now=now)
    Rule.objects.filter(pk=rule.pk).update(next_at=due)
