from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0002_wall"),
    ]

    operations = [
        migrations.AlterField(
            model_name="policy",
            name="spam_at",
            field=models.FloatField(default=0.3),
        ),
        migrations.AlterField(
            model_name="policy",
            name="toxicity_at",
            field=models.FloatField(default=0.15),
        ),
    ]
