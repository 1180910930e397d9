"""The wall between brands: keys within a brand are pairs, so that no row points into another brand."""

from django.db import migrations

PAIRS = (
    # table, constraint, column, table pointed at, what happens when it goes
    ("line", "line_channel_in_brand", "channel_id", "channels_channel", "CASCADE"),
    ("thread", "thread_channel_in_brand", "channel_id", "channels_channel", "CASCADE"),
    ("thread", "thread_root_in_brand", "root_id", "stream_item", "SET NULL (root_id)"),
    ("conversation", "conversation_channel_in_brand", "channel_id", "channels_channel", "CASCADE"),
    ("conversation", "conversation_thread_in_brand", "thread_id", "inbox_thread", "CASCADE"),
    ("conversation", "conversation_author_in_brand", "author_id", "stream_author", "CASCADE"),
    ("conversation", "conversation_last_in_brand", "last_id", "inbox_message", "SET NULL (last_id)"),
    ("message", "message_thread_in_brand", "thread_id", "inbox_thread", "CASCADE"),
    ("message", "message_conversation_in_brand", "conversation_id", "inbox_conversation", "CASCADE"),
    ("message", "message_item_in_brand", "item_id", "stream_item", "CASCADE"),
    ("reply", "reply_conversation_in_brand", "conversation_id", "inbox_conversation", "CASCADE"),
    ("reply", "reply_to_in_brand", "to_id", "inbox_message", "SET NULL (to_id)"),
)
UP = "".join(
    f"ALTER TABLE inbox_{table} ADD CONSTRAINT {name} FOREIGN KEY (brand_id, {column}) "
    f"REFERENCES {target} (brand_id, id) ON DELETE {then};\n"
    for table, name, column, target, then in PAIRS
)
DOWN = "".join(f"ALTER TABLE inbox_{table} DROP CONSTRAINT {name};\n" for table, name, *_ in PAIRS)


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("channels", "0001_initial"), ("stream", "0001_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
