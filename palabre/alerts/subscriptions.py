"""Writing alerts: rules with their recipients, unsubscribing, sending again."""

import base64
import secrets
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.alerts.models import Digest, Recipient, Rule, new_token
from palabre.alerts.schedule import due_at
from palabre.alerts.states import DIGEST
from palabre.kit.states import move


@transaction.atomic
def save_rule(*, rule: Rule, by: User, recipients: Sequence[str]) -> Rule:
    """Create or change a rule; recipients not named any more are removed, an unsubscribed one that
    is named again starts afresh."""
    created = rule.pk is None
    if rule.webhook_url and not rule.webhook_secret:
        rule.webhook_secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    rule.next_at = due_at(rule, now=timezone.now())
    rule.save()
    rule.recipients.exclude(email__in=recipients).delete()
    for email in recipients:
        Recipient.objects.update_or_create(
            brand=rule.brand, rule=rule, email=email, defaults={"unsubscribed_at": None}
        )
    record(brand=rule.brand, by=by, act="alert.create" if created else "alert.change", subject=rule.name)
    return rule


@transaction.atomic
def pause_rule(*, rule: Rule, by: User, paused: bool) -> None:
    """Stop or resume telling; what happens in between is not told afterwards."""
    rule.is_paused = paused
    rule.save(update_fields=["is_paused"])
    if paused:
        rule.waiting.all().delete()
    record(brand=rule.brand, by=by, act="alert.pause" if paused else "alert.resume", subject=rule.name)


def readdress(rules: Iterable[Rule]) -> None:
    """Give the private feeds of these rules other addresses; the old ones lead nowhere at once."""
    for rule in rules:
        rule.feed_token = new_token()
        rule.save(update_fields=["feed_token"])


@transaction.atomic
def renew_feed(*, rule: Rule, by: User) -> None:
    """Another address for the private feed of a rule, because somebody knows it who should not."""
    readdress([rule])
    record(brand=rule.brand, by=by, act="alert.readdress", subject=rule.name)


@transaction.atomic
def delete_rule(*, rule: Rule, by: User) -> None:
    """Remove a rule with its recipients and its history of sendings."""
    record(brand=rule.brand, by=by, act="alert.delete", subject=rule.name)
    rule.delete()


def recipient_of(token: str) -> Recipient | None:
    """Whom an unsubscribe link belongs to: the token alone opens it, no sign-in, any brand."""
    with scopes_disabled():
        return Recipient.objects.select_related("rule", "brand").filter(token=token).first()


def unsubscribe(recipient: Recipient) -> None:
    """Write to this address no more; saying it twice is saying it once."""
    with scope(brand=recipient.brand):
        rows = Recipient.objects.filter(pk=recipient.pk, unsubscribed_at=None)
        if rows.update(unsubscribed_at=timezone.now()):
            record(brand=recipient.brand, by=None, act="alert.unsubscribe", subject=recipient.rule.name)


@transaction.atomic
def send_again(*, digest: Digest, by: User, brand: Brand) -> None:
    """A person decided: send a digest that failed or whose fate is unknown. Raises `Moved`."""
    move(digest, DIGEST, to="ready", next_at=timezone.now(), attempts=0, error="")
    record(brand=brand, by=by, act="alert.send_again", subject=digest.rule.name)
