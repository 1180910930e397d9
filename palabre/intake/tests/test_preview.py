"""A look before anything is saved: on a real site of loopback, and on what is stored."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_network

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from palabre.intake.paste import paste
from palabre.intake.preview import find, preview
from palabre.listening.matching import settings_of
from palabre.listening.models import Mention, Source, Topic
from palabre.listening.sources import SourceDraft
from palabre.query import parse
from tests.builders import Cast, build_cast, build_topic
from tests.sites import Site, running_site


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    settings.ENV = replace(settings.ENV, allowed_networks=(ip_network("127.0.0.0/8"),))
    with running_site() as running:
        date = format_datetime(timezone.now())
        running.publish(
            "La Gazette",
            [
                ("1", "Le café Baobab rouvre", "Deux cents habitués devant le café Baobab.", date),
                ("2", "Météo", "Il pleuvra sur le port.", date),
            ],
        )
        yield running


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def test_a_page_leads_to_its_feed(site: Site) -> None:
    findings, error = find(site.url)
    assert error is None
    assert (findings[0].network, findings[0].suggestion.watch.target) == ("feeds", f"{site.url}/feed.xml")


def test_an_address_where_nothing_is_says_why(site: Site) -> None:
    site.pages.clear()
    findings, error = find(f"{site.url}/nulle-part")
    assert findings == []
    assert error is not None and error.message("fr") != error.message("en")


def test_a_private_address_is_not_visited_unless_allowed(site: Site, settings: Settings) -> None:
    settings.ENV = replace(settings.ENV, allowed_networks=())
    findings, error = find(site.url)
    assert (findings, site.asked) == ([], [])
    assert error is not None


def test_what_is_too_old_to_be_kept_is_shown_last_and_counted_as_not_kept(cast: Cast, site: Site) -> None:
    now = timezone.now()
    said = [(n, f"Café Baobab {n}", "Devant le café Baobab.", now - timedelta(days=n)) for n in (900, 1)]
    site.publish("La Gazette", [(str(n), title, text, format_datetime(at)) for n, title, text, at in said])
    drafts = [SourceDraft(network="feeds", kind="feed", target=f"{site.url}/feed.xml")]
    with scope(brand=cast.brand):
        found = preview(parse('"café baobab"'), drafts, oldest=now - timedelta(days=365))
    assert [(hit.item.title, hit.is_too_old) for hit in found.hits] == [
        ("Café Baobab 1", False),
        ("Café Baobab 900", True),
    ]
    assert (found.looked[0].read, found.looked[0].matched) == (2, 1)


def test_a_feed_that_breaks_off_is_told_with_its_line(site: Site) -> None:
    broken = "<?xml version='1.0'?>\n<rss><channel>\n<title>Casse</titre>"
    site.pages["/casse.xml"] = ("text/xml", broken)
    findings, error = find(f"{site.url}/casse.xml")
    assert not [finding for finding in findings if not finding.suggestion.second_best]
    assert error is not None and "ligne 3" in error.message("fr")


def test_hits_of_sources_and_of_what_is_stored_come_with_their_reasons(cast: Cast, site: Site) -> None:
    topic = build_topic(cast.brand)
    query = parse('"café baobab"')
    drafts = [
        SourceDraft(network="feeds", kind="feed", target=f"{site.url}/feed.xml"),
        SourceDraft(network="feeds", kind="feed", target=f"{site.url}/absent.xml"),
        SourceDraft(network="sandbox", kind="live"),
    ]
    with scope(brand=cast.brand):
        paste(
            brand=cast.brand, by=cast.owner, topic=topic, text="Vu au café Baobab hier", url="", author="",
            published_at=timezone.now(),
        )  # fmt: skip
        before = Mention.objects.count(), Source.objects.count()
        found = preview(query, drafts)
        assert (Mention.objects.count(), Source.objects.count()) == before, "nothing is stored"
    feed, absent, live = found.looked
    assert (feed.read, feed.matched, feed.error) == (2, 1, None)
    assert absent.error is not None
    assert (live.read, live.error) == (0, None), "a stream has no past to show"
    assert (found.stored_read, found.stored_matched) == (1, 1)
    assert {hit.network for hit in found.hits} == {"feeds", "pasted"}
    for hit in found.hits:
        assert [hit.text[a:b] for a, b in hit.text_spans] == ["café Baobab"]


def test_the_stored_items_of_another_brand_are_not_looked_at(cast: Cast) -> None:
    topic = build_topic(cast.other)
    given = {"text": "Vu au café Baobab", "url": "", "author": "", "published_at": timezone.now()}
    with scope(brand=cast.other):
        paste(brand=cast.other, by=cast.stranger, topic=topic, **given)  # type: ignore[arg-type]
    with scope(brand=cast.brand):
        found = preview(parse("baobab"), [])
    assert (found.stored_read, found.hits) == (0, ())


def test_what_the_topic_prefers_comes_first_and_nothing_is_left_out(cast: Cast) -> None:
    topic = build_topic(cast.brand)
    said = [
        ("Nous avons passé la matinée au café Baobab avec les enfants, et le chocolat était chaud.", 2),
        ("We spent the whole morning at café Baobab with the children and the chocolate was hot.", 1),
    ]
    with scope(brand=cast.brand):
        for text, hours in said:
            at = timezone.now() - timedelta(hours=hours)
            paste(brand=cast.brand, by=cast.owner, topic=topic, text=text, url="", author="", published_at=at)
        wishes = Topic(brand=cast.brand, languages=["fr"])
        found = preview(parse("baobab"), [], settings_of(wishes))
        assert [(hit.item.language, hit.fit) for hit in found.hits] == [("fr", 1), ("en", -1)]
        wishes.languages_mode = "strict"
        assert [hit.item.language for hit in preview(parse("baobab"), [], settings_of(wishes)).hits] == ["fr"]


def test_the_page_previews_with_what_is_typed_in_the_form(cast: Cast, client: Client) -> None:
    topic = build_topic(cast.brand)
    given = {"url": "https://spam.example/1", "author": "", "published_at": timezone.now()}
    with scope(brand=cast.brand):
        paste(brand=cast.brand, by=cast.owner, topic=topic, text="Vu au baobab", **given)  # type: ignore[arg-type]
    client.force_login(cast.owner)
    address = reverse("intake:preview", args=[cast.brand.slug])
    typed = {"query": "baobab", "languages_mode": "preferred", "regions_mode": "preferred"}
    assert "Vu au" in client.post(address, typed).content.decode()
    left_out = client.post(address, {**typed, "excluded_sites": "spam.example"}).content.decode()
    assert "Vu au" not in left_out
