"""Replies leave once: claimed → handed over → proved. What was lost on the way is for `finding`.

The same care as a delivery's (`publishing.delivery`), for what has one step, no hour and no plan.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.channels import health
from palabre.channels.budgets import count_call
from palabre.channels.outcomes import Then, outcome_of
from palabre.channels.sessions import ask, way_out
from palabre.inbox.models import Conversation, Reply
from palabre.inbox.pace import clocks
from palabre.inbox.pace.terms import Terms
from palabre.inbox.proving import kept_message
from palabre.inbox.receiving import ROOM, change, settle, words_of
from palabre.inbox.records import subject_of
from palabre.inbox.states import CONVERSATION, REPLY
from palabre.kit.http import Http
from palabre.kit.states import Moved, move
from palabre.networks.contract import Capability, Publishes, Session
from palabre.networks.errors import NetworkError, Rejected
from palabre.networks.outgoing import Outgoing, Part, Published, Target
from palabre.networks.registry import connector
from palabre.publishing.delivery.outgoing import handed
from palabre.stream.lock import hold

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=3)
"""How long a sender may go without a word."""
AT_ONCE = 16
MOST = 200

Clock = Callable[[], datetime]


async def send_due(clock: Clock = timezone.now) -> int:
    """Send every reply that is ready, as long as there are any; how many were taken on."""
    total = 0
    await sync_to_async(sweep)(now=clock())
    gate = asyncio.Semaphore(AT_ONCE)
    async with way_out() as http:
        while claimed := await sync_to_async(claim)("ready", now=clock()):
            total += len(claimed)
            await asyncio.gather(*(guarded(reply, send, http, clock, gate) for reply in claimed))
    return total


async def guarded(
    reply: Reply,
    act: Callable[[Reply, Http, Clock], Awaitable[None]],
    http: Http,
    clock: Clock,
    gate: asyncio.Semaphore,
) -> None:
    """A fault of ours at one reply stops no other: told aloud, its lease brings it to light."""
    try:
        async with gate:
            await act(reply, http, clock)
    except Exception:
        log.exception("reply %s was interrupted", reply.pk)


def claim(state: str, *, now: datetime) -> list[Reply]:
    """Take the replies that are due in a state: ours for `LEASE`. Crosses brands on purpose."""
    with scopes_disabled(), transaction.atomic():
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        rested = Q(conversation__channel__resting_until=None) | Q(
            conversation__channel__resting_until__lte=now
        )
        due = Reply.objects.filter(
            free, rested, state=state, try_at__lte=now, conversation__channel__state="working"
        )
        held = due.order_by("try_at", "pk").select_for_update(skip_locked=True, of=("self",))
        ids = list(held.values_list("pk", flat=True)[:MOST])
        rows = Reply.objects.filter(pk__in=ids)
        if state == "ready":
            rows.filter(begun_at=None).update(begun_at=now)
            rows.update(state="sending", leased_until=now + LEASE, tries=F("tries") + 1, tried_at=now)
        else:
            rows.update(leased_until=now + LEASE)
        whole = Reply.objects.filter(pk__in=ids).select_related(
            "brand", "to__item__author", "conversation__channel__brand", "conversation__thread", "by"
        )
        return list(whole.order_by("try_at", "pk"))


def sweep(*, now: datetime) -> None:
    """A sender that died may have been heard: its reply is looked for."""
    with scopes_disabled(), transaction.atomic():
        rows = Reply.objects.select_for_update(skip_locked=True).filter(state="sending", leased_until__lt=now)
        for reply in rows:
            fail(reply, "unknown", code="interrupted", try_at=now)


def renew(reply: Reply, *, now: datetime) -> bool:
    """Ours for another `LEASE`, from the moment its turn has come. False when it waited for that too long:
    somebody else has looked for it by now, and may have sent it."""
    with scopes_disabled():
        ours = Reply.objects.filter(pk=reply.pk, state="sending", tries=reply.tries)
        return bool(ours.update(leased_until=now + LEASE, tried_at=now))


async def send(reply: Reply, http: Http, clock: Clock) -> None:
    """Hand one claimed reply over and put down what became of it."""
    if not await sync_to_async(renew)(reply, now=clock()):
        return
    channel = reply.conversation.channel
    publishes = connector(channel.network)
    assert isinstance(publishes, Publishes)
    outgoing = outgoing_of(reply)

    async def publish(session: Session) -> Published:
        await sync_to_async(count_call)(channel, Capability.PUBLISH, now=clock())
        return await publishes.publish(session, outgoing)

    held = asyncio.create_task(_keep(reply, clock))
    try:
        published = await ask(channel, http, publish)
    except NetworkError as error:
        await sync_to_async(put_down_failure)(reply, error, now=clock())
        return
    finally:
        held.cancel()
    await sync_to_async(proved)(reply, published, now=clock())


async def _keep(reply: Reply, clock: Clock) -> None:
    """A large file takes its time: the lease is renewed as long as the call goes on."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 3)
        await sync_to_async(renew)(reply, now=clock())


def outgoing_of(reply: Reply) -> Outgoing:
    """What is handed over: the same at every try, for nothing of it changes once it is ready."""
    if reply.begun_at is None:
        raise ValueError("a reply is handed over once it was begun")
    target = Target(remote_id=reply.target_id, url=reply.target_url)
    media = tuple(handed(file) for file in reply.files)
    return Outgoing(
        key=str(reply.key),
        begun_at=reply.begun_at,
        parts=(Part(text=reply.text, media=media),),
        reply_to=target,
    )


def proved(reply: Reply, published: Published, *, now: datetime) -> None:
    """It stands at the network: kept as a message of the conversation, which goes where its writer said."""
    with scopes_disabled(), transaction.atomic():
        hold(reply.brand)
        reply.state = Reply.objects.select_for_update().values_list("state", flat=True).get(pk=reply.pk)
        if reply.state in ("sent", "deleted"):
            return  # the look and the sender met: one proof is enough
        first = published.first
        at = first.at if first and first.at else now
        standing = [
            {"step": s.step, "remote_id": s.remote_id, "url": s.url, "extra": dict(s.extra)}
            for s in published.sent
        ]
        move(
            reply,
            REPLY,
            to="sent",
            sent=standing,
            remote_id=published.remote_id,
            remote_url=published.url,
            sent_at=at,
            leased_until=None,
            error_code="",
            error_params={},
            problems=[],
        )
        kept_message(reply, at=at, now=now)
        go_on(reply, at=at, now=now)
        health.worked(reply.conversation.channel, now=now)
        record(
            brand=reply.brand,
            by=reply.by,
            act="inbox.reply",
            subject=subject_of(reply.conversation),
            after={"text": reply.text, "url": reply.remote_url},
        )
        tell(reply.brand, ROOM, reply.conversation_id)


def go_on(reply: Reply, *, at: datetime, now: datetime) -> None:
    """Where the conversation goes after an answer; who wrote again meanwhile keeps it open."""
    mine = Conversation.objects.only("pk", "merged_into").get(pk=reply.conversation_id)
    conversation = Conversation.objects.select_for_update().get(pk=mine.merged_into_id or mine.pk)
    settle(conversation, now=now)
    terms = Terms(reply.brand)
    clocks.answered(conversation, terms, at=at, by=reply.by)
    changes: dict[str, Any] = {"answered_at": conversation.answered_at or at}
    newer = words_of(conversation).filter(ours=False, gone_at=None, pk__gt=reply.seen or 0)
    since = newer.aggregate(first=Min("at"))["first"]
    if since is not None:
        change(conversation, **clocks.wound(conversation, terms, now=now, asked_at=since, **changes))
        return
    done = reply.then == "done"
    changes |= {"asked_at": None, "snoozed_until": None, "done_at": now if done else None}
    if done and conversation.state != "done":
        clocks.resolved([conversation], terms, at=now, by=reply.by)
    wound = clocks.wound(conversation, terms, now=now, to=reply.then, **changes)
    if conversation.state != reply.then:
        move(conversation, CONVERSATION, to=reply.then, **wound)
    else:
        change(conversation, **wound)


def put_down_failure(reply: Reply, error: NetworkError, *, now: datetime) -> None:
    """Move a reply to where its failure belongs, and tell the account what concerns it."""
    with scopes_disabled(), transaction.atomic():
        health.failed(reply.conversation.channel, error=error, now=now)
        outcome = outcome_of(error, tries=reply.tries, now=now)
        to = {Then.AGAIN: "ready", Then.LOOK: "unknown", Then.REFUSED: "refused", Then.FAILED: "failed"}
        problems = [asdict(one) for one in error.problems] if isinstance(error, Rejected) else []
        tries = reply.tries if outcome.counts else reply.tries - 1
        fail(
            reply,
            to[outcome.then],
            code=error.code,
            error_params=error.params,
            problems=problems,
            try_at=outcome.at or now,
            tries=tries,
        )


def fail(reply: Reply, to: str, *, code: str, **changes: object) -> None:
    try:
        move(reply, REPLY, to=to, error_code=code, leased_until=None, **changes)
    except Moved:
        return  # the sweep or the proof was first; what they said stands
    tell(reply.brand, ROOM, reply.conversation_id)
