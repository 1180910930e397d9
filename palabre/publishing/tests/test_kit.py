"""What no tool may publish is handed to a person at its hour, and counts once they say so."""

import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from PIL import Image

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.composing.compose import Leaving, PostDraft, save_post
from palabre.publishing.composing.content import Content, Medium
from palabre.publishing.delivery.notices import tell_troubles
from palabre.publishing.delivery.planning import stop_everything
from palabre.publishing.kit import MISSED_AFTER, hand_over_due, miss_unanswered, tell_handed
from palabre.publishing.library.assets import take_in
from palabre.publishing.models import Delivery, Post
from palabre.publishing.tests.arranged import change, kept, planned, send_at
from palabre.publishing.tests.drawn import picture
from palabre.publishing.tests.scripted import Scripted
from tests.builders import Cast


@pytest.fixture
def by_hand(brand: Brand) -> Channel:
    return Channel.objects.create(
        brand=brand,
        network="instagram",
        account="baobab",
        handle="baobab",
        by_hand=True,
        url="https://www.instagram.com/baobab",
    )


def handed_to(author: object, by_hand: Channel, now: datetime, *texts: str) -> Delivery:
    delivery = planned(by_hand, *texts)
    Post.objects.filter(variants__deliveries=delivery).update(author=author)
    hand_over_due(now=now)
    return kept(delivery)


def test_at_its_hour_it_is_handed_to_who_wrote_it_and_no_machine_sends_it(
    cast: Cast, by_hand: Channel, network: Scripted, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    early = planned(by_hand, at=now + timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        delivery = handed_to(cast.owner, by_hand, now, "Bonjour le quartier")
    assert (delivery.state, kept(early).state) == ("handed", "scheduled")
    assert send_at(now) == 0
    (message,) = mail.outbox
    assert message.to == [cast.owner.email]
    assert f"/by-hand/{delivery.pk}/" in message.body
    assert "Bonjour le quartier" in message.body
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tell_handed(brand=cast.brand, now=now)
    assert len(mail.outbox) == 1


def test_the_kit_shows_each_part_and_the_answer_publishes(
    brand: Brand, cast: Cast, by_hand: Channel, now: datetime, client: Client
) -> None:
    client.force_login(cast.owner)
    delivery = handed_to(cast.owner, by_hand, now, "Bonjour le quartier")
    page = reverse("publishing:kit", args=[brand.slug, delivery.pk])
    shown = client.get(page).content.decode()
    assert 'data-copy="Bonjour le quartier"' in shown
    assert "https://www.instagram.com/baobab" in shown
    assert page in client.get(reverse("publishing:kits", args=[brand.slug])).content.decode()
    wrong = client.post(f"{page}posted/", {"url": "pas une adresse"})
    assert wrong.status_code == 200
    assert kept(delivery).state == "handed"
    client.post(f"{page}posted/", {"url": "https://www.instagram.com/p/abc"})
    done = kept(delivery)
    assert (done.state, done.remote_url) == ("published", "https://www.instagram.com/p/abc")
    # A second press of the button changes nothing.
    assert client.post(f"{page}posted/", {"url": ""}).status_code == 302
    assert kept(delivery).remote_url == "https://www.instagram.com/p/abc"


def test_an_answer_without_an_address_is_enough(
    brand: Brand, cast: Cast, by_hand: Channel, now: datetime, client: Client
) -> None:
    client.force_login(cast.owner)
    delivery = handed_to(cast.owner, by_hand, now)
    client.post(reverse("publishing:kit_posted", args=[brand.slug, delivery.pk]))
    assert kept(delivery).state == "published"


def test_what_nobody_answers_for_is_missed_and_told(
    brand: Brand, cast: Cast, by_hand: Channel, now: datetime
) -> None:
    delivery = handed_to(cast.owner, by_hand, now)
    assert miss_unanswered(now=now + MISSED_AFTER - timedelta(minutes=5)) == 0
    assert miss_unanswered(now=now + MISSED_AFTER) == 1
    missed = kept(delivery)
    assert (missed.state, missed.error_code) == ("missed", "nobody_posted")
    assert tell_troubles(brand=brand, now=now + MISSED_AFTER) == 1


def test_what_is_paused_is_handed_to_nobody(cast: Cast, by_hand: Channel, now: datetime) -> None:
    delivery = planned(by_hand, at=now)
    stop_everything(brand=cast.brand, by=cast.owner, why="crise", now=now)
    assert hand_over_due(now=now) == 0
    assert kept(delivery).state == "paused"


def test_the_words_in_somebodys_hands_do_not_change(cast: Cast, by_hand: Channel, now: datetime) -> None:
    delivery = handed_to(cast.owner, by_hand, now)
    post = Post.objects.get(variants__deliveries=delivery)
    draft = PostDraft(content=Content(text="Autre chose"), channels={by_hand.pk: {}})
    with pytest.raises(Leaving):
        save_post(brand=cast.brand, by=cast.owner, draft=draft, post=post)


def test_who_left_is_not_told_but_the_managers_are(
    cast: Cast, by_hand: Channel, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        handed_to(cast.stranger, by_hand, now)
    assert cast.owner.email in [to for message in mail.outbox for to in message.to]
    assert cast.stranger.email not in [to for message in mail.outbox for to in message.to]


def test_a_channel_that_palabre_serves_has_no_kit(
    brand: Brand, cast: Cast, channel: Channel, client: Client
) -> None:
    client.force_login(cast.owner)
    delivery = planned(channel)
    change(delivery, state="handed")
    assert client.get(reverse("publishing:kit", args=[brand.slug, delivery.pk])).status_code == 404


def test_today_says_what_is_to_be_posted_and_what_was_not(
    cast: Cast, by_hand: Channel, now: datetime, client: Client
) -> None:
    client.force_login(cast.owner)
    handed_to(cast.owner, by_hand, now)
    kits = reverse("publishing:kits", args=[cast.brand.slug])
    assert kits in client.get("/").content.decode()
    miss_unanswered(now=now + MISSED_AFTER)
    shown = client.get("/").content.decode()
    assert kits not in shown
    assert f"{reverse('publishing:contents', args=[cast.brand.slug])}?show=stuck" in shown


def test_the_kit_hands_out_each_picture_as_the_network_takes_it_ready_to_share(
    brand: Brand, cast: Cast, by_hand: Channel, now: datetime, client: Client,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    wide = take_in(brand=brand, by=None, name="affiche.png", chunks=[picture(3000, 900, form="PNG")])
    content = Content(
        text="Venez", link="https://cafe.example/brunch", media=(Medium(asset=wide.pk, alt="Rouge"),)
    )
    post = save_post(brand=brand, by=cast.owner, draft=PostDraft(content=content, channels={by_hand.pk: {}}))
    client.force_login(cast.owner)
    page = client.get(reverse("publishing:kit", args=[brand.slug, post.deliveries().get().pk]))
    shared = json.loads(page.context["shared"])
    assert shared["text"].startswith("Venez\nhttps://cafe.example/brunch")
    (file,) = shared["files"]
    (piece,) = page.context["pieces"]
    assert piece.fit is not None and piece.alt == "Rouge"
    assert f"{file['address']}&amp;download=1" in page.content.decode()
    answer = client.get(f"{file['address']}&download=1")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (piece.fit.width, piece.fit.height)
        assert Image.MIME[str(image.format)] == file["mime"] == answer["Content-Type"]
    assert file["name"] in answer["Content-Disposition"], "named after what it is now"
    assert 'class="kit-share" hidden>' in page.content.decode(), (
        "nothing is offered where it cannot be shared"
    )
