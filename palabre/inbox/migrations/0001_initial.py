import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agency", "0004_zone"),
        ("channels", "0001_initial"),
        ("stream", "0003_search_on_cards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("pending", "pending"),
                            ("waiting", "waiting"),
                            ("snoozed", "snoozed"),
                            ("done", "done"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        choices=[
                            ("comment", "comment"),
                            ("reply", "reply"),
                            ("mention", "mention"),
                            ("quote", "quote"),
                            ("message", "message"),
                            ("review", "review"),
                            ("ours", "ours"),
                        ],
                        max_length=8,
                    ),
                ),
                ("snoozed_until", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField()),
                ("counted", models.IntegerField(default=0)),
                (
                    "author",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stream.author",
                    ),
                ),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("comment", "comment"),
                            ("reply", "reply"),
                            ("mention", "mention"),
                            ("quote", "quote"),
                            ("message", "message"),
                            ("review", "review"),
                            ("ours", "ours"),
                        ],
                        max_length=8,
                    ),
                ),
                ("ours", models.BooleanField(default=False)),
                ("held", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
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
                    "conversation",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="inbox.conversation",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stream.item",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="conversation",
            name="last",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="inbox.message",
            ),
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("remote_id", models.CharField(max_length=1024)),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="stream.item",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="message",
            name="thread",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="inbox.thread",
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="thread",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="conversations",
                to="inbox.thread",
            ),
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ear", models.CharField(max_length=40)),
                ("cursor", models.JSONField(null=True)),
                ("next_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("leased_until", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(null=True)),
                ("misses", models.IntegerField(default=0)),
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
                    "channel",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="channels.channel",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["next_at"], name="line_due")],
                "constraints": [models.UniqueConstraint(fields=("channel", "ear"), name="line_once")],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("target_id", models.CharField(max_length=1024)),
                ("target_url", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
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
                ("text", models.TextField(blank=True, verbose_name="answer")),
                (
                    "then",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("done", "done")], default="waiting", max_length=8
                    ),
                ),
                ("seen", models.BigIntegerField(null=True)),
                ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("try_at", models.DateTimeField(null=True)),
                ("tries", models.IntegerField(default=0)),
                ("looks", models.IntegerField(default=0)),
                ("leased_until", models.DateTimeField(null=True)),
                ("begun_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("sent", models.JSONField(default=list)),
                ("remote_id", models.CharField(blank=True, max_length=1024)),
                ("remote_url", models.URLField(blank=True, max_length=1000)),
                ("sent_at", models.DateTimeField(null=True)),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("error_params", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "conversation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="inbox.conversation",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inbox.message",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "ready")), fields=["try_at"], name="reply_due"),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["leased_until"], name="reply_lapsed"
                    ),
                    models.Index(
                        condition=models.Q(("state", "unknown")), fields=["try_at"], name="reply_unknown"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["refused", "failed"])),
                        fields=["brand"],
                        name="reply_stuck",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("brand", "id"), name="reply_in_brand"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("conversation", "by"),
                        name="reply_one_draft",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.UniqueConstraint(fields=("remote_id", "channel"), name="thread_once"),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.UniqueConstraint(fields=("brand", "id"), name="thread_in_brand"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["thread", "at", "id"], name="message_order"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("thread", "item"), name="message_once"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("brand", "id"), name="message_in_brand"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["brand", "state", "-last_at", "-id"], name="conversation_list"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["brand", "-last_at", "-id"], name="conversation_all"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state", "snoozed")),
                fields=["snoozed_until"],
                name="conversation_sleeping",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(fields=("thread", "author"), name="conversation_once"),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(fields=("brand", "id"), name="conversation_in_brand"),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("snoozed_until__isnull", False), ("state", "snoozed")),
                    models.Q(models.Q(("state", "snoozed"), _negated=True), ("snoozed_until", None)),
                    _connector="OR",
                ),
                name="conversation_snoozed_until",
            ),
        ),
    ]
