"""The wall between brands: keys within a brand are pairs, so that no row points into another brand."""

from django.db import migrations

WALL = """
ALTER TABLE stream_item ADD CONSTRAINT item_author_in_brand FOREIGN KEY (brand_id, author_id)
    REFERENCES stream_author (brand_id, id) ON DELETE SET NULL (author_id);
ALTER TABLE stream_item ADD CONSTRAINT item_story_in_brand FOREIGN KEY (brand_id, story_id)
    REFERENCES stream_story (brand_id, id) ON DELETE SET NULL (story_id);
"""
DOWN = """
ALTER TABLE stream_item DROP CONSTRAINT item_author_in_brand, DROP CONSTRAINT item_story_in_brand;
"""


class Migration(migrations.Migration):
    dependencies = [("stream", "0001_initial")]
    operations = [migrations.RunSQL(WALL, DOWN)]
