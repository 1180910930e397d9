"""The counts against the truth: run every night, and by the tests after every act."""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from dataclasses import dataclass
from typing import Any

from django.db import connection

from palabre.agency.models import Brand
from palabre.listening.bands import BANDS, REACH_STEPS


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A row that does not say what the items say; `counted` and `true` are numbers of items."""

    where: str
    blend: int
    facet: int
    when: str
    counted: int
    true: int


_TRUTH = """
    truth AS (
        SELECT blend.id AS blend_id, facet.id AS facet_id, item.occurred_at,
               coalesce(item.reach, 0) AS reach,
               item.reach IS NOT NULL AS is_known, blend.is_live
        FROM stream_item AS item
        JOIN (SELECT item_id, array_agg(topic_id ORDER BY topic_id) AS topics FROM listening_mention
              WHERE brand_id = %(brand)s GROUP BY item_id) AS matched ON matched.item_id = item.id
        LEFT JOIN listening_blend AS blend ON blend.brand_id = %(brand)s AND blend.topics = matched.topics
        LEFT JOIN listening_facet AS facet ON facet.brand_id = %(brand)s AND facet.network = item.network
          AND facet.kind = item.kind AND facet.language = item.language AND facet.tone = item.tone
          AND facet.is_toxic = item.is_toxic AND facet.is_spam = item.is_spam AND facet.is_read = item.is_read
          AND facet.is_ignored = item.is_ignored
    ), shares AS (
        SELECT blend_id, facet_id, occurred_at, reach, is_known FROM truth
        UNION ALL
        SELECT "any".id, facet_id, occurred_at, reach, is_known FROM truth
        JOIN listening_blend AS "any" ON "any".brand_id = %(brand)s AND "any".topics = '{{}}'
        WHERE truth.is_live
    )"""

_COMPARE = f"""
    WITH {_TRUTH}, now AS (
        SELECT blend_id, facet_id, {{moment}} AS at, count(*) AS items, sum(reach) AS reach
        FROM shares GROUP BY 1, 2, 3
    ), counted AS (
        SELECT blend_id, facet_id, {{when}} AS at, items, reach FROM {{table}}
        WHERE brand_id = %(brand)s AND (items <> 0 OR reach <> 0)
    )
    SELECT '{{table}}', coalesce(blend_id, 0), coalesce(facet_id, 0), at::text,
           coalesce(counted.items, 0), coalesce(now.items, 0)
    FROM now FULL JOIN counted USING (blend_id, facet_id, at)
    WHERE counted.items IS DISTINCT FROM now.items OR counted.reach IS DISTINCT FROM now.reach
    LIMIT 100"""

_BY_REACH = f"""
    WITH {_TRUTH}, now AS (
        SELECT blend_id, facet_id, {{moment}} AS at,
               width_bucket(reach, %(steps)s::bigint[]) + 1 AS band, count(*) AS items, sum(reach) AS reach
        FROM shares WHERE is_known GROUP BY 1, 2, 3, 4
    ), counted AS (
        SELECT blend_id, facet_id, {{when}} AS at, step.band, step.items, coalesce(step.reach, 0) AS reach
        FROM {{table}}, LATERAL (
            VALUES {", ".join(f"({band}, items_{band}, reach_{band})" for band in BANDS)}
        ) AS step (band, items, reach)
        WHERE brand_id = %(brand)s AND (step.items IS NOT NULL OR step.reach IS NOT NULL)
    )
    SELECT '{{table}} by reach', coalesce(blend_id, 0), coalesce(facet_id, 0), at::text,
           coalesce(counted.items, 0), coalesce(now.items, 0)
    FROM now FULL JOIN counted USING (blend_id, facet_id, at, band)
    WHERE counted.items IS DISTINCT FROM now.items OR counted.reach IS DISTINCT FROM now.reach
    LIMIT 100"""

_CARDS = f"""
    WITH {_TRUTH.format()}, now AS (SELECT blend_id, facet_id, occurred_at, count(*) AS items FROM truth
                                    GROUP BY 1, 2, 3),
    counted AS (SELECT blend_id, facet_id, occurred_at, count(*) AS items FROM listening_card
                WHERE brand_id = %(brand)s GROUP BY 1, 2, 3)
    SELECT 'listening_card', coalesce(blend_id, 0), coalesce(facet_id, 0), occurred_at::text,
           coalesce(counted.items, 0), coalesce(now.items, 0)
    FROM now FULL JOIN counted USING (blend_id, facet_id, occurred_at)
    WHERE counted.items IS DISTINCT FROM now.items
    LIMIT 100"""


def check_rollups(*, brand: Brand) -> list[Drift]:
    """Where cards and counts differ from items and mentions, at most 100 rows a table; none when all is well.

    Reads every item of the brand: for the night.
    """
    given: dict[str, Any] = {"brand": brand.pk, "steps": list(REACH_STEPS), "zone": brand.time_zone}
    day = "(occurred_at AT TIME ZONE %(zone)s)::date"
    hour = "date_trunc('hour', occurred_at, %(zone)s)"
    statements = [
        _COMPARE.format(table="listening_hourlycount", when="hour", moment=hour),
        *(
            statement.format(table=table, when=when, moment=moment)
            for table, when, moment in (
                ("listening_dailycount", "day", day),
                ("listening_monthlycount", "month", f"date_trunc('month', {day})::date"),
            )
            for statement in (_COMPARE, _BY_REACH)
        ),
        _CARDS,
    ]
    drifts = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, given)
            drifts += [
                Drift(where=w, blend=b, facet=f, when=at, counted=c, true=t)
                for w, b, f, at, c, t in cursor.fetchall()
            ]
    return drifts
