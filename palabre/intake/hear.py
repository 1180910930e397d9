"""What is said to the brand's own accounts: each account is heard by its ears, a page at a time.

The way in for the inbox: claim → hear → enrich → store → file into conversations → bring what may be harmful
to the reviewers, the cursor moved in the same transaction as what it brought.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.agency.erased import mark_of, marks_of_all
from palabre.agency.models import Brand
from palabre.channels import health
from palabre.channels.models import Channel
from palabre.channels.sessions import ask, way_out
from palabre.enrichment import analyse, fingerprint, hashtags
from palabre.inbox.models import Line
from palabre.inbox.receiving import Arrival, receive, take_away
from palabre.kit.http import Http
from palabre.listening.keeping import horizon
from palabre.listening.lessons import Learnt
from palabre.moderation.cases import review
from palabre.moderation.ruling.running import met_before, run
from palabre.networks.contract import Capability, Ear, Hears, Page, Session
from palabre.networks.errors import NetworkError, NotPermitted, RateLimited
from palabre.networks.items import Address, RemoteAuthor, Said
from palabre.networks.registry import connector, manifests
from palabre.stream import tidy
from palabre.stream.incoming import Incoming
from palabre.stream.lock import hold
from palabre.stream.models import Item
from palabre.stream.store import Stored, store

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
AT_ONCE = 16
"""Accounts heard at the same time by one process."""
MOST = 200
PAGES = 20
"""Pages followed in one visit; what remains is fetched at the next one, from its cursor."""
LONGEST_REST = timedelta(hours=1)

_learnt = Learnt()
Clock = Callable[[], datetime]


async def hear_due(clock: Clock = timezone.now) -> int:
    """One round: every account that is due to be heard; how many lines were."""
    await sync_to_async(open_lines)(now=clock())
    lines = await sync_to_async(claim)(now=clock())
    gate = asyncio.Semaphore(AT_ONCE)

    async def visit(line: Line) -> None:
        async with gate:
            try:
                await hear(line, http, clock)
            except Exception:
                log.exception("line %s could not be heard", line.pk)

    async with way_out() as http:
        await asyncio.gather(*(visit(line) for line in lines))
    return len(lines)


def open_lines(*, now: datetime) -> None:
    """A line for every ear of every account that works. Crosses brands on purpose."""
    with scopes_disabled():
        for key, manifest in manifests().items():
            for ear in manifest.ears if Capability.HEAR in manifest.capabilities else ():
                deaf = Channel.objects.filter(network=key, state="working", by_hand=False)
                deaf = deaf.exclude(lines__ear=ear.key)
                Line.objects.bulk_create(
                    (
                        Line(brand_id=brand, channel_id=pk, ear=ear.key, next_at=now)
                        for pk, brand in deaf.values_list("pk", "brand_id")
                    ),
                    ignore_conflicts=True,
                )


def claim(*, now: datetime) -> list[Line]:
    """Take the lines that are due, ours for `LEASE`. Crosses brands on purpose."""
    with scopes_disabled(), transaction.atomic():
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        rested = Q(channel__resting_until=None) | Q(channel__resting_until__lte=now)
        due = Line.objects.filter(
            free, rested, next_at__lte=now, channel__state="working", brand__state="live"
        )
        held = due.order_by("next_at").select_for_update(skip_locked=True, of=("self",))
        ids = list(held.values_list("pk", flat=True)[:MOST])
        Line.objects.filter(pk__in=ids).update(leased_until=now + LEASE)
        return list(Line.objects.filter(pk__in=ids).select_related("channel__brand", "brand"))


async def hear(line: Line, http: Http, clock: Clock) -> None:
    """One visit: page by page, each committed before the next is asked for."""
    hears = connector(line.channel.network)
    assert isinstance(hears, Hears)
    try:
        for visited in range(1, PAGES + 1):

            async def listen(session: Session) -> Page:
                return await hears.hear(session, line.ear, line.cursor)

            page = await ask(line.channel, http, listen)
            heard = [hears.said(raw, line.ear, line.channel.account) for raw in page.raw]
            said = [one for one in heard if one is not None]
            more = page.more and visited < PAGES
            if not await sync_to_async(commit)(line, page, said, more=more, now=clock()) or not more:
                return
    except NetworkError as error:
        log.info("%s: %s", line.channel.network, error)
        await sync_to_async(put_down_failure)(line, error, now=clock())


def commit(line: Line, page: Page, said: Sequence[Said], *, more: bool, now: datetime) -> bool:
    """Keep a page with its cursor, or nothing of it; False when the line is somebody else's by now."""
    with scope(brand=line.brand), transaction.atomic():
        hold(line.brand)
        ours = Line.objects.select_for_update().filter(
            pk=line.pk, leased_until=line.leased_until, channel__state="working"
        )
        if not ours.exists():
            return False
        kept = _wanted(line, said, now=now)
        before = _texts(line, kept)
        stored = _store(line, kept, now=now)
        arrivals = [_arrival(one, stored[one.item.remote_id].id, stored, before) for one in kept]
        items = [one.item for one in arrivals]
        met = met_before(channel=line.channel, items=items)
        receive(channel=line.channel, arrivals=arrivals, now=now)
        review(brand=line.brand, items=items, now=now)
        new = [one.item for one in arrivals if one.edited or one.item not in met]
        run(brand=line.brand, channel=line.channel, items=new, now=now)
        gone = [one.item.remote_id for one in said if one.item.deleted]
        if gone:
            take_away(channel=line.channel, remote_ids=gone, now=now)
        line.cursor, line.leased_until = dict(page.cursor), now + LEASE if more else None
        line.next_at = now if page.more else now + timedelta(seconds=page.wait or _ear(line).every)
        line.heard_at, line.misses, line.failing_since = now, 0, None
        line.error_code, line.error_params = "", {}
        line.save()
    return True


def _wanted(line: Line, said: Sequence[Said], *, now: datetime) -> list[Said]:
    """Without what is past the brand's time already, and without whom it was asked to forget."""
    oldest = horizon(brand=line.brand, now=now)
    marks = marks_of_all([line.brand]).get(line.brand_id, frozenset())
    network = line.channel.network

    def forgotten(author: RemoteAuthor | None) -> bool:
        return bool(marks and author and mark_of(network, author.remote_id) in marks)

    def admitted(one: Said) -> bool:
        if one.item.deleted or forgotten(one.item.author) or forgotten(one.counterpart):
            return False
        # What the brand answered them names them, and goes with them.
        if one.address is Address.OURS and one.above and forgotten(one.above[-1].author):
            return False
        return tidy.occurred(one.item.published_at, now) >= oldest

    return [
        replace(one, above=tuple(above for above in one.above if not forgotten(above.author)))
        for one in said
        if admitted(one)
    ]


def _store(line: Line, said: Sequence[Said], *, now: datetime) -> dict[str, Stored]:
    """Every item of a page, with what stands above, by its remote id; what is said itself wins."""
    items = {above.remote_id: above for one in said for above in one.above}
    items |= {one.item.remote_id: one.item for one in said}
    whole = list(items.values())
    texts = [f"{item.title}\n{item.text}" if item.title else item.text for item in whole]
    analyses = analyse(texts, languages=[item.language for item in whole], adjustment=_learnt.of(line.brand))
    incoming = [
        Incoming(
            network=line.channel.network,
            item=item,
            analysis=analysis,
            fingerprint=fingerprint(text),
            hashtags=tuple(hashtags(item.text)),
            collected_at=now,
        )
        for item, text, analysis in zip(whole, texts, analyses, strict=True)
    ]
    return dict(zip(items, store(brand=line.brand, items=incoming), strict=True)) if incoming else {}


def _texts(line: Line, said: Sequence[Said]) -> dict[str, str]:
    """What is known of these already, as it read until now."""
    ids = [tidy.key(one.item.remote_id) for one in said]
    known = Item.objects.filter(remote_id__in=ids, network=line.channel.network)
    return dict(known.values_list("remote_id", "text"))


def _arrival(said: Said, item: int, stored: dict[str, Stored], before: dict[str, str]) -> Arrival:
    read = before.get(tidy.key(said.item.remote_id), "")
    return Arrival(
        said=said.item,
        address=said.address,
        item=item,
        above=tuple(stored[above.remote_id].id for above in said.above),
        held=said.held,
        edited=bool(read) and read != tidy.words(said.item.text),
        counterpart=said.counterpart,
    )


def put_down_failure(line: Line, error: NetworkError, *, now: datetime) -> None:
    """Say the failure at the line; it is heard again later, from the same cursor.

    An account that may not hear goes on publishing: only this line says which right is missing.
    """
    with scopes_disabled(), transaction.atomic():
        if not isinstance(error, NotPermitted):
            health.failed(line.channel, error=error, now=now)
        rest = min(timedelta(seconds=_ear(line).every * 2 ** min(line.misses, 8)), LONGEST_REST)
        if isinstance(error, RateLimited):
            rest = max(rest, timedelta(seconds=min(error.retry_after, 86_400.0)))
        Line.objects.filter(pk=line.pk, leased_until=line.leased_until).update(
            leased_until=None,
            next_at=now + rest,
            misses=line.misses + 1,
            failing_since=line.failing_since or now,
            error_code=error.code,
            error_params=error.params,
        )


def hear_again(brand: Brand, *, now: datetime) -> None:
    """A person asks what is new: every line of the brand is due."""
    Line.objects.filter(brand=brand, channel__state="working").update(next_at=now)


def _ear(line: Line) -> Ear:
    return next(ear for ear in manifests()[line.channel.network].ears if ear.key == line.ear)
