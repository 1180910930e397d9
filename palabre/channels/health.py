"""What became of a channel's calls: it works, it rests, or a person has to act."""

import contextlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from palabre.agency.audit import record
from palabre.channels.models import Channel
from palabre.channels.states import CHANNEL
from palabre.kit.states import Moved, move
from palabre.networks.errors import AuthExpired, NetworkError, NotPermitted, RateLimited

LONGEST_REST = timedelta(days=1)
FRESH = timedelta(minutes=1)
"""That an account works is not written down anew for every call."""


def worked(channel: Channel, *, now: datetime) -> None:
    """A call went well: what was wrong before is over."""
    Channel.objects.filter(pk=channel.pk).update(
        checked_at=now, error_code="", error_params={}, resting_until=None
    )


def all_worked(channels: Iterable[Channel], *, now: datetime) -> None:
    """`worked` for accounts that were called together: only those are written of which there is news.

    Held in their order, so that two processes never wait for each other. Call it in a transaction.
    """
    stale = Q(checked_at=None) | Q(checked_at__lt=now - FRESH)
    news = stale | Q(resting_until__isnull=False) | ~Q(error_code="")
    rows = Channel.objects.filter(news, pk__in={channel.pk for channel in channels}).order_by("pk")
    told = list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    if told:
        Channel.objects.filter(pk__in=told).update(
            checked_at=now, error_code="", error_params={}, resting_until=None
        )


def seen(channel: Channel, *, now: datetime) -> None:
    """The network was asked and answered: keep what it said of the account, which works (again)."""
    fields = ["handle", "name", "url", "avatar_url", "rules"]
    channel.save(update_fields=fields)
    worked(channel, now=now)
    if channel.state == "needs_sign_in":
        with contextlib.suppress(Moved):
            move(channel, CHANNEL, to="working")


def failed(channel: Channel, *, error: NetworkError, now: datetime) -> None:
    """Put down what a call said of the account itself; what concerns one content alone is not said here.

    `AuthExpired` and `NotPermitted` stop the channel until a person acts, `RateLimited` lets it rest.
    """
    if isinstance(error, RateLimited):
        rest = timedelta(seconds=min(max(error.retry_after, 1.0), LONGEST_REST.total_seconds()))
        Channel.objects.filter(pk=channel.pk).update(resting_until=now + rest)
    elif isinstance(error, AuthExpired | NotPermitted):
        with contextlib.suppress(Moved, ValueError):  # somebody removed it, or said so already
            move(
                channel,
                CHANNEL,
                to="needs_sign_in",
                checked_at=now,
                error_code=error.code,
                error_params=error.params,
            )
            record(brand=channel.brand, by=None, act="channel.stop", subject=str(channel))
    else:
        return
