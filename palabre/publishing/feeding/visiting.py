"""Asking a feed, through the guarded way out: found behind an address, looked at, visited when it is due."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync
from django.db.models import Q

from palabre.channels.sessions import plain_session, way_out
from palabre.kit.states import Moved, move
from palabre.networks.contract import Cursor, Page, Suggestion, Watch
from palabre.networks.errors import NetworkError, RateLimited, Temporary
from palabre.networks.feeds import connector
from palabre.networks.formats.addresses import site_of
from palabre.publishing.composing.cards import card_of, read_card
from palabre.publishing.feeding.models import ASKED, RELAY
from palabre.publishing.feeding.taking import Seen, make, take_in, to_make
from palabre.publishing.models import Relay

PATIENCE = 12.0
"""Seconds a page waits for a feed."""
LEASE = timedelta(minutes=10)
USUAL = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
GIVE_UP = 5
"""Times in a row an answer that is no feed is taken for a bad hour of its site."""
PAGES = 5


@dataclass(frozen=True, kw_only=True)
class Found:
    """A feed as it was looked at: where it is, what it calls itself, its newest entries first."""

    url: str
    title: str
    entries: tuple[Seen, ...]


def find(typed: str) -> tuple[Suggestion, ...]:
    """The feeds at or behind what was typed, best first. Raises NetworkError."""
    return async_to_sync(_in_time)(_find(typed), typed)


def look(url: str) -> Found:
    """A feed and what it says now. Raises NetworkError."""
    return async_to_sync(_in_time)(_look(url), url)


async def _in_time(asked: Any, place: str) -> Any:
    try:
        return await asyncio.wait_for(asked, PATIENCE)
    except TimeoutError:
        raise Temporary("timeout", host=site_of(place) or place) from None


async def _find(typed: str) -> tuple[Suggestion, ...]:
    async with way_out() as http:
        return await connector.suggest(plain_session(http), typed)


async def _look(url: str) -> Found:
    async with way_out() as http:
        page = await connector.fetch(plain_session(http), Watch(kind="feed", target=url), None)
    return Found(url=page.moved_to or url, title=page.title, entries=tuple(_seen(page, url)))


async def _visit(url: str, cursor: Cursor | None) -> tuple[list[Seen], Page]:
    """The entries a feed has that the cursor does not know, older pages included, and its last page."""
    seen: list[Seen] = []
    moved_to, title = None, ""
    async with way_out() as http:
        session = plain_session(http)
        for _visited in range(PAGES):
            page = await connector.fetch(session, Watch(kind="feed", target=url), cursor)
            seen += _seen(page, url)
            cursor, moved_to, title = page.cursor, moved_to or page.moved_to, title or page.title
            if not page.more:
                break
    return seen, Page(
        raw=(), cursor=page.cursor, unchanged=page.unchanged, wait=page.wait, moved_to=moved_to, title=title
    )


def _seen(page: Page, url: str) -> list[Seen]:
    watch = Watch(kind="feed", target=url)
    pairs = ((connector.normalise(raw, watch), raw) for raw in page.raw)
    return [Seen(item=item, raw=dict(raw)) for item, raw in pairs if item is not None]


def claim(relay: int, now: datetime) -> Relay | None:
    """Hold a feed that is due; None when somebody else is at it or nobody wants it now."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    due = Relay.objects.filter(free, pk=relay, state__in=ASKED, next_at__lte=now)
    if not due.update(leased_until=now + LEASE):
        return None
    return Relay.objects.select_related("brand", "by", "campaign", "pillar").get(pk=relay)


def serve(relay: Relay, now: datetime) -> None:
    """Ask a claimed feed what is new, put it down, and make what has room today."""
    try:
        seen, page = async_to_sync(_visit)(relay.url, relay.cursor)
    except NetworkError as error:
        _failed(relay, error, now)
    else:
        take_in(relay=relay, seen=seen, first=relay.cursor is None, now=now)
        wait = min(max(timedelta(seconds=page.wait or 0), USUAL), LONGEST)
        # Only while it is still wanted: a person may have paused it during the visit.
        Relay.objects.filter(pk=relay.pk, state__in=ASKED).update(
            state="active",
            cursor=page.cursor,
            url=page.moved_to or relay.url,
            seen_at=now,
            next_at=now + wait,
            failures=0,
            failing_since=None,
            error_code="",
            error_params={},
        )
    finally:
        Relay.objects.filter(pk=relay.pk).update(leased_until=None)
    if Relay.objects.filter(pk=relay.pk, state__in=ASKED).exists():
        make_waiting(relay, now)


def make_waiting(relay: Relay, now: datetime) -> int:
    """Make what waits and has room today; how many were made."""
    made = 0
    for entry in to_make(relay, now):
        link = entry.said.get("link", "")
        if relay.card and link and card_of(relay.brand, link) is None:
            read_card(brand=relay.brand, url=link)  # before the transaction: it asks the page
        made += make(entry=entry, by=relay.by, now=now)
    return made


def _failed(relay: Relay, error: NetworkError, now: datetime) -> None:
    """Put down a failed visit: tried again by itself, or stopped until a person acts."""
    calm = isinstance(error, RateLimited | Temporary)
    to = "failing" if calm or relay.failures < GIVE_UP else "stopped"
    backoff = min(USUAL * 2 ** min(relay.failures, 7), LONGEST) * random.uniform(0.8, 1.2)  # noqa: S311 (jitter)
    asked = timedelta(seconds=min(getattr(error, "retry_after", None) or 0.0, 7 * 86_400.0))
    with suppress(Moved):  # a person paused it during the visit: it stays paused
        move(
            relay,
            RELAY,
            to=to,
            failures=relay.failures + 1,
            failing_since=relay.failing_since or now,
            error_code=error.code,
            error_params=error.params,
            next_at=now + max(backoff, asked),
        )
