"""The store: once each, in order, whatever strangers send."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scopes_disabled

from palabre.agency.models import Brand, Organisation
from palabre.stream.models import Author, Item, Sentiment, Story
from palabre.stream.store import store
from palabre.stream.tests.builders import NOON, guess, said

pytestmark = pytest.mark.django_db

AGENCY_TEXT = (
    "Le conseil municipal a voté mardi soir la rénovation complète du marché couvert, "
    "un chantier de douze millions d’euros qui doit durer deux ans."
)


@pytest.fixture(autouse=True)
def unscoped():
    with scopes_disabled():
        yield


@pytest.fixture
def brand():
    return Brand.objects.create(
        organisation=Organisation.objects.create(name="Iroko"), name="Baobab", slug="baobab"
    )


@pytest.fixture
def other(brand):
    return Brand.objects.create(organisation=brand.organisation, name="Fleuve", slug="fleuve")


def test_new_items_are_stored_in_the_order_given(brand):
    stored = store(brand=brand, items=[said("b", "deux"), said("a", "un")])
    assert [Item.objects.get(pk=s.id).text for s in stored] == ["deux", "un"]
    assert all(s.is_new and not s.changed for s in stored)


def test_the_same_batch_twice_changes_nothing(brand):
    batch = [said("a", "un", likes=3), said("b", "deux")]
    first = store(brand=brand, items=batch)
    again = store(brand=brand, items=batch)
    assert [s.id for s in again] == [s.id for s in first]
    assert not any(s.is_new or s.changed for s in again)


def test_a_duplicate_within_a_batch_is_one_item_and_new_once(brand):
    one, two = store(brand=brand, items=[said("a", "avant"), said("a", "après")])
    assert one.id == two.id
    assert (one.is_new, two.is_new) == (True, False)
    assert Item.objects.get().text == "après"


def test_two_brands_keep_their_own(brand, other):
    store(brand=brand, items=[said("a")])
    store(brand=other, items=[said("a")])
    assert Item.objects.count() == 2
    assert Author.objects.count() == 2


def test_an_edit_takes_over_text_and_guess_and_is_told(brand):
    store(brand=brand, items=[said("a", "bon accueil", analysis=guess("positive"))])
    (stored,) = store(brand=brand, items=[said("a", "mauvais accueil", analysis=guess("negative"))])
    item = Item.objects.get()
    assert stored.changed and not stored.is_new
    assert item.text == "mauvais accueil"
    assert item.tone == item.tone_guess == Sentiment.NEGATIVE
    assert found(brand, "mauvais") == 1 and found(brand, "bon") == 0


def test_an_edit_never_touches_what_a_person_did(brand):
    store(brand=brand, items=[said("a", "bon", analysis=guess("positive"))])
    Item.objects.update(tone=0, tone_set_at=NOON, is_read=True, is_ignored=True, tags=[7])
    store(brand=brand, items=[said("a", "mauvais", analysis=guess("negative"))])
    item = Item.objects.get()
    assert (item.tone, item.tone_guess) == (0, -1)
    assert item.is_read and item.is_ignored and item.tags == [7]


def test_counters_are_taken_over_but_an_unknown_one_erases_nothing(brand):
    store(brand=brand, items=[said("a", likes=3, views=10)])
    (stored,) = store(brand=brand, items=[said("a", likes=5)])
    item = Item.objects.get()
    assert stored.changed and (item.likes, item.views) == (5, 10)


def test_a_summary_does_not_replace_the_article_that_was_fetched(brand):
    store(brand=brand, items=[said("a", "tout le long article", title="Titre")])
    store(brand=brand, items=[said("a", "le résumé", title="Titre", summary_only=True)])
    assert Item.objects.get().text == "tout le long article"


def test_a_deleted_item_is_refused(brand):
    with pytest.raises(ValueError, match="deleted"):
        store(brand=brand, items=[said("a", deleted=True)])


def test_authors_keep_what_a_later_answer_does_not_tell(brand):
    store(brand=brand, items=[said("a", by="ada", followers=10)])
    store(brand=brand, items=[said("b", by="ada"), said("c", by="bob", followers=5)])
    assert dict(Author.objects.values_list("remote_id", "followers")) == {"ada": 10, "bob": 5}
    assert Item.objects.get(remote_id="a").reach == 10
    assert Item.objects.get(remote_id="b").reach is None


def test_what_strangers_send_is_bounded(brand):
    huge = said(
        "x" * 5000,
        "\x00nul \ud800 seul " + "mot " * 1_300_000,
        likes=10**30,
        views=-5,
        followers=10**30,
        by="a" * 5000,
        title="t" * 50_000,
        outlet="É" * 900,
        url="https://e.org/" + "u" * 10_000,
        hashtags=("h" * 500,) * 200,
        country="France",
        image_urls=("https://e.org/i.png",) * 100,
        analysis=guess(language="und-nonsense"),
    )
    store(brand=brand, items=[huge])
    item = Item.objects.get()
    assert item.text.startswith("nul  seul mot") and len(item.text) == 100_000
    assert (item.likes, item.views, item.reach) == (2_000_000_000, None, 10**15)
    assert item.country == "" and len(item.hashtags) == 50 and len(item.image_urls) == 20
    (again,) = store(brand=brand, items=[huge])
    assert not again.is_new


def test_long_ids_that_differ_only_at_their_end_stay_apart(brand):
    store(brand=brand, items=[said("x" * 3000 + "1"), said("x" * 3000 + "2")])
    assert Item.objects.count() == 2


@pytest.mark.parametrize(
    ("published", "occurred"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), NOON),
        (datetime(2090, 1, 1, tzinfo=UTC), NOON),
        (None, NOON),
        (NOON + timedelta(minutes=10), NOON),
        (NOON - timedelta(days=400), NOON - timedelta(days=400)),
    ],
)
def test_only_a_credible_date_is_believed(brand, published, occurred):
    store(brand=brand, items=[said("a", published_at=published)])
    assert Item.objects.get().occurred_at == occurred


def test_near_identical_texts_are_one_story(brand, other):
    told = [said(str(i), f"{AGENCY_TEXT} ({i})", by=f"paper{i}", fingerprinted=True) for i in range(3)]
    store(brand=brand, items=[told[0], said("z", "Rien à voir avec tout le reste.", fingerprinted=True)])
    store(brand=brand, items=told[1:])
    store(brand=other, items=told[:1])
    sizes = sorted(Story.objects.filter(brand=brand).values_list("size", flat=True))
    assert sizes == [1, 3]
    assert Story.objects.filter(brand=other).get().size == 1


def test_a_story_told_again_much_later_is_another_one(brand):
    store(brand=brand, items=[said("a", AGENCY_TEXT, fingerprinted=True)])
    later = NOON + timedelta(days=15)
    store(brand=brand, items=[said("b", AGENCY_TEXT, fingerprinted=True, collected_at=later)])
    assert Story.objects.count() == 2


def test_texts_too_short_to_compare_have_no_story(brand):
    store(brand=brand, items=[said("a", "Oui", fingerprinted=True), said("b", "Oui", fingerprinted=True)])
    assert set(Item.objects.values_list("story_id", flat=True)) == {None}


def test_the_wall_refuses_an_author_of_another_brand(brand, other):
    store(brand=brand, items=[said("a")])
    store(brand=other, items=[said("b", by="bob")])
    stranger = Author.objects.get(remote_id="bob")
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(brand=brand).update(author=stranger)


def test_a_deleted_author_leaves_the_items(brand):
    store(brand=brand, items=[said("a")])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM stream_author")
    assert Item.objects.get().author_id is None


def test_a_brand_can_be_deleted_with_all_it_owns(brand):
    store(brand=brand, items=[said("a", AGENCY_TEXT, fingerprinted=True)])
    brand.delete()
    assert not Item.objects.exists() and not Story.objects.exists()


def found(brand, q):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM stream_item WHERE brand_id = %s"
            " AND search @@ websearch_to_tsquery('french', %s)",
            [brand.pk, q],
        )
        return cursor.fetchone()[0]
