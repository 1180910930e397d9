"""Rules on what was just heard: on the path after `cases.review`, in the transaction that stored it.

A rule fires once for a message, for ever: a page heard twice, by two ears, or after an edit, fires nothing
twice. A rule that fails keeps no message from coming and no other rule from running: its page says so.
"""

import json
import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import F

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.inbox.models import Message
from palabre.moderation.models import Rule, RuleRun
from palabre.moderation.ruling.acting import Firing, carry_out
from palabre.moderation.ruling.opening import opening
from palabre.moderation.ruling.rules import CompiledRule, Subject, compiled
from palabre.moderation.ruling.subjects import heard
from palabre.moderation.ruling.telling import write_to
from palabre.moderation.wordlists.running import run_lists

log = logging.getLogger(__name__)


def met_before(*, channel: Channel, items: Collection[int]) -> frozenset[int]:
    """Which of these items were said to the account already, before a page is put into conversations."""
    rows = Message.objects.filter(thread__channel=channel, item__in=items, conversation__isnull=False)
    return frozenset(rows.values_list("item", flat=True))


def new_messages(*, channel: Channel, items: Collection[int]) -> list[int]:
    """The messages of these items that others said to the account."""
    rows = Message.objects.filter(thread__channel=channel, item__in=items, ours=False, gone_at=None)
    return list(rows.filter(conversation__isnull=False).order_by("at", "pk").values_list("pk", flat=True))


def run(*, brand: Brand, channel: Channel, items: Collection[int], now: datetime) -> None:
    """Word lists, then rules, on what is new or was changed on an account. In the brand's scope."""
    messages = new_messages(channel=channel, items=items)
    run_lists(brand=brand, messages=messages, now=now)
    run_rules(brand=brand, messages=messages, now=now)


def run_rules(*, brand: Brand, messages: Sequence[int], now: datetime) -> int:
    """Ask the brand's rules of these messages, in order; how often one fired. In the brand's scope."""
    rules = {rule.pk: rule for rule in Rule.objects.filter(brand=brand, is_active=True)}
    if not rules or not messages:
        return 0
    ready = [found for rule in rules.values() if (found := _ready(rule, now)) is not None]
    count = 0
    tell: list[Firing] = []
    for row, subject in heard(messages, open_at=opening(brand, ready)):
        for asked in ready:
            fires, firing = _fire(rules[asked.id], asked, row.pk, subject, now=now)
            if firing is not None:
                count += 1
                tell.append(firing)
            if fires and asked.stops:
                break
    write_to(brand, tell)
    return count


def _ready(rule: Rule, now: datetime) -> CompiledRule | None:
    try:
        return _compiled(rule.pk, json.dumps(rule.conditions), json.dumps(rule.actions))
    except ValueError as error:  # QueryError is one: a rule of an older version asks what is no more
        _failed(rule, error, now=now)
        return None


@lru_cache(maxsize=2_000)
def _compiled(rule: int, conditions: str, actions: str) -> CompiledRule:
    return compiled(rule, json.loads(conditions), json.loads(actions))


def _fire(
    rule: Rule, asked: CompiledRule, pk: int, subject: Subject, *, now: datetime
) -> tuple[bool, Firing | None]:
    """One rule on one message: whether it fires, and what it did unless that was done before. When it fails,
    nothing of it is done."""
    try:
        with transaction.atomic():
            if not asked.fires(subject):
                return False, None
            run, made = RuleRun.objects.get_or_create(
                rule=rule, message_id=pk, defaults={"brand_id": rule.brand_id, "at": now}
            )
            return True, _carry_out(rule, asked, run, now=now) if made else None
    except Exception as error:  # whatever it is, what people say has to come in: told at the rule
        log.exception("rule %s failed", rule.pk)
        _failed(rule, error, now=now)
        return False, None


def _carry_out(rule: Rule, asked: CompiledRule, run: RuleRun, *, now: datetime) -> Firing:
    rows = Message.objects.select_related("brand", "conversation__author", "thread__channel", "item__author")
    firing = Firing(rule=rule, message=rows.get(pk=run.message_id), now=now)
    run.done = [
        {"do": action.do.value, "to": action.to, "code": carry_out(action, firing)}
        for action in asked.actions
    ]
    run.replied = firing.replied
    run.save(update_fields=["done", "replied"])
    Rule.objects.filter(pk=rule.pk).update(fired=F("fired") + 1, fired_at=now)
    return firing


def _failed(rule: Rule, error: Exception, *, now: datetime) -> None:
    Rule.objects.filter(pk=rule.pk).update(failed_at=now, error_code=type(error).__name__[:60])
