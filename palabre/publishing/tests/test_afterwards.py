"""After a content left: counted, changed, taken back; and what did not leave is told to people, once."""

from datetime import datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core import mail
from django.test import Client
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.channels.connecting import keep_accounts, sign_in_typed
from palabre.channels.models import CallCount, Channel
from palabre.networks.errors import Rejected, Temporary
from palabre.networks.registry import manifests
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery import measuring
from palabre.publishing.delivery.measuring import AGES, LATE
from palabre.publishing.delivery.notices import tell_troubles
from palabre.publishing.models import Delivery, Measure
from palabre.publishing.tests.arranged import change, kept, planned, send_at
from palabre.publishing.tests.scripted import Scripted
from tests.builders import Cast


@pytest.fixture
def sandbox(cast: Cast, brand: Brand) -> Channel:
    """An account at the invented network, which does all that a network can do."""
    kind = next(kind for kind in manifests()["sandbox"].sign_ins if not kind.redirect)
    granted = sign_in_typed(network="sandbox", kind=kind, typed={"name": "tilleuls"})
    return keep_accounts(brand=brand, by=cast.owner, granted=granted)[0]


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(cast.owner)
    return browser


def act(client: Client, delivery: Delivery, word: str) -> None:
    client.post(f"/b/cafe-baobab/publish/deliveries/{delivery.pk}/{word}/")


def measure_at(now: datetime) -> int:
    return async_to_sync(measuring.measure_due)(lambda: now)


def test_a_content_is_counted_once_at_each_age(sandbox: Channel, now: datetime) -> None:
    delivery = planned(sandbox)
    send_at(now)
    left = kept(delivery).published_at
    assert left is not None
    assert measure_at(left + AGES[0] - timedelta(minutes=1)) == 0
    assert measure_at(left + AGES[0] + timedelta(minutes=1)) == 1
    assert measure_at(left + AGES[0] + timedelta(minutes=6)) == 0
    assert measure_at(left + AGES[1] + timedelta(minutes=1)) == 1
    ages = list(Measure.objects.filter(delivery=delivery).values_list("age", flat=True))
    assert ages == [3600, 86_400]
    assert Measure.objects.filter(delivery=delivery, likes__isnull=False).count() == 2


def test_a_count_that_would_be_of_another_age_is_left_out(sandbox: Channel, now: datetime) -> None:
    delivery = planned(sandbox)
    send_at(now)
    left = kept(delivery).published_at
    assert left is not None
    assert measure_at(left + AGES[1] + LATE + timedelta(minutes=1)) == 0


def test_calls_are_counted_against_the_budget(sandbox: Channel, now: datetime) -> None:
    planned(sandbox, "Un", "Deux")
    send_at(now)
    assert CallCount.objects.get(channel=sandbox).spent == 2


def test_what_was_published_is_changed_at_the_network(
    sandbox: Channel, brand: Brand, client: Client, now: datetime
) -> None:
    delivery = planned(sandbox, "Avant")
    send_at(now)
    draft = PostDraft(content=Content(text="Après"), channels={sandbox.pk: {}})
    save_post(brand=brand, by=None, draft=draft, post=delivery.variant.post)
    assert kept(delivery).outgoing["text"] == "Avant", "nothing changes there by itself"
    act(client, delivery, "edit")
    changed = kept(delivery)
    assert (changed.state, changed.outgoing["text"]) == ("published", "Après")
    assert delivery.steps.get(act="edited").params == {"was": "Avant"}


def test_what_was_published_is_taken_back_and_stays_proved(
    sandbox: Channel, client: Client, now: datetime
) -> None:
    delivery = planned(sandbox)
    send_at(now)
    act(client, delivery, "delete")
    assert kept(delivery).state == "deleted"
    assert kept(delivery).remote_id


def test_a_network_that_lets_nobody_change_anything_is_not_asked(
    channel: Channel, network: Scripted, client: Client, now: datetime
) -> None:
    delivery = planned(channel)
    assert client.post(f"/b/cafe-baobab/publish/deliveries/{delivery.pk}/delete/").status_code == 404


def test_what_is_refused_is_told_once(
    brand: Brand, channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers = [Rejected("rejected")]
    delivery = planned(channel)
    send_at(now)
    assert tell_troubles(brand=brand, now=now) == 1
    assert tell_troubles(brand=brand, now=now) == 0
    assert kept(delivery).told_at == now


def test_the_notice_reaches_the_owner_in_their_language(
    cast: Cast,
    brand: Brand,
    channel: Channel,
    network: Scripted,
    now: datetime,
    django_capture_on_commit_callbacks: object,
) -> None:
    network.answers = [Rejected("rejected")]
    planned(channel, "Le café du lundi")
    send_at(now)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tell_troubles(brand=brand, now=now)
    (message,) = mail.outbox
    assert message.to == [cast.owner.email]
    assert "Café Baobab" in message.subject
    assert "Le café du lundi" in message.body
    assert "show=stuck" in message.body


def test_what_is_late_is_told_while_it_can_be_helped(
    brand: Brand, channel: Channel, network: Scripted, now: datetime
) -> None:
    network.answers = [Temporary("server_error")]
    delivery = planned(channel)
    send_at(now)
    assert tell_troubles(brand=brand, now=now + timedelta(minutes=1)) == 0
    assert tell_troubles(brand=brand, now=now + timedelta(minutes=3)) == 1
    assert kept(delivery).state == "scheduled"


def test_what_is_still_being_looked_for_is_not_told_yet(
    brand: Brand, channel: Channel, network: Scripted, now: datetime
) -> None:
    delivery = planned(channel)
    change(delivery, state="unknown", try_at=timezone.now())
    assert tell_troubles(brand=brand, now=now) == 0
    change(delivery, try_at=None)
    assert tell_troubles(brand=brand, now=now) == 1
