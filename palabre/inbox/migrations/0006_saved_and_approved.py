import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PAIRS = (
    # table, constraint, column, table pointed at
    ("savedtext", "saved_text_saved_in_brand", "saved_id", "inbox_savedreply"),
    ("approves", "approves_channel_in_brand", "channel_id", "channels_channel"),
    ("gesture", "gesture_message_in_brand", "message_id", "inbox_message"),
)
UP = "".join(
    f"ALTER TABLE inbox_{table} ADD CONSTRAINT {name} FOREIGN KEY (brand_id, {column}) "
    f"REFERENCES {target} (brand_id, id) ON DELETE CASCADE;\n"
    for table, name, column, target in PAIRS
)
DOWN = "".join(f"ALTER TABLE inbox_{table} DROP CONSTRAINT {name};\n" for table, name, *_ in PAIRS)


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0004_zone"),
        ("channels", "0001_initial"),
        ("inbox", "0005_hidden"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Approves",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("role", "role"),
                            ("person", "person"),
                            ("team", "team"),
                            ("nobody", "nobody"),
                        ],
                        max_length=6,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name="Gesture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(choices=[("like", "like"), ("repost", "repost")], max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("failed", "failed"),
                            ("done", "done"),
                            ("undone", "undone"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("given", models.JSONField(default=dict)),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("error_params", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="SavedReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                ("shortcut", models.CharField(blank=True, max_length=30, verbose_name="shortcut")),
                ("category", models.CharField(blank=True, max_length=60, verbose_name="category")),
                ("used", models.IntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="SavedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=2, verbose_name="language")),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("plain", "plain"),
                            ("warm", "warm"),
                            ("formal", "formal"),
                            ("sorry", "apologising"),
                        ],
                        default="plain",
                        max_length=6,
                        verbose_name="tone",
                    ),
                ),
                ("text", models.TextField(max_length=10000, verbose_name="text")),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.AddField(
            model_name="reply",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reply",
            name="decided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reply",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="edited_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reply",
            name="files",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="reply",
            name="media",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="reply",
            name="note",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="reply",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="reply",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("asked", "asked"),
                    ("returned", "returned"),
                    ("ready", "ready"),
                    ("sending", "sending"),
                    ("unknown", "unknown"),
                    ("refused", "refused"),
                    ("failed", "failed"),
                    ("sent", "sent"),
                    ("deleted", "deleted"),
                    ("dropped", "dropped"),
                ],
                default="draft",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(condition=models.Q(("state", "asked")), fields=["brand"], name="reply_asked"),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(
                condition=models.Q(("state__in", ["asked", "returned"]), ("told_at", None)),
                fields=["asked_at"],
                name="reply_to_tell",
            ),
        ),
        migrations.AddField(
            model_name="approves",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="approves",
            name="channel",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="channels.channel",
            ),
        ),
        migrations.AddField(
            model_name="approves",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="approves",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="agency.team"
            ),
        ),
        migrations.AddField(
            model_name="gesture",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="gesture",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="gesture",
            name="message",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="gestures",
                to="inbox.message",
            ),
        ),
        migrations.AddField(
            model_name="savedreply",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="savedreply",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedreply",
            name="private_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedtext",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="savedtext",
            name="saved",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="texts",
                to="inbox.savedreply",
            ),
        ),
        migrations.AddConstraint(
            model_name="approves",
            constraint=models.UniqueConstraint(
                fields=("brand", "channel"), name="approves_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="gesture",
            constraint=models.UniqueConstraint(fields=("message", "act"), name="gesture_once"),
        ),
        migrations.AddConstraint(
            model_name="savedreply",
            constraint=models.UniqueConstraint(fields=("brand", "id"), name="saved_in_brand"),
        ),
        migrations.AddConstraint(
            model_name="savedreply",
            constraint=models.UniqueConstraint(
                models.F("brand"),
                models.F("private_to"),
                django.db.models.functions.text.Lower("shortcut"),
                condition=models.Q(("shortcut", ""), _negated=True),
                name="saved_shortcut_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="savedtext",
            constraint=models.UniqueConstraint(fields=("saved", "language", "tone"), name="saved_text_once"),
        ),
        migrations.RunSQL(UP, DOWN),
    ]
