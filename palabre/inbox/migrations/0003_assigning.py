import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0004_zone"),
        ("channels", "0001_initial"),
        ("inbox", "0002_wall"),
        ("stream", "0003_search_on_cards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("text", models.TextField(max_length=5000, verbose_name="note")),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="assigned_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="priority",
            field=models.SmallIntegerField(choices=[(0, "normal"), (1, "high"), (2, "urgent")], default=0),
        ),
        migrations.AddField(
            model_name="conversation",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="agency.team"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(("assigned_to", None), ("team", None), _connector="OR"),
                name="conversation_one_assignee",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__range", (0, 2))), name="conversation_priority"
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="brand",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="agency.brand",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="conversation",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notes",
                to="inbox.conversation",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE inbox_note ADD CONSTRAINT note_conversation_in_brand FOREIGN KEY (brand_id, conversation_id) "
            "REFERENCES inbox_conversation (brand_id, id) ON DELETE CASCADE",
            "ALTER TABLE inbox_note DROP CONSTRAINT note_conversation_in_brand",
        ),
    ]
