"""News reach every open page of a brand once they are true, and no page of another brand."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connections, transaction

from palabre.agency import live
from palabre.agency.live import News, Wire, tell
from tests.builders import Cast, build_cast

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0


@pytest.fixture(autouse=True)
async def threads_connections_close() -> AsyncIterator[None]:
    yield
    await sync_to_async(connections.close_all)()


async def following(pages: AsyncIterator[News | None]) -> News | None:
    return await asyncio.wait_for(anext(pages), PATIENCE)


async def test_what_is_committed_is_told_and_what_is_taken_back_is_not() -> None:
    cast: Cast = await sync_to_async(build_cast)()
    wire = Wire()
    here, there = wire.news(cast.brand.pk), wire.news(cast.other.pk)
    first = asyncio.create_task(following(here))
    second = asyncio.create_task(following(there))
    # The line is open: whoever was there before is told to look.
    assert await first == News(room="")
    assert await second == News(room="")

    def change() -> None:
        with pytest.raises(ValueError, match="back"), transaction.atomic():
            tell(cast.brand, "inbox", 1)
            raise ValueError("back")
        with transaction.atomic():
            tell(cast.brand, "inbox", 2)
            tell(cast.other, "inbox", 3)

    await sync_to_async(change)()
    assert await following(here) == News(room="inbox", subject=2)
    assert await following(there) == News(room="inbox", subject=3)
    await here.aclose()  # type: ignore[attr-defined]
    await there.aclose()  # type: ignore[attr-defined]


async def test_a_process_that_stops_lets_its_pages_go() -> None:
    cast: Cast = await sync_to_async(build_cast)()
    wire = Wire()
    pages = wire.news(cast.brand.pk)
    await following(pages)
    waiting = asyncio.create_task(following(pages))
    await asyncio.sleep(0)
    wire.close()
    with pytest.raises(StopAsyncIteration):
        await waiting


async def test_a_page_without_news_is_told_that_the_line_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    cast: Cast = await sync_to_async(build_cast)()
    monkeypatch.setattr(live, "ALIVE", 0.05)
    wire = Wire()
    pages = wire.news(cast.brand.pk)
    while (await following(pages)) is not None:
        continue
    await pages.aclose()  # type: ignore[attr-defined]


async def test_a_slow_page_is_told_to_look_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    cast: Cast = await sync_to_async(build_cast)()
    monkeypatch.setattr(live, "MOST", 3)
    wire = Wire()
    pages = wire.news(cast.brand.pk)
    await following(pages)

    def change() -> None:
        for subject in range(10):
            tell(cast.brand, "inbox", subject)

    await sync_to_async(change)()
    seen = []
    while News(room="") not in seen:
        seen.append(await following(pages))
    await pages.aclose()  # type: ignore[attr-defined]
