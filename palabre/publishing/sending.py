"""Sending what is due, so that it leaves once: claimed → handed over step by step → proved.

Each step's answer is committed before the next step begins. A refusal is told apart from silence by
the error's type (`networks.errors`): only what surely did not happen is tried again by itself.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.channels import health
from palabre.channels.budgets import count_call
from palabre.channels.sessions import refresh, session_for, way_out
from palabre.kit.http import Http
from palabre.kit.states import Moved
from palabre.networks.contract import Capability, Publishes
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from palabre.networks.outgoing import Outgoing, Published, Sent
from palabre.networks.registry import connector
from palabre.publishing import claims
from palabre.publishing.models import Delivery, Standstill
from palabre.publishing.outgoing import frozen, stood, stood_as_json, thawed
from palabre.publishing.steps import advance, put_down

log = logging.getLogger(__name__)
AT_ONCE = 64
"""Deliveries under way at the same time in one process."""
AT_ONCE_A_CHANNEL = 4
RETRIES = (1, 2, 5, 10, 20, 40, 80)
"""Minutes before the next try after each failure in which nothing was done."""
FIRST_LOOK = timedelta(seconds=5)
"""How soon a lost answer is looked for."""


@dataclass
class Gates:
    """How many may pass at once, in all and by channel."""

    all: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    channels: dict[int, asyncio.Semaphore] = field(default_factory=dict)

    def of(self, channel: int) -> asyncio.Semaphore:
        """The gate of one channel."""
        return self.channels.setdefault(channel, asyncio.Semaphore(AT_ONCE_A_CHANNEL))


async def send_due(clock: Callable[[], datetime] = timezone.now) -> int:
    """Send all that is due, as long as something is; how many were taken on."""
    gates, total = Gates(), 0
    under_way: set[asyncio.Task[None]] = set()
    await sync_to_async(claims.sweep)(now=clock())
    async with way_out() as http:
        try:
            while True:
                if len(under_way) <= AT_ONCE:
                    claimed = await sync_to_async(claims.claim_due)(now=clock(), most=AT_ONCE)
                    total += len(claimed)
                    under_way |= {asyncio.create_task(_guarded(one, http, gates, clock)) for one in claimed}
                if not under_way:
                    return total
                _, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Asked to stop: what is being handed over ends by itself, its answer is put down.
            if under_way:
                await asyncio.shield(asyncio.gather(*under_way, return_exceptions=True))


async def _guarded(delivery: Delivery, http: Http, gates: Gates, clock: Callable[[], datetime]) -> None:
    """A fault of ours at one delivery stops no other: it is told aloud, and its lease brings it to light."""
    try:
        async with gates.all, gates.of(delivery.channel_id):
            await send(delivery, http, clock)
    except Exception:
        log.exception("delivery %s was interrupted", delivery.pk)


async def send(delivery: Delivery, http: Http, clock: Callable[[], datetime] = timezone.now) -> None:
    """Hand one claimed delivery over, step by step, and put down what became of it."""
    publishes = connector(delivery.channel.network)
    assert isinstance(publishes, Publishes)
    try:
        outgoing = await sync_to_async(_begin)(delivery, now=clock())
    except Rejected as unfit:  # a file is lost, or its rights are over: nothing was handed over
        await sync_to_async(put_down_failure)(delivery, unfit, now=clock())
        return
    if outgoing is None:
        return
    held = asyncio.create_task(_keep_hold(delivery, clock))
    try:
        await _hand_over(delivery, publishes, outgoing, http, clock)
    except NetworkError as error:
        await sync_to_async(put_down_failure)(delivery, error, now=clock())
    finally:
        held.cancel()


async def _hand_over(
    delivery: Delivery, publishes: Publishes, outgoing: Outgoing, http: Http, clock: Callable[[], datetime]
) -> None:
    renewed = False
    while True:
        session = await session_for(delivery.channel, http)
        await sync_to_async(count_call)(delivery.channel, Capability.PUBLISH, now=clock())
        try:
            published = await publishes.publish(session, outgoing, stood(delivery))
        except AuthExpired:
            if renewed:
                raise
            renewed = True
            await refresh(delivery.channel, http)
            continue
        if await sync_to_async(keep)(delivery, published, now=clock()):
            return


async def _keep_hold(delivery: Delivery, clock: Callable[[], datetime]) -> None:
    """A large file takes its time: the lease is renewed as long as the call goes on."""
    while True:
        await asyncio.sleep(claims.LEASE.total_seconds() / 3)
        await sync_to_async(claims.hold)(delivery, now=clock())


def _begin(delivery: Delivery, *, now: datetime) -> Outgoing | None:
    """What is handed over, frozen before the first call; None if the claim lapsed while it waited."""
    with scopes_disabled(), transaction.atomic():
        if not claims.hold(delivery, now=now):
            return None
        if delivery.outgoing is None:
            delivery.outgoing = frozen(delivery)
            delivery.save(update_fields=["outgoing"])
        put_down([delivery], act="trying", at=now)
    return thawed(delivery)


def keep(delivery: Delivery, published: Published, *, now: datetime) -> bool:
    """Put down what stands at the network; True when that is all of it and the delivery is published."""
    delivery.sent = stood_as_json(published.sent)
    delivery.remote_id, delivery.remote_url = published.remote_id, published.url
    with scopes_disabled(), transaction.atomic():
        # As it is now: a claim that lapsed during a long call was swept to `unknown`, and this is the answer.
        delivery.refresh_from_db(fields=["state"], from_queryset=Delivery.objects.select_for_update())
        if not published.complete:
            Delivery.objects.filter(pk=delivery.pk).update(
                sent=delivery.sent,
                remote_id=delivery.remote_id,
                remote_url=delivery.remote_url,
                leased_until=now + claims.LEASE,
            )
            put_down([delivery], act="part", params={"step": published.sent[-1].step}, at=now)
            return False
        first: Sent | None = published.first
        advance(
            [delivery],
            to="published",
            act="published",
            params={"url": published.url},
            at=now,
            sent=delivery.sent,
            remote_id=delivery.remote_id,
            remote_url=delivery.remote_url,
            published_at=(first.at if first else None) or now,
            leased_until=None,
            error_code="",
            error_params={},
            problems=[],
        )
        health.worked(delivery.channel, now=now)
        return True


def put_down_failure(delivery: Delivery, error: NetworkError, *, now: datetime) -> None:
    """Move a delivery to where its failure belongs, and tell the channel what concerns it."""
    with scopes_disabled(), transaction.atomic():
        health.failed(delivery.channel, error=error, now=now)
        to, changes = after_failure(delivery, error, now=now)
        if to == "scheduled" and Standstill.objects.filter(brand=delivery.brand_id, ended_at=None).exists():
            to = "paused"
        with contextlib.suppress(Moved):  # the sweep or a person was first; what they said stands
            advance(
                [delivery],
                to=to,
                act="tried",
                code=error.code,
                params=error.params,
                at=now,
                error_code=error.code,
                error_params=error.params,
                leased_until=None,
                **changes,
            )


def after_failure(delivery: Delivery, error: NetworkError, *, now: datetime) -> tuple[str, dict[str, Any]]:
    """Where a delivery goes after an error, and what changes with it. Pure."""
    match error:
        case RateLimited():
            wait = timedelta(seconds=max(error.retry_after, 1.0))
            return "scheduled", {"try_at": now + wait, "tries": delivery.tries - 1}
        case AuthExpired() | NotPermitted():
            # It waits for the sign-in; the sweep says so if that comes too late.
            return "scheduled", {"tries": delivery.tries - 1}
        case OutcomeUnknown():
            return "unknown", {"try_at": now + FIRST_LOOK}
        case Rejected():
            problems = [asdict(problem) for problem in error.problems]
            return "rejected", {"problems": problems}
        case Temporary() if delivery.tries <= len(RETRIES):
            wait = timedelta(minutes=RETRIES[delivery.tries - 1])
            asked = timedelta(seconds=min(error.retry_after or 0.0, 86_400.0))
            return "scheduled", {"try_at": now + max(wait, asked)}
        case Temporary() | Gone() | UnexpectedAnswer():
            return "failed", {}
        case _:
            return "unknown", {"try_at": now + FIRST_LOOK}
