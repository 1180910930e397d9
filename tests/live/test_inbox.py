"""From what somebody says on a real network to the answer that stands there once, by way of the inbox."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.channels.connecting import keep_accounts, sign_in_typed
from palabre.channels.models import Channel
from palabre.inbox.answering import answer
from palabre.inbox.models import Conversation, Line, Message, Reply
from palabre.inbox.sending import send_due
from palabre.intake.hear import hear_due
from palabre.networks.registry import manifests
from tests.builders import Cast, build_cast
from tests.live.bluesky import test_hearing as bluesky
from tests.live.bluesky.network import Network
from tests.live.wordpress.site import Site
from tests.live.wordpress.talk import Talk

pytestmark = [pytest.mark.live, pytest.mark.django_db]

SORRY = "Bonjour, nous sommes désolés : la machine est réparée."


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.ENV = replace(settings.ENV, allowed_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")))
    return build_cast()


@pytest.fixture
def brand(cast: Cast) -> Iterator[Brand]:
    with scope(brand=cast.brand):
        yield cast.brand


@pytest.fixture
def ana(bluesky_network: Network) -> Any:
    return bluesky_network.account("cafe")


@pytest.fixture
def ben(bluesky_network: Network) -> Any:
    return bluesky_network.account("ben")


def connected(cast: Cast, network: str, kind: str, **typed: str) -> Channel:
    """The account as a person connects it."""
    way = next(one for one in manifests()[network].sign_ins if one.key == kind)
    granted = sign_in_typed(network=network, kind=way, typed=typed)
    (channel,) = keep_accounts(brand=cast.brand, by=cast.owner, granted=granted)
    return channel


def hear_until(there: Callable[[], bool]) -> None:
    """Hear the accounts until something arrived: a network takes its time to show what was said."""
    for _ in range(60):
        Line.objects.update(next_at=timezone.now(), leased_until=None)
        async_to_sync(hear_due)()
        if there():
            return
        asyncio.run(asyncio.sleep(1))
    raise AssertionError("it was not heard")


def answered(conversation: Conversation, cast: Cast) -> Reply:
    seen = conversation.messages.order_by("-pk").values_list("pk", flat=True)[0]
    reply = answer(
        conversation=conversation, by=cast.owner, text=SORRY, seen=seen, then="waiting", now=timezone.now()
    )
    async_to_sync(send_due)()
    reply.refresh_from_db()
    return reply


def test_a_comment_on_bluesky_is_answered_once_and_a_native_answer_closes_it(
    cast: Cast, brand: Brand, bluesky_network: Network, ana: Any, ben: Any
) -> None:
    post = ana.post("Brunch des grands chemins, dimanche.")
    bluesky_network.wait_for(post)
    connected(
        cast,
        "bluesky",
        "app_password",
        identifier=ana.handle,
        app_password=ana.app_password(),
        server=bluesky_network.pds,
    )
    bluesky.answer(bluesky_network, ben, "45 minutes d’attente pour un thé…", post)
    hear_until(lambda: Conversation.objects.exists())
    conversation = Conversation.objects.select_related("thread__root", "channel").get()
    assert conversation.thread.root is not None
    assert conversation.thread.root.text.startswith("Brunch")

    reply = answered(conversation, cast)
    assert reply.state == "sent"
    bluesky_network.wait_for(reply.remote_id)
    stands = ana.call("app.bsky.feed.getPosts", uris=reply.remote_id)["posts"]
    assert [one["record"]["text"] for one in stands] == [SORRY]
    known = Message.objects.filter(conversation=conversation).count()
    hear_until(lambda: True)
    assert Message.objects.filter(conversation=conversation).count() == known, "brought back, it is known"

    bluesky.answer(bluesky_network, ben, "Merci, mais le gâteau ?", reply.remote_id)
    hear_until(lambda: Conversation.objects.get().state == "open")
    newest = Message.objects.filter(ours=False, conversation=conversation).latest("pk").item.remote_id
    bluesky.answer(bluesky_network, ana, "Il arrive !", newest)
    hear_until(lambda: Conversation.objects.get().state == "done")

    ben.delete(newest)
    hear_until(lambda: Message.objects.filter(item__remote_id=newest).exclude(gone_at=None).exists())
    message = Message.objects.select_related("item").get(item__remote_id=newest)
    assert message.item.text == "" and conversation.messages.filter(gone_at=None).exists()


def test_a_comment_held_by_a_site_is_read_here_and_one_that_is_shown_is_answered_once(
    cast: Cast, brand: Brand, wordpress_site: Site
) -> None:
    talk = Talk.below(wordpress_site, "Nos grains")
    connected(
        cast,
        "wordpress",
        "application_password",
        server=wordpress_site.address,
        user=wordpress_site.user,
        app_password=wordpress_site.password,
    )
    told = asyncio.run(talk.speak("Vos grains viennent d’où ?"))
    hear_until(lambda: Message.objects.filter(item__remote_id=told.remote_id).exists())
    conversation = Message.objects.get(item__remote_id=told.remote_id).conversation
    assert conversation is not None
    assert conversation.thread.root is not None
    assert conversation.thread.root.title == "Nos grains"
    reply = answered(conversation, cast)
    assert reply.state == "sent"
    stands = [one for one in talk.standing() if SORRY in one.text]
    assert len(stands) == 1
    before = timezone.now() + timedelta(seconds=1)
    hear_until(lambda: True)
    conversation.refresh_from_db()
    assert conversation.state == "waiting"
    assert conversation.messages.filter(ours=True, at__lt=before).count() == 1
