"""The wall between brands: keys within a brand are pairs, so that no row points into another brand."""

from django.db import migrations

PAIRS = (
    # table, constraint, column, table pointed at, what happens when it goes
    ("post", "post_campaign_in_brand", "campaign_id", "publishing_campaign", "SET NULL (campaign_id)"),
    ("post", "post_pillar_in_brand", "pillar_id", "publishing_pillar", "SET NULL (pillar_id)"),
    ("version", "version_post_in_brand", "post_id", "publishing_post", "CASCADE"),
    ("variant", "variant_post_in_brand", "post_id", "publishing_post", "CASCADE"),
    ("variant", "variant_channel_in_brand", "channel_id", "channels_channel", "CASCADE"),
    ("delivery", "delivery_variant_in_brand", "variant_id", "publishing_variant", "CASCADE"),
    ("delivery", "delivery_channel_in_brand", "channel_id", "channels_channel", "CASCADE"),
    ("step", "step_delivery_in_brand", "delivery_id", "publishing_delivery", "CASCADE"),
)
UP = "".join(
    f"ALTER TABLE publishing_{table} ADD CONSTRAINT {name} FOREIGN KEY (brand_id, {column}) "
    f"REFERENCES {target} (brand_id, id) ON DELETE {then};\n"
    for table, name, column, target, then in PAIRS
)
DOWN = "".join(f"ALTER TABLE publishing_{table} DROP CONSTRAINT {name};\n" for table, name, *_ in PAIRS)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial"), ("channels", "0001_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
