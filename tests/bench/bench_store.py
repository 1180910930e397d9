"""Storing what people said, against Django's own bulk insert of the same rows into the same tables."""

# ruff: noqa: B023 -- each piece of work is timed before the loop goes on.

import gc
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from tests.bench.database import own_database
from tests.bench.report import Row

BATCH = 5_000
ROUNDS = 6
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def run() -> list[Row]:
    """Rows a second, each way in turn, every time into a brand of its own."""
    with own_database():
        from django_scopes import scopes_disabled

        with scopes_disabled():
            return _measure()


def _measure() -> list[Row]:
    from palabre.agency.models import Brand, Organisation
    from palabre.listening.models import Topic
    from palabre.listening.record import add, refresh
    from palabre.stream.store import store

    organisation = Organisation.objects.create(name="Bench")
    figures: dict[str, list[float]] = {
        name: [] for name in ("bulk", "store", "stories", "mentions", "counts")
    }
    for turn in range(ROUNDS):
        brand = Brand.objects.create(organisation=organisation, name=f"B{turn}", slug=f"b{turn}")
        topics = [Topic.objects.create(brand=brand, name=f"T{i}", query="x") for i in range(10)]
        dice = random.Random(turn)
        figures["bulk"].append(_timed(lambda: bulk_create(brand, incoming(dice, f"bulk{turn}"))))
        figures["store"].append(_timed(lambda: store(brand=brand, items=incoming(dice, f"store{turn}"))))
        told = incoming(dice, f"told{turn}", fingerprinted=True)
        figures["stories"].append(_timed(lambda: store(brand=brand, items=told)))
        ids = [stored.id for stored in store(brand=brand, items=told)]
        matches = [(id_, topic.pk) for id_ in ids for topic in dice.sample(topics, dice.choice([1, 1, 1, 2]))]
        figures["mentions"].append(_timed(lambda: add(brand=brand, matches=matches)))
        figures["counts"].append(_timed(lambda: refresh(brand=brand, ids=ids)))
    rates = {name: median(seconds[1:]) for name, seconds in figures.items()}
    return _rows(rates)


def _rows(seconds: dict[str, float]) -> list[Row]:
    bulk, stored = BATCH / seconds["bulk"], BATCH / seconds["store"]
    before = seconds["stories"] + seconds["mentions"]
    extra = seconds["counts"] / before
    return [
        Row(
            work="store items, their authors and full text",
            figure=round(stored),
            unit="rows/s",
            alternative="bulk_create(ignore_conflicts=True), same rows and indexes",
            alternative_figure=round(bulk),
            ratio=round(stored / bulk, 2),
            bar="≥ 3 ×",
            met=stored >= 3 * bulk,
        ),
        Row(
            work="store items, near-duplicates joined into stories",
            figure=round(BATCH / seconds["stories"]),
            unit="rows/s",
        ),
        Row(
            work="hourly and daily counts, in the same transaction",
            figure=round(extra * 100),
            unit="% more time",
            alternative="items, stories and mentions without them",
            alternative_figure=round(BATCH / before),
            bar="≤ 50 %",
            met=extra <= 0.5,
            note=f"{BATCH / (before + seconds['counts']):.0f} items/s with them",
        ),
    ]


def _timed(work: Callable[[], Any]) -> float:
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    gc.enable()
    return took


def incoming(dice: random.Random, name: str, *, fingerprinted: bool = False) -> list[Any]:
    """A batch as the way in hands it over; analysed and fingerprinted beforehand."""
    from palabre.enrichment.analysis import Analysis
    from palabre.enrichment.neardup import Fingerprint, fingerprint
    from palabre.networks.contract import RemoteAuthor, RemoteItem
    from palabre.stream.incoming import Incoming
    from tests.bench.words import sentence

    batch = []
    for i in range(BATCH):
        text = sentence(dice)
        author = f"author{int(20_000 * dice.random() ** 3)}"
        scores = (0.2, 0.5, 0.3)
        item = RemoteItem(
            remote_id=f"at://{name}/{i:08d}",
            url=f"https://bsky.example/profile/{author}/post/{i}",
            text=text,
            author=RemoteAuthor(
                remote_id=author, handle=author, name=author.title(), followers=dice.randrange(10**5)
            ),
            published_at=AT - timedelta(seconds=dice.randrange(7200)),
            likes=dice.randrange(50),
        )
        analysis = Analysis(
            dice.choice(["fr", "fr", "en"]),
            0.9,
            dice.choice(["negative", "neutral", "positive"]),
            scores,
            False,
            0.1,
            False,
            0.1,
        )
        found = fingerprint(text) if fingerprinted else Fingerprint()
        batch.append(
            Incoming(network="bluesky", item=item, analysis=analysis, fingerprint=found, collected_at=AT)
        )
    return batch


def bulk_create(brand: Any, batch: Sequence[Any]) -> None:
    """What one would write with Django alone: authors, then items with the same full text."""
    from django.contrib.postgres.search import SearchVectorField
    from django.db import transaction
    from django.db.models import Func, Value

    from palabre.kit.text import fold
    from palabre.stream.models import Author, Item
    from palabre.stream.store import SEARCH

    class Search(Func):
        """The store's own expression, for a folded text without a title."""

        output_field = SearchVectorField()

        def as_sql(self, compiler: Any, connection: Any, **_: Any) -> Any:
            folded, values = compiler.compile(self.source_expressions[0])
            sql = SEARCH.replace("i.folded_title", "''").replace("i.folded", folded)
            return sql, (*values, *values)

    with transaction.atomic():
        people = {given.item.author.remote_id: given.item.author for given in batch}
        Author.objects.bulk_create(
            [
                Author(
                    brand=brand,
                    network="bluesky",
                    remote_id=a.remote_id,
                    handle=a.handle,
                    name=a.name,
                    followers=a.followers,
                    first_seen_at=AT,
                    last_seen_at=AT,
                )
                for a in people.values()
            ],
            ignore_conflicts=True,
        )
        ids = dict(
            Author.objects.filter(brand=brand, network="bluesky", remote_id__in=list(people)).values_list(
                "remote_id", "pk"
            )
        )
        Item.objects.bulk_create(
            [
                Item(
                    brand=brand,
                    network=given.network,
                    remote_id=given.item.remote_id,
                    kind="post",
                    url=given.item.url,
                    title=given.item.title,
                    text=given.item.text,
                    language=given.analysis.language,
                    author_id=ids[given.item.author.remote_id],
                    published_at=given.item.published_at,
                    collected_at=given.collected_at,
                    occurred_at=given.item.published_at,
                    reach=given.item.author.followers,
                    likes=given.item.likes,
                    tone_scores=list(given.analysis.sentiment_scores),
                    toxicity=0.1,
                    spam=0.1,
                    search=Search(Value(fold(given.item.text))),
                )
                for given in batch
            ],
            ignore_conflicts=True,
        )
