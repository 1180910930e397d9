"""Home: what needs a person now, the most urgent first, and every number the same as behind its link."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import get_current_timezone_name
from django_scopes import scope

from palabre.agency.models import Brand, User
from palabre.alerts.events import Notice, raise_events
from palabre.alerts.models import Event, Trigger
from palabre.channels.models import Channel
from palabre.desk.selectors import brand_today, today_of
from palabre.inbox.models import Conversation, Reply, Thread
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.bulk import mark_read
from palabre.listening.matching import Matcher
from palabre.listening.models import About, Source, Topic
from palabre.listening.sources import SourceDraft, add_source, failed
from palabre.networks.contract import ItemKind, RemoteAuthor, RemoteItem
from palabre.networks.errors import Gone, Temporary
from palabre.stream.models import Author, Item
from tests.builders import Cast, build_cast, build_topic

BAD = "Quelle honte au café Baobab, accueil déplorable, c’est une catastrophe, je suis furieuse"
PRESS = "Le café Baobab épinglé pour ses cuisines sales : un scandale, des clients malades et en colère"
GOOD = "Merci au café Baobab, un accueil magnifique et un gâteau délicieux, bravo"


@pytest.fixture
def cast(db: None) -> Cast:
    cast = build_cast()
    cast.owner.language = "en"
    cast.owner.save(update_fields=["language"])
    return cast


def say(brand: Brand, *said: tuple[str, int | None, ItemKind]) -> None:
    """What people say now: text, followers, kind."""
    now = timezone.now()
    items = [
        RemoteItem(
            remote_id=str(n),
            url=f"https://reseau.example/{n}",
            text=f"{text} ({n})",
            kind=kind,
            author=RemoteAuthor(remote_id=f"a{n}", name=f"Voice {n}", followers=followers),
            published_at=now - timedelta(minutes=n),
        )
        for n, (text, followers, kind) in enumerate(said)
    ]
    with scope(brand=brand):
        source = add_source(brand=brand, by=None, draft=SourceDraft(network="sandbox", kind="search"))
        batch = Batch(
            network="sandbox", sources=(source,), items=items, cursor={}, wait=0, at=now, filed=True
        )
        take_in(batch, Matcher())


def page(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/").content.decode()


def test_the_negative_of_big_voices_and_of_the_press_comes_first(cast: Cast) -> None:
    build_topic(cast.brand)
    post, article = ItemKind.POST, ItemKind.ARTICLE
    said = [(BAD, 50, post), (BAD, 250_000, post), (GOOD, 900_000, post), (PRESS, None, article)]
    say(cast.brand, *said, (BAD, 90_000, post))
    today = today_of(cast.owner, now=timezone.now())
    names = [voice.row.item.author.name for voice in today["voices"]]
    assert names == ["Voice 1", "Voice 3"], "what tells the same story is there once"
    assert "4" in today["summary"]
    with scope(brand=cast.brand):
        mark_read(brand=cast.brand, ids=list(Item.objects.values_list("pk", flat=True)), by=cast.owner)
    assert today_of(cast.owner, now=timezone.now())["voices"] == []


def test_every_number_is_the_one_behind_its_link(cast: Cast) -> None:
    build_topic(cast.brand)
    build_topic(cast.brand, query="accueil", name="Accueil", about=About.MARKET)
    say(cast.brand, (BAD, 5, ItemKind.POST), (BAD, 5, ItemKind.POST), (GOOD, 5, ItemKind.POST))
    row = brand_today(cast.brand, cast.owner, now=timezone.now())
    assert (row.unread, row.negative, row.today) == (3, 2, 3)
    assert {one.topic.name: (one.total, one.negative) for one in row.topics} == {
        "Café Baobab": (3, 2),
        "Accueil": (3, 2),
    }
    client = Client()
    client.force_login(cast.owner)
    links = {row.unread_query: 3, row.negative_query: 2, row.topics[0].query: 3}
    for query, count in links.items():
        shown = client.get(f"{reverse('insight:listen', args=[cast.brand.slug])}?{query}").content.decode()
        assert re.search(rf"<h2>{count} mentions</h2>", shown), query


def test_a_source_that_stopped_or_lags_is_to_be_mended_and_one_that_just_failed_is_not(cast: Cast) -> None:
    build_topic(cast.brand)
    now = timezone.now()
    ages = {"stopped": None, "lagging": timedelta(days=2), "hiccup": timedelta(minutes=5)}
    with scope(brand=cast.brand):
        for name, age in ages.items():
            draft = SourceDraft(network="feeds", kind="feed", target=f"https://{name}.example", title=name)
            source = add_source(brand=cast.brand, by=None, draft=draft)
            error = Temporary("timeout", host=name) if age else Gone("gone", host=name)
            failed([source], now=now - (age or timedelta(0)), error=error)
    row = brand_today(cast.brand, cast.owner, now=now)
    assert [source.title for source in row.stopped] == ["stopped"]
    assert [source.title for source in row.lagging] == ["lagging"]
    shown = page(cast.owner)
    assert "“stopped” can no longer be read" in shown
    assert "“lagging” has not answered for a day" in shown
    assert "hiccup" not in shown


def test_an_alert_stays_until_somebody_has_seen_it(cast: Cast) -> None:
    topic = build_topic(cast.brand)
    with scope(brand=cast.brand):
        notices = [
            Notice(
                key=f"burst:{kind}", at=timezone.now() - age, trigger=Trigger.BURST, topic=topic.pk,
                topic_name="Baobab", details={"kind": kind, "ratio": 6.0},
            )
            for kind, age in (("volume", timedelta(0)), ("bad_buzz", timedelta(hours=2)))
        ]  # fmt: skip
        raise_events(brand=cast.brand, notices=notices, now=timezone.now())
    today = today_of(cast.owner, now=timezone.now())
    assert [one.line.is_bad for one in today["warned"]] == [True, False], "the bad buzz first"
    assert "tones=negative" in today["warned"][0].query
    client = Client()
    client.force_login(cast.owner)
    for one in today["warned"]:
        client.post(reverse("desk:seen", args=[cast.brand.slug, one.event.pk]))
    assert today_of(cast.owner, now=timezone.now())["warned"] == []
    with scope(brand=cast.brand):
        assert Event.objects.count() == 2, "it stays in the list of alerts"


def test_the_alert_of_another_brand_cannot_be_put_away(cast: Cast) -> None:
    with scope(brand=cast.other):
        raise_events(brand=cast.other, notices=[Notice(key="x", at=timezone.now())], now=timezone.now())
        theirs = Event.objects.get()
    client = Client()
    client.force_login(cast.owner)
    assert client.post(reverse("desk:seen", args=[cast.brand.slug, theirs.pk])).status_code == 404


def test_the_day_is_the_readers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = []

    def asked(user: User, *, now: datetime) -> dict[str, object]:
        zones.append(get_current_timezone_name())
        return {}

    monkeypatch.setattr("palabre.desk.views.today_of", asked)
    cast.owner.time_zone = "Pacific/Auckland"
    cast.owner.save(update_fields=["time_zone"])
    page(cast.owner)
    assert zones == ["Pacific/Auckland"]
    assert get_current_timezone_name() == "UTC", "the next reader’s is their own"


def test_nothing_is_called_calm_while_something_waits(cast: Cast) -> None:
    assert "Nothing is listened for yet" in page(cast.owner)
    build_topic(cast.brand)
    say(cast.brand, (GOOD, 5, ItemKind.POST))
    shown = page(cast.owner)
    assert "1 mention to read" in shown and "Enjoy your day" not in shown
    with scope(brand=cast.brand):
        mark_read(brand=cast.brand, ids=list(Item.objects.values_list("pk", flat=True)), by=cast.owner)
    assert "all read" in page(cast.owner)
    with scope(brand=cast.brand):
        assert Topic.objects.exists() and Source.objects.exists()


def ask(brand: Brand, *, name: str, waits: timedelta, state: str = "open") -> Conversation:
    """Somebody says something to an account of the brand, and waits since then."""
    since = timezone.now() - waits
    with scope(brand=brand):
        channel, _ = Channel.objects.get_or_create(brand=brand, network="sandbox", account="baobab")
        author = Author.objects.create(
            brand=brand, network="sandbox", remote_id=name, name=name, first_seen_at=since, last_seen_at=since
        )
        thread = Thread.objects.create(brand=brand, channel=channel, remote_id=name)
        return Conversation.objects.create(
            brand=brand, channel=channel, thread=thread, author=author, address="comment", state=state,
            asked_at=since, opened_at=since, last_at=since,
        )  # fmt: skip


def test_who_waits_for_an_answer_is_told_with_the_one_who_waits_longest(cast: Cast) -> None:
    asked = {
        name: ask(cast.brand, name=name, waits=timedelta(hours=n)) for name, n in (("Awa", 2), ("Malo", 9))
    }
    ask(cast.brand, name="Romy", waits=timedelta(days=3), state="done")
    ask(cast.other, name="Nour", waits=timedelta(days=3))
    talk = brand_today(cast.brand, cast.owner, now=timezone.now()).talk
    assert (talk.waiting, talk.oldest, talk.stuck) == (2, asked["Malo"], 0)
    shown = page(cast.owner)
    assert "2 conversations wait for an answer" in shown and "2 conversations to answer" in shown
    assert reverse("inbox:conversation", args=[cast.brand.slug, asked["Malo"].pk]) in shown
    assert "All is read" not in shown and "Enjoy your day" not in shown
    assert "Nour" not in shown, "another brand’s"


def test_an_answer_that_did_not_leave_is_told_where_it_stands(cast: Cast) -> None:
    waiting = ask(cast.brand, name="Awa", waits=timedelta(hours=2), state="waiting")
    with scope(brand=cast.brand):
        Reply.objects.create(brand=cast.brand, conversation=waiting, target_id="1", state="failed")
    talk = brand_today(cast.brand, cast.owner, now=timezone.now()).talk
    assert (talk.waiting, talk.stuck, talk.stuck_in) == (0, 1, waiting.pk)
    shown = page(cast.owner)
    assert "1 answer waits for a decision" in shown
    assert reverse("inbox:conversation", args=[cast.brand.slug, waiting.pk]) in shown
