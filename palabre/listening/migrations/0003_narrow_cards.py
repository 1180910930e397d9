"""Cards get tags and full text, days get counts by reach; the fine facets that held both go (see 0004, 0005).

A row is stored in two parts only when it is longer than 2 kB: that is what `ballast` is for. It is pressed
to some thirty bytes, after `search` has been moved out; what stays is about 170 bytes a card.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models

BANDS = range(1, 12)
BY_REACH = ", ".join(f"ADD COLUMN items_{band} integer, ADD COLUMN reach_{band} bigint" for band in BANDS)
NOT_BY_REACH = ", ".join(f"DROP COLUMN items_{band}, DROP COLUMN reach_{band}" for band in BANDS)
NARROW = """
ALTER TABLE listening_card
    ADD COLUMN ballast text NOT NULL DEFAULT repeat(' ', 2100),
    ALTER COLUMN ballast SET STORAGE MAIN,
    ALTER COLUMN outlet SET STORAGE MAIN,
    ALTER COLUMN tags SET STORAGE MAIN,
    SET (toast_tuple_target = 128, autovacuum_vacuum_scale_factor = 0.02,
         autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE listening_dailycount
    SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);
"""
"""Vacuumed early, so that what reads an index alone need not look at the rows."""
WIDE = """
ALTER TABLE listening_card
    DROP COLUMN ballast,
    RESET (toast_tuple_target, autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor,
           autovacuum_analyze_scale_factor);
ALTER TABLE listening_dailycount
    RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
"""


class Migration(migrations.Migration):
    dependencies = [("listening", "0002_wall")]
    operations = [
        migrations.RemoveIndex("card", "card_time"),
        migrations.RemoveIndex("card", "card_facet_time"),
        migrations.RemoveIndex("card", "card_coarse_time"),
        migrations.RemoveIndex("card", "card_blend_time"),
        migrations.RemoveIndex("card", "card_author_time"),
        migrations.RemoveIndex("card", "card_outlet_time"),
        migrations.RemoveIndex("card", "card_story_time"),
        migrations.RemoveIndex("card", "card_reach"),
        migrations.RemoveIndex("card", "card_negativity"),
        migrations.DeleteModel("dailydetail"),
        migrations.AddField("card", "tags", ArrayField(models.BigIntegerField(), default=list)),
        migrations.AddField("card", "search", SearchVectorField(null=True)),
        migrations.RunSQL(NARROW, WIDE),
        migrations.RunSQL(
            f"ALTER TABLE listening_dailycount {BY_REACH}", f"ALTER TABLE listening_dailycount {NOT_BY_REACH}"
        ),
    ]
