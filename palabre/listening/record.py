"""Mentions and their counts: what a match leaves behind, in the transaction of the match.

On the path: intake's `file` → here → alerts. One rule keeps every page and chart in agreement: change
items or mentions, then `refresh` their ids. It remakes their cards and moves their units between the
counts by the difference. All of it under the brands' locks, in two statements for any number of items and
brands: every row says whose it is, and what is looked up for it is looked up among its brand's.
"""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from palabre.agency.models import Brand
from palabre.alerts.keeping import forget_items
from palabre.listening.bands import BANDS, COLUMNS, REACH_STEPS
from palabre.listening.found import Found, found_of
from palabre.listening.models import (
    Blend,
    Card,
    DailyCount,
    Facet,
    HourlyCount,
    Mention,
    MonthlyCount,
)
from palabre.stream.lock import hold
from palabre.stream.models import Item
from palabre.stream.tidy import key, numbers

CHUNK = 10_000
"""Items refreshed at once: bounds the memory of a statement, not what can be refreshed."""


Pairs = Sequence[tuple[int, int]]
"""Items and topics they match."""


@transaction.atomic
def record(*, brand: Brand, matches: Pairs) -> list[Found]:
    """Make the mentions of (item, topic) pairs that are not known yet and count them; idempotent.

    The new mentions, in the order given. Known items are counted afresh too: an edit may have moved
    their tone.
    """
    hold(brand)
    return record_all({brand: matches})


def record_all(matches: Mapping[Brand, Pairs]) -> list[Found]:
    """`record` for every brand of a batch in the same few statements.

    In the caller's transaction, and under the locks of these brands, which the caller holds. The new
    mentions, brand after brand in the order given.
    """
    if not any(matches.values()):
        return []
    new = _add([(brand.pk, *pair) for brand, pairs in matches.items() for pair in pairs])
    _refresh(list(matches), [item for pairs in matches.values() for item, _ in pairs])
    return found_of(new)


def add(*, brand: Brand, matches: Pairs) -> list[int]:
    """The mentions alone, not counted yet; the ids of the new ones, in order. `record` is what you want."""
    return _add([(brand.pk, *pair) for pair in matches])


def _add(matches: Sequence[tuple[int, int, int]]) -> list[int]:
    """Of brand, item and topic: an item or a topic of another brand makes no mention."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO listening_mention (brand_id, topic_id, item_id, occurred_at, matched_at)
               SELECT item.brand_id, given.topic_id, item.id, item.occurred_at, %s
               FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])
                    WITH ORDINALITY AS given (brand_id, item_id, topic_id, place)
               JOIN stream_item AS item ON item.id = given.item_id AND item.brand_id + 0 = given.brand_id
               ORDER BY given.place
               ON CONFLICT (item_id, topic_id) DO NOTHING
               RETURNING id""",
            [timezone.now(), *([numbers(column) for column in zip(*matches, strict=True)] or ["{}"] * 3)],
        )
        return [row[0] for row in cursor.fetchall()]


_KEY = ("network", "kind", "language", "tone", "is_toxic", "is_spam", "is_read", "is_ignored")
_FACET = ", ".join(_KEY)
_SAME = " AND ".join(f"facet.{name} = fresh.{name}" for name in _KEY)

# Look-ups are spelt as scalar subqueries and `brand_id + 0`, so that no planner with old statistics reads
# the whole brand instead.
_FRESH = f"""
    fresh AS MATERIALIZED (
        SELECT item.id AS item_id, item.brand_id, item.occurred_at, item.reach, item.author_id, item.story_id,
               item.outlet, item.tags, item.search, {", ".join(f"item.{name}" for name in _KEY)},
               CASE WHEN item.tone_set_at IS NOT NULL THEN (item.tone = -1)::int
                    ELSE coalesce(item.tone_scores[1], 0) END AS negativity,
               ARRAY(SELECT topic_id FROM listening_mention AS mention
                     WHERE mention.item_id = item.id ORDER BY topic_id) AS topics
        FROM stream_item AS item
        WHERE item.id = ANY(%(ids)s::bigint[]) AND item.brand_id + 0 = ANY(%(brands)s::bigint[])
    )"""

_WORDS = f"""
    WITH {_FRESH}, blends AS (
        INSERT INTO listening_blend (brand_id, topics, is_live)
        SELECT wanted.brand_id, wanted.topics, wanted.topics = '{{}}' OR EXISTS (
            SELECT FROM listening_topic AS topic
            WHERE topic.id = ANY(wanted.topics) AND topic.deleted_at IS NULL)
        FROM (SELECT brand_id, topics FROM fresh
              UNION SELECT unnest(%(brands)s::bigint[]), '{{}}'::bigint[]) AS wanted
        WHERE (SELECT id FROM listening_blend AS blend
               WHERE blend.topics = wanted.topics AND blend.brand_id + 0 = wanted.brand_id) IS NULL
        ON CONFLICT DO NOTHING
    )
    INSERT INTO listening_facet (brand_id, {_FACET})
    SELECT brand_id, {_FACET}
    FROM (SELECT DISTINCT brand_id, {_FACET} FROM fresh WHERE topics <> '{{}}') AS fresh
    WHERE (SELECT id FROM listening_facet AS facet
           WHERE {_SAME} AND facet.brand_id + 0 = fresh.brand_id) IS NULL
    ON CONFLICT DO NOTHING"""
"""Every blend and facet that the items need is there before it is used."""

_HOURLY = """
    INSERT INTO listening_hourlycount AS count (brand_id, blend_id, hour, facet_id, items, reach)
    SELECT brand_id, blend_id, date_trunc('hour', occurred_at, zone), facet_id, sum(unit), sum(reach)
    FROM shares GROUP BY 1, 2, 3, 4
    ON CONFLICT (blend_id, hour, facet_id) DO UPDATE
    SET items = count.items + excluded.items, reach = count.reach + excluded.reach"""

_SUMS = ", ".join(
    f"sum(unit) FILTER (WHERE band = {band}), sum(reach) FILTER (WHERE band = {band})" for band in BANDS
)
_MORE = ", ".join(f"{c} = nullif(coalesce(count.{c}, 0) + coalesce(excluded.{c}, 0), 0)" for c in COLUMNS)
_DATED = f"""
    SELECT brand_id, blend_id, (occurred_at AT TIME ZONE zone)::date AS day, facet_id, sum(unit), sum(reach),
           {_SUMS}
    FROM shares GROUP BY 1, 2, 3, 4"""
_DAILY = f"""
    INSERT INTO listening_dailycount AS count (brand_id, blend_id, day, facet_id, items, reach,
                                               {", ".join(COLUMNS)})
    SELECT * FROM dated
    ON CONFLICT (blend_id, day, facet_id) DO UPDATE
    SET items = count.items + excluded.items, reach = count.reach + excluded.reach,
        {_MORE}"""
_MONTHLY = f"""
    INSERT INTO listening_monthlycount AS count (brand_id, blend_id, month, facet_id, items, reach,
                                                 {", ".join(COLUMNS)})
    SELECT brand_id, blend_id, date_trunc('month', day)::date, facet_id, sum(items), sum(reach),
           {", ".join(f"nullif(sum({name}), 0)" for name in COLUMNS)}
    FROM dated GROUP BY 1, 2, 3, 4
    ON CONFLICT (blend_id, month, facet_id) DO UPDATE
    SET items = count.items + excluded.items, reach = count.reach + excluded.reach,
        {_MORE}"""

_CARD = (
    "blend_id",
    "facet_id",
    "author_id",
    "story_id",
    "outlet",
    "occurred_at",
    "reach",
    "negativity",
    "tags",
    "search",
)


def _card(table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in _CARD)


_REFRESH = f"""
    WITH {_FRESH}, dealt AS MATERIALIZED (
        SELECT fresh.*,
               (SELECT id FROM listening_blend AS blend
                WHERE blend.topics = fresh.topics AND blend.brand_id + 0 = fresh.brand_id) AS blend_id,
               (SELECT id FROM listening_facet AS facet
                WHERE {_SAME} AND facet.brand_id + 0 = fresh.brand_id) AS facet_id
        FROM fresh WHERE topics <> '{{}}'
    ), before AS (
        SELECT item_id, brand_id, blend_id, facet_id, occurred_at, reach FROM listening_card
        WHERE item_id = ANY(%(ids)s::bigint[]) AND brand_id + 0 = ANY(%(brands)s::bigint[])
    ), moved AS (
        SELECT sum(unit) AS unit, item_id, brand_id, blend_id, facet_id, occurred_at, reach FROM (
            SELECT 1 AS unit, item_id, brand_id, blend_id, facet_id, occurred_at, reach FROM dealt
            UNION ALL
            SELECT -1, item_id, brand_id, blend_id, facet_id, occurred_at, reach FROM before) AS each
        GROUP BY 2, 3, 4, 5, 6, 7 HAVING sum(unit) <> 0
    ), own AS (
        SELECT unit, brand_id, zone, blend_id, facet_id, occurred_at, unit * coalesce(reach, 0) AS reach,
               width_bucket(reach, %(steps)s::bigint[]) + 1 AS band
        FROM moved JOIN (SELECT id AS brand_id, time_zone AS zone FROM agency_brand
                         WHERE id = ANY(%(brands)s::bigint[])) AS place USING (brand_id)
    ), shares AS (
        SELECT unit, brand_id, zone, blend_id, facet_id, occurred_at, reach, band FROM own
        UNION ALL
        SELECT unit, own.brand_id, zone, "any".id, facet_id, occurred_at, reach, band FROM own
        JOIN listening_blend AS blend ON blend.id = own.blend_id AND blend.is_live
        JOIN listening_blend AS "any" ON "any".brand_id = own.brand_id AND "any".topics = '{{}}'
    ), hourly AS ({_HOURLY}
    ), dated (brand_id, blend_id, day, facet_id, items, reach, {", ".join(COLUMNS)}) AS MATERIALIZED ({_DATED}
    ), daily AS ({_DAILY}
    ), monthly AS ({_MONTHLY}
    ), gone AS (
        DELETE FROM listening_card WHERE item_id = ANY(%(ids)s::bigint[])
          AND item_id IN (SELECT item_id FROM before EXCEPT SELECT item_id FROM dealt)
    )
    INSERT INTO listening_card AS card (item_id, brand_id, {", ".join(_CARD)})
    SELECT item_id, brand_id, {_card("dealt")} FROM dealt
    ON CONFLICT (item_id) DO UPDATE SET ({", ".join(_CARD)}) = ({_card("excluded")})
    WHERE ({_card("card")}) IS DISTINCT FROM ({_card("excluded")})"""


@transaction.atomic
def refresh(*, brand: Brand, ids: Sequence[int]) -> None:
    """Make the cards and counts of these items say what the items and their mentions say now; idempotent."""
    hold(brand)
    _refresh([brand], ids)


def _refresh(brands: Sequence[Brand], ids: Sequence[int]) -> None:
    distinct = list(dict.fromkeys(ids))
    with connection.cursor() as cursor:
        for start in range(0, len(distinct), CHUNK):
            given: dict[str, Any] = {
                "ids": numbers(distinct[start : start + CHUNK]),
                "brands": numbers(brand.pk for brand in brands),
                "steps": numbers(REACH_STEPS),
            }
            for statement in (_WORDS, _REFRESH):
                cursor.execute(statement, given)


def who_holds(*, brands: Collection[Brand], network: str, remote_ids: Sequence[str]) -> list[Brand]:
    """Those of the brands that have stored any of these items; crosses brands on purpose."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT brand_id FROM stream_item
               WHERE network = %s AND remote_id = ANY(%s) AND brand_id + 0 = ANY(%s)""",
            [network, [key(id_) for id_ in remote_ids], [brand.pk for brand in brands]],
        )
        holding = {row[0] for row in cursor.fetchall()}
    return [brand for brand in brands if brand.pk in holding]


@transaction.atomic
def forget(*, brand: Brand, network: str, remote_ids: Sequence[str]) -> int:
    """Remove what its author deleted, with its mentions and units; how many items went. Idempotent."""
    hold(brand)
    found = Item.objects.filter(brand=brand, network=network, remote_id__in=[key(id_) for id_ in remote_ids])
    return remove(brand=brand, ids=list(found.values_list("pk", flat=True)))


@transaction.atomic
def remove(*, brand: Brand, ids: Sequence[int]) -> int:
    """Take items away with all that hangs on them: mentions, units, corrections, what was told of them.

    A story that loses its first telling is named after the first that is left. How many items went.
    """
    hold(brand)
    given: dict[str, Any] = {"ids": list(ids), "brand": brand.pk}
    if not given["ids"]:
        return 0
    forget_items(brand=brand, items=given["ids"])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM listening_mention WHERE item_id = ANY(%(ids)s)", given)
        refresh(brand=brand, ids=given["ids"])
        cursor.execute("DELETE FROM listening_lesson WHERE item_id = ANY(%(ids)s)", given)
        cursor.execute(
            """DELETE FROM stream_item WHERE id = ANY(%(ids)s) AND brand_id = %(brand)s
               RETURNING story_id""",
            given,
        )
        left = [story for (story,) in cursor.fetchall()]
        stories = {"stories": list({story for story in left if story is not None})}
        cursor.execute(_RETELL, stories)
        cursor.execute(_UNTOLD, stories)
    return len(left)


_RETELL = """
    UPDATE stream_story AS story
    SET size = told.items, first_at = told.first_at, last_at = told.last_at, title = told.title
    FROM (SELECT story_id, count(*) AS items, min(occurred_at) AS first_at, max(occurred_at) AS last_at,
                 left((array_agg(coalesce(nullif(title, ''), text)
                                 ORDER BY occurred_at, id))[1], 200) AS title
          FROM stream_item WHERE story_id = ANY(%(stories)s) GROUP BY 1) AS told
    WHERE story.id = told.story_id"""
_UNTOLD = """
    DELETE FROM stream_story AS story WHERE story.id = ANY(%(stories)s)
    AND NOT EXISTS (SELECT FROM stream_item AS item WHERE item.story_id = story.id)"""


@transaction.atomic
def recount_topics(*, brand: Brand) -> None:
    """After a topic was put away or brought back: what "any topic" stands for has changed."""
    hold(brand)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE listening_blend AS blend SET is_live = NOT blend.is_live
               WHERE blend.brand_id = %(brand)s AND blend.topics <> '{}'
                 AND blend.is_live <> EXISTS (
                     SELECT FROM listening_topic AS topic
                     WHERE topic.id = ANY(blend.topics) AND topic.deleted_at IS NULL)""",
            {"brand": brand.pk},
        )
        for table, when, more in (
            ("hourlycount", "hour", ()),
            ("dailycount", "day", COLUMNS),
            ("monthlycount", "month", COLUMNS),
        ):
            kept = ("items", "reach", *more)
            statement = _ANY.format(
                table=f"listening_{table}",
                when=when,
                kept=", ".join(kept),
                sums=", ".join(f"sum(count.{name}) AS {name}" for name in kept),
                new=", ".join(f"excluded.{name}" for name in kept),
            )
            cursor.execute(statement, {"brand": brand.pk})


_ANY = """
    WITH "any" AS (SELECT id FROM listening_blend WHERE brand_id = %(brand)s AND topics = '{{}}'),
    now AS (
        SELECT count.{when}, count.facet_id, {sums}
        FROM {table} AS count
        JOIN listening_blend AS blend ON blend.id = count.blend_id
         AND blend.brand_id = %(brand)s AND blend.is_live AND blend.topics <> '{{}}'
        GROUP BY 1, 2
    ), gone AS (
        DELETE FROM {table} AS count USING "any"
        WHERE count.blend_id = "any".id
          AND NOT EXISTS (SELECT FROM now WHERE now.{when} = count.{when} AND now.facet_id = count.facet_id)
    )
    INSERT INTO {table} AS count (brand_id, blend_id, {when}, facet_id, {kept})
    SELECT %(brand)s, "any".id, {when}, facet_id, {kept} FROM now, "any"
    ON CONFLICT (blend_id, {when}, facet_id) DO UPDATE SET ({kept}) = ({new})"""


@transaction.atomic
def rebuild(*, brand: Brand) -> None:
    """Count everything again from the items: after the brand's time zone changed, or a bad check."""
    hold(brand)
    for table in (HourlyCount, DailyCount, MonthlyCount, Card, Blend, Facet):
        table.objects.filter(brand=brand).delete()
    # In order of time, so that the rows of a day are written together and lie together.
    told = Mention.objects.filter(brand=brand).order_by("occurred_at", "item_id")
    refresh(brand=brand, ids=list(told.values_list("item_id", flat=True)))
