"""A delivery leaves once, is proved, or stands where a person sees it."""

import threading
from datetime import datetime, timedelta

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.channels.outcomes import RETRIES
from palabre.channels.sessions import way_out
from palabre.networks.errors import (
    AuthExpired,
    NotPermitted,
    OutcomeUnknown,
    Problem,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from palabre.publishing.delivery import claims
from palabre.publishing.delivery.claims import LEASE, MISSED_AFTER, claim_due
from palabre.publishing.delivery.finding import SETTLE, _found, look_now, say_absent, say_published
from palabre.publishing.delivery.planning import PastHour, plan, stop_everything, take_up
from palabre.publishing.delivery.sending import Round, begin_all, send
from palabre.publishing.models import Delivery, Step
from palabre.publishing.tests.arranged import (
    build_channel,
    build_delivery,
    kept,
    look_at,
    planned,
    send_at,
)
from palabre.publishing.tests.scripted import Scripted
from tests.builders import Cast, build_cast


def acts(delivery: Delivery) -> list[str]:
    return list(Step._base_manager.filter(delivery=delivery).order_by("id").values_list("act", flat=True))


def test_what_is_due_leaves_once_and_is_proved(channel: Channel, network: Scripted, now: datetime) -> None:
    delivery = planned(channel)
    assert send_at(now) == 1
    assert send_at(now) == 0
    sent = kept(delivery)
    assert (sent.state, sent.remote_url) == ("published", f"https://reseau.example/{sent.key}/part-0")
    assert sent.published_at == datetime.fromisoformat("2026-11-23T12:00:00+00:00")
    assert list(network.texts()) == ["Bonjour le quartier"]
    assert acts(delivery) == ["created", "planned", "trying", "published"]


def test_what_is_not_due_yet_stays(channel: Channel, network: Scripted, now: datetime) -> None:
    delivery = planned(channel, at=now + timedelta(hours=1))
    assert send_at(now) == 0
    assert kept(delivery).state == "scheduled"
    assert send_at(now + timedelta(hours=1)) == 1


def test_a_past_hour_is_refused(channel: Channel, now: datetime) -> None:
    with pytest.raises(PastHour):
        plan(deliveries=[build_delivery(channel)], at=now - timedelta(hours=1), by=None, now=now)


def test_a_thread_leaves_part_by_part_and_goes_on_where_it_was_cut(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers = [None, Temporary("server_error")]
    delivery = planned(channel, "Un", "Deux", "Trois", first_comment="Le lien")
    send_at(now)
    half = kept(delivery)
    assert (half.state, len(half.sent), half.try_at) == ("scheduled", 1, now + timedelta(minutes=RETRIES[0]))
    send_at(now + timedelta(minutes=RETRIES[0]))
    assert kept(delivery).state == "published"
    assert list(network.texts()) == ["Un", "Deux", "Trois", "Le lien"]


def test_nothing_done_is_tried_again_with_patience_then_given_up(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers = [Temporary("server_error") for _ in range(20)]
    delivery = planned(channel)
    for minutes in RETRIES:
        assert send_at(now) == 1
        assert kept(delivery).state == "scheduled"
        now += timedelta(minutes=minutes)
    assert send_at(now) == 1
    failed = kept(delivery)
    assert (failed.state, failed.error_code) == ("failed", "server_error")
    assert list(network.texts()) == []


def test_a_spent_budget_consumes_no_try_and_lets_the_whole_account_rest(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers = [RateLimited("rate_limited", retry_after=600)]
    first, second = planned(channel, "Un"), planned(channel, "Deux", at=now + timedelta(seconds=30))
    send_at(now)
    assert (kept(first).state, kept(first).tries) == ("scheduled", 0)
    assert send_at(now + timedelta(seconds=60)) == 0, "the account rests"
    assert send_at(now + timedelta(seconds=601)) == 2
    assert (kept(first).state, kept(second).state) == ("published", "published")


def test_a_refused_content_waits_for_a_person_with_its_problems(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    problem = Problem(field="text", code="too_long", limit=500, actual=512)
    network.answers = [Rejected("rejected", problems=(problem,))]
    delivery = planned(channel)
    send_at(now)
    refused = kept(delivery)
    assert refused.state == "rejected"
    (told,) = refused.problems
    assert (told["field"], told["code"], told["limit"], told["actual"]) == ("text", "too_long", 500, 512)


def test_a_lost_answer_is_looked_for_and_never_sent_twice(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers = [OutcomeUnknown("timed_out")]
    delivery = planned(channel)
    send_at(now)
    assert kept(delivery).state == "unknown"
    assert look_at(now) == 0, "a few seconds of patience"
    assert look_at(now + timedelta(seconds=5)) == 1
    assert kept(delivery).state == "published"
    assert list(network.texts()) == ["Bonjour le quartier"]


def test_what_surely_did_not_happen_is_sent_with_the_same_key_once_that_is_sure(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers, network.lost_after_doing = [OutcomeUnknown("timed_out")], False
    delivery = planned(channel)
    send_at(now)
    look_at(now + timedelta(seconds=5))
    assert kept(delivery).state == "unknown", "a slow server may still be writing"
    look_at(now + SETTLE)
    assert kept(delivery).state == "scheduled"
    send_at(now + SETTLE)
    assert (kept(delivery).state, kept(delivery).key) == ("published", delivery.key)
    assert list(network.texts()) == ["Bonjour le quartier"]


def test_a_look_at_the_try_before_does_not_send_the_next_one_again(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    delivery = planned(channel)
    network.answers, network.lost_after_doing = [OutcomeUnknown("gone"), OutcomeUnknown("gone")], False
    send_at(now)
    before = kept(delivery)
    later = now + SETTLE + timedelta(minutes=1)
    look_at(later)
    send_at(later)
    assert (kept(delivery).state, kept(delivery).tries) == ("unknown", 2)
    _found(before, None, now=later)
    assert kept(delivery).state == "unknown"


def test_a_thread_whose_answer_was_lost_in_the_middle_goes_on_after_it(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers = [None, OutcomeUnknown("timed_out")]
    delivery = planned(channel, "Un", "Deux", "Trois")
    send_at(now)
    look_at(now + timedelta(seconds=5))
    assert (kept(delivery).state, len(kept(delivery).sent)) == ("scheduled", 2)
    send_at(now + timedelta(seconds=6))
    assert kept(delivery).state == "published"
    assert list(network.texts()) == ["Un", "Deux", "Trois"]


def test_where_the_network_cannot_tell_a_person_is_asked(
    cast: Cast, channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers, network.blind = [OutcomeUnknown("timed_out")], True
    there, absent = planned(channel, "Un"), planned(channel, "Deux")
    network.answers *= 2
    send_at(now)
    look_at(now + timedelta(seconds=5))
    for delivery in (there, absent):
        assert (kept(delivery).state, kept(delivery).try_at) == ("unknown", None)
    assert look_at(now + timedelta(days=3)) == 0, "it waits for a person"
    say_published(delivery=kept(there), by=cast.owner, url="https://reseau.example/1", now=now)
    say_absent(delivery=kept(absent), by=cast.owner, now=now)
    assert (kept(there).state, kept(absent).state) == ("published", "scheduled")
    look_now(delivery=kept(absent), by=cast.owner, now=now)
    assert kept(absent).try_at == now


def test_a_token_that_died_is_renewed_to_look_for_a_lost_answer(
    brand: Brand, network: Scripted, now: datetime
) -> None:
    network.answers, network.finds = [OutcomeUnknown("timed_out")], [AuthExpired("token_refused")]
    channel = build_channel(brand, network="sandbox")
    channel.credentials = '{"name": "baobab", "token": "baobab-0"}'
    channel.save()
    delivery = planned(channel)
    send_at(now)
    look_at(now + timedelta(seconds=5))
    assert (kept(delivery).state, kept(delivery).channel.state) == ("published", "working")


def test_a_lost_answer_waits_for_the_sign_in_then_is_looked_for(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers, network.finds = [OutcomeUnknown("timed_out")], [NotPermitted("right_missing")]
    delivery = planned(channel)
    send_at(now)
    look_at(now + timedelta(seconds=5))
    assert kept(delivery).channel.state == "needs_sign_in"
    assert look_at(now + timedelta(days=3)) == 0
    Channel._base_manager.filter(pk=channel.pk).update(state="working")
    assert look_at(now + timedelta(days=3)) == 1
    assert kept(delivery).state == "published"


def test_a_sender_that_died_before_it_handed_anything_over_is_followed_by_another(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    delivery = planned(channel)
    (claimed,) = claim_due(now=now, most=10)
    assert claimed.pk == delivery.pk
    assert send_at(now + LEASE) == 0, "it may still be at it"
    assert send_at(now + LEASE + timedelta(seconds=1)) == 1
    assert kept(delivery).state == "published"
    assert acts(kept(delivery)).count("not_begun") == 1


def test_a_sender_that_died_while_it_handed_over_is_found_out_and_its_delivery_looked_for(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    delivery = planned(channel)
    (claimed,) = claim_due(now=now, most=10)
    begin_all([claimed], now=now)
    later = now + LEASE + timedelta(seconds=1)
    send_at(later)
    assert (kept(delivery).state, kept(delivery).error_code) == ("unknown", "interrupted")
    look_at(later + SETTLE)
    assert kept(delivery).state == "scheduled", "it is not there"
    send_at(later + SETTLE)
    assert kept(delivery).state == "published"
    assert list(network.texts()) == ["Bonjour le quartier"]


def test_a_claim_that_lapsed_in_the_queue_is_not_sent(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    planned(channel)
    (claimed,) = claim_due(now=now, most=10)
    claims.sweep(now=now + LEASE + timedelta(seconds=1))

    async def run() -> None:
        async with way_out() as http:
            await send(claimed, Round(http, lambda: now))

    async_to_sync(run)()
    assert network.calls == []


def test_an_answer_that_comes_after_the_lease_still_counts(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    async def swept() -> None:
        await sync_to_async(claims.sweep)(now=now + LEASE + timedelta(seconds=1))

    delivery = planned(channel)
    network.during = swept
    send_at(now)
    assert kept(delivery).state == "published"


def test_a_revoked_token_stops_the_account_and_loses_nothing(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers = [AuthExpired("token_refused")]
    delivery = planned(channel)
    send_at(now)
    channel = kept(delivery).channel
    assert (channel.state, channel.error_code) == ("needs_sign_in", "sign_in_needed")
    assert (kept(delivery).state, kept(delivery).tries) == ("scheduled", 0)
    assert send_at(now + timedelta(minutes=5)) == 0
    Channel._base_manager.filter(pk=channel.pk).update(state="working")
    assert send_at(now + timedelta(minutes=6)) == 1
    assert kept(delivery).state == "published"


def test_what_nobody_could_send_for_hours_is_missed_not_sent_late(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    delivery = planned(channel)
    send_at(now + MISSED_AFTER + timedelta(minutes=1))
    assert (kept(delivery).state, kept(delivery).error_code) == ("missed", "nobody_sent")
    assert network.calls == []


def test_an_answer_nobody_understands_is_given_up_not_repeated(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers = [UnexpectedAnswer("unexpected_answer")]
    delivery = planned(channel)
    send_at(now)
    assert kept(delivery).state == "failed"


def test_the_crisis_switch_stops_everything_and_gives_back_what_is_still_to_come(
    cast: Cast, brand: Brand, channel: Channel, network: Scripted, now: datetime
) -> None:
    soon, later = planned(channel, "Un", at=now), planned(channel, "Deux", at=now + timedelta(days=1))
    paused = stop_everything(brand=brand, by=cast.owner, why="Incendie", now=now)
    assert [delivery.pk for delivery in paused] == [soon.pk, later.pk]
    during = planned(channel, "Trois", at=now + timedelta(days=2))
    assert kept(during).state == "paused"
    assert send_at(now + timedelta(minutes=1)) == 0
    coming, missed = take_up(brand=brand, by=cast.owner, now=now + timedelta(hours=1))
    assert [delivery.pk for delivery in coming] == [later.pk, during.pk]
    assert [delivery.pk for delivery in missed] == [soon.pk]
    assert send_at(now + timedelta(days=1)) == 1


def test_the_crisis_switch_of_one_brand_stops_no_other(
    cast: Cast, brand: Brand, channel: Channel, network: Scripted, now: datetime
) -> None:
    theirs = planned(build_channel(cast.other))
    planned(channel)
    stop_everything(brand=brand, by=cast.owner, why="", now=now)
    assert send_at(now) == 1
    assert kept(theirs).state == "published"


@pytest.mark.django_db(transaction=True)
def test_the_crisis_switch_waits_for_nobody_who_waits_for_it() -> None:
    cast = build_cast()
    delivery = planned(build_channel(cast.brand))
    held, turned = threading.Event(), threading.Event()

    def move() -> None:
        with scope(brand=cast.brand), transaction.atomic():
            Delivery.objects.select_for_update().get(pk=delivery.pk)
            held.set()
            turned.wait(0.5)
            plan(deliveries=[delivery], at=timezone.now(), by=None, now=timezone.now())
        connection.close()

    def stop() -> None:
        held.wait()
        with scope(brand=cast.brand):
            stop_everything(brand=cast.brand, by=cast.owner, why="", now=timezone.now())
        turned.set()
        connection.close()

    threads = [threading.Thread(target=act) for act in (move, stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(delivery).state == "paused"


@pytest.mark.django_db(transaction=True)
def test_two_processes_never_claim_the_same_delivery() -> None:
    channel = build_channel(build_cast().brand)
    for n in range(40):
        planned(channel, f"Numéro {n}")
    claimed: list[int] = []
    start = threading.Barrier(4)

    def claim() -> None:
        start.wait()
        while found := claim_due(now=timezone.now() + timedelta(seconds=1), most=3):
            claimed.extend(delivery.pk for delivery in found)
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(set(claimed))
    assert len(claimed) == 40


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_between_two_rounds_is_made_anew(
    channel: Channel, network: Scripted, now: datetime
) -> None:
    delivery = planned(channel)
    connection.connection.close()
    assert send_at(now) == 1
    connection.connection.close()
    assert look_at(now) == 0
    assert kept(delivery).state == "published"
