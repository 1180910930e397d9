"""Asking the places that are due: each claimed by one process, one call for all who look there."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.intake.articles import Reader
from palabre.intake.out import session
from palabre.intake.pipeline import Batch, take_in
from palabre.kit.pace import HostBusy, HostPacer
from palabre.kit.secrecy import Unreadable
from palabre.kit.states import Moved
from palabre.listening.matching import Matcher
from palabre.listening.models import Source
from palabre.listening.sources import failed, moved, postponed, watch_kind, watch_of
from palabre.listening.topics import search_words
from palabre.networks.contract import Capability, Collects, Cursor, Page, RemoteItem, Session, Sighting, Watch
from palabre.networks.errors import AuthExpired, NetworkError, RateLimited
from palabre.networks.registry import connector, manifests

log = logging.getLogger(__name__)
LIVE = ("new", "working", "failing")
"""The states in which a source is asked; in all others a person said no, or has to act."""
LEASE = timedelta(minutes=10)
CLAIM_LOCK = 0x70616C70
"""Advisory lock of the choice of lines: two processes that choose at once never share one out."""
PATIENCE = 60.0
"""Seconds to wait for a host; one that asked for a longer rest is visited after it."""
AT_ONCE = 32
"""Places asked at the same time by one process; each host sees one or two calls of these."""
PAGES_PER_ROUND = 20
"""Pages followed in one visit; what remains is fetched at the next one, from its cursor."""
SEARCH_REST = timedelta(hours=1)
"""Until a search without words is thought of again, should nobody wake it."""
USUAL_WAIT = 900.0
"""Seconds until the next visit where neither the network nor its manifest advises one."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One place and all the sources, of whichever brands, that look at it; claimed `until` then."""

    network: str
    sources: tuple[Source, ...]
    watch: Watch
    cursor: Cursor | None
    until: datetime | None = None


def claim_due(*, now: datetime, limit: int = 200) -> list[Line]:
    """Take the places that are due, whole lines at a time, and hold them for `LEASE`.

    Crosses brands on purpose. Streams are not pulled: `listen.py` holds them.
    """
    streamed = {
        (network, kind.key)
        for network, manifest in manifests().items()
        for kind in manifest.watches
        if kind.capability is Capability.STREAM
    }
    unclaimed = Q(leased_until=None) | Q(leased_until__lt=now)
    with scopes_disabled(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
        # Somebody who joins a line under way is served with the others, at its next visit.
        under_way = Source.objects.filter(leased_until__gte=now).values("line")
        due = Source.objects.filter(brand__state="live", state__in=LIVE, next_at__lte=now).exclude(
            line__in=under_way
        )
        for network, kind in streamed:
            due = due.exclude(network=network, kind=kind)
        lines = list(dict.fromkeys(due.order_by("next_at").values_list("line", flat=True)[:limit]))
        # Whoever shares a line comes along, due or not: one call serves them all.
        rows = Source.objects.filter(unclaimed, brand__state="live", line__in=lines, state__in=LIVE)
        claimed = list(rows.select_for_update(skip_locked=True, of=("self",)).select_related("brand"))
        Source.objects.filter(pk__in=[source.pk for source in claimed]).update(leased_until=now + LEASE)
        return [replace(line, until=now + LEASE) for line in gather_lines(claimed)]


def gather_lines(sources: Iterable[Source]) -> list[Line]:
    """Sources of the same line together, from where the one that is furthest behind stands.

    A source whose secret cannot be opened is stopped, and left out; a search without a topic waits.
    """
    by_line: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_line[source.line].append(source)
    lines = []
    for group in by_line.values():
        first = group[0]
        kind = watch_kind(first.network, first.kind)
        words: tuple[str, ...] = ()
        if kind.needs_topic:
            with scope(brand=first.brand):
                words = search_words(first.brand)
            if not words:
                # Nothing to look for yet: `topics.wake_searches` calls it back with the first topic.
                postponed(group, until=timezone.now() + SEARCH_REST)
                continue
        try:
            watch = watch_of(first, words)
        except Unreadable:
            failed(group, now=timezone.now(), error=AuthExpired("secret_unreadable"))
            continue
        cursor = _furthest_behind(group, streamed=kind.capability is Capability.STREAM)
        lines.append(Line(network=first.network, sources=tuple(group), watch=watch, cursor=cursor))
    return lines


def _furthest_behind(group: Sequence[Source], *, streamed: bool) -> Cursor | None:
    """Where to go on so that none of the group misses anything; what the others have is known again.

    A newcomer has everything that can still be had before it, so a place is asked afresh; of a stream
    nothing more can be had than what was missed.
    """
    known = [source for source in group if source.cursor is not None]
    if not known or (len(known) < len(group) and not streamed):
        return None
    oldest = min(known, key=lambda source: source.last_seen_at or source.created_at)
    return cast("Cursor", oldest.cursor)


@dataclass(frozen=True)
class Puller:
    """What a process keeps from round to round: the topics, the manners, the articles it has read."""

    matcher: Matcher
    pacer: HostPacer
    reader: Reader

    @classmethod
    def new(cls) -> "Puller":
        """One a process."""
        pacer = HostPacer()
        return cls(Matcher(), pacer, Reader(pacer))


async def pull_due(puller: Puller) -> int:
    """One round: every place that is due, gently; the number of places asked."""
    lines = await sync_to_async(claim_due)(now=timezone.now())
    # One task a host: a crowd at one host waits in its own queue and takes no place from others.
    by_host: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_host[host_of(line)].append(line)
    gate = asyncio.Semaphore(AT_ONCE)
    async with session() as out:

        async def visit(group: list[Line]) -> None:
            async with gate:
                for line in group:
                    # A lease that ended while the host's queue was long is somebody else's by now.
                    if line.until is None or timezone.now() < line.until:
                        await pull_line(line, out, puller)

        ended = await asyncio.gather(*(visit(group) for group in by_host.values()), return_exceptions=True)
    # A fault of ours at one host is told aloud, after all the others were asked.
    if faults := [fault for fault in ended if isinstance(fault, Exception)]:
        raise ExceptionGroup("places that could not be asked", faults)
    return len(lines)


def host_of(line: Line) -> str:
    """Whose server a line asks: the target's host, else the network as a whole."""
    return urlsplit(line.watch.target).hostname or line.watch.target or line.network


async def pull_line(line: Line, out: Session, puller: Puller) -> None:
    """Ask one place, page by page, each page committed before the next is asked for."""
    collects = connector(line.network)
    assert isinstance(collects, Collects)
    cursor, host = line.cursor, host_of(line)
    try:
        for visited in range(1, PAGES_PER_ROUND + 1):
            async with puller.pacer.turn(host, patience=PATIENCE):
                page = await collects.fetch(out, line.watch, cursor)
            items = [item for raw in page.raw if (item := collects.normalise(raw, line.watch)) is not None]
            items = await puller.reader.completed(out, items)
            more = page.more and visited < PAGES_PER_ROUND
            looking = await sync_to_async(commit)(line, page, items, puller.matcher, lease=more)
            if looking is None or not more:
                break
            line, cursor = looking, page.cursor
    except HostBusy as busy:
        await sync_to_async(put_off)(line, busy.retry_after)
    except NetworkError as error:
        log.info("%s: %s", line.network, error)
        if isinstance(error, RateLimited):
            puller.pacer.rest(host, error.retry_after)
        await sync_to_async(put_down_failure)(line, error)


def commit(
    line: Line,
    page: Page,
    items: Sequence[RemoteItem | Sighting],
    matcher: Matcher,
    *,
    wait: float | None = None,
    lease: bool = False,
) -> Line | None:
    """Bring one page in with its cursor, for those who still look there; the line as it goes on, None when
    nobody looks any more. Who could not be served leaves the line: what is next would not be next to them.

    `wait` in seconds until the next visit wins over the page's advice. `lease`: the visit goes on,
    the place stays claimed.
    """
    advised = 0.0 if page.more else page.wait or USUAL_WAIT
    with scopes_disabled():
        while sources := _still_looking(line):
            batch = Batch(
                network=line.network,
                sources=sources,
                items=items,
                cursor=page.cursor,
                wait=advised if wait is None else wait,
                at=timezone.now(),
            )
            try:
                passage = take_in(batch, matcher)
            except Moved:
                continue  # somebody paused or removed one of them meanwhile: again, without it
            served = [source for source in sources if source not in passage.failed]
            moved(served, target=page.moved_to, title=page.title)
            kept = Source.objects.filter(pk__in=[source.pk for source in served])
            kept.update(leased_until=timezone.now() + LEASE if lease else None)
            return replace(line, sources=tuple(served)) if served else None
    return None


def _still_looking(line: Line) -> list[Source]:
    # A source that was changed looks elsewhere by now: this visit is no longer its own.
    here = Source.objects.filter(line=line.sources[0].line, state__in=LIVE)
    rows = here.filter(pk__in=[source.pk for source in line.sources])
    return list(rows.select_related("brand"))


def put_off(line: Line, wait: float) -> None:
    """Come back when the host has rested."""
    with scopes_disabled():
        postponed(line.sources, until=timezone.now() + timedelta(seconds=wait))


def put_down_failure(line: Line, error: NetworkError) -> None:
    """Say the failure at every source's line; the rest goes on. Whoever a person paused stays paused."""
    with scopes_disabled():
        for source in _still_looking(line):
            with contextlib.suppress(Moved):
                failed([source], now=timezone.now(), error=error)
