"""The fine facets go, the coarse ones are the facets; cards are indexed again, their full text too."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

KEY = ["network", "kind", "language", "tone", "is_toxic", "is_spam", "is_read", "is_ignored", "brand"]
FINE = """
ALTER TABLE listening_facet DROP CONSTRAINT facet_coarse_in_brand;
ALTER TABLE listening_hourlycount DROP CONSTRAINT hourly_facet_in_brand;
ALTER TABLE listening_dailycount DROP CONSTRAINT daily_facet_in_brand;
DELETE FROM listening_facet WHERE coarse_id IS NOT NULL;
ALTER TABLE listening_hourlycount ADD CONSTRAINT hourly_facet_in_brand FOREIGN KEY (brand_id, facet_id)
    REFERENCES listening_facet (brand_id, id) ON DELETE CASCADE;
ALTER TABLE listening_dailycount ADD CONSTRAINT daily_facet_in_brand FOREIGN KEY (brand_id, facet_id)
    REFERENCES listening_facet (brand_id, id) ON DELETE CASCADE;
"""
"""Without the keys, or each facet that goes would be looked for in every count."""


class Migration(migrations.Migration):
    dependencies = [("listening", "0004_fill_narrow_cards")]
    operations = [
        migrations.RunSQL(FINE, migrations.RunSQL.noop),
        migrations.RemoveField("card", "coarse"),
        migrations.RemoveConstraint("facet", "facet_once"),
        migrations.RemoveField("facet", "coarse_id"),
        migrations.RemoveField("facet", "reach_band"),
        migrations.RemoveField("facet", "tags"),
        migrations.AddConstraint("facet", models.UniqueConstraint(fields=KEY, name="facet_once")),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=["brand", "-occurred_at", "-item"], include=["facet", "blend"], name="card_time"
            ),
        ),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=["facet", "-occurred_at", "-item"], include=["blend"], name="card_facet_time"
            ),
        ),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=["blend", "-occurred_at", "-item"], include=["facet"], name="card_blend_time"
            ),
        ),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=["author", "-occurred_at", "-item"],
                include=["facet", "blend"],
                name="card_author_time",
            ),
        ),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=["brand", "outlet", "-occurred_at", "-item"],
                include=["facet", "blend"],
                name="card_outlet_time",
            ),
        ),
        migrations.AddIndex(
            "card", models.Index(fields=["story", "-occurred_at", "-item"], name="card_story_time")
        ),
        migrations.AddIndex(
            "card",
            models.Index(
                models.F("brand"),
                models.OrderBy(models.F("reach"), descending=True, nulls_last=True),
                models.OrderBy(models.F("item"), descending=True),
                name="card_reach",
            ),
        ),
        migrations.AddIndex(
            "card", models.Index(fields=["brand", "-negativity", "-item"], name="card_negativity")
        ),
        migrations.AddIndex("card", GinIndex(fields=["search"], name="card_search")),
        migrations.AddIndex(
            "card", GinIndex(condition=~models.Q(tags=[]), fields=["tags"], name="card_tags")
        ),
    ]
