"""Feeds that become contents, and their entries, behind the wall between brands (see 0002)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PAIRS = (
    # table, constraint, column, table pointed at, what happens when it goes
    ("relay", "relay_campaign_in_brand", "campaign_id", "publishing_campaign", "SET NULL (campaign_id)"),
    ("relay", "relay_pillar_in_brand", "pillar_id", "publishing_pillar", "SET NULL (pillar_id)"),
    ("relayentry", "relay_entry_relay_in_brand", "relay_id", "publishing_relay", "CASCADE"),
    ("relayentry", "relay_entry_post_in_brand", "post_id", "publishing_post", "SET NULL (post_id)"),
)
UP = "".join(
    f"ALTER TABLE publishing_{table} ADD CONSTRAINT {name} FOREIGN KEY (brand_id, {column}) "
    f"REFERENCES {target} (brand_id, id) ON DELETE {then};\n"
    for table, name, column, target, then in PAIRS
)
DOWN = "".join(f"ALTER TABLE publishing_{table} DROP CONSTRAINT {name};\n" for table, name, *_ in PAIRS)


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0004_zone"),
        ("publishing", "0012_recurring"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Relay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("url", models.URLField(max_length=2000)),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("template", models.TextField(max_length=5000)),
                ("card", models.BooleanField(default=True)),
                (
                    "put",
                    models.CharField(
                        choices=[
                            ("draft", "a draft, to read again"),
                            ("queue", "planned at the next free slot of the queue"),
                            ("hours", "planned at the next of these hours"),
                        ],
                        default="draft",
                        max_length=6,
                    ),
                ),
                (
                    "hours",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TimeField(), default=list, size=None
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("a_day", models.PositiveSmallIntegerField(default=3)),
                ("first", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("failing", "failing"),
                            ("stopped", "stopped"),
                            ("paused", "paused"),
                        ],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("cursor", models.JSONField(null=True)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("next_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("leased_until", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("failures", models.IntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("error_params", models.JSONField(default=dict)),
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
            name="RelayEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("remote_id", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("known", "known"),
                            ("out", "out"),
                            ("waiting", "waiting"),
                            ("made", "made"),
                            ("old", "old"),
                        ],
                        max_length=7,
                    ),
                ),
                ("said", models.JSONField(default=dict)),
                ("published_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=12)),
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
                        related_name="entry",
                        to="publishing.post",
                    ),
                ),
                (
                    "relay",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="publishing.relay",
                    ),
                ),
            ],
            options={
                "ordering": ("-seen_at", "-id"),
            },
        ),
        migrations.AddIndex(
            model_name="relay",
            index=models.Index(
                condition=models.Q(("state__in", ("active", "failing"))), fields=["next_at"], name="relay_due"
            ),
        ),
        migrations.AddIndex(
            model_name="relay",
            index=models.Index(fields=["brand", "name"], name="relay_named"),
        ),
        migrations.AddConstraint(
            model_name="relay",
            constraint=models.UniqueConstraint(fields=("brand", "id"), name="relay_in_brand"),
        ),
        migrations.AddIndex(
            model_name="relayentry",
            index=models.Index(fields=["relay", "-seen_at"], name="relay_entry_seen"),
        ),
        migrations.AddIndex(
            model_name="relayentry",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["relay", "seen_at"],
                name="relay_entry_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="relayentry",
            index=models.Index(fields=["relay", "made_at"], name="relay_entry_made"),
        ),
        migrations.AddConstraint(
            model_name="relayentry",
            constraint=models.UniqueConstraint(fields=("relay", "remote_id"), name="relay_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="relayentry",
            constraint=models.UniqueConstraint(fields=("brand", "id"), name="relay_entry_in_brand"),
        ),
        migrations.RunSQL(UP, DOWN),
    ]
