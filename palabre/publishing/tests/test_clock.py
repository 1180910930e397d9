"""The clock sends and looks beside each other: neither waits for the other to end."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from palabre.channels.models import Channel
from palabre.networks.errors import OutcomeUnknown
from palabre.publishing import tasks
from palabre.publishing.tests.arranged import change, kept, planned, send_at
from palabre.publishing.tests.scripted import Scripted

FOREVER = 60.0


async def beat() -> None:
    await tasks.clock()


def test_a_lost_answer_is_looked_for_while_others_leave(
    channel: Channel, network: Scripted, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.answers = [OutcomeUnknown("timed_out")]
    lost = planned(channel, "Perdu")
    send_at(now)
    change(lost, try_at=now - timedelta(minutes=1))
    looked, find = asyncio.Event(), network.find

    async def seen(*asked: Any) -> Any:
        looked.set()
        return await find(*asked)

    async def slow() -> None:
        await asyncio.wait_for(looked.wait(), FOREVER)

    monkeypatch.setattr(network, "find", seen)
    network.during = slow
    leaving = planned(channel, "En route")
    async_to_sync(beat)()
    assert (kept(lost).state, kept(leaving).state) == ("published", "published")


def test_a_beat_that_comes_while_one_is_sending_leaves_the_rest_to_it(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    states: list[str] = []

    async def meanwhile() -> None:
        network.during = None
        other = await sync_to_async(planned)(channel, "Un autre")
        await beat()
        states.append((await sync_to_async(kept)(other)).state)

    network.during = meanwhile
    planned(channel, "Le premier")
    async_to_sync(beat)()
    assert states == ["scheduled"]
    assert list(network.texts()) == ["Le premier", "Un autre"]
    assert tasks._busy == set()
