"""News for pages that are open: told in the transaction of the change, heard by every web process.

Only that something changed travels, never what: the page asks for it, with its own rights.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection

from palabre.agency.models import Brand

log = logging.getLogger(__name__)
CHANNEL = "palabre_news"
ALIVE = 20.0
"""Seconds after which an open page is told that nothing happened: a dead line is noticed."""
AGAIN = 2.0
"""Seconds before the database is asked again after its line broke."""
MOST = 100
"""News that wait for one slow page; what comes beyond is one word: look at everything."""


@dataclass(frozen=True, kw_only=True)
class News:
    """Something of a room changed; `subject` is the row, 0 for anything of it."""

    room: str
    subject: int = 0


def tell(brand: Brand, room: str, subject: int = 0) -> None:
    """Say at the end of the caller's transaction that something changed; nothing if it is taken back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps([brand.pk, room, subject])])


class Wire:
    """One line to the database for all the open pages of a process, held while there are any."""

    def __init__(self) -> None:
        self._pages: defaultdict[int, set[asyncio.Queue[News]]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None
        self._closed = False

    def close(self) -> None:
        """The process is asked to stop: every open page is let go, and asks again when somebody answers."""
        self._closed = True
        for brand in list(self._pages):
            self._hand(brand, News(room=""))

    async def news(self, brand: int) -> AsyncIterator[News | None]:
        """News of one brand as they come; None now and then, while there are none."""
        page: asyncio.Queue[News] = asyncio.Queue(MOST)
        self._pages[brand].add(page)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        try:
            while not self._closed:
                try:
                    news: News | None = await asyncio.wait_for(page.get(), ALIVE)
                except TimeoutError:
                    news = None
                if not self._closed:
                    yield news
        finally:
            self._pages[brand].discard(page)
            if not self._pages[brand]:
                del self._pages[brand]
            if not self._pages and self._listening is not None:
                listening, self._listening = self._listening, None
                listening.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await listening

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                line = await psycopg.AsyncConnection.connect(autocommit=True, **_address())
                async with line:
                    await line.execute(f"LISTEN {CHANNEL}")
                    # Whatever was told while nobody listened is found by looking.
                    for brand in list(self._pages):
                        self._hand(brand, News(room=""))
                    async for told in line.notifies():
                        brand, room, subject = json.loads(told.payload)
                        self._hand(brand, News(room=room, subject=subject))
            await asyncio.sleep(AGAIN)

    def _hand(self, brand: int, news: News) -> None:
        for page in self._pages.get(brand, ()):
            if page.full():
                while not page.empty():
                    page.get_nowait()
                news = News(room="")
            page.put_nowait(news)


def _address() -> dict[str, Any]:
    """As Django connects; what is Django's own stays behind."""
    given = dict(connection.get_connection_params())
    return {name: given[name] for name in ("host", "port", "dbname", "user", "password") if name in given}


WIRE = Wire()
