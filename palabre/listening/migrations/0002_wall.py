"""The wall between brands: keys within a brand are pairs, so that no row points into another brand.

A card has one to its item alone: what else it holds is read from that item, in one statement.
"""

from django.db import migrations

WALL = """
ALTER TABLE listening_mention
    ADD CONSTRAINT mention_item_in_brand FOREIGN KEY (brand_id, item_id)
        REFERENCES stream_item (brand_id, id) ON DELETE CASCADE,
    ADD CONSTRAINT mention_topic_in_brand FOREIGN KEY (brand_id, topic_id)
        REFERENCES listening_topic (brand_id, id) ON DELETE CASCADE;
ALTER TABLE listening_card ADD CONSTRAINT card_item_in_brand FOREIGN KEY (brand_id, item_id)
    REFERENCES stream_item (brand_id, id) ON DELETE CASCADE;
ALTER TABLE listening_lesson ADD CONSTRAINT lesson_item_in_brand FOREIGN KEY (brand_id, item_id)
    REFERENCES stream_item (brand_id, id) ON DELETE CASCADE;
ALTER TABLE listening_source ADD CONSTRAINT source_topic_in_brand FOREIGN KEY (brand_id, topic_id)
    REFERENCES listening_topic (brand_id, id) ON DELETE SET NULL (topic_id);
ALTER TABLE listening_hourlycount
    ADD CONSTRAINT hourly_blend_in_brand FOREIGN KEY (brand_id, blend_id)
        REFERENCES listening_blend (brand_id, id) ON DELETE CASCADE,
    ADD CONSTRAINT hourly_facet_in_brand FOREIGN KEY (brand_id, facet_id)
        REFERENCES listening_facet (brand_id, id) ON DELETE CASCADE;
ALTER TABLE listening_dailycount
    ADD CONSTRAINT daily_blend_in_brand FOREIGN KEY (brand_id, blend_id)
        REFERENCES listening_blend (brand_id, id) ON DELETE CASCADE,
    ADD CONSTRAINT daily_facet_in_brand FOREIGN KEY (brand_id, facet_id)
        REFERENCES listening_facet (brand_id, id) ON DELETE CASCADE;
ALTER TABLE listening_facet ADD CONSTRAINT facet_coarse_in_brand FOREIGN KEY (brand_id, coarse_id)
    REFERENCES listening_facet (brand_id, id) ON DELETE CASCADE;
ALTER TABLE listening_dailydetail
    ADD CONSTRAINT detail_blend_in_brand FOREIGN KEY (brand_id, blend_id)
        REFERENCES listening_blend (brand_id, id) ON DELETE CASCADE,
    ADD CONSTRAINT detail_facet_in_brand FOREIGN KEY (brand_id, facet_id)
        REFERENCES listening_facet (brand_id, id) ON DELETE CASCADE;
"""
DOWN = """
ALTER TABLE listening_mention DROP CONSTRAINT mention_item_in_brand, DROP CONSTRAINT mention_topic_in_brand;
ALTER TABLE listening_card DROP CONSTRAINT card_item_in_brand;
ALTER TABLE listening_lesson DROP CONSTRAINT lesson_item_in_brand;
ALTER TABLE listening_source DROP CONSTRAINT source_topic_in_brand;
ALTER TABLE listening_hourlycount DROP CONSTRAINT hourly_blend_in_brand, DROP CONSTRAINT hourly_facet_in_brand;
ALTER TABLE listening_dailycount DROP CONSTRAINT daily_blend_in_brand, DROP CONSTRAINT daily_facet_in_brand;
ALTER TABLE listening_facet DROP CONSTRAINT facet_coarse_in_brand;
ALTER TABLE listening_dailydetail DROP CONSTRAINT detail_blend_in_brand, DROP CONSTRAINT detail_facet_in_brand;
"""


class Migration(migrations.Migration):
    dependencies = [("listening", "0001_initial")]
    operations = [migrations.RunSQL(WALL, DOWN)]
