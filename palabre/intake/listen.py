"""Holding the streams: one line to a place for all the brands that listen there, resumed from its cursor."""

import asyncio
import contextlib
import logging
import signal
from contextlib import aclosing

from asgiref.sync import sync_to_async
from django.utils import timezone
from django_scopes import scopes_disabled

from palabre.intake.holding import Holds
from palabre.intake.out import session
from palabre.intake.pull import LIVE, Line, commit, gather_lines, put_down_failure
from palabre.listening.matching import Matcher
from palabre.listening.models import Source
from palabre.networks.contract import Capability, Session, Streams
from palabre.networks.errors import NetworkError
from palabre.networks.registry import connector, manifests
from palabre.networks.sightings import sight_all

log = logging.getLogger(__name__)
LOOK_AGAIN = 2.0
"""Seconds between two looks at which streams are wanted."""


def wanted_lines() -> dict[str, Line]:
    """The streams to hold now, by line; one that failed waits for its next try."""
    streamed = [
        (network, kind.key)
        for network, manifest in manifests().items()
        for kind in manifest.watches
        if kind.capability is Capability.STREAM
    ]
    with scopes_disabled():
        due = Source.objects.filter(brand__state="live", state__in=LIVE, next_at__lte=timezone.now())
        rows = due.select_related("brand")
        chosen = [source for source in rows if (source.network, source.kind) in streamed]
        return {line.sources[0].line: line for line in gather_lines(chosen)}


async def hold(line: Line, out: Session, matcher: Matcher) -> None:
    """Listen to one place until its line breaks; every page is committed with its cursor."""
    streams = connector(line.network)
    assert isinstance(streams, Streams)
    try:
        async with aclosing(streams.stream(out, line.watch, line.cursor)) as pages:
            async for page in pages:
                said = sight_all(streams, page.raw, line.watch)
                looking = await sync_to_async(commit)(line, page, said, matcher, wait=0.0)
                if looking is None:
                    break
                line = looking
    except NetworkError as error:
        log.info("%s: %s", line.network, error)
        await sync_to_async(put_down_failure)(line, error)


async def listen(stop: asyncio.Event) -> None:
    """Keep the wanted streams held, and no others, until told to stop; those that another process holds
    are left to it."""
    matcher, holds = Matcher(), Holds()
    held: dict[str, tuple[frozenset[int], asyncio.Task[None]]] = {}
    async with session() as out:
        while not stop.is_set():
            wanted = await sync_to_async(wanted_lines)()
            ours = await sync_to_async(holds.take)(wanted)
            wanted = {key: line for key, line in wanted.items() if key in ours}
            members = {key: frozenset(s.pk for s in line.sources) for key, line in wanted.items()}
            for key, (sources, task) in list(held.items()):
                # A brand that joins or leaves a line changes whom its items are for: begin again.
                if task.done() or members.get(key) != sources:
                    await _let_go(task)
                    del held[key]
            for key, line in wanted.items():
                if key not in held:
                    task = asyncio.create_task(hold(line, out, matcher), name=f"stream {line.network}")
                    held[key] = (members[key], task)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_AGAIN)
        for _, task in held.values():
            await _let_go(task)
        await sync_to_async(holds.close)()


async def _let_go(task: asyncio.Task[None]) -> None:
    """End a stream; a fault of ours in it ends the process aloud, which is started again."""
    if task.done():
        task.result()
        return
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def main() -> None:
    """The `palabre listen` process; ends cleanly on SIGINT and SIGTERM."""

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        await listen(stop)

    asyncio.run(run())
