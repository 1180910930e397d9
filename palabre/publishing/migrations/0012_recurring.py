"""Series and their occurrences, behind the wall between brands (see 0002)."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PAIRS = (
    # table, constraint, column, table pointed at, what happens when it goes
    (
        "recurring",
        "recurring_campaign_in_brand",
        "campaign_id",
        "publishing_campaign",
        "SET NULL (campaign_id)",
    ),
    ("recurring", "recurring_pillar_in_brand", "pillar_id", "publishing_pillar", "SET NULL (pillar_id)"),
    ("occurrence", "occurrence_recurring_in_brand", "recurring_id", "publishing_recurring", "CASCADE"),
    ("occurrence", "occurrence_post_in_brand", "post_id", "publishing_post", "SET NULL (post_id)"),
)
UP = "".join(
    f"ALTER TABLE publishing_{table} ADD CONSTRAINT {name} FOREIGN KEY (brand_id, {column}) "
    f"REFERENCES {target} (brand_id, id) ON DELETE {then};\n"
    for table, name, column, target, then in PAIRS
)
DOWN = "".join(f"ALTER TABLE publishing_{table} DROP CONSTRAINT {name};\n" for table, name, *_ in PAIRS)


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0003_teams"),
        ("publishing", "0011_queue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recurring",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "active"), ("paused", "paused"), ("ended", "ended")],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("content", models.JSONField(default=dict)),
                (
                    "wordings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("rule", models.CharField(max_length=500)),
                ("starts_on", models.DateField()),
                ("hour", models.TimeField(default=datetime.time(10, 0))),
                ("made_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agency.brand",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="publishing.campaign",
                    ),
                ),
                (
                    "pillar",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="publishing.pillar",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slot", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                ("turn", models.IntegerField()),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agency.brand",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="occurrence",
                        to="publishing.post",
                    ),
                ),
                (
                    "recurring",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrences",
                        to="publishing.recurring",
                    ),
                ),
            ],
            options={
                "ordering": ("at",),
            },
        ),
        migrations.AddIndex(
            model_name="recurring",
            index=models.Index(
                condition=models.Q(("state", "active")), fields=["made_until"], name="recurring_to_make"
            ),
        ),
        migrations.AddIndex(
            model_name="recurring",
            index=models.Index(fields=["brand", "name"], name="recurring_named"),
        ),
        migrations.AddConstraint(
            model_name="recurring",
            constraint=models.UniqueConstraint(fields=("brand", "id"), name="recurring_in_brand"),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["recurring", "at"], name="occurrence_when"),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.UniqueConstraint(fields=("recurring", "slot"), name="occurrence_once"),
        ),
        migrations.RunSQL(UP, DOWN),
    ]
