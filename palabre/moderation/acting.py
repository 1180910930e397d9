"""Decisions are carried out: claimed → asked of the network → done.

The care of `inbox.sending`, but for one thing: an act asked twice is done once, so that a lost answer, or a
worker that died, is simply asked again, with the same key. A report is not: it is looked for, or given to a
person.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.channels import health
from palabre.channels.budgets import count_call
from palabre.channels.outcomes import Then, outcome_of
from palabre.channels.sessions import ask, way_out
from palabre.kit.http import Http
from palabre.kit.states import Moved, move
from palabre.moderation.deciding import carried_out, target_of, told
from palabre.moderation.models import Decision
from palabre.moderation.rules import REMOVING
from palabre.moderation.states import DECISION
from palabre.networks.contract import Act, Capability, Moderates, Order, Session
from palabre.networks.errors import Gone, NetworkError
from palabre.networks.registry import connector

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=3)
AT_ONCE = 8
MOST = 200
AGAIN = timedelta(minutes=1)
"""How soon an act whose answer was lost is asked for again."""
TRIES = 8

Clock = Callable[[], datetime]


async def act_on_due(clock: Clock = timezone.now) -> int:
    """Carry out every decision that is due, as long as there are any; how many were taken on."""
    total = 0
    await sync_to_async(sweep)(now=clock())
    gate = asyncio.Semaphore(AT_ONCE)
    async with way_out() as http:
        while claimed := await sync_to_async(claim)(now=clock()):
            total += len(claimed)
            await asyncio.gather(*(_guarded(one, http, clock, gate) for one in claimed))
    return total


async def _guarded(decision: Decision, http: Http, clock: Clock, gate: asyncio.Semaphore) -> None:
    """A fault of ours at one decision stops no other: told aloud, its lease brings it to light."""
    try:
        async with gate:
            await carry_out(decision, http, clock)
    except Exception:
        log.exception("decision %s was interrupted", decision.pk)


def claim(*, now: datetime) -> list[Decision]:
    """Take the decisions that are due: ours for `LEASE`. Crosses brands on purpose."""
    with scopes_disabled(), transaction.atomic():
        rested = Q(channel__resting_until=None) | Q(channel__resting_until__lte=now)
        due = Decision.objects.filter(rested, state="asked", try_at__lte=now, channel__state="working")
        held = due.order_by("try_at", "pk").select_for_update(skip_locked=True, of=("self",))
        ids = list(held.values_list("pk", flat=True)[:MOST])
        rows = Decision.objects.filter(pk__in=ids)
        rows.update(state="acting", leased_until=now + LEASE, tries=F("tries") + 1)
        beside = ("brand", "channel__brand", "message__item", "undoes", "by")
        return list(rows.select_related(*beside).order_by("try_at", "pk"))


def sweep(*, now: datetime) -> None:
    """What a worker that died had taken on is asked again: an act asked twice is done once."""
    with scopes_disabled(), transaction.atomic():
        lapsed = Decision.objects.select_for_update(skip_locked=True).filter(
            state="acting", leased_until__lt=now
        )
        for decision in lapsed:
            to = "by_hand" if decision.act == Act.REPORT else "asked"
            move(decision, DECISION, to=to, leased_until=None, try_at=now, error_code="interrupted")


def order_of(decision: Decision) -> Order:
    """What the network is asked: the same at every try."""
    return Order(
        act=Act(decision.act),
        target=target_of(decision),
        key=str(decision.key),
        author_id=decision.author_id_there,
        root_id=decision.root_id,
        text=decision.text,
        until=decision.until,
        given=decision.undoes.answer if decision.undoes else {},
    )


async def carry_out(decision: Decision, http: Http, clock: Clock) -> None:
    """Ask the network for one claimed decision and put down what became of it."""
    moderates = connector(decision.channel.network)
    assert isinstance(moderates, Moderates)
    order = order_of(decision)

    async def moderate(session: Session) -> Mapping[str, str]:
        await sync_to_async(count_call)(decision.channel, Capability.MODERATE, now=clock())
        return await moderates.moderate(session, order)

    try:
        answer = await ask(decision.channel, http, moderate)
    except Gone as error:
        await sync_to_async(_gone)(decision, error, now=clock())
    except NetworkError as error:
        await sync_to_async(put_down_failure)(decision, error, now=clock())
    else:
        await sync_to_async(_done)(decision, answer, now=clock())


def _done(decision: Decision, answer: Mapping[str, str], *, now: datetime) -> None:
    with scopes_disabled(), transaction.atomic():
        try:
            carried_out(decision, answer=answer, now=now)
        except Moved:
            return  # the sweep was first: it is asked again, and done once
        health.worked(decision.channel, now=now)


def _gone(decision: Decision, error: Gone, *, now: datetime) -> None:
    """The message went before we came: for an act that removes it, that is what was wanted."""
    if decision.act not in REMOVING or decision.on_author:
        put_down_failure(decision, error, now=now)
        return
    with scopes_disabled(), transaction.atomic():
        try:
            carried_out(decision, answer={}, now=now, gone=True)
        except Moved:
            return


def put_down_failure(decision: Decision, error: NetworkError, *, now: datetime) -> None:
    """Move a decision to where its failure belongs, and tell the account what concerns it."""
    with scopes_disabled(), transaction.atomic():
        health.failed(decision.channel, error=error, now=now)
        outcome = outcome_of(error, tries=decision.tries, now=now)
        to = {Then.AGAIN: "asked", Then.REFUSED: "refused", Then.FAILED: "failed", Then.LOOK: "asked"}[
            outcome.then
        ]
        at = outcome.at or now
        if outcome.then is Then.LOOK:
            at = now + AGAIN
            to = "by_hand" if decision.act == Act.REPORT else "asked" if decision.tries < TRIES else "failed"
        tries = decision.tries if outcome.counts else decision.tries - 1
        told_of = {"error_code": error.code, "error_params": error.params}
        try:
            move(decision, DECISION, to=to, try_at=at, tries=tries, leased_until=None, **told_of)
        except Moved:
            return
        told(decision)
