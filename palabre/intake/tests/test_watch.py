"""Watching the volume: a calm month, then an outcry; told once, with its story and its people."""

from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.alerts.models import Event, Frequency, Rule, Trigger, Waiting
from palabre.alerts.wording import line_of
from palabre.insight.models import Gauge
from palabre.intake.watch import watch_brand
from palabre.listening.models import Mention, Topic
from palabre.stream.models import Author, Item, Story
from tests.builders import Cast, build_cast, build_topic

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SCANDAL = "Une souris dans la cuisine"


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


@pytest.fixture
def topic(cast: Cast) -> Topic:
    topic = build_topic(cast.brand)
    Topic._base_manager.update(created_at=NOW - timedelta(days=60))
    topic.refresh_from_db()
    return topic


def say(
    topic: Topic, moments: list[datetime], *, tone: int = 0, story: str = "", matched: datetime | None = None
) -> None:
    """Mentions of a topic, learnt of when they were said unless told otherwise."""
    brand: Brand = topic.brand
    with scope(brand=brand):
        told = (
            Story.objects.create(brand=brand, title=story, first_at=moments[0], last_at=moments[-1])
            if story
            else None
        )
        author = (
            Author.objects.create(
                brand=brand,
                network="bluesky",
                remote_id="zoe",
                name="Zoé R.",
                first_seen_at=NOW,
                last_seen_at=NOW,
            )
            if story
            else None
        )
        first = Item.objects.count()
        items = Item.objects.bulk_create(
            Item(
                brand=brand,
                network="bluesky",
                remote_id=str(first + n),
                text="…",
                tone=tone,
                tone_guess=tone,
                collected_at=at,
                occurred_at=at,
                story=told,
                author=author,
            )
            for n, at in enumerate(moments)
        )
        Mention.objects.bulk_create(
            Mention(
                brand=brand,
                topic=topic,
                item=item,
                occurred_at=item.occurred_at,
                matched_at=matched or item.occurred_at,
            )
            for item in items
        )


def calm(topic: Topic, until: datetime, days: int = 21) -> None:
    """One mention every forty minutes."""
    steps = range(days * 36, 0, -1)
    say(topic, [until - timedelta(minutes=40 * n) for n in steps])


def outcry(begun: datetime, count: int = 120) -> list[datetime]:
    return [begun + timedelta(seconds=30 * n) for n in range(count)]


def events(brand: Brand, trigger: str) -> list[Event]:
    with scope(brand=brand):
        return list(Event.objects.filter(trigger=trigger))


def watched(brand: Brand, since: datetime, until: datetime) -> None:
    at = since
    while at <= until:
        watch_brand(brand, now=at)
        at += timedelta(minutes=5)


def test_a_burst_after_a_calm_month_is_told_once_with_its_story_and_its_people(
    cast: Cast, topic: Topic
) -> None:
    calm(topic, NOW)
    assert watch_brand(cast.brand, now=NOW) == []
    with scope(brand=cast.brand):
        rule = Rule.objects.create(
            brand=cast.brand, name="Emballement", trigger=Trigger.BURST, frequency=Frequency.INSTANT
        )
    say(topic, outcry(NOW + timedelta(minutes=1)), tone=-1, story=SCANDAL)
    watched(cast.brand, NOW + timedelta(minutes=5), NOW + timedelta(hours=2))
    (event,) = events(cast.brand, Trigger.BURST)
    assert event.topic_name == topic.name
    assert event.details["kind"] == "bad_buzz"
    assert [story["key"] for story in event.details["stories"]] == [SCANDAL]
    assert [author["key"] for author in event.details["authors"]] == ["Zoé R."]
    assert [entry.rule_id for entry in Waiting.objects.all()] == [rule.pk]


def test_looking_twice_at_the_same_step_changes_nothing(cast: Cast, topic: Topic) -> None:
    calm(topic, NOW, days=3)
    watch_brand(cast.brand, now=NOW)
    with scope(brand=cast.brand):
        before = Gauge.objects.get().state
        watch_brand(cast.brand, now=NOW + timedelta(minutes=1))
        assert Gauge.objects.get().state == before


def test_what_a_new_source_brings_from_the_past_is_no_burst(cast: Cast, topic: Topic) -> None:
    calm(topic, NOW)
    watch_brand(cast.brand, now=NOW)
    with scope(brand=cast.brand):
        threshold = {"volume": 50, "interval": 60}
        Rule.objects.create(brand=cast.brand, name="50", trigger=Trigger.THRESHOLD, threshold=threshold)
    past = [NOW - timedelta(days=5) + timedelta(minutes=n) for n in range(400)]
    say(topic, past, tone=-1, matched=NOW + timedelta(minutes=2))
    watched(cast.brand, NOW + timedelta(minutes=5), NOW + timedelta(minutes=30))
    assert events(cast.brand, Trigger.BURST) == []
    assert events(cast.brand, Trigger.THRESHOLD) == []


def test_a_threshold_is_told_once_an_interval_by_its_own_rule(cast: Cast, topic: Topic) -> None:
    with scope(brand=cast.brand):
        asked = {"trigger": Trigger.THRESHOLD, "frequency": Frequency.INSTANT}
        rule = Rule.objects.create(
            brand=cast.brand, name="10", threshold={"volume": 10, "interval": 60}, **asked
        )
        Rule.objects.create(brand=cast.brand, name="999", threshold={"volume": 999, "interval": 60}, **asked)
    # Across the full hour: the sliding interval still holds what was told of.
    say(topic, outcry(NOW + timedelta(minutes=45), count=12))
    watched(cast.brand, NOW + timedelta(minutes=45), NOW + timedelta(minutes=105))
    (event,) = events(cast.brand, Trigger.THRESHOLD)
    assert event.details["current"] >= 10
    assert [entry.rule_id for entry in Waiting.objects.all()] == [rule.pk]
    say(topic, outcry(NOW + timedelta(hours=3), count=12))
    watched(cast.brand, NOW + timedelta(hours=3), NOW + timedelta(hours=3, minutes=30))
    assert len(events(cast.brand, Trigger.THRESHOLD)) == 2


def test_a_threshold_counts_only_what_its_alert_asks_for(cast: Cast, topic: Topic) -> None:
    with scope(brand=cast.brand):
        for name, filter in (
            ("negative", {"tones": [-1]}),
            ("else", {"networks": ["feeds"], "story_min": 2}),
        ):
            Rule.objects.create(
                brand=cast.brand,
                name=name,
                trigger=Trigger.THRESHOLD,
                threshold={"volume": 10},
                filter=filter,
            )
    say(topic, outcry(NOW - timedelta(minutes=30), count=9), tone=-1)
    say(topic, outcry(NOW - timedelta(minutes=30), count=30))
    assert watch_brand(cast.brand, now=NOW) == []
    say(topic, [NOW - timedelta(minutes=1)], tone=-1)
    (event,) = watch_brand(cast.brand, now=NOW)
    assert (event.details["current"], event.details["narrowed"]) == (10, True)
    reached, narrowed = line_of(event).reasons
    assert "10" in reached and narrowed


def test_a_threshold_may_need_all_of_its_bars(cast: Cast, topic: Topic) -> None:
    with scope(brand=cast.brand):
        bars = {"volume": 10, "percent": 100}
        for needs in ("any", "all"):
            Rule.objects.create(
                brand=cast.brand, name=needs, trigger=Trigger.THRESHOLD, threshold={**bars, "needs": needs}
            )
    say(topic, outcry(NOW - timedelta(minutes=100), count=10))
    say(topic, outcry(NOW - timedelta(minutes=30), count=12))
    (event,) = watch_brand(cast.brand, now=NOW)
    with scope(brand=cast.brand):
        assert event.key.startswith(f"threshold:{Rule.objects.get(name='any').pk}:")


def test_a_paused_topic_is_not_watched(cast: Cast, topic: Topic) -> None:
    Topic._base_manager.update(is_paused=True)
    assert watch_brand(cast.brand, now=NOW) == []
    with scope(brand=cast.brand):
        assert not Gauge.objects.exists()
