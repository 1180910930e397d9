"""What the pages of listening read: a page of mentions, the list of topics.

Pages are cut by key, not by number: `after` names the last row seen, so a page never skips or repeats
a row while new ones arrive above it.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.listening.counts import SUMS, Tally, bars_of, by_counts, cards, gathered, step_of, tally_of
from palabre.listening.filters import MentionFilter, Order
from palabre.listening.models import Mention, Topic
from palabre.listening.narrow import Narrow, adding_up, midnight, narrow
from palabre.stream.models import Item, Tag

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class MentionRow:
    """An item of the page, its author and story loaded, the topics it matched, its tags."""

    item: Item
    topics: tuple[Topic, ...]
    tags: tuple[Tag, ...]

    @property
    def story_size(self) -> int:
        """How many items tell the same story, itself included."""
        return self.item.story.size if self.item.story else 1


@dataclass(frozen=True, kw_only=True)
class MentionPage:
    """A page of mentions, what is after it (None: nothing), and the sums of the whole filter."""

    rows: tuple[MentionRow, ...]
    next: str | None
    tally: Tally

    @property
    def total(self) -> int:
        """How many items the filter means, on all its pages."""
        return self.tally.total


def page(
    *, brand: Brand, mentions: MentionFilter, after: str = "", now: datetime | None = None, size: int = PAGE
) -> MentionPage:
    """One page of a filter, `after` the key that the page before gave; any other is the beginning."""
    narrowed = narrow(brand=brand, mentions=mentions, now=now or timezone.now())
    is_counted = by_counts(narrowed, step_of(narrowed))
    if narrowed.is_empty or is_counted or mentions.order is Order.NEWEST:
        summed = tally_of(narrowed)
        keys = _keys(narrowed, after, size + 1, summed) if summed.total else []
    else:
        summed, keys = _read_once(narrowed, after, size + 1)
    ids = [id_ for id_, _ in keys[:size]]
    following = f"{keys[size - 1][1]}~{keys[size - 1][0]}" if len(keys) > size else None
    return MentionPage(rows=rows_of(brand=brand, ids=ids), next=following, tally=summed)


def rows_of(*, brand: Brand, ids: Sequence[int]) -> tuple[MentionRow, ...]:
    """The rows of these items, in the order given; those that are gone are left out."""
    items = Item.objects.filter(brand=brand).select_related("author", "story").defer("search").in_bulk(ids)
    found: dict[int, list[Topic]] = defaultdict(list)
    live = Mention.objects.filter(brand=brand, item_id__in=ids, topic__deleted_at=None)
    for mention in live.select_related("topic").order_by("topic__about", "topic__name"):
        found[mention.item_id].append(mention.topic)
    tags = Tag.objects.filter(brand=brand).in_bulk({tag for item in items.values() for tag in item.tags})
    return tuple(
        MentionRow(
            item=items[id_],
            topics=tuple(found[id_]),
            tags=tuple(tags[tag] for tag in items[id_].tags if tag in tags),
        )
        for id_ in ids
        if id_ in items
    )


def ids_of(*, brand: Brand, mentions: MentionFilter, now: datetime | None = None) -> list[int]:
    """Every item a filter means, newest first: for bulk acts and exports."""
    narrowed = narrow(brand=brand, mentions=mentions, now=now or timezone.now())
    if narrowed.is_empty:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT card.item_id FROM listening_card AS card WHERE {narrowed.rows()} "
            "ORDER BY card.occurred_at DESC, card.item_id DESC",
            narrowed.params,
        )
        return [row[0] for row in cursor.fetchall()]


# order -> (column of the card, its type, where those without value go)
_ORDERS = {
    Order.NEWEST: ("occurred_at", "timestamptz", ""),
    Order.REACH: ("reach", "bigint", " NULLS LAST"),
    Order.NEGATIVE: ("negativity", "float8", ""),
}
Key = tuple[int, str]
"""An item, with the value it is ordered by as it is written in `after`."""


FEW = 5_000
"""A filter that means fewer items has them all fetched, then put in order: on the way through the whole
period in order, too many others would be passed by."""


def _keys(narrowed: Narrow, after: str, size: int, summed: Tally) -> list[Key]:
    """The filter's items in its order; `summed` are its sums."""
    column, _, nulls = _ORDERS[narrowed.filter.order]
    further, given = _further(narrowed, after)
    least = _least(narrowed, after, size, summed)
    bound = "AND card.occurred_at >= %(least)s" if least else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH card AS {"MATERIALIZED" if summed.total < FEW else "NOT MATERIALIZED"} (
                    SELECT card.item_id, card.{column} AS placed FROM listening_card AS card
                    WHERE {narrowed.rows()} {bound}
                )
                SELECT item_id, placed FROM card WHERE {further}
                ORDER BY placed DESC{nulls}, item_id DESC LIMIT %(size)s""",
            {**given, "size": size, "least": least},
        )
        return [(id_, _write_key(value)) for id_, value in cursor.fetchall()]


def _least(narrowed: Narrow, after: str, size: int, summed: Tally) -> datetime | None:
    """No newer than the last of the `size` newest items after the key, as the bars tell; None: not known.

    A rare word is not looked for in what is older. Twice as many are asked for, lest some be taken away
    between the sums and the keys. The bar of the key itself is passed by: who knows what is left of it.
    """
    if narrowed.filter.order is not Order.NEWEST:
        return None
    key = _read_key(after, Order.NEWEST)
    left, is_further = 2 * size, key is None
    for bar in reversed(summed.bars):
        begins = bar.at if isinstance(bar.at, datetime) else midnight(bar.at, narrowed.zone)
        if is_further:
            left -= bar.total
        elif key and begins <= key[0]:  # type: ignore[operator]
            is_further = True
        if left <= 0:
            return begins
    return None


def _read_once(narrowed: Narrow, after: str, size: int) -> tuple[Tally, list[Key]]:
    """The sums and the keys of a filter that only the cards can answer, which are read once for both."""
    column, kind, nulls = _ORDERS[narrowed.filter.order]
    further, given = _further(narrowed, after)
    bars = bars_of(narrowed, step_of(narrowed))
    order = f"placed DESC{nulls}, item_id DESC"
    with adding_up(counts=False) as cursor:
        cursor.execute(
            f"""WITH cell AS MATERIALIZED (
                    SELECT card.item_id, card.{column} AS placed, {cards(bars)}
                    FROM listening_card AS card WHERE {narrowed.rows()}
                ), summed AS ({SUMS}), keyed AS (
                    SELECT item_id, placed FROM cell WHERE {further} ORDER BY {order} LIMIT %(size)s
                )
                SELECT NULL, NULL::bigint, NULL::{kind}, summed.* FROM summed
                UNION ALL
                SELECT row_number() OVER (ORDER BY {order}), keyed.*, NULL, NULL, NULL, NULL, NULL, NULL
                FROM keyed""",
            {**given, "size": size, "edges": list(bars.edges)},
        )
        rows = cursor.fetchall()
    keys = sorted(row[:3] for row in rows if row[0] is not None)
    return (
        gathered((row[3:] for row in rows if row[0] is None), bars),
        [(id_, _write_key(value)) for _, id_, value in keys],
    )


def _further(narrowed: Narrow, after: str) -> tuple[str, dict[str, Any]]:
    """The condition on what comes after a key, with the filter's parameters and its own."""
    key = _read_key(after, narrowed.filter.order)
    if key is None:
        return "true", narrowed.params
    following = f"(placed, item_id) < (%(after)s::{_ORDERS[narrowed.filter.order][1]}, %(after_id)s)"
    if narrowed.filter.order is Order.REACH:
        following = f"({following} OR placed IS NULL)"
        if key[0] is None:
            following = "placed IS NULL AND item_id < %(after_id)s"
    return following, {**narrowed.params, "after": key[0], "after_id": key[1]}


def _write_key(value: datetime | float | None) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else repr(value)


def _read_key(after: str, order: Order) -> tuple[datetime | float | int | None, int] | None:
    """A key as `_write_key` wrote it; None for anything else."""
    value, _, id_ = after.partition("~")
    try:
        if not 0 < int(id_) < 2**63:
            return None
        if order is Order.NEWEST:
            at = datetime.fromisoformat(value)
            return (at, int(id_)) if at.tzinfo else None
        if order is Order.REACH:
            reach = int(value) if value else None
            return (reach, int(id_)) if reach is None or 0 <= reach < 2**63 else None
        return float(value), int(id_)
    except ValueError:
        return None


def topic_choices(brand: Brand) -> list[tuple[int, str]]:
    """Ids and names of the brand's topics, ours first, for forms."""
    live = Topic.objects.filter(brand=brand, deleted_at=None)
    return [(topic.pk, topic.name) for topic in live]


@dataclass(frozen=True, kw_only=True)
class TopicRow:
    """A topic of the list, with what it brought in thirty days, and in the thirty before."""

    topic: Topic
    recent: int
    before: int


def topic_rows(brand: Brand, *, now: datetime | None = None) -> list[TopicRow]:
    """Every topic that is not put away, in the order of the list."""
    today = (now or timezone.now()).date()
    recent = _by_topic(brand, today - timedelta(days=29), today)
    before = _by_topic(brand, today - timedelta(days=59), today - timedelta(days=30))
    return [
        TopicRow(topic=topic, recent=recent.get(topic.pk, 0), before=before.get(topic.pk, 0))
        for topic in Topic.objects.filter(brand=brand, deleted_at=None)
    ]


def _by_topic(brand: Brand, first: date, last: date) -> Mapping[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT topic, sum(count.items) FROM listening_dailycount AS count
               JOIN listening_facet AS facet ON facet.id = count.facet_id AND NOT facet.is_ignored
                AND NOT facet.is_spam
               JOIN listening_blend AS blend ON blend.id = count.blend_id, unnest(blend.topics) AS topic
               WHERE blend.brand_id = %s AND count.day BETWEEN %s AND %s GROUP BY 1""",
            [brand.pk, first, last],
        )
        return {topic: int(items) for topic, items in cursor.fetchall()}
