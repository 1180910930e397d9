"""A brand with a million mentions, as skewed as life: few loud authors, networks, outlets and topics.

Rows are made in the database (seeded), then counted by the same code that counts every batch.
"""

# ruff: noqa: E501 -- the columns of a statement are easier to compare on long lines.

import random
from typing import Any

ITEMS = 1_000_000
TEXTS = 30_000
AUTHORS = 120_000
STORIES = 300_000
DAYS = 90
TOPICS = 12


def build(brand: Any, *, items: int = ITEMS) -> None:
    """Fill the brand; newest now."""
    from django.db import connection

    from palabre.listening.models import Topic
    from palabre.listening.record import rebuild
    from palabre.stream.models import Tag
    from tests.bench.words import sentence

    dice = random.Random(7)
    topics = [
        Topic.objects.create(brand=brand, name=f"T{i:02}", query="x", about=about)
        for i, about in enumerate(["ours"] * 6 + ["competitor"] * 4 + ["market"] * 2)
    ]
    tags = [Tag.objects.create(brand=brand, name=f"tag {i}").pk for i in range(8)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.7)")
        cursor.execute("CREATE TEMPORARY TABLE pool (n serial, text text, search tsvector)")
        with cursor.copy("COPY pool (text) FROM STDIN") as copy:
            for _ in range(TEXTS):
                copy.write_row((sentence(dice),))
        cursor.execute(
            """UPDATE pool SET search = to_tsvector('pg_catalog.french', text)
                                     || to_tsvector('pg_catalog.english', text)"""
        )
        cursor.execute("CREATE UNIQUE INDEX ON pool (n)")
        given = {"brand": brand.pk, "items": items, "tags": tags, "topics": [topic.pk for topic in topics]}
        for statement in (_AUTHORS, _STORIES, _ITEMS, _MENTIONS):
            cursor.execute(statement, given)
        cursor.execute("ANALYZE")
    rebuild(brand=brand)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


_AUTHORS = f"""
    INSERT INTO stream_author (brand_id, network, remote_id, handle, name, url, avatar_url, followers,
                               first_seen_at, last_seen_at)
    SELECT %(brand)s, (ARRAY['bluesky','feed','mastodon','youtube'])[1 + n %% 4], 'a' || n, 'a' || n, 'Author ' || n,
           '', '', CASE WHEN random() < 0.8 THEN exp(random() * 13)::bigint END, now(), now()
    FROM generate_series(1, {AUTHORS}) AS n"""

_STORIES = f"""
    INSERT INTO stream_story (brand_id, title, size, first_at, last_at, bands, signature)
    SELECT %(brand)s, 'Story ' || n, 1 + (20 * random() ^ 8)::int, now(), now(), '{{}}', '' FROM generate_series(1, {STORIES}) AS n"""

_ITEMS = f"""
    WITH first AS (SELECT min(id) AS author FROM stream_author WHERE brand_id = %(brand)s),
    told AS (SELECT min(id) AS story FROM stream_story WHERE brand_id = %(brand)s),
    drawn AS MATERIALIZED (
        SELECT n, now() - {DAYS} * interval '1 day' * (random() ^ 1.2) AS at, random() AS net, random() AS tongue,
               random() AS mood, random() AS luck, random() AS label,
               floor({AUTHORS} * random() ^ 3)::bigint AS who, floor({STORIES} * random() ^ 1.5)::bigint AS tale,
               1 + floor({TEXTS} * random())::int AS pick, floor(random() ^ 3 * 400)::int AS site
        FROM generate_series(1, %(items)s) AS n)
    INSERT INTO stream_item (brand_id, network, remote_id, kind, url, title, text, language, country, outlet, author_id,
        story_id, thread_id, reply_to, image_urls, hashtags, published_at, collected_at, occurred_at, reach, tone,
        tone_guess, tone_scores, toxicity, is_toxic, spam, is_spam, model_version, is_read, is_ignored, tags, search)
    SELECT %(brand)s,
        CASE WHEN net < 0.45 THEN 'bluesky' WHEN net < 0.7 THEN 'feed' WHEN net < 0.85 THEN 'mastodon'
             WHEN net < 0.93 THEN 'youtube' WHEN net < 0.98 THEN 'hackernews' ELSE 'mailbox' END,
        'i' || drawn.n, CASE WHEN net BETWEEN 0.45 AND 0.7 THEN 'article' ELSE 'post' END,
        'https://example.org/' || drawn.n, '', pool.text,
        CASE WHEN tongue < 0.68 THEN 'fr' WHEN tongue < 0.88 THEN 'en' WHEN tongue < 0.94 THEN 'es'
             WHEN tongue < 0.97 THEN 'de' WHEN tongue < 0.99 THEN 'it' ELSE 'nl' END, '',
        CASE WHEN net < 0.45 THEN '' ELSE 'site' || site || '.example' END,
        first.author + drawn.who, told.story + drawn.tale, '', '', '{{}}',
        CASE WHEN luck < 0.3 THEN ARRAY['tag' || site] ELSE '{{}}' END, at, at, at, author.followers,
        CASE WHEN mood < 0.25 THEN -1 WHEN mood < 0.75 THEN 0 ELSE 1 END,
        CASE WHEN mood < 0.25 THEN -1 WHEN mood < 0.75 THEN 0 ELSE 1 END,
        ARRAY[1 - mood, 0.1, mood], luck / 10, luck > 0.98, luck / 10, luck BETWEEN 0.93 AND 0.97, 'v1',
        at < now() - interval '20 days' AND luck < 0.9, luck > 0.99,
        CASE WHEN label < 0.12 THEN ARRAY[(%(tags)s::bigint[])[1 + floor(label * 100 / 1.5)::int]] ELSE '{{}}' END,
        pool.search
    FROM drawn JOIN pool ON pool.n = drawn.pick
    JOIN first ON true JOIN told ON true
    JOIN stream_author AS author ON author.id = first.author + drawn.who"""

_MENTIONS = f"""
    INSERT INTO listening_mention (brand_id, topic_id, item_id, occurred_at, matched_at)
    SELECT item.brand_id, (%(topics)s::bigint[])[1 + floor({TOPICS} * random() ^ 2)::int], item.id, item.occurred_at, now()
    FROM stream_item AS item, generate_series(1, CASE WHEN item.id %% 5 = 0 THEN 2 ELSE 1 END)
    WHERE item.brand_id = %(brand)s ON CONFLICT DO NOTHING"""
