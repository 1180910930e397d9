"""Themes and “more like this”: what is counted is what is shown, and what is missing is said at its place."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_scopes import scope

from palabre.enrichment import quality
from palabre.insight import themes as reading
from palabre.insight.similar import similar_to
from palabre.insight.themes import Reading, moved, themes_of
from palabre.intake.pipeline import Batch, take_in
from palabre.listening import themes as keeping
from palabre.listening.bulk import ignore
from palabre.listening.counts import tally
from palabre.listening.filters import from_query
from palabre.listening.matching import Matcher
from palabre.listening.models import Card
from palabre.listening.selectors import ids_of
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteItem
from palabre.query import parse
from palabre.stream import vectors
from palabre.stream.models import Item, Story
from palabre.stream.vectors import Store
from tests.builders import Cast, build_cast, build_topic

ABOUT = (
    "Quelle honte, {} minutes d’attente au café Baobab",
    "Le gâteau au chocolat du café Baobab, {} fois merci, un délice",
    "Concert de jazz au café Baobab, table {}",
    "La terrasse du café Baobab au soleil, jour {}",
)
WORDS = ("attente", "gâteau au chocolat", "concert de jazz", "terrasse")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The language of this module's words, whatever a test before it spoke."""
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """A brand of which four things are said eighty times, the complaints lately; all of it read."""
    cast = build_cast()
    cast.owner.language = "en"
    cast.owner.save(update_fields=["language"])
    build_topic(cast.brand)
    now = timezone.now()
    items = [
        RemoteItem(
            remote_id=str(n),
            url=f"https://reseau.example/{n}",
            text=ABOUT[n % 4].format(n + 10) + f" #{n}",
            published_at=now - timedelta(hours=(n // 4 if n % 4 == 0 else 8 * n) + 1),
        )
        for n in range(80)
    ]
    with scope(brand=cast.brand):
        source = add_source(brand=cast.brand, by=None, draft=SourceDraft(network="sandbox", kind="search"))
        take_in(
            Batch(network="sandbox", sources=[source], items=items, cursor={}, wait=0, at=now, filed=True),
            Matcher(),
        )
        said = dict(Item.objects.values_list("pk", "remote_id"))
        Item.objects.update(story=None)
        Card.objects.update(story=None)
    assert vectors.prepare()
    dice = np.random.default_rng(5)
    rows = np.zeros((len(said), vectors.SIZE), dtype=np.float32)
    for row, number in zip(rows, said.values(), strict=True):
        row[int(number) % 4] = 1.0
        row += 0.01 * dice.normal(size=vectors.SIZE)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    vectors.save(brand=cast.brand, ids=list(said), vectors=rows)
    return cast


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner)
    return client


def at(cast: Cast, name: str, *given: object) -> str:
    return reverse(f"insight:{name}", args=[cast.brand.slug, *given])


def test_each_theme_leads_to_exactly_its_mentions(cast: Cast) -> None:
    now, mentions = timezone.now(), from_query(QueryDict("days=90"))
    with scope(brand=cast.brand), timezone.override(cast.brand.time_zone):
        found = themes_of(cast.brand, mentions, now=now)
        assert found.reading is Reading.DONE
        assert (found.read, found.total, found.heap) == (80, 80, 80)
        assert sum(row.items for row in found.rows) + found.apart == 80
        for word in WORDS:
            assert any(word in row.name.lower() for row in found.rows), [row.name for row in found.rows]
        for row in found.rows:
            linked = from_query(QueryDict(row.link))
            assert tally(brand=cast.brand, mentions=linked, now=now).total == row.items == sum(row.series)
            texts = Item.objects.filter(pk__in=ids_of(brand=cast.brand, mentions=linked, now=now))
            assert len({int(text.remote_id) % 4 for text in texts}) == 1
            assert row.negative == texts.filter(tone=-1).count() / row.items
            assert 1 <= len(row.examples) <= 3
        waits = [row for row in found.rows if "attente" in row.name]
        assert all(row.moved and row.after > row.before and row.trend == "rising" for row in waits)


def test_the_same_themes_keep_their_numbers(cast: Cast) -> None:
    now, mentions = timezone.now(), from_query(QueryDict("days=90"))
    with scope(brand=cast.brand):
        first = [row.id for row in themes_of(cast.brand, mentions, now=now).rows]
        reading.cache.clear()
        assert [row.id for row in themes_of(cast.brand, mentions, now=now).rows] == first
        assert len(set(first)) == len(first)


def test_themes_follow_the_filter_and_say_how_much_was_read(cast: Cast) -> None:
    now = timezone.now()
    with scope(brand=cast.brand):
        some = list(Item.objects.order_by("-occurred_at").values_list("pk", flat=True)[:70])
        ignore(brand=cast.brand, ids=some[:10], ignored=True, by=cast.owner)
        found = themes_of(cast.brand, from_query(QueryDict("days=90")), now=now)
        assert (found.read, found.total) == (70, 70)
        few = themes_of(cast.brand, from_query(QueryDict("days=90&q=terrasse")), now=now)
    assert few.reading is Reading.FEW and 0 < few.read < reading.LEAST and few.rows == ()


def test_a_theme_of_another_brand_or_none_holds_nothing(cast: Cast, owner: Client) -> None:
    with scope(brand=cast.brand):
        row = themes_of(cast.brand, from_query(QueryDict("")), now=timezone.now()).rows[0]
    with scope(brand=cast.other):
        assert keeping.kept(brand=cast.other, theme=row.id) is None
    assert owner.get(at(cast, "listen") + f"?theme={row.id}").context["found"].total == row.items
    for gone in ("999999", "-1", "x", "99999999999999999999"):
        answer = owner.get(at(cast, "listen") + f"?theme={gone}")
        assert answer.status_code == 200
    assert owner.get(at(cast, "listen") + "?theme=999999").context["found"].total == 0


def test_long_unseen_themes_are_forgotten(cast: Cast) -> None:
    now = timezone.now()
    with scope(brand=cast.brand):
        [old] = keeping.keep(
            brand=cast.brand, found=[keeping.Kept(name="a", items=[1])], now=now - 2 * keeping.KEPT
        )
        [new] = keeping.keep(brand=cast.brand, found=[keeping.Kept(name="b", items=[1])], now=now)
        assert keeping.kept(brand=cast.brand, theme=old) is None
        assert keeping.kept(brand=cast.brand, theme=new) == keeping.Kept(name="b", items=[1])


def test_the_panel_the_page_and_the_file_say_the_same(cast: Cast, owner: Client) -> None:
    panel = owner.get(at(cast, "themes") + "?days=90", headers={"hx-request": "true"})
    page = owner.get(at(cast, "themes") + "?days=90")
    assert "<html" not in panel.content.decode() and "<html" in page.content.decode()
    assert "80 of 80 read so far." in panel.content.decode()
    file = owner.get(at(cast, "themes_csv") + "?days=90").content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(file))
    assert head[:2] == ["Theme", "Mentions"]
    shown = [(row.name, row.items) for row in page.context["themes"].rows]
    assert [(row[0], int(row[1])) for row in rows] == shown
    assert [(row.name, row.items) for row in panel.context["themes"].rows] == shown


@pytest.mark.parametrize(
    ("store", "model", "says"),
    [
        (Store.UNMADE, False, "requirements/quality.txt"),
        (Store.ABSENT, True, "pgvector 0.7 or later"),
        (Store.NOT_ENABLED, True, "CREATE EXTENSION vector"),
        (Store.UNMADE, True, "goes on in the background"),
    ],
)
def test_what_is_missing_is_said_at_its_place(
    cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch, store: Store, model: bool, says: str
) -> None:
    monkeypatch.setattr(vectors, "store", lambda: store)
    monkeypatch.setattr(quality, "available", lambda: model)
    item = Item._base_manager.filter(brand=cast.brand).first()
    assert item is not None
    for address in (at(cast, "themes"), at(cast, "similar", item.pk)):
        answer = owner.get(address)
        assert answer.status_code == 200 and says in answer.content.decode()
    assert owner.get(at(cast, "themes_csv")).status_code == 200


def test_what_was_read_stays_useful_when_the_model_is_gone(
    cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "available", lambda: False)
    assert owner.get(at(cast, "themes") + "?days=90").context["themes"].rows


def test_what_is_like_a_mention_is_near_and_shown_once_a_story(cast: Cast) -> None:
    now = timezone.now()
    with scope(brand=cast.brand):
        item = Item.objects.get(remote_id="0")
        hidden = Item.objects.get(remote_id="12").pk
        ignore(brand=cast.brand, ids=[hidden], ignored=True, by=cast.owner)
        found = similar_to(cast.brand, item, now=now)
        shown = [row.item for group in found.groups for row in group.rows]
        assert {int(one.remote_id) % 4 for one in shown} == {0}
        assert item.pk not in {one.pk for one in shown} and hidden not in {one.pk for one in shown}
        assert len(shown) == found.shown == 18
        assert found.groups[0].words == "Nearly the same thing"


def test_a_story_is_like_itself_and_told_once(cast: Cast) -> None:
    now = timezone.now()
    with scope(brand=cast.brand):
        story = Story.objects.create(brand=cast.brand, title="", size=3, first_at=now, last_at=now)
        told = list(Item.objects.filter(remote_id__in=["4", "8", "16"]).values_list("pk", flat=True))
        Item.objects.filter(pk__in=told).update(story=story)
        Card.objects.filter(item_id__in=told).update(story=story)
        other = similar_to(cast.brand, Item.objects.get(remote_id="0"), now=now)
        own = similar_to(cast.brand, Item.objects.get(remote_id="4"), now=now)
    assert len({row.item.pk for group in other.groups for row in group.rows} & set(told)) == 1
    assert not {row.item.pk for group in own.groups for row in group.rows} & set(told)


def test_the_suggested_topic_opens_its_form_filled_in(cast: Cast, owner: Client) -> None:
    item = Item._base_manager.get(brand=cast.brand, remote_id="0")
    answer = owner.get(at(cast, "similar", item.pk))
    suggestion = answer.context["similar"].suggestion
    assert "attente" in suggestion.query and "baobab" in suggestion.query
    parse(suggestion.query)
    address = reverse("listening:topic_new", args=[cast.brand.slug]) + "?" + suggestion.filled
    assert address.replace("&", "&amp;") in answer.content.decode()
    form = owner.get(address)
    assert form.context["form"]["query"].value() == suggestion.query
    assert form.context["form"]["name"].value() == suggestion.name
    assert parse_qs(urlsplit(address).query)["query"] == [suggestion.query]
    assert not form.context["reading"].error


def test_a_mention_that_was_not_read_says_so(cast: Cast, owner: Client) -> None:
    build_topic(cast.other, query="rien")
    item = Item._base_manager.filter(brand=cast.brand).first()
    assert item is not None
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM stream_vector WHERE item_id = %s", [item.pk])
    answer = owner.get(at(cast, "similar", item.pk))
    assert not answer.context["similar"].is_read
    assert "has not been read" in answer.content.decode()


def test_a_share_moves_when_chance_would_not_move_it() -> None:
    assert moved(10, 100, 40, 100) and moved(40, 100, 10, 100)
    assert not moved(10, 100, 13, 100)
    assert not moved(0, 0, 5, 10) and not moved(5, 10, 0, 0) and not moved(10, 10, 10, 10)
