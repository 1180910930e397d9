"""News for pages that are open: told in the transaction of the change, heard by every web process.

Only that something changed travels, never what: the page asks for it, with its own rights. Who has what
open travels the same way (`present`): nothing of it is ever written into a table.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection

from palabre.agency.models import Brand, User
from palabre.agency.present import Present

log = logging.getLogger(__name__)
CHANNEL = "palabre_news"
ALIVE = 20.0
"""Seconds after which an open page is told that nothing happened: a dead line is noticed."""
BEAT = 15.0
"""Seconds after which a process says again who is at its pages."""
PRESENT = "present"
"""The room of the news that somebody came, wrote or left."""
AGAIN = 2.0
"""Seconds before the database is asked again after its line broke."""
MOST = 100
"""News that wait for one slow page; what comes beyond is one word: look at everything."""


@dataclass(frozen=True, kw_only=True)
class News:
    """Something of a room changed; `subject` is the row, 0 for anything of it."""

    room: str
    subject: int = 0


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody at an open page: what they have open, and whether they could act on it."""

    subject: int
    user: int
    name: str
    acts: bool


def say(brand: Brand, subject: int, user: User, word: str) -> None:
    """Tell every process that somebody reads, writes at or left something, at the end of the transaction."""
    told = json.dumps([brand.pk, PRESENT, subject, user.pk, word, str(user)[:200]])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, told])


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
        self.present = Present()
        self._readers: dict[asyncio.Queue[News], tuple[int, Reader]] = {}
        self._voice: psycopg.AsyncConnection[Any] | None = None
        self._speaking = asyncio.Lock()
        self._beating: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """The process is asked to stop: every open page is let go, and asks again when somebody answers."""
        self._closed = True
        for brand in list(self._pages):
            self._hand(brand, News(room=""))

    async def news(self, brand: int, reader: Reader | None = None) -> AsyncIterator[News | None]:
        """News of one brand as they come; None now and then, while there are none. As long as they are
        asked for, `reader` is present."""
        page: asyncio.Queue[News] = asyncio.Queue(MOST)
        self._pages[brand].add(page)
        if reader is not None:
            self._readers[page] = (brand, reader)
            await self._say(_line(brand, reader))
            if self._beating is None or self._beating.done():
                self._beating = asyncio.create_task(self._beat())
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
            self._leave(page)
            if not self._pages[brand]:
                del self._pages[brand]
            if not self._pages and self._listening is not None:
                listening, self._listening = self._listening, None
                listening.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await listening

    def _leave(self, page: "asyncio.Queue[News]") -> None:
        """Its reader left, unless another of their pages shows the same."""
        brand, reader = self._readers.pop(page, (0, None))
        if reader is not None and (brand, reader) not in self._readers.values():
            task = asyncio.create_task(self._gone(_line(brand, reader, "left")))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def _gone(self, told: list[Any]) -> None:
        """Say that somebody left; the last one shuts the line behind them."""
        await self._say(told)
        async with self._speaking:
            if self._readers or self._voice is None:
                return
            voice, self._voice = self._voice, None
            await voice.close()
            if self._beating is not None:
                self._beating.cancel()

    async def _beat(self) -> None:
        while self._readers:
            await asyncio.sleep(BEAT)
            await self._say_all()

    async def _say_all(self) -> None:
        for brand, reader in list(self._readers.values()):
            await self._say(_line(brand, reader))

    async def _say(self, told: list[Any]) -> None:
        """Tell every process, this one too; what cannot be told now is told at the next beat."""
        async with self._speaking:
            try:
                if self._voice is None or self._voice.closed:
                    self._voice = await psycopg.AsyncConnection.connect(autocommit=True, **_address())
                await self._voice.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(told)])
            except psycopg.OperationalError:
                self._voice = None

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                line = await psycopg.AsyncConnection.connect(autocommit=True, **_address())
                async with line:
                    await line.execute(f"LISTEN {CHANNEL}")
                    # Whatever was told while nobody listened is found by looking.
                    for brand in list(self._pages):
                        self._hand(brand, News(room=""))
                    await self._say([0, PRESENT, 0, 0, "who", ""])
                    async for told in line.notifies():
                        brand, room, subject, *who = json.loads(told.payload)
                        if who and who[1] == "who":
                            await self._say_all()
                            continue
                        if who:
                            self.present.heard(brand, subject, *who, at=time.monotonic())
                        self._hand(brand, News(room=room, subject=subject))
            await asyncio.sleep(AGAIN)

    def _hand(self, brand: int, news: News) -> None:
        for page in self._pages.get(brand, ()):
            if page.full():
                while not page.empty():
                    page.get_nowait()
                news = News(room="")
            page.put_nowait(news)


def _line(brand: int, reader: Reader, word: str = "") -> list[Any]:
    word = word or ("reads" if reader.acts else "looks")
    return [brand, PRESENT, reader.subject, reader.user, word, reader.name[:200]]


def _address() -> dict[str, Any]:
    """As Django connects; what is Django's own stays behind."""
    given = dict(connection.get_connection_params())
    return {name: given[name] for name in ("host", "port", "dbname", "user", "password") if name in given}


WIRE = Wire()
