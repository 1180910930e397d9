"""A second look at the tone of what is stored, by the better and slower model where it is installed.

The least certain guesses first, the most seen first among them; what a person said is never touched.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from palabre.agency.models import Brand
from palabre.enrichment import Analysis, quality
from palabre.listening.lessons import Learnt
from palabre.listening.record import refresh
from palabre.stream.lock import hold
from palabre.stream.store import TONES

LOOKED = "quality"
"""What `model_version` of an item says once it had its second look."""
RECENT = timedelta(days=7)
"""What is older is read no more."""


def refine(*, brand: Brand, learnt: Learnt, now: datetime, most: int) -> int:
    """Look again at up to `most` items; how many got their second look. In the brand's own scope.

    Raises ModuleNotFoundError without the extra `quality`.
    """
    found = _least_certain(brand, now, most)
    if not found:
        return 0
    analyses = quality.analyse(
        [text for _, text, _ in found],
        languages=[language or None for _, _, language in found],
        adjustment=learnt.of(brand),
    )
    _write(brand, [(id_, analysis) for (id_, _, _), analysis in zip(found, analyses, strict=True)])
    return len(found)


def _least_certain(brand: Brand, now: datetime, most: int) -> list[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, left(concat_ws(E'\\n', nullif(title, ''), text), 4000), language
               FROM stream_item
               WHERE brand_id = %s AND occurred_at >= %s AND tone_set_at IS NULL AND NOT is_ignored
                 AND NOT is_spam AND model_version <> %s
               ORDER BY (SELECT max(score) FROM unnest(tone_scores) AS score) NULLS FIRST,
                        reach DESC NULLS LAST, id DESC
               LIMIT %s""",
            [brand.pk, now - RECENT, LOOKED, most],
        )
        return cursor.fetchall()


@transaction.atomic
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
