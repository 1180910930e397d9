"""Counts by month, added up from those by day: what a long period sums reads a third of the rows."""

# A statement put together from constants of the code alone.
# ruff: noqa: S608

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = [f"{name}_{band}" for band in range(1, 12) for name in ("items", "reach")]
MONTHS = f"""
ALTER TABLE listening_monthlycount
    {", ".join(f"ADD COLUMN {c} {'integer' if c.startswith('items') else 'bigint'}" for c in COLUMNS)},
    ADD CONSTRAINT monthly_blend_in_brand FOREIGN KEY (brand_id, blend_id)
        REFERENCES listening_blend (brand_id, id) ON DELETE CASCADE,
    ADD CONSTRAINT monthly_facet_in_brand FOREIGN KEY (brand_id, facet_id)
        REFERENCES listening_facet (brand_id, id) ON DELETE CASCADE,
    SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);
INSERT INTO listening_monthlycount (brand_id, blend_id, month, facet_id, items, reach, {", ".join(COLUMNS)})
SELECT brand_id, blend_id, date_trunc('month', day)::date, facet_id, sum(items), sum(reach),
       {", ".join(f"nullif(sum({c}), 0)" for c in COLUMNS)}
FROM listening_dailycount GROUP BY brand_id, blend_id, date_trunc('month', day), facet_id
ORDER BY 3, 2, 4;
"""


def within(name):
    """A key of a pair, which the constraints above guard."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to=name,
    )


class Migration(migrations.Migration):
    dependencies = [("agency", "0001_initial"), ("listening", "0006_theme")]
    operations = [
        migrations.CreateModel(
            name="MonthlyCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "blend",
                        "month",
                        "facet",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField()),
                ("items", models.IntegerField()),
                ("reach", models.BigIntegerField(default=0)),
                ("blend", within("listening.blend")),
                ("brand", within("agency.brand")),
                ("facet", within("listening.facet")),
            ],
        ),
        migrations.RunSQL(MONTHS, migrations.RunSQL.noop),
    ]
