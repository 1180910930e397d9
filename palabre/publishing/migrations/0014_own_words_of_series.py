from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0013_relay"),
    ]

    operations = [
        migrations.AddField(
            model_name="recurring",
            name="changes",
            field=models.JSONField(default=dict),
        ),
    ]
