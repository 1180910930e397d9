"""Digests to a machine: Standard Webhooks (https://www.standardwebhooks.com, read 2026-11-23)."""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from django.conf import settings

from palabre.alerts.models import Digest
from palabre.kit.http import Http, HttpFailure
from palabre.kit.secrecy import Unreadable


class WebhookRefused(Exception):
    """The receiver answered something else than 2xx, or could not be reached: nothing was taken."""


class WebhookUnsure(Exception):
    """The line broke after the message was handed over."""


def signature(secret: str, *, identity: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `identity.timestamp.body`; `secret` starts with `whsec_`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{identity}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def payload(digest: Digest) -> dict[str, Any]:
    """What the receiver gets: the rule, and the events newest first."""
    return {
        "type": "digest",
        "timestamp": digest.created_at.isoformat(),
        "data": {
            "brand": digest.brand.name,
            "rule": digest.rule.name,
            "more": digest.more,
            "events": [
                {
                    "id": event.key,
                    "trigger": event.trigger,
                    "at": event.at.isoformat(),
                    "topic": event.topic_name,
                    "title": event.title,
                    "excerpt": event.excerpt,
                    "url": event.url,
                    "details": event.details,
                }
                for event in digest.events.all()
            ],
        },
    }


def post_digest(digest: Digest, *, now: datetime) -> None:
    """Hand the digest to its receiver. Raises WebhookRefused or WebhookUnsure."""
    identity, timestamp = f"msg_{digest.identity.hex}", int(now.timestamp())
    body = json.dumps(payload(digest), ensure_ascii=False).encode()
    try:
        secret = digest.rule.webhook_secret
    except Unreadable:
        raise WebhookRefused("secret_unreadable") from None
    headers = {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, identity=identity, timestamp=timestamp, body=body),
    }
    try:
        status = asyncio.run(_post(digest.rule.webhook_url, headers, body))
    except HttpFailure as failure:
        raise (WebhookUnsure if failure.sent else WebhookRefused)(failure.reason) from None
    if not 200 <= status < 300:
        raise WebhookRefused(f"HTTP {status}")


async def _post(url: str, headers: dict[str, str], body: bytes) -> int:
    async with Http(allow=settings.ENV.allowed_networks) as http:
        answer = await http.request("POST", url, headers=headers, content=body, max_bytes=100_000)
        return answer.status
