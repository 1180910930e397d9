"""A person knows better: the tone of an item as somebody said it is, kept as a lesson for the brand.

The guess stays beside it (`tone_guess`), a re-run of the models touches the guess alone. A rule may set a
tone too; it teaches nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from palabre.agency import audit
from palabre.agency.models import Brand, User
from palabre.listening.record import refresh
from palabre.listening.undo import Act, Undo
from palabre.stream.lock import hold
from palabre.stream.models import Sentiment


@transaction.atomic
def set_tone(
    *, brand: Brand, ids: Sequence[int], tone: int, by: User | None, at: datetime | None = None
) -> Undo:
    """Say what the tone of these items is; what an undo needs. `by` None is a rule.

    Raises ValueError for a tone that is none.
    """
    tone, at = Sentiment(tone).value, at or timezone.now()
    hold(brand)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE stream_item AS item SET tone = %s, tone_set_at = %s, tone_by_id = %s
               FROM (SELECT known.id, known.tone, known.tone_set_at, known.tone_by_id, lesson.tone AS lesson
                     FROM stream_item AS known
                     LEFT JOIN listening_lesson AS lesson ON lesson.item_id = known.id
                     WHERE known.id = ANY(%s) AND known.brand_id = %s
                       AND (known.tone_set_at IS NULL OR known.tone <> %s)) AS before
               WHERE item.id = before.id
               RETURNING item.id, before.tone, before.tone_set_at, before.tone_by_id, before.lesson""",
            [tone, at, by.pk if by else None, list(ids), brand.pk, tone],
        )
        rows = cursor.fetchall()
    undo = Undo.of(
        Act.TONE,
        ((id_, [old, set_at and set_at.isoformat(), who, lesson]) for id_, old, set_at, who, lesson in rows),
    )
    if by is not None:
        _teach(brand, undo.ids, tone, by, at)
        note(brand, by, "mention.correct", undo, after=tone)
    refresh(brand=brand, ids=undo.ids)
    return undo


def correct_tone(*, brand: Brand, item: int, tone: int, by: User) -> Undo:
    """One item, by hand."""
    return set_tone(brand=brand, ids=[item], tone=tone, by=by)


def restore_tone(brand: Brand, value: Any, ids: Sequence[int], by: User | None) -> None:
    """Put back what `set_tone` found; under the brand's lock, without the refresh."""
    tone, set_at, who, lesson = value
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE stream_item
               SET tone = CASE WHEN %(at)s::timestamptz IS NULL THEN tone_guess ELSE %(tone)s END,
                   tone_set_at = %(at)s,
                   tone_by_id = (SELECT id FROM agency_user WHERE id = %(who)s)
               WHERE id = ANY(%(ids)s) AND brand_id = %(brand)s""",
            {"tone": tone, "at": set_at, "who": who, "ids": list(ids), "brand": brand.pk},
        )
    if lesson is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM listening_lesson WHERE item_id = ANY(%s) AND brand_id = %s",
                [list(ids), brand.pk],
            )
    else:
        _teach(brand, ids, lesson, by, timezone.now())


def _teach(brand: Brand, ids: Sequence[int], tone: int, by: User | None, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO listening_lesson (brand_id, item_id, tone, by_id, at)
               SELECT brand_id, id, %s, %s, %s FROM stream_item WHERE id = ANY(%s) AND brand_id = %s
               ON CONFLICT (item_id) DO UPDATE
               SET tone = excluded.tone, by_id = excluded.by_id, at = excluded.at""",
            [tone, by.pk if by else None, at, list(ids), brand.pk],
        )


def note(brand: Brand, by: User | None, act: str, undo: Undo, *, after: Any) -> None:
    """One line of the audit log for an act on many items; none when nothing changed."""
    if not undo.count:
        return
    subject = f"#{undo.ids[0]}" if undo.count == 1 else f"{undo.count}"
    before = [[value, list(ids[:1000])] for value, ids in undo.groups[:100]]
    audit.record(brand=brand, by=by, act=act, subject=subject, before=before, after=after)
