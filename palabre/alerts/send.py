"""Sending a digest: claimed, sent, and put down, so that it leaves once or a person is asked."""

import smtplib
import socket
from datetime import datetime, timedelta

from django.db.models import Q
from django_scopes import scope, scopes_disabled

from palabre.alerts.mail import MailNotConfigured, digest_message
from palabre.alerts.models import Digest, Way
from palabre.alerts.states import DIGEST
from palabre.alerts.webhook import WebhookRefused, WebhookUnsure, post_digest
from palabre.kit.states import Moved, move

LEASE = timedelta(minutes=5)
RETRIES = (1, 5, 15, 60, 180, 360, 720)
"""Minutes before the next try, after each failure."""


def due_digests(*, now: datetime) -> list[int]:
    """Digests that are ready, or whose sender died before it could say how it went."""
    with scopes_disabled():
        stale = Digest.objects.filter(state="sending", claimed_at__lt=now - LEASE)
        for digest in stale:
            _moved(digest, to="unknown", error="interrupted")
        ready = Digest.objects.filter(Q(state="ready"), next_at__lte=now)
        return list(ready.order_by("next_at").values_list("pk", flat=True)[:200])


def send_digest(digest_id: int, *, now: datetime) -> str:
    """Send one digest if nobody else does; the state it ends in.

    A refusal is retried with patience; a line that broke after the message was handed over is
    `unknown`: the page asks a person rather than sending twice.
    """
    with scopes_disabled():
        digest = Digest.objects.select_related("rule__brand", "recipient", "brand").get(pk=digest_id)
    with scope(brand=digest.brand):
        if digest.state != DIGEST.first:
            return digest.state
        if not _moved(digest, to="sending", claimed_at=now, attempts=digest.attempts + 1):
            return digest.state
        try:
            _post(digest, now)
        except MailNotConfigured:
            _moved(digest, to="ready", next_at=now + timedelta(minutes=5), error="mail_not_configured")
        except smtplib.SMTPServerDisconnected:
            _moved(digest, to="unknown", error="disconnected")
        except WebhookUnsure as unsure:
            # A receiver of Standard Webhooks knows a repeat by its id: sending again is safe there.
            _retry(digest, now, str(unsure))
        except (smtplib.SMTPException, socket.gaierror, OSError, WebhookRefused) as refused:
            _retry(digest, now, str(refused))
        else:
            _moved(digest, to="sent", sent_at=now, error="")
    return digest.state


def _post(digest: Digest, now: datetime) -> None:
    if digest.way == Way.WEBHOOK:
        post_digest(digest, now=now)
    else:
        digest_message(digest, now=now).send()


def _retry(digest: Digest, now: datetime, error: str) -> None:
    if digest.attempts > len(RETRIES):
        _moved(digest, to="failed", error=error[:500])
        return
    wait = timedelta(minutes=RETRIES[digest.attempts - 1])
    _moved(digest, to="ready", next_at=now + wait, error=error[:500])


def _moved(digest: Digest, *, to: str, **changes: object) -> bool:
    try:
        move(digest, DIGEST, to=to, **changes)
    except Moved:
        return False
    return True
