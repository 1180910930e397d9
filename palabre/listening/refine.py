"""A second look at the tone of what is stored, by the better and slower model where it is installed.

The least certain guesses first, the most seen first among them; what a person said is never touched. What
time is left goes to the mentions not read yet, newest first: their vectors serve likenesses and themes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from palabre.agency.models import Brand
from palabre.enrichment import Analysis, quality
from palabre.listening.lessons import Learnt
from palabre.listening.record import refresh
from palabre.stream import vectors
from palabre.stream.lock import hold
from palabre.stream.store import TONES

LOOKED = "quality"
"""What `model_version` of an item says once it had its second look."""
RECENT = timedelta(days=7)
"""Older guesses are left as they are: what a page said of last month stays said."""
READ_BACK = timedelta(days=90)
"""Nor are older mentions read for their meaning."""

_TEXT = "left(concat_ws(E'\\n', nullif(item.title, ''), item.text), 4000)"


def refine(*, brand: Brand, learnt: Learnt, now: datetime, most: int) -> int:
    """Read up to `most` items, the doubtful ones first; how many were read. In the brand's own scope.

    Raises ModuleNotFoundError without the extra `quality`.
    """
    keeps = vectors.prepare()
    found = _least_certain(brand, now, most)
    if found:
        texts = [text for _, text, _ in found]
        seen = quality.vectors(texts)
        analyses = quality.analyse(
            texts,
            languages=[language or None for _, _, language in found],
            adjustment=learnt.of(brand),
            seen=seen,
        )
        ids = [id_ for id_, _, _ in found]
        with transaction.atomic():
            _write(brand, list(zip(ids, analyses, strict=True)))
            if keeps:
                vectors.save(brand=brand, ids=ids, vectors=seen)
    further = _not_read(brand, now, most - len(found)) if keeps and len(found) < most else []
    if further:
        seen = quality.vectors([text for _, text in further])
        vectors.save(brand=brand, ids=[id_ for id_, _ in further], vectors=seen)
    return len(found) + len(further)


def _least_certain(brand: Brand, now: datetime, most: int) -> list[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT item.id, {_TEXT}, language
               FROM stream_item AS item
               WHERE brand_id = %s AND occurred_at >= %s AND tone_set_at IS NULL AND NOT is_ignored
                 AND NOT is_spam AND model_version <> %s
               ORDER BY (SELECT max(score) FROM unnest(tone_scores) AS score) NULLS FIRST,
                        reach DESC NULLS LAST, id DESC
               LIMIT %s""",  # noqa: S608  a constant of this file
            [brand.pk, now - RECENT, LOOKED, most],
        )
        return cursor.fetchall()


def _not_read(brand: Brand, now: datetime, most: int) -> list[tuple[int, str]]:
    """The newest mentions without a vector, among those that likenesses look at."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT item.id, {_TEXT} FROM (
                    SELECT item_id, occurred_at FROM listening_card WHERE brand_id = %s AND occurred_at >= %s
                    ORDER BY occurred_at DESC, item_id DESC LIMIT %s) AS card
                JOIN stream_item AS item ON item.id = card.item_id
                WHERE NOT item.is_ignored AND NOT item.is_spam AND NOT EXISTS (
                    SELECT FROM stream_vector AS known
                    WHERE known.brand_id = item.brand_id AND known.item_id = item.id)
                ORDER BY card.occurred_at DESC, item.id DESC LIMIT %s""",  # noqa: S608  as above
            [brand.pk, now - READ_BACK, vectors.COMPARED, most],
        )
        return cursor.fetchall()


def _write(brand: Brand, judged: Sequence[tuple[int, Analysis]]) -> None:
    hold(brand)
    with connection.cursor() as cursor:
        # A correction may have come while the model was reading: it wins.
        cursor.execute(
            """UPDATE stream_item AS item
               SET tone_guess = given.tone, model_version = %s,
                   tone_scores = ARRAY[given.negative, given.neutral, given.positive],
                   tone = CASE WHEN item.tone_set_at IS NULL THEN given.tone ELSE item.tone END
               FROM unnest(%s::bigint[], %s::smallint[], %s::float8[], %s::float8[], %s::float8[])
                    AS given (id, tone, negative, neutral, positive)
               WHERE item.id = given.id AND item.brand_id = %s""",
            [
                LOOKED,
                [id_ for id_, _ in judged],
                [TONES[analysis.sentiment] for _, analysis in judged],
                *(list(scores) for scores in zip(*(a.sentiment_scores for _, a in judged), strict=True)),
                brand.pk,
            ],
        )
    refresh(brand=brand, ids=[id_ for id_, _ in judged])
