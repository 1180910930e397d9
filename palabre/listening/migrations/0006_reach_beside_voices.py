"""The cards of an author or an outlet are added up from their index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0005_facets_alone")]
    operations = [
        migrations.RemoveIndex("card", "card_author_time"),
        migrations.RemoveIndex("card", "card_outlet_time"),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=["author", "-occurred_at", "-item"],
                include=["facet", "blend", "reach"],
                name="card_author_time",
            ),
        ),
        migrations.AddIndex(
            "card",
            models.Index(
                fields=["brand", "outlet", "-occurred_at", "-item"],
                include=["facet", "blend", "reach"],
                name="card_outlet_time",
            ),
        ),
    ]
