"""The queue: the slots of accounts, and the hours it gave; its keys stay within a brand."""

import django.db.models.deletion
from django.db import migrations, models

PAIRS = (
    # table, constraint, column, table pointed at, what happens when it goes
    ("queueslot", "queue_slot_channel_in_brand", "channel_id", "channels_channel", "CASCADE"),
    ("queueslot", "queue_slot_pillar_in_brand", "pillar_id", "publishing_pillar", "SET NULL (pillar_id)"),
    ("queueplace", "queue_place_delivery_in_brand", "delivery_id", "publishing_delivery", "CASCADE"),
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
        ("channels", "0001_initial"),
        ("publishing", "0010_find_what_is_late_and_what_was_begun"),
    ]

    operations = [
        migrations.CreateModel(
            name="QueuePlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
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
                    "delivery",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queue_place",
                        to="publishing.delivery",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["brand", "at"], name="queue_place_at")],
            },
        ),
        migrations.CreateModel(
            name="QueueSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField(verbose_name="day")),
                ("hour", models.TimeField(verbose_name="hour")),
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
                    "channel",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "pillar",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="publishing.pillar",
                    ),
                ),
            ],
            options={
                "ordering": ("weekday", "hour"),
                "indexes": [models.Index(fields=["brand"], name="queue_slot_brand")],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "weekday", "hour"), name="queue_slot_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="queue_slot_weekday"
                    ),
                ],
            },
        ),
        migrations.RunSQL(UP, DOWN),
    ]
