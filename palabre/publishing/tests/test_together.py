"""Writes that wait for one another are committed together; the fault of one is told to it alone."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from palabre.agency.models import Brand
from palabre.channels.models import CallCount, Channel
from palabre.publishing.delivery.claims import claim_due
from palabre.publishing.delivery.sending import AT_ONCE_A_CHANNEL
from palabre.publishing.delivery.together import Together
from palabre.publishing.tests.arranged import build_channel, kept, planned, send_at
from palabre.publishing.tests.scripted import Scripted


async def test_what_comes_meanwhile_is_written_at_once_afterwards() -> None:
    batches: list[list[int]] = []

    def write(asked: Sequence[int]) -> list[int]:
        batches.append(list(asked))
        return [10 * one for one in asked]

    writer = Together[int, int](write)
    first = asyncio.create_task(writer(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(writer(n)) for n in (2, 3, 4)]
    assert await asyncio.gather(first, *others) == [10, 20, 30, 40]
    assert [one for batch in batches for one in batch] == [1, 2, 3, 4] and len(batches) < 4
    assert await writer(5) == 50


async def test_the_fault_of_one_is_told_to_it_alone() -> None:
    def write(asked: Sequence[int]) -> list[int]:
        if 3 in asked:
            raise ValueError(3)
        return list(asked)

    writer = Together[int, int](write)
    found = await asyncio.gather(*(writer(n) for n in (1, 2, 3, 4)), return_exceptions=True)
    assert [found[0], found[1], found[3]] == [1, 2, 4]
    assert isinstance(found[2], ValueError)


def test_who_has_much_to_send_lets_the_others_leave(brand: Brand, channel: Channel, now: datetime) -> None:
    for n in range(6):
        planned(channel, f"Numéro {n}", at=now)
    other = planned(build_channel(brand, "autre"), at=now)
    claimed = claim_due(now=now, most=4, share=2)
    assert sorted(one.channel_id for one in claimed) == sorted([channel.pk, channel.pk, other.channel_id])
    assert claim_due(now=now, most=4, but=[channel.pk]) == []
    assert len(claim_due(now=now, most=4)) == 4


def test_many_leave_in_one_round_each_with_its_own_proof(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    deliveries = [planned(channel, f"Un {n}", f"Deux {n}", at=now) for n in range(2 * AT_ONCE_A_CHANNEL)]
    assert send_at(now) == len(deliveries)
    for delivery in map(kept, deliveries):
        assert delivery.state == "published"
        assert delivery.remote_id == f"{delivery.key}/part-0"
        assert [step["remote_id"] for step in delivery.sent] == [
            f"{delivery.key}/part-0",
            f"{delivery.key}/part-1",
        ]
        steps = list(delivery.steps.order_by("id").values_list("act", "params__url", "params__step"))
        assert steps[2:] == [
            ("trying", None, None),
            ("part", None, "part-0"),
            ("published", delivery.remote_url, None),
        ]
    assert CallCount.objects.get(channel=channel).spent == 2 * len(deliveries)


@pytest.mark.parametrize("lost", [1, 3])
def test_a_delivery_that_vanished_meanwhile_takes_no_other_with_it(
    channel: Channel, network: Scripted, now: datetime, lost: int
) -> None:
    deliveries = [planned(channel, f"Numéro {n}", at=now) for n in range(4)]

    async def vanish() -> None:
        from asgiref.sync import sync_to_async

        network.during = None
        gone = type(deliveries[lost])._base_manager.filter(pk=deliveries[lost].pk)
        await sync_to_async(gone.update)(state="cancelled")

    network.during = vanish
    send_at(now)
    assert [kept(one).state for one in deliveries].count("published") == 3
    assert kept(deliveries[lost]).state == "cancelled"
