"""The way in: nothing stored twice, nothing lost, nothing crosses from one brand to another."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django_scopes import scope, scopes_disabled

from palabre.agency.models import Brand
from palabre.alerts.models import Event, Frequency, Rule, Trigger, Waiting
from palabre.intake.pipeline import Batch, Passage, take_in
from palabre.kit.states import Moved
from palabre.listening.corrections import correct_tone
from palabre.listening.matching import Matcher
from palabre.listening.models import Mention, Source
from palabre.listening.models import Rule as HouseRule
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteAuthor, RemoteItem
from palabre.query import QueryError
from palabre.stream.models import Item, Sentiment
from tests.builders import NOON, Cast, build_cast, build_topic

pytestmark = pytest.mark.django_db

AICHA = RemoteAuthor(remote_id="did:aicha", handle="aicha.example", name="Aïcha K.", followers=1240)
SAID = RemoteItem(
    remote_id="1",
    url="https://reseau.example/1",
    text="Quarante minutes d’attente au café Baobab, quelle honte !",
    author=AICHA,
    published_at=NOON - timedelta(minutes=5),
)


@pytest.fixture
def cast() -> Cast:
    return build_cast()


def source_of(brand: Brand, **draft: object) -> Source:
    with scope(brand=brand):
        given = {"network": "sandbox", "kind": "outlet", "target": "gazette.example", **draft}
        return add_source(brand=brand, by=None, draft=SourceDraft(**given))  # type: ignore[arg-type]


def bring(sources: Sequence[Source], *items: RemoteItem, cursor: dict[str, int] | None = None) -> Passage:
    fresh = list(Source._base_manager.select_related("brand").filter(pk__in=[s.pk for s in sources]))
    batch = Batch(network="sandbox", sources=fresh, items=items, cursor=cursor or {"n": 1}, wait=900, at=NOON)
    return take_in(batch, Matcher())


def test_what_matches_is_stored_with_what_it_means(cast: Cast) -> None:
    build_topic(cast.brand)
    source = source_of(cast.brand)
    bring([source], SAID, replace(SAID, remote_id="2", text="Il pleuvra demain sur le port."))
    with scope(brand=cast.brand):
        item = Item.objects.get()
        assert item.text == SAID.text
        assert item.language == "fr"
        assert item.tone == Sentiment.NEGATIVE
        assert item.reach == 1240
        assert item.author is not None and item.author.name == "Aïcha K."
        assert Mention.objects.get().topic.name == "Café Baobab"
        kept = Source.objects.get()
        assert (kept.state, kept.cursor, kept.items_found) == ("working", {"n": 1}, 2)


def test_the_same_batch_again_changes_nothing(cast: Cast) -> None:
    build_topic(cast.brand)
    source = source_of(cast.brand)
    bring([source], SAID, SAID)
    again = bring([source], SAID)
    with scope(brand=cast.brand):
        assert (Item.objects.count(), Mention.objects.count()) == (1, 1)
    assert again.new_mentions == 0


def test_one_place_serves_every_brand_that_looks_there_and_walls_hold(cast: Cast) -> None:
    build_topic(cast.brand)
    build_topic(cast.other, query="vélo", name="Vélo")
    both = [source_of(cast.brand), source_of(cast.other)]
    assert both[0].line == both[1].line
    bring(both, SAID, replace(SAID, remote_id="2", text="Mon vélo est garé au café Baobab."))
    with scope(brand=cast.brand):
        assert Item.objects.count() == 2
    with scope(brand=cast.other):
        assert [item.remote_id for item in Item.objects.all()] == ["2"]


def test_a_brand_that_does_not_look_there_gets_nothing(cast: Cast) -> None:
    build_topic(cast.brand)
    build_topic(cast.other)
    bring([source_of(cast.brand)], SAID)
    with scope(brand=cast.other):
        assert not Item.objects.exists()


def test_a_source_of_a_topic_keeps_everything(cast: Cast) -> None:
    topic = build_topic(cast.brand)
    source = source_of(cast.brand, topic=topic)
    bring([source], replace(SAID, text="Un article que quelqu’un d’autre a déjà choisi."))
    with scope(brand=cast.brand):
        assert Mention.objects.get().topic == topic


def test_a_failure_leaves_nothing_behind_and_the_cursor_where_it_was(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_topic(cast.brand)
    source = source_of(cast.brand)

    def breaks(*given: object, **more: object) -> None:
        raise ConnectionError("the line to the database broke")

    monkeypatch.setattr("palabre.intake.pipeline.raise_all", breaks)
    with pytest.raises(ConnectionError), transaction.atomic():
        bring([source], SAID)
    monkeypatch.undo()
    with scope(brand=cast.brand):
        assert not Item.objects.exists()
        assert Source.objects.get().cursor is None
    bring([source], SAID)
    with scope(brand=cast.brand):
        assert Item.objects.count() == 1


def test_what_was_deleted_there_leaves_the_pages(cast: Cast) -> None:
    build_topic(cast.brand)
    source = source_of(cast.brand)
    bring([source], SAID)
    bring([source], replace(SAID, deleted=True, text=""))
    with scope(brand=cast.brand):
        assert not Item.objects.exists()
        assert not Mention.objects.exists()


def test_strict_languages_and_excluded_places_are_left_out(cast: Cast) -> None:
    build_topic(
        cast.brand,
        query="baobab",
        languages=["en"],
        languages_mode="strict",
        excluded_sites=["spam.example"],
        excluded_authors=["@Bot"],
    )
    english = replace(
        SAID, remote_id="2", text="Forty minutes of waiting at the Baobab this morning, what a shame!"
    )
    bring(
        [source_of(cast.brand)],
        SAID,
        english,
        replace(english, remote_id="3", outlet="www.spam.example"),
        replace(english, remote_id="4", author=RemoteAuthor(remote_id="b", handle="bot")),
    )
    with scope(brand=cast.brand):
        assert [item.remote_id for item in Item.objects.all()] == ["2"]


def test_an_undeclared_language_is_guessed_where_the_words_of_a_topic_ask_for_it(cast: Cast) -> None:
    build_topic(cast.brand, query="baobab lang:fr")
    other = build_topic(cast.other, query="baobab")
    both = [source_of(cast.brand), source_of(cast.other)]
    english = "Forty minutes of waiting at the Baobab this morning, what a shame!"
    bring(both, SAID, replace(SAID, remote_id="2", text=english))
    with scope(brand=cast.brand):
        assert [item.remote_id for item in Item.objects.all()] == ["1"]
    with scope(brand=cast.other):
        assert {item.language for item in Item.objects.all()} == {"fr", "en"}
    matcher = Matcher()
    matcher.refresh(at_once=True)
    assert matcher.asks_language([cast.brand.pk])
    assert not matcher.asks_language([other.brand_id])


def test_a_source_paused_meanwhile_takes_back_the_whole_batch(cast: Cast) -> None:
    build_topic(cast.brand)
    both = [source_of(cast.brand), source_of(cast.other)]
    fresh = list(Source._base_manager.select_related("brand").filter(pk__in=[s.pk for s in both]))
    Source._base_manager.filter(pk=both[1].pk).update(state="paused")
    batch = Batch(network="sandbox", sources=fresh, items=[SAID], cursor={"n": 1}, wait=900, at=NOON)
    with pytest.raises(Moved), transaction.atomic():
        take_in(batch, Matcher())
    with scope(brand=cast.brand):
        assert not Item.objects.exists()
    assert [source.state for source in fresh] == ["new", "new"]


def test_a_new_mention_waits_once_for_every_alert_that_wants_it(cast: Cast) -> None:
    topic = build_topic(cast.brand)
    source = source_of(cast.brand)
    with scope(brand=cast.brand):
        every = Rule.objects.create(brand=cast.brand, name="Tout", frequency=Frequency.INSTANT)
        Rule.objects.create(brand=cast.brand, name="Autre sujet", topics=[topic.pk + 1])
        Rule.objects.create(brand=cast.brand, name="Positif", filter={"tones": [1]})
        Rule.objects.create(brand=cast.brand, name="Emballement", trigger=Trigger.BURST)
    bring([source], SAID)
    bring([source], SAID)
    with scope(brand=cast.brand):
        assert Event.objects.count() == 1
    assert [entry.rule_id for entry in Waiting.objects.all()] == [every.pk]


def test_the_rules_of_the_house_act_before_anybody_is_told(cast: Cast) -> None:
    build_topic(cast.brand)
    source = source_of(cast.brand)
    with scope(brand=cast.brand):
        daily = Rule.objects.create(brand=cast.brand, name="Chaque matin", next_at=NOON + timedelta(days=1))
        HouseRule.objects.create(
            brand=cast.brand,
            name="Attente",
            conditions={"query": "attente"},
            actions={"tags": ["service"], "alert": True},
        )
        HouseRule.objects.create(
            brand=cast.brand, name="Concours", conditions={"query": "concours"}, actions={"ignore": True}
        )
    bring([source], SAID, replace(SAID, remote_id="2", text="Grand concours au café Baobab"))
    with scope(brand=cast.brand):
        tagged, ignored = Item.objects.order_by("remote_id")
        assert len(tagged.tags) == 1 and not tagged.is_ignored
        assert ignored.is_ignored
        assert Event.objects.count() == 1
        daily.refresh_from_db()
    assert daily.next_at == NOON, "an urgent mention does not wait for the morning"


def test_a_correction_is_learnt_for_its_brand_alone(cast: Cast) -> None:
    build_topic(cast.brand)
    build_topic(cast.other)
    both = [source_of(cast.brand), source_of(cast.other)]
    irony = "Encore une ouverture tardive au café Baobab, comme chaque mardi de la saison des pluies."
    bring(both, replace(SAID, text=irony))
    with scope(brand=cast.brand):
        first = Item.objects.get()
        correct_tone(brand=cast.brand, item=first.pk, tone=1 if first.tone != 1 else -1, by=cast.owner)
        first.refresh_from_db()
    bring(both, replace(SAID, remote_id="2", text=irony + " Bis."))
    with scope(brand=cast.brand):
        assert Item.objects.get(remote_id="2").tone == first.tone
    with scope(brand=cast.other):
        assert Item.objects.get(remote_id="2").tone != first.tone


def test_near_identical_items_are_one_story(cast: Cast) -> None:
    build_topic(cast.brand)
    text = (
        "Le café Baobab a rouvert ses portes samedi après six mois de travaux, a annoncé sa directrice. "
        "Deux cents habitués attendaient devant la vitrine, et la file s’étirait jusqu’au port."
    )
    copies = [
        replace(SAID, remote_id=str(n), text=text + end, outlet=f"journal-{n}.example")
        for n, end in enumerate(("", " (avec agences)", " Lire aussi : notre dossier."))
    ]
    bring([source_of(cast.brand)], *copies)
    with scope(brand=cast.brand):
        stories = {item.story_id for item in Item.objects.all()}
        assert len(stories) == 1
        assert {item.story.size for item in Item.objects.select_related("story") if item.story} == {3}


def test_hostile_text_is_stored_harmlessly(cast: Cast) -> None:
    build_topic(cast.brand, query="baobab")
    hostile = replace(
        SAID,
        text="baobab \x00 \ud800 \u202e<script>alert(1)</script>",
        title="=cmd|' /C calc'!A0",
        published_at=NOON + timedelta(days=365 * 64),
        likes=10**30,
    )
    bring([source_of(cast.brand)], hostile)
    with scope(brand=cast.brand):
        item = Item.objects.get()
    assert "\x00" not in item.text
    assert item.occurred_at <= NOON, "a date from the future must not sit on top of the page for years"


def test_every_process_sees_a_changed_topic(cast: Cast) -> None:
    matcher = Matcher()
    with scopes_disabled():
        matcher.refresh(at_once=True)
    topic = build_topic(cast.brand)
    matcher.refresh(at_once=True)
    assert matcher.settings(topic.pk) is not None
    with scope(brand=cast.brand):
        from palabre.listening.topics import pause_topic

        pause_topic(topic=topic, by=cast.owner, paused=True)
    matcher.refresh(at_once=True)
    assert matcher.settings(topic.pk) is None


def test_a_fault_in_one_brand_is_no_fault_of_the_others_and_loses_nothing(cast: Cast) -> None:
    build_topic(cast.brand)
    build_topic(cast.other)
    both = [source_of(cast.brand), source_of(cast.other)]
    with scope(brand=cast.other):
        rule = HouseRule.objects.create(
            brand=cast.other, name="Illisible", conditions={"query": "(((("}, actions={"read": True}
        )
    passage = bring(both, SAID)
    assert [source.brand_id for source in passage.failed] == [cast.other.pk]
    with scope(brand=cast.brand):
        assert Item.objects.count() == Mention.objects.count() == Event.objects.count() == 1
        assert (Source.objects.get().state, Source.objects.get().cursor) == ("working", {"n": 1})
    with scope(brand=cast.other):
        assert not Item.objects.exists()
        told = Source.objects.get()
        assert (told.state, told.error_code, told.cursor) == ("failing", "not_kept", None)
        rule.delete()
    assert bring(both, SAID).failed == []
    with scope(brand=cast.other):
        assert Item.objects.count() == Mention.objects.count() == 1
        assert Source.objects.get().cursor == {"n": 1}
    with scope(brand=cast.brand):
        assert Item.objects.count() == 1


def test_what_a_person_files_fails_before_their_eyes(cast: Cast) -> None:
    topic = build_topic(cast.brand)
    with scope(brand=cast.brand):
        HouseRule.objects.create(brand=cast.brand, name="Illisible", conditions={"query": "(((("})
    source = Source(brand=cast.brand, network="pasted", kind="pasted", topic=topic)
    batch = Batch(network="pasted", sources=[source], items=[SAID], cursor={}, wait=0, at=NOON, filed=True)
    with pytest.raises(QueryError), transaction.atomic():
        take_in(batch, Matcher())


def test_many_brands_cost_no_more_statements_than_one(
    cast: Cast, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    build_topic(cast.brand)
    build_topic(cast.other)
    both = [source_of(cast.brand), source_of(cast.other)]
    bring(both, SAID)
    fresh = list(Source._base_manager.select_related("brand").filter(pk__in=[s.pk for s in both]))
    items = [replace(SAID, remote_id=f"n{n}") for n in range(5)]
    matcher = Matcher()
    matcher.refresh(at_once=True)
    batch = Batch(network="sandbox", sources=fresh, items=items, cursor={"n": 2}, wait=900, at=NOON)
    with django_assert_max_num_queries(26):
        take_in(batch, matcher)
