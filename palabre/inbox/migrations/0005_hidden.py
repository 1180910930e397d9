from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0004_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="hidden",
            field=models.BooleanField(default=False),
        ),
    ]
