"""The wall between brands: keys within a brand are pairs, so that no row points into another brand."""

from django.db import migrations

PAIRS = (
    # table, constraint, column, table pointed at, what happens when it goes
    ("case", "case_message_in_brand", "message_id", "inbox_message", "CASCADE"),
    ("reason", "reason_case_in_brand", "case_id", "moderation_case", "CASCADE"),
    ("decision", "decision_channel_in_brand", "channel_id", "channels_channel", "CASCADE"),
    ("decision", "decision_case_in_brand", "case_id", "moderation_case", "SET NULL (case_id)"),
    ("decision", "decision_message_in_brand", "message_id", "inbox_message", "SET NULL (message_id)"),
    ("decision", "decision_author_in_brand", "author_id", "stream_author", "SET NULL (author_id)"),
    ("decision", "decision_article_in_brand", "article_id", "moderation_article", "SET NULL (article_id)"),
    ("decision", "decision_undoes_in_brand", "undoes_id", "moderation_decision", "SET NULL (undoes_id)"),
    ("decision", "decision_reply_in_brand", "reply_id", "inbox_reply", "SET NULL (reply_id)"),
    ("evidence", "evidence_decision_in_brand", "decision_id", "moderation_decision", "CASCADE"),
    ("picture", "picture_evidence_in_brand", "evidence_id", "moderation_evidence", "CASCADE"),
    ("appeal", "appeal_decision_in_brand", "decision_id", "moderation_decision", "CASCADE"),
)
UP = "".join(
    f"ALTER TABLE moderation_{table} ADD CONSTRAINT {name} FOREIGN KEY (brand_id, {column}) "
    f"REFERENCES {target} (brand_id, id) ON DELETE {then};\n"
    for table, name, column, target, then in PAIRS
)
DOWN = "".join(f"ALTER TABLE moderation_{table} DROP CONSTRAINT {name};\n" for table, name, *_ in PAIRS)


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0001_initial"),
        ("inbox", "0002_wall"),
        ("channels", "0001_initial"),
        ("stream", "0001_initial"),
    ]
    operations = [migrations.RunSQL(UP, DOWN)]
