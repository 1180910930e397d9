"""The clock of the channels: accounts are asked how they are before something has to leave."""

import logging
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.db.models import Q
from django.utils import timezone
from django_scopes import scopes_disabled
from procrastinate.contrib.django import app

from palabre.channels import connecting, health
from palabre.channels.models import Channel
from palabre.networks.errors import NetworkError

log = logging.getLogger(__name__)
EVERY = timedelta(hours=6)
AT_ONCE = 50
"""Accounts asked in one round, the longest unasked first."""


@app.periodic(cron="*/15 * * * *")
@app.task(name="channels.look", queueing_lock="channels.look")
async def look(timestamp: int = 0) -> None:
    """Every fifteen minutes: the accounts that nobody heard of for six hours, and what they allow now."""
    for channel in await sync_to_async(_unheard)():
        try:
            await connecting.look(channel)
        except NetworkError as error:
            log.info("%s: %s", channel.network, error)
            await sync_to_async(_put_down)(channel, error)
        else:
            await sync_to_async(_put_down)(channel, None)


def _unheard() -> list[Channel]:
    old = Q(checked_at=None) | Q(checked_at__lt=timezone.now() - EVERY)
    with scopes_disabled():
        rows = Channel.objects.filter(old, state="working", by_hand=False).select_related("brand")
        return list(rows.order_by("checked_at")[:AT_ONCE])


def _put_down(channel: Channel, error: NetworkError | None) -> None:
    with scopes_disabled():
        if error is None:
            health.seen(channel, now=timezone.now())
        else:
            Channel.objects.filter(pk=channel.pk).update(checked_at=timezone.now())
            health.failed(channel, error=error, now=timezone.now())
