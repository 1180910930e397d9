"""How long what was said is kept: the day it ends, what is past it, taking that away in batches.

Counts go with what they count: lists and figures say the same at all times.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from palabre.agency.models import Brand
from palabre.listening.record import remove
from palabre.stream.lock import hold
from palabre.stream.models import Item

BATCH = 2_000
"""Items a transaction removes: short enough that what comes in does not wait."""


@dataclass(frozen=True, kw_only=True)
class Going:
    """What a length of keeping would take away now."""

    items: int
    authors: int


def horizon(*, brand: Brand, now: datetime, months: int | None = None) -> datetime:
    """The beginning of the oldest day that is kept, in the brand's zone."""
    zone = ZoneInfo(brand.time_zone)
    today = now.astimezone(zone).date()
    index = today.year * 12 + today.month - 1 - (brand.keep_months if months is None else months)
    year, month = divmod(index, 12)
    day = min(today.day, monthrange(year, month + 1)[1])
    return datetime.combine(today.replace(year=year, month=month + 1, day=day), time(), zone)


def going(*, brand: Brand, before: datetime) -> Going:
    """How many items are older, and how many authors would have nothing left."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(sum(items), 0)::bigint,
                      count(*) FILTER (WHERE author_id IS NOT NULL AND NOT EXISTS (
                          SELECT FROM stream_item AS item WHERE item.author_id = old.author_id
                          AND item.brand_id = %(brand)s AND item.occurred_at >= %(before)s))
               FROM (SELECT author_id, count(*) AS items FROM stream_item
                     WHERE brand_id = %(brand)s AND occurred_at < %(before)s GROUP BY 1) AS old""",
            {"brand": brand.pk, "before": before},
        )
        items, authors = cursor.fetchone()
        return Going(items=items, authors=authors)


@transaction.atomic
def remove_before(*, brand: Brand, before: datetime, most: int = BATCH) -> int:
    """Remove at most `most` of the oldest items said before a moment; how many went. Call until 0."""
    hold(brand)
    rows = Item.objects.filter(brand=brand, occurred_at__lt=before).order_by("occurred_at")
    return remove(brand=brand, ids=list(rows.values_list("pk", flat=True)[:most]))


@transaction.atomic
def remove_authors(*, brand: Brand, most: int = BATCH) -> int:
    """Remove at most `most` authors of whom nothing is held; how many went. Call until 0."""
    hold(brand)
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM stream_author WHERE id IN (
                   SELECT author.id FROM stream_author AS author WHERE author.brand_id = %s
                   AND NOT EXISTS (SELECT FROM stream_item AS item
                                   WHERE item.author_id = author.id AND item.brand_id = author.brand_id)
                   LIMIT %s)""",
            [brand.pk, most],
        )
        return cursor.rowcount
