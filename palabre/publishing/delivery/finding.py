"""Lost answers: looked for at the network, taken up again only when surely nothing happened.

Where the network cannot tell, a person is asked: the delivery stays `unknown` with no next look.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.agency.models import User
from palabre.channels import health
from palabre.channels.sessions import ask, way_out
from palabre.kit.http import Http
from palabre.networks.contract import Publishes, Session
from palabre.networks.errors import (
    AuthExpired,
    NetworkError,
    NotPermitted,
    RateLimited,
    Temporary,
)
from palabre.networks.outgoing import Published
from palabre.networks.registry import connector
from palabre.publishing.delivery import claims
from palabre.publishing.delivery.outgoing import stood, stood_as_json, thawed
from palabre.publishing.delivery.sending import Answered, keep_all
from palabre.publishing.delivery.steps import advance, put_down
from palabre.publishing.models import Delivery, Standstill, Step

log = logging.getLogger(__name__)
SETTLE = timedelta(minutes=2)
"""A slow server may still be writing: “not there” is believed only so long after the last try."""
NEXT_LOOKS = (15, 30, 60, 300, 1800)
"""Seconds before the next look after each one that could not be made."""
AT_ONCE = 64
AT_ONCE_A_CHANNEL = 4
CLAIMED = 4 * AT_ONCE
"""Taken up in one round: their lease is longer than it takes to look for all of them."""


async def find_unknown(clock: Callable[[], datetime] = timezone.now) -> int:
    """Look for every outcome that is due to be looked for; how many were."""
    await sync_to_async(claims.begin_round)()
    claimed = await sync_to_async(claims.claim_unknown)(now=clock(), most=CLAIMED)
    gate = asyncio.Semaphore(AT_ONCE)
    gates = defaultdict[int, asyncio.Semaphore](lambda: asyncio.Semaphore(AT_ONCE_A_CHANNEL))

    async def look(delivery: Delivery) -> None:
        async with gates[delivery.channel_id], gate:
            try:
                await find(delivery, http, clock)
            except Exception:
                log.exception("delivery %s could not be looked for", delivery.pk)

    async with way_out() as http:
        await asyncio.gather(*(look(delivery) for delivery in claimed))
    return len(claimed)


async def find(delivery: Delivery, http: Http, clock: Callable[[], datetime] = timezone.now) -> None:
    """Look for one delivery's outcome and move it where that belongs."""
    publishes = connector(delivery.channel.network)
    assert isinstance(publishes, Publishes)
    tried_at, taken = await sync_to_async(_before_looking)(delivery)

    async def look(session: Session) -> Published | None:
        return await publishes.find(session, thawed(delivery), stood(delivery), taken)

    try:
        found = await ask(delivery.channel, http, look)
    except NetworkError as error:
        await sync_to_async(_not_seen)(delivery, error, now=clock())
        return
    if found is None and clock() < tried_at + SETTLE:
        await sync_to_async(_look_again)(delivery, at=tried_at + SETTLE)
        return
    await sync_to_async(_found)(delivery, found, now=clock())


def _before_looking(delivery: Delivery) -> tuple[datetime, frozenset[str]]:
    """When the last try began or was heard of, and the remote ids that belong to other deliveries."""
    with scopes_disabled():
        last = Step.objects.filter(
            delivery=delivery, act__in=["trying", "part", "tried", "interrupted"]
        ).last()
        others = Delivery.objects.filter(channel=delivery.channel_id, begun_at__gte=delivery.begun_at)
        taken = others.exclude(pk=delivery.pk).exclude(remote_id="").values_list("remote_id", flat=True)
        return (last.at if last else delivery.created_at), frozenset(taken)


def _found(delivery: Delivery, found: Published | None, *, now: datetime) -> None:
    """All stands there: published. A part, or surely nothing: it goes on from there, with the same key."""
    with scopes_disabled(), transaction.atomic():
        if found is not None and found.complete:
            keep_all([Answered(delivery, found)], now=now)
            return
        asked = Delivery.objects.select_for_update().filter(
            pk=delivery.pk, state="unknown", tries=delivery.tries
        )
        if not asked.exists():
            return  # another has sent it since: this look was of the try before
        changes: dict[str, Any] = {"try_at": now, "leased_until": None}
        if found is not None:
            changes |= {
                "sent": stood_as_json(found.sent),
                "remote_id": found.remote_id,
                "remote_url": found.url,
            }
        stopped = Standstill.objects.filter(brand=delivery.brand_id, ended_at=None).exists()
        advance([delivery], to="paused" if stopped else "scheduled", act="not_there", **changes)


def _not_seen(delivery: Delivery, error: NetworkError, *, now: datetime) -> None:
    """The look failed. Where the network cannot tell, or asks too long, a person decides."""
    with scopes_disabled(), transaction.atomic():
        health.failed(delivery.channel, error=error, now=now)
        looks = Step.objects.filter(delivery=delivery, act="looked", attempt=delivery.tries).count()
        put_down([delivery], act="looked", code=error.code, params=error.params)
        if isinstance(error, AuthExpired | NotPermitted):
            next_look = now  # as soon as the account is signed in again: `claims.claim_unknown`
        elif not isinstance(error, Temporary | RateLimited) or looks >= len(NEXT_LOOKS):
            next_look = None
        else:
            asked = float(getattr(error, "retry_after", None) or 0.0)
            next_look = now + timedelta(seconds=max(NEXT_LOOKS[looks], min(asked, 86_400.0)))
        Delivery.objects.filter(pk=delivery.pk, state="unknown").update(
            try_at=next_look, leased_until=None, error_code=error.code, error_params=error.params
        )


def _look_again(delivery: Delivery, *, at: datetime) -> None:
    with scopes_disabled():
        Delivery.objects.filter(pk=delivery.pk, state="unknown").update(try_at=at, leased_until=None)


@transaction.atomic
def say_published(*, delivery: Delivery, by: User, url: str, now: datetime) -> None:
    """A person saw it there (or published it by hand): `url` is where, "" if they do not say."""
    advance(
        [delivery],
        to="published",
        act="said_published",
        by=by,
        params={"url": url},
        remote_url=url,
        published_at=now,
        leased_until=None,
        error_code="",
        error_params={},
    )


@transaction.atomic
def say_absent(*, delivery: Delivery, by: User, now: datetime) -> None:
    """A person looked and it is not there: sent again now, with the same key."""
    advance([delivery], to="scheduled", act="said_absent", by=by, try_at=now, leased_until=None)


@transaction.atomic
def look_now(*, delivery: Delivery, by: User, now: datetime) -> None:
    """A person asks Palabre to look once more."""
    put_down([delivery], act="asked_to_look", by=by)
    Delivery.objects.filter(pk=delivery.pk, state="unknown").update(try_at=now)
