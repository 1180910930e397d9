"""Two people in one conversation see each other; who goes on to the next gets in nobody's way."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django_scopes import scope

from palabre.agency.live import Reader, Wire, say
from palabre.agency.present import STAYS, WRITES, Present
from palabre.inbox import presence
from palabre.inbox.models import Conversation
from palabre.inbox.selectors import Wanted
from palabre.networks.sandbox.store import Store
from tests.builders import Cast, build_cast

PATIENCE = 60.0


def names(present: Present, at: float, but: int = 0) -> list[tuple[str, bool]]:
    return [(one.name, one.writes) for one in present.beside(1, 7, but=but, at=at)]


def test_who_reads_and_writes_is_seen_and_expires_by_themselves() -> None:
    present = Present()
    present.heard(1, 7, 10, "reads", "Aïcha", at=0)
    present.heard(1, 7, 11, "looks", "Marc", at=0)
    present.heard(1, 7, 11, "writes", "Marc", at=1)
    assert names(present, 2) == [("Aïcha", False), ("Marc", True)]
    assert names(present, 2, but=10) == [("Marc", True)]
    assert names(present, 2 + WRITES) == [("Aïcha", False), ("Marc", False)]
    assert present.taken(1, but=0, at=2) == {7}, "who could only look takes nothing"
    assert present.taken(1, but=10, at=2) == set()
    present.heard(1, 7, 10, "left", "Aïcha", at=3)
    assert names(present, 4) == [("Marc", False)] or names(present, 4) == [("Marc", True)]
    assert names(present, 2 + STAYS) == []
    assert present.taken(2, but=0, at=0) == set(), "another brand sees nothing"


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    wire = Wire()
    monkeypatch.setattr(presence, "WIRE", wire)
    yield wire


async def shown(page: AsyncIterator[bytes]) -> list[list[object]]:
    """The next word about who is present."""
    while True:
        told = (await asyncio.wait_for(anext(page), PATIENCE)).decode()
        if told.startswith("event: present"):
            found: list[list[object]] = json.loads(told.split("data: ", 1)[1])
            return found


@pytest.mark.django_db(transaction=True)
async def test_two_pages_tell_each_other_and_another_process_knows(wire: Wire) -> None:
    cast: Cast = await sync_to_async(build_cast)()
    brand = cast.brand.pk
    aicha = Reader(subject=7, user=1, name="Aïcha", acts=True)
    marc = Reader(subject=7, user=2, name="Marc", acts=True)
    hers = presence.events(brand=brand, reader=aicha, user=1)
    told = asyncio.create_task(shown(hers))
    await asyncio.sleep(0)
    elsewhere = Wire()  # another web process
    his = elsewhere.news(brand, marc)
    following = asyncio.create_task(anext(his))  # type: ignore[arg-type]
    assert await told == [["Marc", False]]
    await following
    while not elsewhere.present.beside(brand, 7, but=2, at=time.monotonic()):
        await asyncio.wait_for(anext(his), PATIENCE)
    assert elsewhere.present.taken(brand, but=2, at=time.monotonic()) == {7}
    told = asyncio.create_task(shown(hers))
    await sync_to_async(say)(cast.brand, 7, cast.owner, "writes")
    while len(seen := await told) < 2:
        told = asyncio.create_task(shown(hers))
    assert [str(cast.owner), True] in seen
    told = asyncio.create_task(shown(hers))
    await his.aclose()  # type: ignore[attr-defined]
    while ["Marc", False] in await told:
        told = asyncio.create_task(shown(hers))
    await hers.aclose()  # type: ignore[attr-defined]
    while wire._leaving or elsewhere._leaving:
        await asyncio.sleep(0.01)
    await sync_to_async(connections.close_all)()


def test_next_skips_what_somebody_else_has_open_and_two_never_get_the_same(
    wire: Wire,
    asked: Conversation,
    cast: Cast,
    store: Store,
    hear: Callable[[datetime], int],
    now: datetime,
) -> None:
    for minutes, name in enumerate(("malo", "nour", "romy"), start=1):
        store.say("baobab", name, f"Bonjour de {name}", at=now - timedelta(minutes=minutes))
    hear(now + timedelta(minutes=5))
    rows = list(Conversation.objects.order_by("-last_at"))
    first, second, third, _last = rows
    with scope(brand=cast.brand):
        wanted = Wanted()
        one = presence.next_free(brand=cast.brand, wanted=wanted, reader=cast.owner, after=first)
        other = presence.next_free(brand=cast.brand, wanted=wanted, reader=cast.colleague, after=first)
        assert (one, other) == (second, third)
        again = presence.next_free(brand=cast.brand, wanted=wanted, reader=cast.owner, after=first)
        assert again == second, "one's own is no hindrance"
