"""What a connector is handed to speak for a channel: the way out, the account's secrets, its own rules."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre import __version__
from palabre.channels.models import Channel
from palabre.kit.http import Http
from palabre.kit.mailbox import Mailboxes
from palabre.kit.secrecy import Unreadable
from palabre.networks.contract import Connects, Grant, Session
from palabre.networks.errors import AuthExpired
from palabre.networks.registry import connector, manifests
from palabre.networks.rules import PostingRules, narrowed, rules_of

Answer = TypeVar("Answer")
USER_AGENT = f"Palabre/{__version__} (+{settings.ENV.public_url})"
REFRESH_LEASE = timedelta(seconds=60)
EARLY = timedelta(seconds=90)
"""Credentials that are about to die are renewed before they are used, not in the middle of a thread."""


@asynccontextmanager
async def way_out() -> AsyncIterator[Http]:
    """The only way out, for one round: its connections are kept within it and closed after it."""
    async with Http(allow=settings.ENV.allowed_networks, user_agent=USER_AGENT) as http:
        yield http


def plain_session(http: Http, credentials: Mapping[str, str] | None = None) -> Session:
    """A session that speaks for no channel yet (or for none at all)."""
    return Session(
        http=http,
        mailboxes=Mailboxes(allow=settings.ENV.allowed_networks),
        now=timezone.now,
        credentials=dict(credentials or {}),
    )


def rules_for(channel: Channel) -> PostingRules:
    """The network's rules as this account's server or plan narrows them."""
    manifest = manifests().get(channel.network)
    rules = manifest.rules if manifest and manifest.rules else rules_of(channel.network)
    return narrowed(rules, channel.rules)


async def session_for(channel: Channel, http: Http) -> Session:
    """A session whose credentials are fresh.

    Raises AuthExpired when a person has to sign in again; whatever the refresh raises otherwise.
    """
    if channel.fresh_until and channel.fresh_until - EARLY <= timezone.now():
        await refresh(channel, http)
    return Session(
        http=http,
        mailboxes=Mailboxes(allow=settings.ENV.allowed_networks),
        now=timezone.now,
        credentials=credentials_of(channel),
        account=channel.account,
        rules=rules_for(channel),
    )


async def ask(channel: Channel, http: Http, call: Callable[[Session], Awaitable[Answer]]) -> Answer:
    """What `call` answers. Credentials that died before their time are renewed, and it is called once more.

    Raises AuthExpired when a person has to sign in again; whatever `call` and the refresh raise otherwise.
    """
    session = await session_for(channel, http)
    try:
        return await call(session)
    except AuthExpired:
        await refresh(channel, http)
        return await call(await session_for(channel, http))


def ask_now(channel: Channel, call: Callable[[Session], Awaitable[Answer]]) -> Answer:
    """`ask` for a page, which waits for the answer."""

    async def answered() -> Answer:
        async with way_out() as http:
            return await ask(channel, http, call)

    return async_to_sync(answered)()


def credentials_of(channel: Channel) -> dict[str, str]:
    """The secrets, opened. Raises AuthExpired if they were sealed with a key that is lost."""
    try:
        return json.loads(channel.credentials) if channel.credentials else {}
    except Unreadable:
        raise AuthExpired("secret_unreadable") from None


async def refresh(channel: Channel, http: Http) -> None:
    """Renew the credentials once, whoever else asks for it meanwhile; `channel` has the new ones after.

    One process at a time holds the row's lease: a refresh token works once. Raises as
    `Connects.refresh`, AuthExpired above all.
    """
    connects = connector(channel.network)
    if not isinstance(connects, Connects):
        raise AuthExpired("sign_in_ended")
    used = credentials_of(channel)
    while not await sync_to_async(_claim_refresh)(channel):
        await asyncio.sleep(0.3)
        await sync_to_async(_reload)(channel)
        if credentials_of(channel) != used:
            return
    try:
        await sync_to_async(_reload)(channel)
        if (now_stored := credentials_of(channel)) != used:
            return
        session = Session(
            http=http,
            mailboxes=Mailboxes(allow=settings.ENV.allowed_networks),
            now=timezone.now,
            credentials=now_stored,
            account=channel.account,
        )
        grant = await connects.refresh(session)
        await sync_to_async(keep_grant)(channel, grant)
    finally:
        await sync_to_async(_end_refresh)(channel)


def keep_grant(channel: Channel, grant: Grant) -> None:
    """Store what a sign-in or a refresh gave; the account's own secrets beside it stay."""
    channel.credentials = json.dumps({**credentials_of(channel), **grant.credentials})
    channel.fresh_until = grant.expires_at
    channel.signed_in_until = grant.ends_at or channel.signed_in_until
    with scopes_disabled():
        channel.save(update_fields=["credentials", "fresh_until", "signed_in_until"])


def _claim_refresh(channel: Channel) -> bool:
    now: datetime = timezone.now()
    with scopes_disabled():
        free = Channel.objects.filter(Q(refreshing_until=None) | Q(refreshing_until__lt=now), pk=channel.pk)
        return bool(free.update(refreshing_until=now + REFRESH_LEASE))


def _end_refresh(channel: Channel) -> None:
    with scopes_disabled():
        Channel.objects.filter(pk=channel.pk).update(refreshing_until=None)


def _reload(channel: Channel) -> None:
    with scopes_disabled():
        channel.refresh_from_db(fields=["credentials", "fresh_until", "signed_in_until"])
