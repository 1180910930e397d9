"""Something pasted by hand takes the same way in, once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from palabre.agency.models import AuditEntry
from palabre.intake.forms import PasteForm
from palabre.intake.paste import paste
from palabre.listening.models import Mention, Topic
from palabre.listening.topics import pause_topic
from palabre.stream.models import Item
from tests.builders import Cast, build_cast, build_topic


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def put(cast: Cast, topic: Topic, text: str, *, url: str = "", author: str = "") -> None:
    when = timezone.now() - timedelta(hours=1)
    paste(brand=cast.brand, by=cast.owner, topic=topic, text=text, url=url, author=author, published_at=when)


def test_what_is_pasted_is_a_mention_of_its_topic_whatever_its_words(cast: Cast) -> None:
    topic = build_topic(cast.brand)
    with scope(brand=cast.brand):
        put(cast, topic, "Un mot du voisin", url="https://www.forum.example/t/1", author="Le Voisin")
        mention = Mention.objects.select_related("item__author").get()
        assert mention.topic == topic
        assert mention.item.outlet == "www.forum.example"
        assert mention.item.author is not None and mention.item.author.name == "Le Voisin"
        entry = AuditEntry.objects.get(act="item.paste")
        assert (entry.by, entry.subject) == (cast.owner, "https://www.forum.example/t/1")


def test_the_same_address_or_words_are_one_item(cast: Cast) -> None:
    topic = build_topic(cast.brand)
    with scope(brand=cast.brand):
        put(cast, topic, "Un mot du voisin", url="https://forum.example/1")
        put(cast, topic, "Un mot du voisin, corrigé", url="https://forum.example/1")
        put(cast, topic, "Sans adresse")
        put(cast, topic, "Sans adresse")
        assert sorted(Item.objects.values_list("text", flat=True)) == [
            "Sans adresse",
            "Un mot du voisin, corrigé",
        ]
        assert Mention.objects.count() == 2


def test_a_paused_topic_is_not_offered_since_it_takes_nothing_in(cast: Cast) -> None:
    topic = build_topic(cast.brand)
    with scope(brand=cast.brand):
        assert PasteForm({"topic": topic.pk, "text": "x"}).is_valid()
        pause_topic(topic=topic, by=cast.owner, paused=True)
        assert "topic" in PasteForm({"topic": topic.pk, "text": "x"}).errors
