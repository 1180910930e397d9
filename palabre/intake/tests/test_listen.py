"""The streams: held while they are wanted, resumed from their cursor, nothing lost or twice."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.intake import listen
from palabre.intake.holding import Holds
from palabre.intake.out import session
from palabre.listening.matching import Matcher
from palabre.listening.models import Source
from palabre.listening.sources import SourceDraft, add_source, pause_source, resume_source
from palabre.stream.models import Item
from tests.builders import Cast, build_cast, build_topic

BROKEN = SourceDraft(network="sandbox", kind="live", options={"behaviour": "broken_stream"})
STEADY = SourceDraft(network="sandbox", kind="live")
BEGUN = datetime.fromtimestamp(1_800_000_000, tz=timezone.get_default_timezone())


@pytest.fixture
def cast(db: None) -> Cast:
    cast = build_cast()
    with scope(brand=cast.brand):
        topic = build_topic(cast.brand, query="-motintrouvable", unbounded_confirmed=True)
    assert topic.pk
    return cast


def kept(source: Source) -> Source:
    return Source._base_manager.get(pk=source.pk)


def hear(at: datetime) -> None:
    """Hold every wanted stream until its line breaks, at a moment of the stream's own clock."""

    async def run() -> None:
        async with session() as out:
            wanted = await sync_to_async(listen.wanted_lines)()
            for line in wanted.values():
                await listen.hold(line, replace(out, now=lambda: at), Matcher())

    async_to_sync(run)()


def stored() -> list[str]:
    return sorted(Item._base_manager.values_list("remote_id", flat=True))


def beats(ids: list[str]) -> list[int]:
    return sorted(int(one.rpartition("-")[2]) for one in ids)


def test_after_a_cut_the_stream_goes_on_with_nothing_lost_or_twice(cast: Cast) -> None:
    with scope(brand=cast.brand):
        source = add_source(brand=cast.brand, by=None, draft=BROKEN)
    hear(BEGUN)
    first = stored()
    assert len(first) == 3
    row = kept(source)
    assert (row.state, row.error_code) == ("failing", "stream_ended")
    assert listen.wanted_lines() == {}, "it waits for its next try"
    with scopes_disabled():
        Source.objects.update(next_at=timezone.now())
    hear(BEGUN + timedelta(minutes=10))
    heard = beats(stored())
    assert heard == list(range(heard[0], heard[0] + 63)), "every ten seconds, the cut included"


def test_a_brand_that_joins_costs_the_others_nothing(cast: Cast) -> None:
    with scope(brand=cast.brand):
        add_source(brand=cast.brand, by=None, draft=BROKEN)
    hear(BEGUN)
    with scopes_disabled():
        Source.objects.update(next_at=timezone.now())
    with scope(brand=cast.other):
        add_source(brand=cast.other, by=None, draft=BROKEN)
    (line,) = listen.wanted_lines().values()
    assert len(line.sources) == 2
    assert line.cursor is not None


def test_pausing_lets_go_and_resuming_takes_up_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "LOOK_AGAIN", 0.01)
    with scope(brand=cast.brand):
        source = add_source(brand=cast.brand, by=None, draft=STEADY)

    async def until(seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not await sync_to_async(seen)():
                await asyncio.sleep(0.01)

    def held() -> bool:
        return any(task.get_name() == "stream sandbox" for task in asyncio.all_tasks(loops[0]))

    def act(verb: Callable[..., None]) -> None:
        with scope(brand=cast.brand):
            verb(source=Source.objects.get(pk=source.pk), by=None)

    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        stop = asyncio.Event()
        listening = asyncio.create_task(listen.listen(stop))
        await until(lambda: kept(source).state == "working")
        await until(lambda: held())
        await sync_to_async(act)(pause_source)
        await until(lambda: not held())
        assert not listening.done(), "a pause is no fault"
        await sync_to_async(act)(resume_source)
        await until(lambda: held())
        stop.set()
        await listening

    async_to_sync(run)()
    assert len(stored()) >= 3
    assert kept(source).state in ("new", "working")


def test_a_stream_that_another_process_holds_is_left_to_it_until_it_dies(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "LOOK_AGAIN", 0.01)
    with scope(brand=cast.brand):
        source = add_source(brand=cast.brand, by=None, draft=STEADY)
    another = Holds()
    assert another.take(list(listen.wanted_lines())) == {source.line}
    looks: list[int] = []
    monkeypatch.setattr(listen, "wanted_lines", lambda seen=listen.wanted_lines: looks.append(1) or seen())

    async def until(seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not await sync_to_async(seen)():
                await asyncio.sleep(0.01)

    async def run() -> None:
        stop = asyncio.Event()
        listening = asyncio.create_task(listen.listen(stop))
        await until(lambda: len(looks) > 3)
        assert await sync_to_async(stored)() == []
        await sync_to_async(another.close)()
        await until(lambda: kept(source).state == "working")
        stop.set()
        await listening

    try:
        async_to_sync(run)()
    finally:
        another.close()
