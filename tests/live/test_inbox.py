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
from palabre.moderation.acting import act_on_due
from palabre.moderation.charter import begin, in_force
from palabre.moderation.deciding import decide, undo
from palabre.moderation.models import Decision
from palabre.networks.registry import manifests
from tests.builders import Cast, build_cast
from tests.live.bluesky import test_hearing as bluesky
from tests.live.bluesky.network import Network
from tests.live.wordpress.site import Site
from tests.live.wordpress.talk import Talk
from tests.live.wordpress.test_moderating import colleague as editor

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


def decided(message: Message, act: str, cast: Cast) -> Decision:
    """A person decides, by the first article of the usual charter; it is carried out."""
    begin(brand=cast.brand, by=cast.owner, language="fr", now=timezone.now())
    article = in_force().first()
    decision = decide(
        message=message, act=act, by=cast.owner, now=timezone.now(), article=article, why="Hors sujet"
    )
    async_to_sync(act_on_due)()
    decision.refresh_from_db()
    return decision


def test_a_reply_is_hidden_on_bluesky_by_a_decision_and_shown_again(
    cast: Cast, brand: Brand, bluesky_network: Network, ana: Any, ben: Any
) -> None:
    post = ana.post("Brunch des grands chemins, dimanche.")
    bluesky_network.wait_for(post)
    typed = {"identifier": ana.handle, "app_password": ana.app_password(), "server": bluesky_network.pds}
    connected(cast, "bluesky", "app_password", **typed)
    rude = bluesky.answer(bluesky_network, ben, "Vous êtes nuls", post)
    hear_until(lambda: Message.objects.filter(item__remote_id=rude).exists())

    def hidden() -> list[str]:
        asked = {"repo": ana.did, "collection": "app.bsky.feed.threadgate"}
        gates = ana.call("com.atproto.repo.listRecords", **asked)["records"]
        return [uri for gate in gates for uri in gate["value"]["hiddenReplies"]]

    decision = decided(Message.objects.get(item__remote_id=rude), "hide", cast)
    assert (decision.state, hidden()) == ("done", [rude])
    assert Message.objects.get(item__remote_id=rude).hidden
    undo(decision=decision, by=cast.owner, now=timezone.now())
    async_to_sync(act_on_due)()
    assert hidden() == [] and not Message.objects.get(item__remote_id=rude).hidden


def test_comments_are_binned_until_the_right_to_is_taken_away_and_the_rest_is_kept(
    cast: Cast, brand: Brand, wordpress_site: Site
) -> None:
    talk = Talk.below(wordpress_site, "Nos tasses")
    user, password, number = editor(wordpress_site)
    address = wordpress_site.address
    connected(cast, "wordpress", "application_password", server=address, user=user, app_password=password)
    told = [asyncio.run(talk.speak("À vendre : montres")).remote_id for _ in range(3)]
    hear_until(lambda: Message.objects.filter(item__remote_id__in=told).count() == 3)

    def states() -> list[str]:
        paths = [f"/wp/v2/comments/{one.rpartition('-')[2]}" for one in told]
        return [wordpress_site.call("GET", path).json()["status"] for path in paths]

    messages = [Message.objects.get(item__remote_id=one) for one in told]
    assert decided(messages[0], "delete", cast).state == "done"
    wordpress_site.call("POST", f"/wp/v2/users/{number}", json={"roles": ["subscriber"]})
    kept = [decided(message, "delete", cast) for message in messages[1:]]
    assert states() == ["trash", "approved", "approved"]
    assert {decision.state for decision in kept} == {"asked"}, "they wait for the right, and are not lost"
    wordpress_site.call("POST", f"/wp/v2/users/{number}", json={"roles": ["editor"]})
    Channel.objects.update(state="working")
    async_to_sync(act_on_due)()
    assert states() == ["trash"] * 3
