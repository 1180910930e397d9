"""From waiting events to digests: one per recipient and way, each event in exactly one of each."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django_scopes import scopes_disabled

from palabre.alerts.models import Digest, Event, Rule, Waiting, Way
from palabre.alerts.schedule import due_at
from palabre.alerts.wants import fit_of


def gather_due(*, now: datetime, limit: int = 100) -> list[int]:
    """Make the digests of every rule that is due and has something to tell; their ids, to be sent.

    Crosses brands on purpose: it is the clock's own round. Safe to run twice at the same time.
    """
    with scopes_disabled():
        due = (
            Rule.objects.filter(brand__state="live", is_paused=False, next_at__lte=now)
            .filter(Exists(Waiting.objects.filter(rule=OuterRef("pk"))))
            .order_by("next_at")
            .values_list("pk", flat=True)[:limit]
        )
        return [digest for rule in due for digest in _gather(rule, now)]


@transaction.atomic
def _gather(rule_id: int, now: datetime) -> list[int]:
    rule = Rule.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=rule_id).first()
    if rule is None or rule.is_paused or rule.next_at > now:
        return []
    taken = list(Waiting.objects.filter(rule=rule).select_for_update(skip_locked=True))
    if not taken:
        return []
    Waiting.objects.filter(pk__in=[entry.pk for entry in taken]).delete()
    events = list(Event.objects.filter(pk__in=[entry.event_id for entry in taken]).order_by("-at", "-pk"))
    # Where there are more than fit in, what their topics prefer goes first.
    told, more = sorted(events, key=fit_of, reverse=True)[: rule.at_most], max(0, len(events) - rule.at_most)
    digests = [
        Digest(brand_id=rule.brand_id, rule=rule, way=Way.EMAIL, recipient=recipient, more=more, next_at=now)
        for recipient in rule.recipients.filter(unsubscribed_at=None)
    ]
    if rule.webhook_url:
        digests.append(Digest(brand_id=rule.brand_id, rule=rule, way=Way.WEBHOOK, more=more, next_at=now))
    for digest in digests:
        digest.save(force_insert=True)
        digest.events.set(told)
    rule.last_sent_at = now
    rule.next_at = due_at(rule, now=now)
    rule.save(update_fields=["last_sent_at", "next_at"])
    return [digest.pk for digest in digests]
