"""Answers that were lost on the way: looked for at the network, sent again only when surely not there.

Where the network cannot tell, a person is asked: the reply stays `unknown` with no next look.
"""

import asyncio
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.agency.audit import record
from palabre.agency.live import tell
from palabre.agency.models import User
from palabre.channels import health
from palabre.channels.sessions import ask, way_out
from palabre.inbox.models import Reply
from palabre.inbox.receiving import ROOM
from palabre.inbox.records import subject_of
from palabre.inbox.sending import AT_ONCE, Clock, claim, fail, go_on, guarded, outgoing_of, proved
from palabre.inbox.states import REPLY
from palabre.kit.http import Http
from palabre.kit.states import move
from palabre.networks.contract import Publishes, Session
from palabre.networks.errors import (
    AuthExpired,
    NetworkError,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Temporary,
)
from palabre.networks.outgoing import Published
from palabre.networks.registry import connector

SETTLE = timedelta(minutes=2)
"""A slow server may still be writing: “not there” is believed only so long after the last try."""
NEXT_LOOKS = (15, 30, 60, 300, 1800)
"""Seconds before the next look after each one that could not be made."""


async def find_unknown(clock: Clock = timezone.now) -> int:
    """Look for every lost answer that is due to be looked for; how many were."""
    gate = asyncio.Semaphore(AT_ONCE)
    claimed = await sync_to_async(claim)("unknown", now=clock())
    async with way_out() as http:
        await asyncio.gather(*(guarded(reply, find, http, clock, gate) for reply in claimed))
    return len(claimed)


async def find(reply: Reply, http: Http, clock: Clock) -> None:
    """Look for one reply whose answer was lost."""
    channel = reply.conversation.channel
    publishes = connector(channel.network)
    assert isinstance(publishes, Publishes)
    taken = await sync_to_async(_taken)(reply)

    async def look(session: Session) -> Published | None:
        return await publishes.find(session, outgoing_of(reply), (), taken)

    try:
        found = await ask(channel, http, look)
    except NetworkError as error:
        await sync_to_async(_not_seen)(reply, error, now=clock())
        return
    if found is not None:
        await sync_to_async(proved)(reply, found, now=clock())
    else:
        await sync_to_async(_absent)(reply, now=clock())


def _taken(reply: Reply) -> frozenset[str]:
    """Remote ids that belong to other replies of this account."""
    with scopes_disabled():
        others = Reply.objects.filter(
            conversation__channel=reply.conversation.channel, begun_at__gte=reply.begun_at
        )
        return frozenset(
            others.exclude(pk=reply.pk).exclude(remote_id="").values_list("remote_id", flat=True)
        )


def _absent(reply: Reply, *, now: datetime) -> None:
    """It is not there: believed once a slow server had its time, then sent with the same key."""
    believed = (reply.tried_at or now) + SETTLE
    with scopes_disabled(), transaction.atomic():
        asked = Reply.objects.select_for_update().filter(pk=reply.pk, state="unknown", tries=reply.tries)
        if not asked.exists():
            return  # another has sent it since: this look was of the try before
        if now < believed:
            Reply.objects.filter(pk=reply.pk, state="unknown").update(try_at=believed, leased_until=None)
        else:
            fail(reply, "ready", code="", try_at=now)


def _not_seen(reply: Reply, error: NetworkError, *, now: datetime) -> None:
    """The look failed. Where the network cannot tell, or asks too long, a person decides."""
    with scopes_disabled(), transaction.atomic():
        health.failed(reply.conversation.channel, error=error, now=now)
        if isinstance(error, AuthExpired | NotPermitted):
            next_look = now  # as soon as the account is signed in again
        elif isinstance(error, OutcomeUnknown) or reply.looks >= len(NEXT_LOOKS):
            next_look = None
        elif isinstance(error, Temporary | RateLimited):
            asked = min(float(getattr(error, "retry_after", None) or 0.0), 86_400.0)
            next_look = now + timedelta(seconds=max(NEXT_LOOKS[reply.looks], asked))
        else:
            next_look = None
        Reply.objects.filter(pk=reply.pk, state="unknown").update(
            try_at=next_look,
            looks=F("looks") + 1,
            leased_until=None,
            error_code=error.code,
            error_params=error.params,
        )
        tell(reply.brand, ROOM, reply.conversation_id)


@transaction.atomic
def look_now(*, reply: Reply, by: User, now: datetime) -> None:
    """A person asks Palabre to look once more."""
    Reply.objects.filter(pk=reply.pk, state="unknown").update(try_at=now, looks=0)
    tell(reply.brand, ROOM, reply.conversation_id)


@transaction.atomic
def say_sent(*, reply: Reply, by: User, now: datetime) -> None:
    """A person saw it there. Its words come into the conversation when the account is heard next."""
    move(reply, REPLY, to="sent", sent_at=now, leased_until=None, error_code="", error_params={})
    go_on(reply, at=now, now=now)
    record(
        brand=reply.brand,
        by=by,
        act="inbox.reply",
        subject=subject_of(reply.conversation),
        after={"text": reply.text},
        why="seen",
    )
    tell(reply.brand, ROOM, reply.conversation_id)
