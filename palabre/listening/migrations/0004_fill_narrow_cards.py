"""What cards and days gained is filled in, some thousands of rows at a time; begun again it goes on."""

# Statements are put together from constants of the code alone; every value is a parameter.
# ruff: noqa: S608

from django.db import migrations

STEPS = [100, 500, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000]
BANDS = range(1, 12)
COLUMNS = [f"{name}_{band}" for band in BANDS for name in ("items", "reach")]

AT_ONCE = 20_000
"""Items by the range of their ids; the room of the old rows is used again by the next ones."""

_CARDS = """
    UPDATE listening_card AS card
    SET facet_id = card.coarse_id, tags = item.tags, search = item.search, ballast = repeat(' ', 2100)
    FROM stream_item AS item
    WHERE item.id = card.item_id AND card.item_id >= %s AND card.item_id < %s
      AND (card.search IS NULL OR card.facet_id <> card.coarse_id)"""

_SUMS = ", ".join(
    f"nullif(count(*) FILTER (WHERE band = {band}), 0), nullif(sum(reach) FILTER (WHERE band = {band}), 0)"
    for band in BANDS
)
_OWN = f"""
    UPDATE listening_dailycount AS count SET ({", ".join(COLUMNS)}) = ({", ".join(f"said.{c}" for c in COLUMNS)})
    FROM (SELECT facet_id, (occurred_at AT TIME ZONE %(zone)s)::date, {_SUMS}
          FROM (SELECT facet_id, occurred_at, reach, width_bucket(reach, %(steps)s::bigint[]) + 1 AS band
                FROM listening_card WHERE blend_id = %(blend)s AND reach IS NOT NULL) AS card
          GROUP BY 1, 2) AS said (facet_id, day, {", ".join(COLUMNS)})
    WHERE count.blend_id = %(blend)s AND count.facet_id = said.facet_id AND count.day = said.day"""
_ANY = f"""
    UPDATE listening_dailycount AS count SET ({", ".join(COLUMNS)}) = ({", ".join(f"said.{c}" for c in COLUMNS)})
    FROM (SELECT facet_id, day, {", ".join(f"sum({c})" for c in COLUMNS)}
          FROM listening_dailycount JOIN listening_blend AS blend ON blend.id = blend_id AND blend.is_live
           AND blend.topics <> '{{}}' AND blend.brand_id = %(brand)s
          GROUP BY 1, 2) AS said (facet_id, day, {", ".join(COLUMNS)})
    WHERE count.blend_id = %(blend)s AND count.facet_id = said.facet_id AND count.day = said.day"""


def fill(apps, editor):
    """Cards first, then each blend's days, those of "any topic" last: they are the sums of the others."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT min(item_id), max(item_id) FROM listening_card")
        first, last = cursor.fetchone()
        if first is None:
            return
        for number, start in enumerate(range(first, last + 1, AT_ONCE)):
            cursor.execute(_CARDS, [start, start + AT_ONCE])
            if number % 5 == 4:
                cursor.execute("VACUUM listening_card")
        cursor.execute("CREATE INDEX IF NOT EXISTS card_blend_filled ON listening_card (blend_id)")
        cursor.execute(
            """SELECT blend.id, blend.brand_id, brand.time_zone, blend.topics = '{}'
               FROM listening_blend AS blend JOIN agency_brand AS brand ON brand.id = blend.brand_id
               ORDER BY blend.topics = '{}', blend.id"""
        )
        for blend, brand, zone, is_any in cursor.fetchall():
            given = {"blend": blend, "brand": brand, "zone": zone, "steps": STEPS}
            cursor.execute(_ANY if is_any else _OWN, given)
        cursor.execute("DROP INDEX card_blend_filled")
        cursor.execute("VACUUM ANALYZE listening_card")
        cursor.execute("VACUUM ANALYZE listening_dailycount")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("listening", "0003_narrow_cards"), ("stream", "0002_wall")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
