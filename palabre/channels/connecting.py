"""Connecting accounts: typed or brought back from the network, kept sealed, removed without losing proof."""

import contextlib
import json
import secrets as unguessable
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.channels.models import Channel, Registration, SignInUnderWay
from palabre.channels.sessions import ask, credentials_of, plain_session, way_out
from palabre.channels.states import CHANNEL
from palabre.kit.states import move
from palabre.networks.contract import (
    Account,
    Capability,
    Connects,
    Grant,
    Manifest,
    Publishes,
    Registers,
    Revokes,
    Session,
    SignIn,
    SignInKind,
)
from palabre.networks.errors import NetworkError
from palabre.networks.registry import connector, manifests
from palabre.networks.rules import PostingRules, all_rules

DEAD_AFTER = timedelta(minutes=15)


class TooLate(Exception):
    """The sign-in was begun too long ago, by somebody else, or was used already."""


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A sign-in that succeeded, and the accounts it can speak for."""

    network: str
    grant: Grant = field(repr=False)
    accounts: tuple[Account, ...]


def offered(brand: Brand) -> list[Manifest]:
    """The networks on which this brand may connect an account: an invented one is for demos."""
    invented = brand.is_demo or settings.DEBUG
    return [
        manifest
        for manifest in manifests().values()
        if Capability.CONNECT in manifest.capabilities and (invented or not manifest.invented)
    ]


def by_hand_only() -> list[PostingRules]:
    """The networks whose rules are known and that have no connector: a person publishes there."""
    connected = {key for key, manifest in manifests().items() if Capability.PUBLISH in manifest.capabilities}
    return [rules for key, rules in all_rules().items() if key not in connected]


def way_back(network: str) -> str:
    """Palabre's own address to which a network sends people back."""
    return settings.ENV.public_url + reverse("channels:back", args=[network])


def client_address(network: str) -> str:
    """Where a network that asks for it reads who Palabre is."""
    return settings.ENV.public_url + reverse("channels:client", args=[network])


def begin(*, brand: Brand, by: User, network: str, kind: SignInKind, typed: Mapping[str, str]) -> str:
    """The page of the network to send a person to. Raises NetworkError."""
    state = unguessable.token_urlsafe(32)
    registration = async_to_sync(_registered)(network, typed.get(kind.server, ""))
    sign_in = SignIn(
        kind=kind.key,
        fields=typed,
        redirect_uri=way_back(network),
        state=state,
        registration=registration,
    )

    async def authorised() -> tuple[str, Mapping[str, str]]:
        async with way_out() as http:
            authorisation = await _connects(network).authorise_url(plain_session(http), sign_in)
            return authorisation.url, authorisation.pending

    url, pending = async_to_sync(authorised)()
    kept = {"fields": dict(typed), "pending": dict(pending), "registration": dict(registration)}
    SignInUnderWay.objects.create(
        brand=brand, by=by, network=network, kind=kind.key, state=state, secrets=json.dumps(kept)
    )
    return url


def came_back(*, by: User, network: str, answer: Mapping[str, str], now: datetime) -> tuple[Brand, Granted]:
    """What the network says of a sign-in that was begun here. Raises TooLate, NetworkError."""
    with scopes_disabled(), transaction.atomic():
        rows = SignInUnderWay.objects.select_for_update().select_related("brand")
        found = rows.filter(state=answer.get("state", ""), network=network, by=by).first()
        if found is None or found.started_at < now - DEAD_AFTER:
            raise TooLate
        kept = json.loads(found.secrets)
        found.delete()
        SignInUnderWay.objects.filter(started_at__lt=now - DEAD_AFTER).delete()
    sign_in = SignIn(
        kind=found.kind,
        fields=kept["fields"],
        redirect_uri=way_back(network),
        state=found.state,
        registration=kept["registration"],
    )
    return found.brand, async_to_sync(_exchange)(network, sign_in, kept["pending"], answer)


def sign_in_typed(*, network: str, kind: SignInKind, typed: Mapping[str, str]) -> Granted:
    """Sign in with what was typed alone. Raises NetworkError, AuthExpired where it is refused."""
    return async_to_sync(_exchange)(network, SignIn(kind=kind.key, fields=typed), {}, {})


@transaction.atomic
def keep_accounts(*, brand: Brand, by: User, granted: Granted) -> list[Channel]:
    """Store the accounts with their secrets; one that is known works again."""
    kept = []
    for account in granted.accounts:
        channel, is_new = Channel.objects.select_for_update().get_or_create(
            brand=brand,
            network=granted.network,
            account=account.remote_id,
            defaults={"signed_in_by": by},
        )
        if channel.state != "working":
            move(channel, CHANNEL, to="working")
        channel.handle, channel.name = account.handle[:255], account.name[:255]
        channel.url, channel.avatar_url = account.url[:500], account.avatar_url[:1000]
        channel.server, channel.scopes = account.server[:255], list(granted.grant.scopes)
        channel.credentials = json.dumps({**granted.grant.credentials, **account.credentials})
        channel.fresh_until, channel.signed_in_until = granted.grant.expires_at, granted.grant.ends_at
        channel.signed_in_at, channel.signed_in_by = timezone.now(), by
        channel.checked_at, channel.resting_until = timezone.now(), None
        channel.error_code, channel.error_params, channel.by_hand = "", {}, False
        channel.save()
        record(
            brand=brand, by=by, act="channel.connect" if is_new else "channel.sign_in", subject=str(channel)
        )
        kept.append(channel)
    return kept


@transaction.atomic
def add_by_hand(*, brand: Brand, by: User, network: str, handle: str, url: str) -> Channel:
    """An account that a person serves: Palabre reminds, prepares and counts."""
    channel, is_new = Channel.objects.get_or_create(
        brand=brand,
        network=network,
        account=handle.casefold(),
        defaults={"handle": handle, "url": url, "by_hand": True, "signed_in_by": by},
    )
    if channel.state == "removed":
        move(channel, CHANNEL, to="working")
    if is_new:
        record(brand=brand, by=by, act="channel.connect", subject=str(channel))
    return channel


def remove(*, channel: Channel, by: User) -> None:
    """Take the account away: its secrets are given back and forgotten, what it published stays proved."""
    revokes = connector(channel.network) if channel.network in manifests() else None
    if isinstance(revokes, Revokes) and channel.credentials:
        # The network may be down or the token dead already: forgetting it here is what counts.
        with contextlib.suppress(NetworkError):
            async_to_sync(_revoke)(channel, revokes)
    with transaction.atomic():
        move(channel, CHANNEL, to="removed", credentials="", fresh_until=None, signed_in_until=None)
        record(brand=channel.brand, by=by, act="channel.remove", subject=str(channel))


async def look(channel: Channel) -> None:
    """Ask the network who this account is and what it allows now: the check of health.

    Raises NetworkError; the caller puts it down.
    """
    connects = connector(channel.network)

    async def who_and_what(session: Session) -> None:
        if isinstance(connects, Connects):
            for account in await connects.accounts(session):
                if account.remote_id == channel.account:
                    channel.handle, channel.name = account.handle[:255], account.name[:255]
                    channel.url, channel.avatar_url = account.url[:500], account.avatar_url[:1000]
        if isinstance(connects, Publishes):
            channel.rules = dict(await connects.limits(session))

    async with way_out() as http:
        await ask(channel, http, who_and_what)


def _connects(network: str) -> Connects:
    found = connector(network)
    assert isinstance(found, Connects)
    return found


async def _registered(network: str, server: str) -> Mapping[str, str]:
    registers = connector(network)
    if not isinstance(registers, Registers):
        return {}
    return await _registration(registers, network, server.strip().lower())


async def _registration(registers: Registers, network: str, server: str) -> Mapping[str, str]:
    """Palabre's registration at a server: the stored one, or a new one where it was made for less."""
    redirect_uri = way_back(network)
    known = await Registration.objects.filter(
        network=network, server=server, redirect_uri=redirect_uri
    ).afirst()
    if known is None or registers.outgrown(json.loads(known.secrets)):
        async with way_out() as http:
            made = await registers.register(plain_session(http), server, redirect_uri)
        known, _ = await Registration.objects.aupdate_or_create(
            network=network,
            server=server,
            redirect_uri=redirect_uri,
            defaults={"secrets": json.dumps(dict(made))},
        )
    found: Mapping[str, str] = json.loads(known.secrets)
    return found


async def _exchange(
    network: str, sign_in: SignIn, pending: Mapping[str, str], answer: Mapping[str, str]
) -> Granted:
    connects = _connects(network)
    async with way_out() as http:
        grant = await connects.exchange(plain_session(http), sign_in, pending, answer)
        accounts = await connects.accounts(plain_session(http, grant.credentials))
    return Granted(network=network, grant=grant, accounts=accounts)


async def _revoke(channel: Channel, revokes: Revokes) -> None:
    async with way_out() as http:
        await revokes.revoke(plain_session(http, credentials_of(channel)))
