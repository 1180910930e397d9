"""The demo agency: planted whole, once, by the real way in."""

from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.utils import timezone, translation
from django_scopes import scope
from pytest_django import Settings

from palabre.agency.models import Brand, User
from palabre.agency.people import OwnerExists
from palabre.alerts.models import Rule
from palabre.enrichment import analyse
from palabre.inbox.models import Conversation
from palabre.intake import demo
from palabre.intake.management.commands import demo as command
from palabre.listening.models import Mention, Source, Topic
from palabre.networks.sandbox.invented.shape import Mood, Tongue
from palabre.networks.sandbox.world import World
from palabre.publishing.models import Post
from palabre.stream.models import Item

pytestmark = pytest.mark.django_db

ENGLISH_NAMES = {"Café Baobab", "Harbour Roasters", "Iroko House", "Iroko Museum", "River Museum"}


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_on_a_home_where_nothing_ran_yet_the_tables_are_made_first(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(command, "tables_lack", lambda: True)
    monkeypatch.setattr(command, "call_command", lambda name, **_given: done.append(name))
    monkeypatch.setattr(command, "plant", lambda *, days, language: done.append(f"plant {days} {language}"))
    call_command("demo", days=3, language="en")
    assert done == ["migrate", "createcachetable", "plant 3 en"]


def test_where_the_tables_are_made_nothing_is_migrated() -> None:
    assert not command.tables_lack()


def test_it_is_planted_once_and_every_brand_is_labelled(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", days=3)
    brands = list(Brand.objects.all())
    assert len(brands) == 2 and all(brand.is_demo for brand in brands)
    assert demo.PASSWORD in capsys.readouterr().out
    counted = {}
    for brand in brands:
        with scope(brand=brand):
            counted[brand.pk] = Item.objects.count()
            assert counted[brand.pk] > 10
            assert {source.network for source in Source.objects.all()} == {"sandbox"}
            assert set(Mention.objects.values_list("topic", flat=True)) == set(
                Topic.objects.values_list("pk", flat=True)
            ), "every topic has something to show"
            oldest = Mention.objects.earliest("occurred_at").occurred_at
            assert Conversation.objects.filter(state="open").count() > 2, "somebody waits for an answer"
            assert oldest >= timezone.now() - timedelta(days=3, minutes=10)
    call_command("demo", days=3)
    assert Brand.objects.count() == 2
    for brand in brands:
        with scope(brand=brand):
            assert Item.objects.count() == counted[brand.pk]
    with pytest.raises(OwnerExists):
        demo.plant(days=1)


def test_the_alerts_are_named_in_the_owners_language_whatever_the_terminal_speaks() -> None:
    with translation.override("en"):
        demo.plant(days=1)
    names = Rule._base_manager.values_list("name", flat=True)
    assert any("chaque nouvelle mention" in name for name in names)
    assert not any("mention" in name and "each" in name for name in names)


def test_an_english_owner_meets_an_english_town() -> None:
    demo.plant(days=1, language="en")
    assert User.objects.get().language == "en"
    assert set(Brand.objects.values_list("name", flat=True)) == {"Café Baobab", "Iroko Museum"}
    for brand in Brand.objects.all():
        with scope(brand=brand):
            assert {post.content["language"] for post in Post.objects.all()} == {"en"}
            assert {topic.name for topic in Topic.objects.all()} <= ENGLISH_NAMES
            assert Conversation.objects.filter(state="open").count() > 2


@pytest.mark.parametrize("tongue", ["fr", "en"])
@pytest.mark.parametrize("name", ["Café Baobab", "Musée d’Iroko"])
def test_nobody_wonders_at_the_tone_of_an_invented_post(tongue: Tongue, name: str) -> None:
    world, now = World((name,), 1, tongue), timezone.now()
    moods: dict[Mood, str] = {
        "positive": "positive", "neutral": "neutral", "negative": "negative", "crisis": "negative",
    }  # fmt: skip
    for mood, expected in moods.items():
        texts = [world._post(Random(n), str(n), now, mood)["text"] for n in range(100)]
        judged = [analysis.sentiment for analysis in analyse(texts, languages=[tongue] * len(texts))]
        assert judged.count(expected) >= 88, mood


def test_a_planting_that_is_cut_short_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "fill", cut)
    with pytest.raises(KeyboardInterrupt):
        demo.plant(days=1)
    assert not User.objects.exists() and not Brand.objects.exists()
