"""The full text is looked for among the cards of `listening`, which are narrow: its index moves there."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stream", "0002_wall")]
    operations = [migrations.RemoveIndex("item", "item_search")]
