"""Two connections write for the same brands at the same time: nothing twice, nothing lost, nobody stuck."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django_scopes import scope, scopes_disabled

from palabre.agency.models import Brand
from palabre.alerts.models import Event
from palabre.alerts.models import Rule as AlertRule
from palabre.intake.pipeline import Batch, take_in
from palabre.listening.checks import check_rollups
from palabre.listening.matching import Matcher
from palabre.listening.models import Mention, Source
from palabre.listening.sources import SourceDraft, add_source
from palabre.networks.contract import RemoteAuthor, RemoteItem
from palabre.stream.lock import STREAM_LOCK, hold, hold_all
from palabre.stream.models import Author, Item, Story
from palabre.stream.store import store_all
from palabre.stream.tests.builders import said
from tests.builders import NOON, build_cast, build_topic

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6
TALE = (
    "Le café Baobab a rouvert ses portes samedi après six mois de travaux, a annoncé sa directrice. "
    "Deux cents habitués attendaient devant la vitrine, et la file s’étirait jusqu’au port."
)


@pytest.fixture(autouse=True)
def unscoped() -> Iterator[None]:
    with scopes_disabled():
        yield


@pytest.fixture
def brands() -> tuple[Brand, Brand]:
    cast = build_cast()
    build_topic(cast.brand, query="baobab")
    build_topic(cast.other, query="baobab")
    return cast.brand, cast.other


def together(*works: Callable[[], None]) -> None:
    """Each in a thread and a connection of its own, begun at the same moment; their faults are ours."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        try:
            with scopes_disabled():
                start.wait(30)
                work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        for ended in [threads.submit(run, work) for work in works]:
            ended.result(timeout=90)


def test_the_same_items_authors_and_stories_at_once(brands: tuple[Brand, Brand]) -> None:
    ours, theirs = brands

    def write(first: Brand, second: Brand, backwards: bool) -> None:
        for turn in range(ROUNDS):
            batch = [
                said(f"{turn}-{n}", f"{TALE} ({n})", by=f"author{n % 3}", fingerprinted=True)
                for n in range(8)
            ]
            if backwards:
                batch.reverse()
            with transaction.atomic():
                hold_all([first, second])
                store_all({first: batch, second: batch[:4]})

    together(lambda: write(ours, theirs, False), lambda: write(theirs, ours, True))
    for brand in brands:
        items = Item.objects.filter(brand=brand)
        assert items.count() == ROUNDS * 8
        assert len(set(items.values_list("remote_id", flat=True))) == ROUNDS * 8
        assert Author.objects.filter(brand=brand).count() == 3
        sizes = {story.pk: story.size for story in Story.objects.filter(brand=brand)}
        assert sum(sizes.values()) == ROUNDS * 8
        assert {pk: items.filter(story=pk).count() for pk in sizes} == sizes


def test_brands_are_held_in_one_order_whatever_the_order_they_are_given_in(
    brands: tuple[Brand, Brand],
) -> None:
    first, second = sorted(brands, key=lambda brand: brand.pk)
    held, done = threading.Event(), threading.Event()

    def holds_the_first() -> None:
        with transaction.atomic():
            hold(first)
            held.set()
            done.wait(60)

    def wants_both() -> None:
        held.wait(60)
        with transaction.atomic():
            hold_all([second, first])
            store_all({second: [said("a")], first: [said("a")]})

    def looks() -> None:
        try:
            held.wait(60)
            until = time.monotonic() + 30
            while not waits():
                assert time.monotonic() < until, "nobody waits for the first brand"
                time.sleep(0.01)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [STREAM_LOCK, second.pk])
                assert cursor.fetchone() == (True,), "who waits for the first brand holds the second already"
        finally:
            done.set()

    together(holds_the_first, wants_both, looks)
    assert Item.objects.count() == 2


def waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone() != (0,)


def test_two_workers_bring_the_same_things_to_the_same_brands(brands: tuple[Brand, Brand]) -> None:
    sources: dict[str, list[Source]] = {}
    for place in ("gazette.example", "echo.example"):
        draft = SourceDraft(network="sandbox", kind="outlet", target=place)
        for brand in brands:
            with scope(brand=brand):
                sources.setdefault(place, []).append(add_source(brand=brand, by=None, draft=draft))
    for brand in brands:
        AlertRule.objects.create(brand=brand, name="Un", frequency="instant")
        AlertRule.objects.create(brand=brand, name="Deux", frequency="daily")

    def bring(place: str, backwards: bool) -> None:
        matcher = Matcher()
        for turn in range(ROUNDS):
            items = [
                RemoteItem(
                    remote_id=f"{turn}-{n}",
                    url=f"https://{place}/{n}",
                    text=f"{TALE} ({n})",
                    author=RemoteAuthor(remote_id=f"author{n % 3}", handle=f"author{n % 3}", followers=turn),
                    published_at=NOON - timedelta(minutes=n),
                )
                for n in range(8)
            ]
            standing = list(Source.objects.select_related("brand").filter(target=place).order_by("pk"))
            if backwards:
                items.reverse()
                standing.reverse()
            take_in(
                Batch(network="sandbox", sources=standing, items=items, cursor={"n": turn}, wait=1, at=NOON),
                matcher,
            )

    together(lambda: bring("gazette.example", False), lambda: bring("echo.example", True))
    for brand in brands:
        with scope(brand=brand):
            assert Item.objects.count() == Mention.objects.count() == Event.objects.count() == ROUNDS * 8
            assert check_rollups(brand=brand) == []
            assert {source.cursor["n"] for source in Source.objects.all() if source.cursor} == {ROUNDS - 1}
