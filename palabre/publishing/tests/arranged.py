"""Contents, planned and sent, as most tests of the way out need them."""

from datetime import datetime

from asgiref.sync import async_to_sync
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content
from palabre.publishing.delivery import finding, sending
from palabre.publishing.delivery.planning import plan
from palabre.publishing.models import Delivery


def build_channel(brand: Brand, handle: str = "baobab", network: str = "mastodon") -> Channel:
    with scope(brand=brand):
        return Channel.objects.create(brand=brand, network=network, account=handle, handle=handle)


def build_delivery(channel: Channel, *texts: str, first_comment: str = "") -> Delivery:
    """A draft of one content on one channel."""
    first, *parts = texts or ("Bonjour le quartier",)
    content = Content(text=first, parts=tuple(parts), first_comment=first_comment)
    with scope(brand=channel.brand):
        post = save_post(
            brand=channel.brand, by=None, draft=PostDraft(content=content, channels={channel.pk: {}})
        )
        return post.deliveries().get()


def planned(channel: Channel, *texts: str, at: datetime | None = None, first_comment: str = "") -> Delivery:
    """A delivery that is due now, or at `at`."""
    now = timezone.now()
    delivery = build_delivery(channel, *texts, first_comment=first_comment)
    with scope(brand=channel.brand):
        plan(deliveries=[delivery], at=at or now, by=None, now=min(now, at or now))
    return kept(delivery)


def kept(delivery: Delivery) -> Delivery:
    """As the database has it."""
    return Delivery._base_manager.select_related("channel").get(pk=delivery.pk)


def change(delivery: Delivery, **changes: object) -> None:
    with scopes_disabled():
        Delivery.objects.filter(pk=delivery.pk).update(**changes)


def send_at(now: datetime) -> int:
    return async_to_sync(sending.send_due)(lambda: now)


def look_at(now: datetime) -> int:
    return async_to_sync(finding.find_unknown)(lambda: now)
