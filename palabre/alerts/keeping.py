"""How long alerts remember: what was told goes when what it was about goes."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from palabre.agency.models import Brand

_CLEAR = (
    "DELETE FROM alerts_waiting WHERE event_id = ANY(%(ids)s)",
    "DELETE FROM alerts_digest_events WHERE event_id = ANY(%(ids)s)",
    "DELETE FROM alerts_event WHERE id = ANY(%(ids)s)",
)


def _remove(ids: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        for statement in _CLEAR:
            cursor.execute(statement, {"ids": list(ids)})
    return len(ids)


@transaction.atomic
def forget_items(*, brand: Brand, items: Sequence[int]) -> int:
    """Remove the events about these items; how many went. Messages that have left have left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM alerts_event WHERE brand_id = %s AND item = ANY(%s)", [brand.pk, list(items)]
        )
        return _remove([row[0] for row in cursor.fetchall()])


@transaction.atomic
def forget_naming(*, brand: Brand, words: Sequence[str]) -> int:
    """Remove the events that name somebody, in whatever part; how many went."""
    patterns = [f"%{_literal(word)}%" for word in words]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM alerts_event WHERE brand_id = %s
               AND concat_ws(' ', title, excerpt, url, details) ILIKE ANY(%s)""",
            [brand.pk, patterns],
        )
        return _remove([row[0] for row in cursor.fetchall()])


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@transaction.atomic
def forget_before(*, brand: Brand, before: datetime, most: int) -> int:
    """Remove at most `most` events of before a moment, and the sendings of then; how many events went."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH old AS (
                   SELECT id FROM alerts_digest WHERE brand_id = %(brand)s AND created_at < %(before)s),
               told AS (DELETE FROM alerts_digest_events WHERE digest_id IN (SELECT id FROM old))
               DELETE FROM alerts_digest WHERE id IN (SELECT id FROM old)""",
            {"brand": brand.pk, "before": before},
        )
        cursor.execute(
            "SELECT id FROM alerts_event WHERE brand_id = %s AND at < %s ORDER BY at LIMIT %s",
            [brand.pk, before, most],
        )
        return _remove([row[0] for row in cursor.fetchall()])
