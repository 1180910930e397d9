"""What an account of ours said on the network itself stands in the calendar, apart from what Palabre sent."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.calendar.native import native_posts
from palabre.publishing.tests.arranged import build_delivery, change
from palabre.stream.models import Author, Item
from tests.builders import NOON, Cast

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 11, 23)


@pytest.fixture
def ours(brand: Brand, channel: Channel) -> Author:
    """The author that listening knows our account as."""
    return author(brand, "baobab")


def author(brand: Brand, remote_id: str, network: str = "mastodon") -> Author:
    return Author.objects.create(
        brand=brand, network=network, remote_id=remote_id, handle=remote_id,
        first_seen_at=NOON, last_seen_at=NOON,
    )  # fmt: skip


def said(by: Author, remote_id: str, at: datetime = NOON, text: str = "Bonjour", reply_to: str = "") -> Item:
    return Item.objects.create(
        brand=by.brand, author=by, network=by.network, remote_id=remote_id, text=text, reply_to=reply_to,
        url=f"https://reseau.example/{remote_id}", occurred_at=at, collected_at=at, published_at=at,
    )  # fmt: skip


def shown(channel: Channel, first: date = DAY, last: date = DAY) -> list[str]:
    return [post.text for post in native_posts([channel], first=first, last=last, zone=PARIS)]


def test_a_post_made_on_the_network_is_shown_at_its_hour_with_its_address(
    ours: Author, channel: Channel
) -> None:
    said(ours, "1", text="Le  plat\ndu jour")
    (post,) = native_posts([channel], first=DAY, last=DAY, zone=PARIS)
    assert (post.text, post.channel, post.network) == ("Le plat du jour", channel.pk, "mastodon")
    assert (post.at.hour, post.url) == (13, "https://reseau.example/1")


def test_what_palabre_sent_answers_and_others_are_left_out(
    ours: Author, channel: Channel, brand: Brand
) -> None:
    said(ours, "sent-by-us", text="de Palabre")
    change(build_delivery(channel), state="published", due_at=NOON, remote_id="sent-by-us")
    said(ours, "2", text="une réponse", reply_to="9")
    said(author(brand, "quelqu-un"), "3", text="d’un autre")
    said(author(brand, "baobab", "bluesky"), "4", text="d’un autre réseau")
    said(ours, "5", text="à nous")
    assert shown(channel) == ["à nous"]


def test_days_are_those_of_the_brands_clock(ours: Author, channel: Channel) -> None:
    midnight = datetime(2026, 11, 23, tzinfo=PARIS)
    said(ours, "1", midnight - timedelta(seconds=1), "la veille")
    said(ours, "2", midnight, "à minuit")
    said(ours, "3", midnight + timedelta(hours=23, minutes=59), "le soir")
    said(ours, "4", midnight + timedelta(days=1), "le lendemain")
    assert shown(channel) == ["à minuit", "le soir"]


def test_an_account_is_known_by_its_address_too(brand: Brand, channel: Channel) -> None:
    channel.url = "https://reseau.example/@baobab"
    said(author(brand, channel.url), "1", text="par l’adresse")
    assert shown(channel) == ["par l’adresse"]


def test_it_is_marked_in_the_calendar(ours: Author, brand: Brand, cast: Cast) -> None:
    said(ours, "1", text="Le plat du jour")
    browser = Client()
    browser.force_login(cast.owner)
    page = browser.get("/b/cafe-baobab/publish/?view=month&on=2026-11-23").content.decode()
    assert "Le plat du jour" in page and "https://reseau.example/1" in page
    assert (
        "Le plat du jour"
        not in browser.get("/b/cafe-baobab/publish/?view=month&on=2026-11-23&state=planned").content.decode()
    )
