"""Sending what is due, so that it leaves once: claimed → handed over step by step → proved.

Each step's answer is committed before the next step begins. A refusal is told apart from silence by
the error's type (`networks.errors`): only what surely did not happen is tried again by itself.
"""

import asyncio
import contextlib
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.channels import health
from palabre.channels.budgets import count_call, count_calls
from palabre.channels.outcomes import Then, outcome_of
from palabre.channels.sessions import ask, way_out
from palabre.kit.http import Http
from palabre.kit.states import Moved
from palabre.networks.contract import Capability, Publishes, Session
from palabre.networks.errors import (
    NetworkError,
    Rejected,
)
from palabre.networks.outgoing import Outgoing, Published
from palabre.networks.registry import connector
from palabre.publishing.composing.marking import Kept, kept_marks
from palabre.publishing.delivery import claims
from palabre.publishing.delivery.outgoing import frozen, stood, stood_as_json, thawed
from palabre.publishing.delivery.steps import advance, own, put_down
from palabre.publishing.delivery.together import Together
from palabre.publishing.models import Delivery, Standstill

log = logging.getLogger(__name__)
AT_ONCE = 128
"""Deliveries under way at the same time in one process."""
AHEAD = 128
"""Deliveries claimed beyond that, ready to follow."""
AT_ONCE_A_CHANNEL = 4
SHARE = 2 * AT_ONCE_A_CHANNEL
"""Claimed of one account at most: one that has much to send lets the others leave on time."""
STATES = {
    Then.AGAIN: "scheduled",
    Then.LOOK: "unknown",
    Then.REFUSED: "rejected",
    Then.FAILED: "failed",
}
"""Where a delivery stands after each outcome."""


class Round:
    """One round of sending: what is under way, how much of it by account, and the writers they share."""

    def __init__(self, http: Http, clock: Callable[[], datetime]) -> None:
        self.http, self.clock = http, clock
        self.gate = asyncio.Semaphore(AT_ONCE)
        self.gates = defaultdict[int, asyncio.Semaphore](lambda: asyncio.Semaphore(AT_ONCE_A_CHANNEL))
        self.channels: Counter[int] = Counter()
        self.under_way: set[asyncio.Task[None]] = set()
        self.swept_at = clock()
        self.begin = Together[Delivery, Outgoing | Rejected | None](lambda them: begin_all(them, now=clock()))
        self.keep = Together[Answered, bool](lambda them: keep_all(them, now=clock()))

    async def sweep(self) -> None:
        """Look after the dead and the missed, before the first claim and once in every third of a lease."""
        now = self.clock()
        if now - self.swept_at >= claims.LEASE / 3:
            self.swept_at = now
            await sync_to_async(claims.sweep)(now=now)

    async def claim(self) -> int:
        """Take on what is due, as far as there is room; how many."""
        full = [channel for channel, count in self.channels.items() if count >= SHARE]
        most = AT_ONCE + AHEAD - len(self.under_way)
        claimed = await sync_to_async(claims.claim_due)(now=self.clock(), most=most, share=SHARE, but=full)
        for delivery in claimed:
            self.channels[delivery.channel_id] += 1
            self.under_way.add(asyncio.create_task(self._guarded(delivery)))
        return len(claimed)

    async def _guarded(self, delivery: Delivery) -> None:
        """A fault of ours at one delivery stops no other: told aloud, its lease brings it to light."""
        try:
            async with self.gates[delivery.channel_id], self.gate:
                await send(delivery, self)
        except Exception:
            log.exception("delivery %s was interrupted", delivery.pk)
        finally:
            self.channels[delivery.channel_id] -= 1


async def send_due(clock: Callable[[], datetime] = timezone.now) -> int:
    """Send all that is due, as long as something is; how many were taken on."""
    total = 0
    await sync_to_async(claims.begin_round)()
    await sync_to_async(claims.sweep)(now=clock())
    async with way_out() as http:
        this = Round(http, clock)
        try:
            while True:
                await this.sweep()
                if len(this.under_way) <= AT_ONCE:
                    total += await this.claim()
                if not this.under_way:
                    return total
                _, this.under_way = await asyncio.wait(this.under_way, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Asked to stop: what is being handed over ends by itself, its answer is put down.
            if this.under_way:
                await asyncio.shield(asyncio.gather(*this.under_way, return_exceptions=True))


async def send(delivery: Delivery, this: Round) -> None:
    """Hand one claimed delivery over, step by step, and put down what became of it."""
    publishes = connector(delivery.channel.network)
    assert isinstance(publishes, Publishes)
    if delivery.outgoing is None and delivery.variant.said.media:
        # Its files are made ready meanwhile: no other waits for that in one transaction with it.
        (outgoing,) = await sync_to_async(begin_all)([delivery], now=this.clock())
    else:
        outgoing = await this.begin(delivery)
    if isinstance(outgoing, Rejected):  # a file is lost, or its rights are over: nothing was handed over
        await sync_to_async(put_down_failure)(delivery, outgoing, now=this.clock())
        return
    if outgoing is None:
        return
    held = asyncio.create_task(_keep_hold(delivery, this.clock))
    try:
        await _hand_over(delivery, publishes, outgoing, this)
    except NetworkError as error:
        await sync_to_async(put_down_failure)(delivery, error, now=this.clock())
    finally:
        held.cancel()


async def _hand_over(delivery: Delivery, publishes: Publishes, outgoing: Outgoing, this: Round) -> None:
    while True:
        counted = True  # with what was committed before this step

        async def publish(session: Session) -> Published:
            nonlocal counted
            if not counted:
                await sync_to_async(count_call)(delivery.channel, Capability.PUBLISH, now=this.clock())
            counted = False
            return await publishes.publish(session, outgoing, stood(delivery))

        published = await ask(delivery.channel, this.http, publish)
        if await this.keep(Answered(delivery, published)):
            return


async def _keep_hold(delivery: Delivery, clock: Callable[[], datetime]) -> None:
    """A large file takes its time: the lease is renewed as long as the call goes on."""
    while True:
        await asyncio.sleep(claims.LEASE.total_seconds() / 3)
        await sync_to_async(claims.hold)(delivery, now=clock())


def begin_all(deliveries: Sequence[Delivery], *, now: datetime) -> list[Outgoing | Rejected | None]:
    """What each hands over, frozen and put down before its first call, which is counted.

    None where the claim lapsed while it waited, Rejected where a file is not to be had.
    """
    with scopes_disabled(), transaction.atomic():
        held = claims.held_still(deliveries)
        marks = kept_marks(one.brand_id for one in deliveries)
        found = [_begin(one, marks) if one.pk in held else None for one in deliveries]
        begun = [one for one, out in zip(deliveries, found, strict=True) if isinstance(out, Outgoing)]
        # Also what was frozen before: the same again.
        frozen_now = {one.pk: one.outgoing for one in begun}
        rows = Delivery.objects.filter(pk__in=frozen_now)
        rows.update(outgoing=own(frozen_now, "jsonb"), leased_until=now + claims.LEASE)
        put_down(begun, act="trying", at=now)
        count_calls([one.channel for one in begun], Capability.PUBLISH, now=now)
    return found


def _begin(delivery: Delivery, marks: Kept) -> Outgoing | Rejected:
    """What one delivery hands over: as it was frozen before, or now."""
    try:
        if delivery.outgoing is None:
            delivery.outgoing = frozen(delivery, marks)
        return thawed(delivery)
    except Rejected as unfit:
        return unfit


@dataclass(frozen=True)
class Answered:
    """What a network said of a delivery."""

    delivery: Delivery
    published: Published


def keep(answered: Answered) -> bool:
    """Set on the row in hand what stands at the network; True when that is all of it."""
    delivery, published = answered.delivery, answered.published
    delivery.sent = stood_as_json(published.sent)
    delivery.remote_id, delivery.remote_url = published.remote_id, published.url
    return published.complete


def keep_all(answers: Sequence[Answered], *, now: datetime) -> list[bool]:
    """Put down what stands at the network; for each, True when that is all of it and it is published.

    The next call of the others is counted with it.
    """
    whole = [keep(answered) for answered in answers]
    with scopes_disabled(), transaction.atomic():
        # As they are now: a claim that lapsed in a long call was swept to `unknown`; this is the answer.
        rows = Delivery.objects.filter(pk__in=[one.delivery.pk for one in answers]).order_by("pk")
        states = dict(rows.select_for_update().values_list("pk", "state"))
        for one in answers:
            one.delivery.state = states[one.delivery.pk]
        _keep_parts([one for one, done in zip(answers, whole, strict=True) if not done], now=now)
        _publish([one for one, done in zip(answers, whole, strict=True) if done], now=now)
    return whole


def _keep_parts(answers: Sequence[Answered], *, now: datetime) -> None:
    if not answers:
        return
    deliveries = [one.delivery for one in answers]
    rows = Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries])
    rows.update(leased_until=now + claims.LEASE, **_standing(deliveries))
    steps = {one.delivery.pk: {"step": one.published.sent[-1].step} for one in answers}
    put_down(deliveries, act="part", each=steps, at=now)
    count_calls([delivery.channel for delivery in deliveries], Capability.PUBLISH, now=now)


def _publish(answers: Sequence[Answered], *, now: datetime) -> None:
    if not answers:
        return
    deliveries = [one.delivery for one in answers]
    moments = {one.delivery.pk: _moment(one.published) or now for one in answers}
    advance(
        deliveries,
        to="published",
        act="published",
        each={one.delivery.pk: {"url": one.published.url} for one in answers},
        at=now,
        published_at=own(moments, "timestamptz"),
        leased_until=None,
        error_code="",
        error_params={},
        problems=[],
        **_standing(deliveries),
    )
    health.all_worked([delivery.channel for delivery in deliveries], now=now)


def _moment(published: Published) -> datetime | None:
    return published.first.at if published.first else None


def _standing(deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """What stands at the network, as changes."""
    return {
        "sent": own({one.pk: one.sent for one in deliveries}, "jsonb"),
        "remote_id": own({one.pk: one.remote_id for one in deliveries}, "text"),
        "remote_url": own({one.pk: one.remote_url for one in deliveries}, "text"),
    }


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
    outcome = outcome_of(error, tries=delivery.tries, now=now)
    changes: dict[str, Any] = {} if outcome.counts else {"tries": delivery.tries - 1}
    if outcome.at is not None:
        changes["try_at"] = outcome.at
    if isinstance(error, Rejected):
        changes["problems"] = [asdict(problem) for problem in error.problems]
    return STATES[outcome.then], changes
