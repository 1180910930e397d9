"""The mentions page of a brand with a million mentions: rows, totals and figures, for each filter."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from palabre.kit.memory import settle
from tests.bench.database import own_database
from tests.bench.report import Row

RUNS = 20
BAR = 150
"""Milliseconds, at the 95th percentile."""


def run() -> list[Row]:
    """Every filter in turn, warm, as the view asks for it."""
    with own_database():
        from django_scopes import scopes_disabled

        with scopes_disabled():
            from palabre.agency.models import Brand, Organisation
            from tests.bench import million

            organisation = Organisation.objects.create(name="Bench")
            brand = Brand.objects.create(organisation=organisation, name="Bench", slug="bench")
            million.build(brand)
            return measure(brand)


def measure(brand: Any) -> list[Row]:
    """One row a filter for the list with its totals and chart, one for all the figures above it, and one,
    without a bar, for the voices, places and words, which the page asks for when it is there.
    """
    from django.utils import timezone

    from palabre.insight.panels import aside, panels
    from palabre.listening.selectors import page

    rows = []
    for name, mentions in filters(brand).items():
        now = timezone.now()
        found = page(brand=brand, mentions=mentions, now=now)
        rows.append(
            _row(f"page: {name}", found.total, lambda: page(brand=brand, mentions=mentions, now=now))  # noqa: B023
        )
        tally = found.tally
        rows.append(
            _row(f"figures: {name}", found.total, lambda: panels(brand, mentions, tally, now=now))  # noqa: B023
        )
        rows.append(
            _row(f"beside: {name}", found.total, lambda: aside(brand, mentions, now=now), bar=None, runs=3)  # noqa: B023
        )
    return rows


def _row(work: str, total: int, ask: Callable[[], Any], *, bar: int | None = BAR, runs: int = RUNS) -> Row:
    settle()  # as the web process does
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
    return Row(
        work=work,
        figure=round(p95, 1),
        unit="ms p95",
        bar=f"< {bar} ms" if bar else "",
        met=p95 < bar if bar else None,
        note=f"p50 {statistics.median(took):.1f} ms, {total:,} mentions".replace(",", "\u202f"),
    )


def filters(brand: Any) -> dict[str, Any]:
    """One filter for each thing the page can ask, and the hard combinations."""
    from django.db.models import Count
    from django.utils import timezone

    from palabre.listening.filters import MentionFilter, Order, Read, Show
    from palabre.listening.models import Card, Topic
    from palabre.stream.models import Tag

    topics = list(Topic.objects.filter(brand=brand).order_by("name").values_list("pk", flat=True))
    tags = list(Tag.objects.filter(brand=brand).order_by("name").values_list("pk", flat=True))
    cards = Card.objects.filter(brand=brand)
    loud = cards.values("author").annotate(n=Count("item")).order_by("-n")[0]["author"]
    story = cards.values("story").annotate(n=Count("item")).order_by("-n")[0]["story"]
    today = timezone.now().date()
    quarter = {"days": 90}
    ours = Topic.objects.filter(brand=brand, about="ours").values_list("pk", flat=True)
    return {
        "as it opens": MentionFilter(topics=tuple(ours)),
        "30 days": MentionFilter(),
        "7 days": MentionFilter(days=7),
        "90 days": MentionFilter(**quarter),
        "all time": MentionFilter(days=None),
        "two dates": MentionFilter(
            days=None, since=today - timedelta(days=60), until=today - timedelta(days=45)
        ),
        "one day, by hours": MentionFilter(
            days=None, since=today - timedelta(days=1), until=today - timedelta(days=1)
        ),
        "the biggest topic": MentionFilter(topics=(topics[0],), **quarter),
        "the smallest topic": MentionFilter(topics=(topics[-1],), **quarter),
        "five topics": MentionFilter(topics=tuple(topics[:5]), **quarter),
        "a network": MentionFilter(networks=("bluesky",), **quarter),
        "a small network": MentionFilter(networks=("mailbox",), **quarter),
        "a language": MentionFilter(languages=("fr",), **quarter),
        "a rare language": MentionFilter(languages=("nl",), **quarter),
        "negative": MentionFilter(tones=(-1,), **quarter),
        "articles": MentionFilter(kinds=("article",), **quarter),
        "unread": MentionFilter(read=Read.UNREAD, **quarter),
        "read": MentionFilter(read=Read.READ, **quarter),
        "a tag": MentionFilter(tags=(tags[0],), **quarter),
        "reach from 100": MentionFilter(reach_min=100, **quarter),
        "reach from 100,000": MentionFilter(reach_min=100_000, **quarter),
        "reach under 1,000": MentionFilter(reach_max=1_000, **quarter),
        "spam only": MentionFilter(spam=Show.ONLY, **quarter),
        "toxic only": MentionFilter(toxic=Show.ONLY, **quarter),
        "ignored only": MentionFilter(ignored=Show.ONLY, **quarter),
        "the loudest author": MentionFilter(authors=(loud,), **quarter),
        "the biggest outlet": MentionFilter(outlet="site0.example", **quarter),
        "an outlet": MentionFilter(outlet="site7.example", **quarter),
        "the biggest story": MentionFilter(story=story, **quarter),
        "a common word": MentionFilter(q="monde", **quarter),
        "a rare word": MentionFilter(q="baleines", **quarter),
        "a very common word": MentionFilter(q="plus", **quarter),
        "a phrase": MentionFilter(q='"tout le monde"', **quarter),
        "a word, a topic, negative": MentionFilter(q="monde", topics=(topics[1],), tones=(-1,), **quarter),
        "furthest reach first": MentionFilter(order=Order.REACH, **quarter),
        "most negative first": MentionFilter(order=Order.NEGATIVE, **quarter),
        "negative, unread, a topic, a network": MentionFilter(
            tones=(-1,), read=Read.UNREAD, topics=(topics[0],), networks=("bluesky",), **quarter
        ),
        "a rare language, an unlikely network": MentionFilter(
            languages=("nl",), networks=("mailbox",), order=Order.REACH, **quarter
        ),
        "an author, negative": MentionFilter(authors=(loud,), tones=(-1,), **quarter),
    }
