"""The wall between brands, for rules and word lists (see 0002)."""

from django.db import migrations

PAIRS = (
    # table, constraint, column, table pointed at
    ("rulerun", "rule_run_rule_in_brand", "rule_id", "moderation_rule"),
    ("rulerun", "rule_run_message_in_brand", "message_id", "inbox_message"),
    ("wordlist", "wordlist_channel_in_brand", "channel_id", "channels_channel"),
    ("word", "word_wordlist_in_brand", "wordlist_id", "moderation_wordlist"),
    ("wordhit", "word_hit_wordlist_in_brand", "wordlist_id", "moderation_wordlist"),
    ("wordhit", "word_hit_message_in_brand", "message_id", "inbox_message"),
)
UP = "".join(
    f"ALTER TABLE moderation_{table} ADD CONSTRAINT {name} FOREIGN KEY (brand_id, {column}) "
    f"REFERENCES {target} (brand_id, id) ON DELETE CASCADE;\n"
    for table, name, column, target in PAIRS
)
DOWN = "".join(f"ALTER TABLE moderation_{table} DROP CONSTRAINT {name};\n" for table, name, *_ in PAIRS)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_rules_and_words")]
    operations = [migrations.RunSQL(UP, DOWN)]
