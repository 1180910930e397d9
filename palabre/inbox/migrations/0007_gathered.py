import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PAIRS = (
    # table, constraint, column, table pointed at, what happens when it goes
    (
        "conversation",
        "conversation_head_in_brand",
        "merged_into_id",
        "inbox_conversation",
        "SET NULL (merged_into_id)",
    ),
    ("labelled", "labelled_conversation_in_brand", "conversation_id", "inbox_conversation", "CASCADE"),
    ("labelled", "labelled_label_in_brand", "label_id", "inbox_label", "CASCADE"),
    ("watch", "watch_conversation_in_brand", "conversation_id", "inbox_conversation", "CASCADE"),
    ("authorcard", "author_card_author_in_brand", "author_id", "stream_author", "CASCADE"),
    ("sameperson", "same_person_author_in_brand", "author_id", "stream_author", "CASCADE"),
    ("sameperson", "same_person_other_in_brand", "other_id", "stream_author", "CASCADE"),
)
UP = "".join(
    f"ALTER TABLE inbox_{table} ADD CONSTRAINT {name} FOREIGN KEY (brand_id, {column}) "
    f"REFERENCES {target} (brand_id, id) ON DELETE {then};\n"
    for table, name, column, target, then in PAIRS
)
DOWN = "".join(f"ALTER TABLE inbox_{table} DROP CONSTRAINT {name};\n" for table, name, *_ in PAIRS)


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0004_zone"),
        ("channels", "0001_initial"),
        ("inbox", "0006_saved_and_approved"),
        ("stream", "0003_search_on_cards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuthorCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("vip", models.BooleanField(default=False)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=5000, verbose_name="note on the person")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("sea", "sea green"),
                            ("clay", "clay"),
                            ("plum", "plum"),
                            ("sky", "sky blue"),
                            ("sand", "sand"),
                            ("stone", "stone grey"),
                        ],
                        default="sea",
                        max_length=5,
                        verbose_name="colour",
                    ),
                ),
                ("place", models.IntegerField(default=0)),
            ],
            options={
                "ordering": ("place", "name"),
            },
        ),
        migrations.CreateModel(
            name="Labelled",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="SamePerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("filter", models.JSONField(default=dict)),
                ("place", models.IntegerField(default=0)),
            ],
            options={
                "ordering": ("place", "name"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="conversation",
            name="conversation_once",
        ),
        migrations.AddField(
            model_name="conversation",
            name="merged_into",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="parts",
                to="inbox.conversation",
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="split",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="thread",
            name="network",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="channel",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="channels.channel",
            ),
        ),
        migrations.AlterField(
            model_name="thread",
            name="channel",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="channels.channel",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="conversation_parts",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["thread"], name="conversation_thread"),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("split", False)), fields=("thread", "author"), name="conversation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", None), ("state", "done"), _connector="OR"),
                name="conversation_part_rests",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="conversation_not_its_own_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.UniqueConstraint(
                condition=models.Q(("channel", None)),
                fields=("remote_id", "network", "brand"),
                name="thread_once_without_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel__isnull", False), models.Q(("network", ""), _negated=True), _connector="OR"
                ),
                name="thread_of_a_network",
            ),
        ),
        migrations.AddField(
            model_name="authorcard",
            name="author",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="card",
                to="stream.author",
            ),
        ),
        migrations.AddField(
            model_name="authorcard",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="authorcard",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="label",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="labelled",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="labelled",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="labelled",
            name="conversation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="labelled",
                to="inbox.conversation",
            ),
        ),
        migrations.AddField(
            model_name="labelled",
            name="label",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="labelled",
                to="inbox.label",
            ),
        ),
        migrations.AddField(
            model_name="sameperson",
            name="author",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="stream.author",
            ),
        ),
        migrations.AddField(
            model_name="sameperson",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="sameperson",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sameperson",
            name="other",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="stream.author",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="brand",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="agency.brand"
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="watch",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="watch",
            name="conversation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="watched",
                to="inbox.conversation",
            ),
        ),
        migrations.AddField(
            model_name="watch",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="authorcard",
            constraint=models.CheckConstraint(
                condition=models.Q(("tags__len__lte", 20)), name="author_card_tags"
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.UniqueConstraint(
                models.F("brand"), django.db.models.functions.text.Lower("name"), name="label_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.UniqueConstraint(fields=("brand", "id"), name="label_in_brand"),
        ),
        migrations.AddConstraint(
            model_name="labelled",
            constraint=models.UniqueConstraint(fields=("conversation", "label"), name="labelled_once"),
        ),
        migrations.AddConstraint(
            model_name="sameperson",
            constraint=models.UniqueConstraint(fields=("author", "other"), name="same_person_once"),
        ),
        migrations.AddConstraint(
            model_name="sameperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("author__lt", models.F("other"))), name="same_person_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(fields=("conversation", "user"), name="watch_once"),
        ),
        migrations.RunSQL(UP, DOWN),
    ]
