"""Making, changing, ordering rules, each in the audit log. Writes only."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from palabre.agency.audit import record
from palabre.agency.models import User
from palabre.moderation.models import Rule

MOST = 200
"""Rules of a brand."""


@transaction.atomic
def save(
    rule: Rule,
    *,
    conditions: dict[str, Any],
    actions: list[dict[str, Any]],
    article: int | None,
    by: User,
    now: datetime,
) -> None:
    """Keep a rule as it was typed; a new one goes to the end, and sleeps until it is switched on."""
    before = said(Rule.objects.get(pk=rule.pk)) if rule.pk else None
    rule.conditions, rule.actions, rule.article = conditions, actions, article
    rule.changed_by, rule.changed_at, rule.failed_at, rule.error_code = by, now, None, ""
    if rule.pk is None:
        last = Rule.objects.filter(brand=rule.brand).aggregate(last=Max("position"))["last"]
        rule.position, rule.made_by, rule.made_at = (last or 0) + 1, by, now
    rule.save()
    act = "rule.change" if before else "rule.create"
    _log(rule, by, act, before=before, after=said(rule))


@transaction.atomic
def switch(rule: Rule, *, on: bool, by: User, now: datetime) -> None:
    """Let a rule live, or sleep."""
    rule.is_active, rule.changed_by, rule.changed_at = on, by, now
    if on:
        rule.failed_at, rule.error_code = None, ""
    rule.save(update_fields=["is_active", "changed_by", "changed_at", "failed_at", "error_code"])
    _log(rule, by, "rule.on" if on else "rule.off")


@transaction.atomic
def delete(rule: Rule, *, by: User) -> None:
    """Take a rule away; what it did stays done."""
    _log(rule, by, "rule.delete", before=said(rule))
    rule.delete()


@transaction.atomic
def shift(rule: Rule, *, up: bool, by: User) -> None:
    """One place up or down."""
    rows = list(Rule.objects.select_for_update().filter(brand=rule.brand))
    at = rows.index(rule)
    rows.insert(max(0, at + (-1 if up else 1)), rows.pop(at))
    for position, row in enumerate(rows):
        row.position = position
    Rule.objects.bulk_update(rows, ["position"])
    _log(rule, by, "rule.order", after=rows.index(rule) + 1)


def said(rule: Rule) -> dict[str, Any]:
    """A rule as the log keeps it."""
    return {
        "name": rule.name,
        "conditions": rule.conditions,
        "actions": rule.actions,
        "article": rule.article,
    }


def subject_of(rule: Rule) -> str:
    """How the log names a rule."""
    return f"{rule.name} ({rule.pk})"


def _log(rule: Rule, by: User, act: str, *, before: Any = None, after: Any = None) -> None:
    record(
        brand=rule.brand, by=by, act=f"moderation.{act}", subject=subject_of(rule), before=before, after=after
    )
