"""The whole way in, from the bytes of a stream to committed rows, against matching the same posts alone.

Ten thousand topics of fifty brands that all look at one stream; about one post in a hundred matches.
The rates are posts a second of this process's processor time; PostgreSQL works in processes of its own,
and the note says how long they were waited for. Posts are new to the index, whichever way they take.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.database import own_database
from tests.bench.report import Row
from tests.shared import SHARED

TOPICS, BRANDS = 10_000, 50
SEEN = 20_000
"""Posts the index has seen before anything is measured."""
BATCH, ROUNDS = 2_000, 10
"""Posts of a page when a stream is read that is behind (`networks.batches`): when the rate matters."""
BAR = 0.5
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Seconds of processor and of the clock that a batch took, and what it left."""

    processor: float
    clock: float
    mentions: int = 0


def run() -> list[Row]:
    """The rate with declared languages, as the stream has them, and without; none without the generator."""
    generator = SHARED / "tools" / "gen_workload.py"
    if not generator.exists():
        return []
    queries, posts = _load(generator)
    with own_database():
        from django_scopes import scopes_disabled

        with scopes_disabled():
            return _measure(queries, posts)


def _load(generator: Path) -> tuple[list[str], list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory(prefix="palabre-bench-") as folder:
        asked = {"queries": TOPICS, "posts": SEEN + 4 * ROUNDS * BATCH, "profile": "firehose", "out": folder}
        options = [word for name, value in asked.items() for word in (f"--{name}", str(value))]
        subprocess.run([sys.executable, str(generator), *options], check=True)
        queries = [json.loads(line)["q"] for line in (Path(folder) / f"queries_{TOPICS}.jsonl").open()]
        posts = [json.loads(line) for line in (Path(folder) / f"posts_{TOPICS}_firehose.jsonl").open()]
    return queries, posts


def _measure(queries: Sequence[str], posts: Sequence[dict[str, Any]]) -> list[Row]:
    from palabre.listening.matching import Matcher

    _settle(queries)
    matcher = Matcher()
    matcher.refresh(at_once=True)
    _alone(matcher, posts[:SEEN])
    fresh = iter([posts[i : i + BATCH] for i in range(SEEN, len(posts), BATCH)])
    return [
        _row("languages declared", matcher, fresh, declared=True),
        _row("languages unknown", matcher, fresh, declared=False),
    ]


def _settle(queries: Sequence[str]) -> None:
    """The brands, each with its share of the topics and its own source on the common stream.

    In the order of their first word: the topics about one name are one brand's, as they are in life.
    """
    from palabre.agency.models import Brand, Organisation
    from palabre.listening.models import Topic
    from palabre.listening.sources import SourceDraft, add_source

    organisation = Organisation.objects.create(name="Bench")
    brands = [
        Brand.objects.create(organisation=organisation, name=f"B{n}", slug=f"b{n}") for n in range(BRANDS)
    ]
    for brand in brands:
        add_source(brand=brand, by=None, draft=SourceDraft(network="bluesky", kind="jetstream"))
    ordered = sorted(queries, key=lambda query: query.lstrip('("#@').casefold())
    Topic.objects.bulk_create(
        Topic(brand=brands[n * BRANDS // len(ordered)], name=f"T{n}", query=query, revision=n + 1)
        for n, query in enumerate(ordered)
    )


def _row(name: str, matcher: Any, batches: Iterator[Sequence[dict[str, Any]]], *, declared: bool) -> Row:
    """Batches go one way and the other in turn, so that a slow minute of the machine slows both."""
    whole, alone = [], []
    _whole(matcher, next(batches), declared=declared)
    _alone(matcher, next(batches), declared=declared)
    for _ in range(ROUNDS - 1):
        whole.append(_whole(matcher, next(batches), declared=declared))
        alone.append(_alone(matcher, next(batches), declared=declared))
    rate, match_rate = (BATCH / median(spent.processor for spent in way) for way in (whole, alone))
    clock, processor = sum(s.clock for s in whole), sum(s.processor for s in whole)
    mentions = sum(spent.mentions for spent in whole) / len(whole)
    return Row(
        work=f"the whole way in, {TOPICS:,} topics, firehose, {name}",
        figure=rate,
        unit="posts/s",
        alternative="match alone",
        alternative_figure=match_rate,
        ratio=rate / match_rate,
        bar=f"≥ {BAR} ×",
        met=rate >= BAR * match_rate,
        note=f"pages of {BATCH:,} as of a stream that is behind, {mentions:.0f} mentions each, "
        f"{BRANDS} brands; "
        f"{len(whole) * BATCH / clock:,.0f} posts/s by the clock, of which "
        f"{100 * (1 - processor / clock):.0f} % is waited for the database and the machine",
    )


def _alone(matcher: Any, posts: Sequence[dict[str, Any]], *, declared: bool = True) -> Spent:
    from palabre.query import Document

    documents = [
        Document(id=str(post["id"]), text=post["text"], lang=post["lang"] if declared else "")
        for post in posts
    ]
    clock, processor = time.perf_counter(), time.process_time()
    matcher._index.match_many(documents)
    return Spent(processor=time.process_time() - processor, clock=time.perf_counter() - clock)


def _whole(matcher: Any, posts: Sequence[dict[str, Any]], *, declared: bool) -> Spent:
    from palabre.intake.pipeline import Batch, take_in
    from palabre.listening.models import Source
    from palabre.networks.bluesky.lines import Jetstream
    from palabre.networks.contract import Watch
    from palabre.networks.registry import connector
    from palabre.networks.sightings import sight_all

    messages = [_message(post, declared=declared) for post in posts]
    sources = list(Source.objects.select_related("brand"))
    watch, bluesky = Watch(kind="jetstream", target=""), connector("bluesky")
    clock, processor = time.perf_counter(), time.process_time()
    line = Jetstream(watch, None)
    said = sight_all(bluesky, tuple(line.read(messages)), watch)  # type: ignore[arg-type]
    batch = Batch(network="bluesky", sources=sources, items=said, cursor=line.cursor(), wait=0.0, at=AT)
    passage = take_in(batch, matcher)
    spent = Spent(
        processor=time.process_time() - processor,
        clock=time.perf_counter() - clock,
        mentions=passage.new_mentions,
    )
    assert len(said) == len(posts)
    return spent


def _message(post: dict[str, Any], *, declared: bool) -> bytes:
    """A post as Jetstream sends it."""
    at = datetime.fromtimestamp(post["ts"], UTC)
    record = {"$type": "app.bsky.feed.post", "text": post["text"], "createdAt": at.isoformat()}
    if declared:
        record["langs"] = [post["lang"]]
    place = {"rev": "r", "operation": "create", "collection": "app.bsky.feed.post"}
    commit = {**place, "rkey": f"3l{post['id']:011d}", "record": record, "cid": "bafyreib"}
    event = {"did": f"did:plc:{post['author']:0>24}", "time_us": post["ts"] * 1_000_000, "kind": "commit"}
    return json.dumps({**event, "commit": commit}, ensure_ascii=False).encode()
