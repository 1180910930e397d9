"""From a feed to contents: only what is new, once each, so many a day, and what goes wrong is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.networks.feed_visits import as_item, as_raw
from palabre.networks.formats.feed import read_feed
from palabre.publishing.approval.models import ApprovalTier
from palabre.publishing.composing.reading import read
from palabre.publishing.feeding import work
from palabre.publishing.feeding.keeping import RelayDraft, pause_relay, resume_relay, save_relay, take_last
from palabre.publishing.feeding.models import Put
from palabre.publishing.feeding.taking import Seen, take_in
from palabre.publishing.feeding.visiting import make_waiting
from palabre.publishing.models import Delivery, LinkMarks, PageCard, Post, QueueSlot, Relay, RelayEntry
from palabre.publishing.tests.arranged import build_channel
from tests.builders import Cast
from tests.shared import SHARED, needs_shared
from tests.sites import Site, running_site

PARIS = ZoneInfo("Europe/Paris")
HOME = "/b/cafe-baobab/publish/feeds"


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.ENV = replace(settings.ENV, allowed_networks=(ip_network("127.0.0.0/8"),))


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as one:
        yield one


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(cast.owner)
    return browser


def publish(site: Site, now: datetime, *names: str, ago: timedelta = timedelta(0)) -> None:
    """A feed with these entries, the first the newest."""
    site.publish(
        "Le blog du Baobab",
        [
            (
                name,
                f"Titre {name}",
                f"Résumé de {name}.",
                format_datetime(now - ago - timedelta(minutes=place)),
            )
            for place, name in enumerate(names)
        ],
    )


def follow(cast: Cast, channel: Channel, site: Site, now: datetime, **said: Any) -> Relay:
    usual: dict[str, Any] = {
        "name": "Blog",
        "template": "{title}\n\n{summary}",
        "card": False,
        "put": Put.DRAFT,
    }
    draft = RelayDraft(
        **usual
        | {"url": f"{site.url}/feed.xml", "channels": [channel.pk], "hours": (), "words": "", "a_day": 3}
        | said
    )
    return save_relay(brand=cast.brand, by=cast.owner, draft=draft, now=now)


def serve(relay: Relay, now: datetime) -> Relay:
    Relay.objects.filter(pk=relay.pk).update(next_at=now)
    work.serve_relay(relay.pk, now=now)
    return Relay.objects.select_related("brand", "by").get(pk=relay.pk)


def texts() -> list[str]:
    return [post.said.text for post in Post.objects.order_by("pk")]


def test_what_is_there_already_is_no_news_and_what_comes_is(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    publish(site, now, "deux", "un")
    relay = serve(follow(cast, channel, site, now), now)
    assert texts() == [] and relay.entries.count() == 2 and relay.seen_at == now
    later = now + timedelta(hours=2)
    publish(site, later, "trois", "deux", "un")
    serve(relay, later)
    assert texts() == ["Titre trois\n\nRésumé de trois."]
    assert Delivery.objects.get().state == "draft"
    serve(relay, later + timedelta(hours=1))
    assert Post.objects.count() == 1, "once each for ever"


def test_the_last_ones_are_made_when_asked_for(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    publish(site, now, "c", "b", "a")
    relay = serve(follow(cast, channel, site, now, first=1), now)
    assert texts() == ["Titre c\n\nRésumé de c."], "the newest at the beginning"
    assert take_last(relay=relay, most=1, by=cast.owner) == 1
    make_waiting(relay, now)
    assert [text[:7] for text in texts()] == ["Titre c", "Titre b"]


def test_a_day_takes_so_many_and_the_oldest_go_first(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    publish(site, now, "zéro")
    relay = serve(follow(cast, channel, site, now, a_day=2), now)
    publish(site, now, "d", "c", "b", "a", "zéro")
    relay = serve(relay, now)
    assert [text[:7] for text in texts()] == ["Titre a", "Titre b"]
    local = now.astimezone(PARIS)
    tomorrow = (
        now + timedelta(days=1) - timedelta(hours=local.hour, minutes=local.minute) + timedelta(minutes=5)
    )
    assert relay.next_at <= tomorrow, "it comes back when there is room again"
    serve(relay, tomorrow)
    assert [text[-2:] for text in texts()] == ["a.", "b.", "c.", "d."]
    relay.entries.filter(state="made").update(state="waiting", post=None, made_at=None)
    make_waiting(relay, now + timedelta(days=9))
    assert set(relay.entries.exclude(state="known").values_list("state", flat=True)) == {"old"}


def test_only_what_matches_the_words_is_made(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    publish(site, now, "un")
    relay = serve(follow(cast, channel, site, now, words="mafé NOT recette"), now)
    publish(site, now, "mafé", "recette mafé", "yassa", "un")
    serve(relay, now)
    assert texts() == ["Titre mafé\n\nRésumé de mafé."]
    assert RelayEntry.objects.filter(state="out").count() == 2


def test_a_site_that_renames_all_its_entries_tells_no_news(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    publish(site, now, "b", "a", ago=timedelta(days=40))
    relay = serve(follow(cast, channel, site, now), now)
    publish(site, now, "b-2", "a-2", ago=timedelta(days=40))
    serve(relay, now + timedelta(hours=1))
    assert texts() == [] and RelayEntry.objects.count() == 4


def test_what_came_while_it_was_paused_is_no_news(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    begun = now - timedelta(days=20)
    publish(site, begun, "un")
    relay = serve(follow(cast, channel, site, begun), begun)
    pause_relay(relay=relay, by=cast.owner)
    assert work.due_relays(now=now) == []
    publish(site, now, "deux", "un")
    resume_relay(relay=relay, by=cast.owner, now=now)
    relay = serve(relay, now)
    assert texts() == []
    publish(site, now, "trois", "deux", "un")
    serve(relay, now)
    assert texts() == ["Titre trois\n\nRésumé de trois."]


def test_new_entries_are_planned_one_an_hour_and_approved_first_where_asked(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    publish(site, now, "un")
    hours = (time(9), time(17, 30))
    relay = serve(follow(cast, channel, site, now, put=Put.HOURS, hours=hours), now)
    publish(site, now, "d", "c", "b", "un")
    serve(relay, now)
    due = list(Delivery.objects.order_by("due_at").values_list("due_at", "state"))
    assert {state for _at, state in due} == {"scheduled"} and len({at for at, _state in due}) == 3
    assert {at.astimezone(PARIS).time() for at, _state in due} <= set(hours)
    ApprovalTier.objects.create(brand=brand, position=1, role="manager")
    publish(site, now, "e", "d", "c", "b", "un")
    Relay.objects.update(a_day=9)
    serve(relay, now)
    assert Delivery.objects.order_by("pk").last().state == "awaiting"


def test_the_queue_takes_them_and_without_a_slot_they_stay_drafts(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    publish(site, now, "un")
    relay = serve(follow(cast, channel, site, now, put=Put.QUEUE), now)
    publish(site, now, "deux", "un")
    serve(relay, now)
    assert Delivery.objects.get().state == "draft" and RelayEntry.objects.get(state="made").fault == "no_slot"
    for weekday in range(7):
        QueueSlot.objects.create(brand=brand, channel=channel, weekday=weekday, hour="12:00")
    publish(site, now, "trois", "deux", "un")
    serve(relay, now)
    assert Delivery.objects.order_by("pk").last().state == "scheduled"


def test_a_long_summary_is_cut_so_that_every_account_takes_the_text(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    small = build_channel(brand, "petit", "bluesky")
    publish(site, now, "un")
    relay = serve(follow(cast, channel, site, now, channels=[channel.pk, small.pk]), now)
    site.publish("Blog", [("long", "Titre long", "Une phrase entière. " * 60, format_datetime(now))])
    serve(relay, now)
    (text,) = texts()
    assert text.startswith("Titre long\n\nUne phrase entière.") and len(text) <= 300
    site.publish("Blog", [("x", "Trop " * 100, "", format_datetime(now))])
    serve(relay, now)
    assert RelayEntry.objects.get(remote_id__endswith="x").fault == "refused"


def test_the_card_is_read_and_links_are_marked(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    Brand.objects.filter(pk=brand.pk).update(website="")
    LinkMarks.objects.create(brand=brand, network="", source="flux")
    publish(site, now, "un")
    relay = serve(follow(cast, channel, site, now, card=True, template="{title} {link}"), now)
    site.pages["/deux"] = ("text/html", "<html><head><title>La page deux</title></head></html>")
    publish(site, now, "deux", "un")
    serve(relay, now)
    post = Post.objects.get()
    assert post.said.link == f"{site.url}/deux" and PageCard.objects.get().title == "La page deux"
    brand.refresh_from_db()
    channel.refresh_from_db()
    assert "utm_source=flux" in read(post.said, [channel], {})[0].outgoing.text


def test_a_feed_that_fails_is_tried_again_then_stopped_and_says_why(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime, client: Client
) -> None:
    publish(site, now, "un")
    relay = serve(follow(cast, channel, site, now), now)
    feed = site.pages.pop("/feed.xml")
    relay = serve(relay, now)
    assert relay.state == "failing" and relay.next_at > now and relay.leased_until is None
    page = client.get(f"{HOME}/{relay.pk}/").content.decode()
    assert "réessaie" in page
    for _ in range(6):
        relay = serve(relay, now) if relay.state == "failing" else relay
    assert relay.state == "stopped"
    assert "n’est plus interrogé" in client.get(f"{HOME}/{relay.pk}/").content.decode()
    site.pages["/feed.xml"] = feed
    client.post(f"{HOME}/{relay.pk}/retry/")
    assert serve(relay, now + timedelta(days=1)).state == "active"


def test_one_worker_at_a_time_asks_a_feed(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    publish(site, now, "un")
    relay = follow(cast, channel, site, now)
    Relay.objects.update(leased_until=now + timedelta(minutes=5))
    work.serve_relay(relay.pk, now=now)
    assert site.asked == [] and work.due_relays(now=now) == []


def typed(channel: Channel, site: Site, **more: object) -> dict[str, object]:
    usual = {"url": site.url, "channels": [channel.pk], "template": "{title}", "put": "draft", "a_day": "3"}
    return usual | {"first": "0"} | more


def test_a_person_looks_at_a_site_then_follows_its_feed(
    client: Client, cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    publish(site, now, "deux", "un")
    page = client.post(f"{HOME}/new/", typed(channel, site, act="look")).content.decode()
    assert "Titre deux" in page and "Le blog du Baobab" in page and Relay.objects.count() == 0
    answer = client.post(f"{HOME}/new/", typed(channel, site, act="save"))
    with scope(brand=brand):
        relay = Relay.objects.get()
    assert relay.url == f"{site.url}/feed.xml" and relay.name == "Le blog du Baobab"
    serve(relay, now)
    publish(site, now, "trois", "deux", "un")
    serve(relay, now)
    page = client.get(answer["Location"]).content.decode()
    assert "Titre trois" in page and "brouillon" in page
    made = client.get(f"/b/cafe-baobab/publish/contents/{Post.objects.get().pk}/").content.decode()
    assert "Fait à partir du flux" in made and f"{site.url}/trois" in made
    assert client.get(f"{HOME}/").status_code == 200
    client.post(f"{HOME}/{relay.pk}/last/", {"n": "1"})
    assert Post.objects.count() == 2
    entry = RelayEntry.objects.filter(post=None).get()
    client.post(f"{HOME}/entries/{entry.pk}/make/")
    assert Post.objects.count() == 3
    changed = typed(channel, site, act="save", url=relay.url, template="Lire : {title}", name="Mon blog")
    client.post(f"{HOME}/{relay.pk}/edit/", changed)
    relay.refresh_from_db()
    assert relay.template == "Lire : {title}" and relay.cursor is not None
    for act, state in (("pause", "paused"), ("resume", "active")):
        client.post(f"{HOME}/{relay.pk}/{act}/")
        assert Relay.objects.get().state == state
    client.post(f"{HOME}/{relay.pk}/delete/")
    assert Relay.objects.count() == 0 and Post.objects.filter(deleted_at=None).count() == 3


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"template": "{prenom}"}, "ne veut rien dire ici"),
        ({"words": '"café'}, "words"),
        ({"put": "hours", "hours": ""}, "à quelles heures"),
        ({"put": "hours", "hours": "25h"}, "n’est pas une heure"),
        ({"channels": []}, "au moins un compte"),
        ({"url": "http://127.0.0.1:1/"}, "field-error"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    client: Client, channel: Channel, site: Site, now: datetime, more: dict[str, object], expected: str
) -> None:
    publish(site, now, "un")
    page = client.post(f"{HOME}/new/", typed(channel, site, act="save", **more))
    assert expected in page.content.decode() and Relay._base_manager.count() == 0


def test_a_site_without_a_feed_says_so(client: Client, channel: Channel, site: Site) -> None:
    site.pages["/"] = ("text/html", "<html><head><title>Rien</title></head></html>")
    page = client.post(f"{HOME}/new/", typed(channel, site, act="look")).content.decode()
    assert "Aucun flux n’a été trouvé" in page


def test_a_reader_looks_and_a_stranger_does_not(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    relay = follow(cast, channel, site, now)
    browser = Client()
    browser.force_login(cast.colleague)
    assert browser.get(f"{HOME}/{relay.pk}/").status_code == 200
    assert browser.post(f"{HOME}/{relay.pk}/pause/").status_code == 403
    browser.force_login(cast.stranger)
    assert browser.get(f"{HOME}/{relay.pk}/").status_code == 404


@needs_shared
def test_real_feeds_become_contents(
    cast: Cast, brand: Brand, channel: Channel, site: Site, now: datetime
) -> None:
    relay = follow(
        cast, channel, site, now, template="{title} — {author}\n{summary}\n{link}\n{tags}", first=1, a_day=50
    )
    made = 0
    for path in sorted((SHARED / "data" / "feeds").iterdir()):
        if path.suffix not in (".xml", ".json") or path.name == "manifest.json":
            continue
        document = read_feed(path.read_bytes(), content_type="", url="https://real.example/feed", now=now)
        raws = [as_raw(entry) for entry in document.entries]
        pairs = [(as_item(raw, feed_url="https://real.example/feed"), raw) for raw in raws]
        seen = [Seen(item=item, raw=raw) for item, raw in pairs if item is not None]
        before = relay.entries.count()
        fresh = take_in(relay=relay, seen=seen, first=True, now=now)
        assert relay.entries.count() == before + fresh
        assert take_in(relay=relay, seen=seen, first=True, now=now) == 0, "once each for ever"
        made += make_waiting(relay, now)
    assert made > 10
    assert any("#" in text for text in texts()), "the keywords of a site come as hashtags"
    assert all(text.strip() for text in texts())
