"""Keeping and erasing: what is past its time goes, what was erased is nowhere, figures stay true."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from palabre.agency.brands import archive_brand
from palabre.agency.models import AuditEntry, Brand
from palabre.alerts.gather import gather_due
from palabre.alerts.models import Digest, Event, Recipient, Rule
from palabre.desk.keeping import CHOICES, keep_for, sweep
from palabre.desk.person import copy_of, erase, held_of, look_for
from palabre.desk.tasks import sweep_brands
from palabre.intake.paste import paste
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.checks import check_rollups
from palabre.listening.corrections import correct_tone
from palabre.listening.counts import tally
from palabre.listening.filters import MentionFilter
from palabre.listening.keeping import going, horizon
from palabre.listening.matching import Matcher
from palabre.listening.models import Card, HourlyCount, Lesson, Mention, Source, Theme
from palabre.listening.selectors import page
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteAuthor, RemoteItem
from palabre.stream.models import Author, Item, Sentiment, Story
from tests.builders import NOON, Cast, build_cast, build_topic

AICHA = RemoteAuthor(
    remote_id="did:plc:xylophone",
    handle="aicha.kone.example",
    name="Aïcha Koné",
    url="https://reseau.example/@aicha.kone.example",
    followers=1240,
)
LEO = RemoteAuthor(remote_id="did:plc:leopard", handle="leo.example", name="Léo", followers=80)
TEXT = "Quarante minutes d’attente au café Baobab un samedi matin, quelle honte, le zébulon du service !"


def said(n: int, author: RemoteAuthor = AICHA, *, days: float = 1, text: str = TEXT) -> RemoteItem:
    return RemoteItem(
        remote_id=f"at://{author.remote_id}/{n}",
        url=f"https://reseau.example/{author.handle}/{n}",
        text=text,
        author=author,
        published_at=NOON - timedelta(days=days),
        thread_id=f"at://{author.remote_id}/{n}",
    )


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


@pytest.fixture
def source(cast: Cast) -> Source:
    build_topic(cast.brand)
    with scope(brand=cast.brand):
        draft = SourceDraft(network="feeds", kind="feed", target="https://gazette.example/rss")
        rule = Rule.objects.create(brand=cast.brand, name="Le matin", next_at=NOON - timedelta(days=1))
        Recipient.objects.create(brand=cast.brand, rule=rule, email="client@boulange.example")
        return add_source(brand=cast.brand, by=None, draft=draft)


def bring(source: Source, items: Sequence[RemoteItem], at: datetime = NOON) -> None:
    fresh = Source._base_manager.select_related("brand").get(pk=source.pk)
    take_in(Batch(network="feeds", sources=[fresh], items=items, cursor={}, wait=900, at=at), Matcher())


def agree(brand: Brand) -> int:
    """How many mentions there are, by the list, the counts and the truth: the same number."""
    with scope(brand=brand):
        assert check_rollups(brand=brand) == []
        everything = MentionFilter(days=None)
        counted = tally(brand=brand, mentions=everything, now=NOON).total
        assert counted == Mention.objects.values("item").distinct().count() == Card.objects.count()
        assert counted == page(brand=brand, mentions=everything, size=200).total
    return counted


def dump() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [row[0] for row in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT row_to_json("{table}")::text FROM "{table}"')
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def test_the_horizon_is_the_beginning_of_a_day_in_the_brands_zone(cast: Cast) -> None:
    cast.brand.time_zone = "Pacific/Noumea"
    late = datetime.fromisoformat("2026-03-31T20:00:00+00:00")
    assert horizon(brand=cast.brand, now=late, months=1).isoformat() == "2026-03-01T00:00:00+11:00"
    cast.brand.time_zone = "UTC"
    assert horizon(brand=cast.brand, now=late, months=1).isoformat() == "2026-02-28T00:00:00+00:00"
    assert horizon(brand=cast.brand, now=late, months=25).isoformat() == "2024-02-29T00:00:00+00:00"
    assert horizon(brand=cast.brand, now=late, months=3).isoformat() == "2025-12-31T00:00:00+00:00"


def test_what_is_past_its_time_goes_and_every_figure_says_so(cast: Cast, source: Source) -> None:
    items = [said(n, days=n * 10) for n in range(20)]
    items += [said(n, LEO, days=100 + n, text=f"Le café Baobab {n}") for n in range(5)]
    bring(source, items)
    assert agree(cast.brand) == 25
    Brand.objects.filter(pk=cast.brand.pk).update(keep_months=3)
    brand = Brand.objects.get(pk=cast.brand.pk)
    before = horizon(brand=brand, now=NOON)
    past = [item for item in items if item.published_at < before]
    told = going(brand=brand, before=before)
    assert (told.items, told.authors) == (len(past), 1), "Léo alone has nothing left"
    assert sweep(brand=brand, now=NOON, batch=4) == len(past) > 8
    assert agree(brand) == 25 - len(past)
    with scope(brand=brand):
        assert Author.objects.get().handle == AICHA.handle
        assert not Item.objects.filter(occurred_at__lt=before).exists()
        assert not Event.objects.filter(at__lt=before).exists()
        story = Story.objects.get()
        assert (story.size, story.first_at) == (
            Item.objects.count(),
            Item.objects.earliest("occurred_at").occurred_at,
        )
        assert HourlyCount.objects.filter(hour__lt=before).exclude(items=0).count() == 0
        assert AuditEntry.objects.get(act="privacy.sweep").subject == str(len(past))
    assert sweep(brand=brand, now=NOON) == 0


def test_what_is_past_its_time_does_not_come_back_with_the_next_visit(cast: Cast, source: Source) -> None:
    Brand.objects.filter(pk=cast.brand.pk).update(keep_months=3)
    bring(source, [said(1, days=10), said(2, days=200)])
    assert agree(cast.brand) == 1


def test_a_correction_of_what_goes_goes_too(cast: Cast, source: Source) -> None:
    bring(source, [said(1, days=200)])
    with scope(brand=cast.brand):
        correct_tone(brand=cast.brand, by=cast.owner, item=Item.objects.get().pk, tone=Sentiment.POSITIVE)
        cast.brand.keep_months = 3
        sweep(brand=cast.brand, now=NOON)
        assert not Lesson.objects.exists()


def test_archived_brands_keep_to_their_time_too(
    cast: Cast, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(source, [said(1, days=200)])
    Brand.objects.filter(pk=cast.brand.pk).update(keep_months=3)
    archive_brand(brand=cast.brand, by=cast.owner)
    monkeypatch.setattr("palabre.desk.tasks.timezone.now", lambda: NOON)
    sweep_brands(0)
    assert agree(cast.brand) == 0


def test_a_shorter_time_is_chosen_only_once_its_count_was_seen(
    cast: Cast, source: Source, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palabre.desk.privacy.timezone.now", lambda: NOON)
    bring(source, [said(1, days=10), said(2, days=200), said(3, days=201)])
    client.force_login(cast.owner)
    page_of = reverse("desk:privacy_keep", args=[cast.brand.slug])
    shown = client.get(page_of, {"months": 3})
    assert shown.context["going"].items == 2
    client.post(page_of, {"months": 3})
    assert Brand.objects.get(pk=cast.brand.pk).keep_months == 25
    client.post(page_of, {"months": 3, "seen": 3})
    assert Brand.objects.get(pk=cast.brand.pk).keep_months == 3
    client.post(page_of, {"months": 1, "seen": 1})
    assert Brand.objects.get(pk=cast.brand.pk).keep_months == 3, "one month is no choice"
    with scope(brand=cast.brand):
        entry = AuditEntry.objects.get(act="brand.keep")
    assert (entry.before, entry.after, entry.by) == (25, 3, cast.owner)


def test_there_is_no_keeping_without_an_end(cast: Cast) -> None:
    assert max(CHOICES) == 60
    with pytest.raises(ValueError):
        keep_for(brand=cast.brand, by=cast.owner, months=1200)


def test_a_person_is_found_however_they_are_called(cast: Cast, source: Source) -> None:
    bring(source, [said(1), said(2, LEO)])
    for words in (" @Aicha.Kone.example", "aïcha koné", AICHA.remote_id, AICHA.url, "kone"):
        assert [author.handle for author in look_for(brand=cast.brand, words=words)] == [AICHA.handle]
    assert look_for(brand=cast.brand, words="personne") == []
    assert look_for(brand=cast.brand, words=" @ ") == []
    assert look_for(brand=cast.other, words=AICHA.handle) == []


def test_a_copy_holds_what_they_said_and_what_was_made_of_it(cast: Cast, source: Source) -> None:
    bring(source, [said(1), said(2, LEO)])
    [author] = look_for(brand=cast.brand, words=AICHA.handle)
    copy = json.loads(copy_of(brand=cast.brand, by=cast.owner, author=author))
    assert copy["author"]["handle"] == AICHA.handle
    [item] = copy["items"]
    assert (item["text"], item["tone"], item["topics"]) == (TEXT, -1, ["Café Baobab"])


def test_after_an_erasure_a_dump_of_the_database_does_not_know_them(
    cast: Cast, source: Source, client: Client
) -> None:
    topic = build_topic(cast.brand, "baobab", "Tout", excluded_authors=["@aicha.kone.example", "autre"])
    assert topic.excluded_authors
    bring(source, [said(n) for n in range(3)])
    naming = "Bien vu @aicha.kone.example, le café Baobab est si lent"
    answer = replace(said(9, LEO, text=naming), reply_to=said(1).remote_id, thread_id=said(1).remote_id)
    quiet = replace(said(8, LEO, text="Le café Baobab, toujours plein"), reply_to=said(1).remote_id)
    same = replace(said(7, LEO), published_at=NOON)
    bring(source, [answer, quiet, same])
    Rule._base_manager.update(next_at=NOON - timedelta(days=1))
    gather_due(now=NOON)
    with scope(brand=cast.brand):
        paste(
            brand=cast.brand,
            by=cast.owner,
            topic=topic,
            text="aicha.kone.example dit encore du mal du baobab",
            url="",
            author="",
            published_at=NOON,
        )
        theirs = Item.objects.filter(author__handle=AICHA.handle)
        correct_tone(brand=cast.brand, by=cast.owner, item=theirs.first().pk, tone=Sentiment.POSITIVE)
        words = {"name": "aicha.kone.example · attente", "items": [theirs.first().pk], "seen_at": NOON}
        Theme.objects.create(brand=cast.brand, key="t", **words)
        assert Digest.objects.exists() and Lesson.objects.exists()
        [author] = Author.objects.filter(handle=AICHA.handle)
    held = held_of(brand=cast.brand, author=author)
    assert (held.items, held.corrections, held.named_in) == (3, 1, 2)
    for trace in (AICHA.handle, "Aïcha", AICHA.remote_id):
        assert trace in dump()
    client.force_login(cast.owner)
    client.post(reverse("desk:person", args=[cast.brand.slug, author.pk]), {"named": "1"})
    after = dump()
    for trace in (AICHA.handle, "Aïcha", AICHA.remote_id, "xylophone", "aicha"):
        assert trace not in after
    assert agree(cast.brand) == 2
    with scope(brand=cast.brand):
        assert Item.objects.filter(author__handle="leo.example").count() == 2
        assert Author.objects.get().handle == "leo.example"


def test_what_others_wrote_stays_unless_it_was_asked_for(cast: Cast, source: Source) -> None:
    bring(source, [said(1), said(2, LEO, text="D’accord avec @aicha.kone.example sur le café Baobab")])
    [author] = look_for(brand=cast.brand, words=AICHA.handle)
    assert erase(brand=cast.brand, by=cast.owner, author=author, with_named=False) == 1
    with scope(brand=cast.brand):
        assert Item.objects.get().author.handle == "leo.example"
    assert agree(cast.brand) == 1


def test_a_story_that_began_with_them_is_named_after_who_told_it_next(cast: Cast, source: Source) -> None:
    bring(source, [said(1, days=2), replace(said(2, LEO, days=1), title="Le zébulon du service")])
    [author] = look_for(brand=cast.brand, words=AICHA.handle)
    with scope(brand=cast.brand):
        assert Story.objects.get().size == 2
        erase(brand=cast.brand, by=cast.owner, author=author, with_named=False)
        assert (Story.objects.get().title, Story.objects.get().size) == ("Le zébulon du service", 1)


def test_who_was_erased_is_not_collected_again_elsewhere_they_are(cast: Cast, source: Source) -> None:
    bring(source, [said(1)])
    [author] = look_for(brand=cast.brand, words=AICHA.handle)
    erase(brand=cast.brand, by=cast.owner, author=author, with_named=False)
    bring(source, [said(1), said(2), said(3, LEO)], at=NOON + timedelta(hours=1))
    with scope(brand=cast.brand):
        assert [item.author.handle for item in Item.objects.select_related("author")] == ["leo.example"]
    build_topic(cast.other)
    with scope(brand=cast.other):
        draft = SourceDraft(network="feeds", kind="feed", target="https://gazette.example/rss")
        other = add_source(brand=cast.other, by=None, draft=draft)
    bring(other, [said(1)])
    assert agree(cast.other) == 1


def test_a_person_of_another_brand_is_not_there(cast: Cast, source: Source, client: Client) -> None:
    bring(source, [said(1)])
    [author] = look_for(brand=cast.brand, words=AICHA.handle)
    client.force_login(cast.stranger)
    page_of = reverse("desk:person", args=[cast.other.slug, author.pk])
    assert client.post(page_of).status_code == 404
    assert agree(cast.brand) == 1


def test_the_page_says_what_is_held(cast: Cast, source: Source, client: Client) -> None:
    bring(source, [said(1), said(2, LEO)])
    client.force_login(cast.colleague)
    answer = client.get(reverse("desk:privacy", args=[cast.brand.slug]))
    held = answer.context["held"]
    assert (held.items, held.authors, held.recipients) == (2, 2, 1)
    assert reverse("desk:person_search", args=[cast.brand.slug]) not in answer.content.decode()
