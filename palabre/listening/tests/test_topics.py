"""Topics: what is refused and how, the order of changes, putting away and bringing back."""

import pytest
from django.db import connection
from django_scopes import scope

from palabre.agency.models import AuditEntry
from palabre.listening.models import Topic
from palabre.listening.topics import (
    TopicDraft,
    UnboundedQuery,
    check,
    delete_topic,
    pause_topic,
    restore_topic,
    save_topic,
    suggest_query,
)
from palabre.query import QueryError, matches, parse
from palabre.query.document import Document
from tests.builders import Cast, build_cast, build_topic


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def test_a_bad_query_is_refused_with_its_place() -> None:
    with pytest.raises(QueryError) as refused:
        check('baobab AND ("café')
    assert refused.value.start >= 11
    assert refused.value.message("fr") != refused.value.message("en")


def test_a_query_without_bounds_needs_a_word_of_confirmation(cast: Cast) -> None:
    with pytest.raises(UnboundedQuery):
        build_topic(cast.brand, query="-publicité", name="Tout")
    with scope(brand=cast.brand):
        assert not Topic.objects.exists() and AuditEntry.objects.count() == 1
    assert build_topic(cast.brand, query="-publicité", name="Tout", unbounded_confirmed=True).pk


def test_ten_thousand_characters_are_a_query_however_deep_they_nest() -> None:
    words = " OR ".join(f"mot{n}" for n in range(1500))[:9_990].rpartition(" OR ")[0]
    check(words)
    check("(" * 4_999 + "a" + ")" * 4_999)


def test_each_change_of_any_brand_has_a_later_revision(cast: Cast) -> None:
    first, second = build_topic(cast.brand), build_topic(cast.other, query="vélo", name="Vélo")
    assert second.revision > first.revision
    before = second.revision
    with scope(brand=cast.brand):
        pause_topic(topic=first, by=cast.owner, paused=True)
        assert first.revision > before
        delete_topic(topic=first, by=cast.owner)
        restore_topic(topic=first, by=cast.owner)
    assert Topic._base_manager.get(pk=first.pk).revision == before + 3


def test_a_change_is_put_down_with_what_was(cast: Cast) -> None:
    topic = build_topic(cast.brand, query="baobab", name="Baobab")
    with scope(brand=cast.brand):
        save_topic(
            brand=cast.brand,
            by=cast.owner,
            draft=TopicDraft(name="Baobab", query="baobab -zoo", languages=("fr",)),
            topic=Topic.objects.get(pk=topic.pk),
        )
        entry = AuditEntry.objects.filter(act="topic.change").get()
        assert entry.by == cast.owner
        assert (entry.before["query"], entry.after["query"]) == ("baobab", "baobab -zoo")
        assert Topic.objects.get().languages == ["fr"]


def test_what_is_put_away_comes_back_also_when_its_name_was_given_to_another(cast: Cast) -> None:
    first = build_topic(cast.brand, query="baobab", name="Baobab")
    with scope(brand=cast.brand):
        delete_topic(topic=first, by=cast.owner)
    build_topic(cast.brand, query="baobab zoo", name="Baobab")
    with scope(brand=cast.brand):
        restore_topic(topic=first, by=cast.owner)
        assert sorted(Topic.objects.filter(deleted_at=None).values_list("name", flat=True)) == [
            "Baobab",
            "Baobab (2)",
        ]
        acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"topic.create", "topic.delete", "topic.restore"} <= acts


def test_two_live_topics_never_share_a_name(cast: Cast) -> None:
    from django.db import IntegrityError

    build_topic(cast.brand)
    build_topic(cast.other)
    with pytest.raises(IntegrityError):
        build_topic(cast.brand)
    connection.needs_rollback = False


@pytest.mark.parametrize(
    ("name", "website", "said"),
    [
        ("Café Baobab", "", "On va au cafe baobab ?"),
        ("Café Baobab", "", "Vive #CafeBaobab"),
        ("Café Baobab", "https://www.baobab.example/fr", "voir baobab.example pour la carte"),
        ("Iroko", "", "Un iroko"),
        ('Le "Grand" Café', "", "au Le Grand Café hier"),
    ],
)
def test_a_suggested_query_can_be_read_and_finds_the_name(name: str, website: str, said: str) -> None:
    query = suggest_query(name, website=website)
    check(query)
    assert matches(parse(query), Document(id="1", text=said))


def test_nothing_is_suggested_for_nothing() -> None:
    assert suggest_query('  ""  ') == ""
