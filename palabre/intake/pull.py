"""Asking the places that are due: claimed by a conditional UPDATE, one call for all who look there."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.intake.articles import Reader
from palabre.intake.out import session
from palabre.intake.pipeline import Batch, take_in
from palabre.intake.words import search_words
from palabre.kit.pace import HostPacer
from palabre.listening.matching import Matcher
from palabre.listening.models import Source
from palabre.listening.sources import failed, moved, watch_kind, watch_of
from palabre.networks.contract import Capability, Collects, Cursor, Page, RemoteItem, Session, Watch
from palabre.networks.errors import NetworkError, RateLimited
from palabre.networks.registry import connector, manifests

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
AT_ONCE = 32
"""Places asked at the same time by one process; each host sees one or two calls of these."""
PAGES_PER_ROUND = 20
"""Pages followed in one visit; what remains is fetched at the next one, from its cursor."""
USUAL_WAIT = 900.0
"""Seconds until the next visit where neither the network nor its manifest advises one."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One place and all the sources, of whichever brands, that look at it."""

    network: str
    sources: tuple[Source, ...]
    watch: Watch
    cursor: Cursor | None


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
        due = Source.objects.filter(unclaimed, state__in=("new", "working", "failing"), next_at__lte=now)
        for network, kind in streamed:
            due = due.exclude(network=network, kind=kind)
        lines = list(dict.fromkeys(due.order_by("next_at").values_list("line", flat=True)[:limit]))
        # Whoever shares a line comes along, due or not: one call serves them all.
        rows = Source.objects.filter(unclaimed, line__in=lines, state__in=("new", "working", "failing"))
        claimed = list(rows.select_for_update(skip_locked=True, of=("self",)).select_related("brand"))
        Source.objects.filter(pk__in=[source.pk for source in claimed]).update(leased_until=now + LEASE)
        return gather_lines(claimed)


def gather_lines(sources: Iterable[Source]) -> list[Line]:
    """Sources of the same line together; a newcomer takes over the cursor of those before it."""
    by_line: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_line[source.line].append(source)
    lines = []
    for group in by_line.values():
        first = group[0]
        words: tuple[str, ...] = ()
        if watch_kind(first.network, first.kind).needs_topic:
            with scope(brand=first.brand):
                words = search_words(first.brand)
        cursor = next((source.cursor for source in group if source.cursor is not None), None)
        # A newcomer on an old line would miss what the others already have: start it afresh.
        if any(source.state == "new" and source.cursor is None for source in group):
            cursor = None
        lines.append(
            Line(network=first.network, sources=tuple(group), watch=watch_of(first, words), cursor=cursor)
        )
    return lines


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
                    await pull_line(line, out, puller)

        await asyncio.gather(*(visit(group) for group in by_host.values()))
    return len(lines)


def host_of(line: Line) -> str:
    """Whose server a line asks: the target's host, else the network as a whole."""
    return urlsplit(line.watch.target).hostname or line.watch.target or line.network


async def pull_line(line: Line, out: Session, puller: Puller) -> None:
    """Ask one place, page by page, each page committed before the next is asked for."""
    collects = connector(line.network)
    assert isinstance(collects, Collects)
    cursor = line.cursor
    try:
        for _ in range(PAGES_PER_ROUND):
            async with puller.pacer.turn(host_of(line)):
                page = await collects.fetch(out, line.watch, cursor)
            items = [item for raw in page.raw if (item := collects.normalise(raw, line.watch)) is not None]
            items = await puller.reader.completed(out, items)
            await sync_to_async(commit)(line, page, items, puller.matcher)
            cursor = page.cursor
            if not page.more:
                break
    except NetworkError as error:
        log.info("%s: %s", line.network, error)
        if isinstance(error, RateLimited):
            puller.pacer.rest(host_of(line), error.retry_after)
        await sync_to_async(put_down_failure)(line, error)


def commit(
    line: Line, page: Page, items: list[RemoteItem], matcher: Matcher, *, wait: float | None = None
) -> None:
    """Bring one page in with its cursor; `wait` in seconds overrules what the page advises (a stream
    that is held has no next visit)."""
    batch = Batch(
        network=line.network,
        sources=line.sources,
        items=items,
        cursor=page.cursor,
        wait=wait if wait is not None else 0.0 if page.more else page.wait or USUAL_WAIT,
        at=timezone.now(),
    )
    with scopes_disabled():
        take_in(batch, matcher)
        moved(line.sources, target=page.moved_to, title=page.title)


def put_down_failure(line: Line, error: NetworkError) -> None:
    """Say the failure at every source's line; the rest goes on."""
    with scopes_disabled():
        fresh = list(Source.objects.filter(pk__in=[source.pk for source in line.sources]))
        failed(fresh, now=timezone.now(), error=error)
