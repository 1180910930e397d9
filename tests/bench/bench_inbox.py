"""The inbox of a brand with a million messages in 200,000 conversations: its lists, filters and pages, and
how long a message takes to an open page."""

# ruff: noqa: E501 -- the columns of a statement are easier to compare on long lines.

import asyncio
import statistics
import time
from typing import Any

from palabre.kit.memory import settle
from tests.bench.database import own_database
from tests.bench.report import Row

CONVERSATIONS, EACH, AUTHORS = 200_000, 5, 40_000
RUNS = 40
BAR = 150
"""Milliseconds, at the 95th percentile, from the request to the whole answer."""
TOLD = 20
"""Messages whose way to an open page is timed."""
PAGE_BAR = 2_000

ASKED = {
    "list: to answer": "?",
    "list: mine": "?tab=mine",
    "list: waiting": "?tab=waiting",
    "list: done": "?tab=done",
    "list: all": "?tab=all",
    "list: an account": "?tab=all&channel={channel}",
    "list: mentions alone": "?kind=mention",
    "list: last word negative": "?tone=negative",
    "list: nobody’s": "?whose=nobody",
    "list: a common word": "?tab=all&q=attente",
    "list: a rare word": "?tab=all&q=baobab77",
    "list: two words": "?tab=all&q=attente+th%C3%A9",
    "list: a name": "?tab=all&q=auteur+123",
    "list: everything at once": "?kind=comment&tone=negative&whose=nobody&q=caf%C3%A9",
    "list: its hundredth page": "?tab=all&before={before}",
}


def run() -> list[Row]:
    """Every list in turn, warm, through Django's own client; a conversation opened, the next one, a message told."""
    with own_database():
        from django_scopes import scopes_disabled

        with scopes_disabled():
            brand, user, channel = _furnish()
        return [*_pages(brand, user, channel), _told(brand)]


def _furnish() -> tuple[Any, Any, Any]:
    from django.db import connection

    from palabre.agency.models import Brand, Member, Organisation, User
    from palabre.agency.roles import Role
    from palabre.channels.models import Channel

    organisation = Organisation.objects.create(name="Bench")
    user = User.objects.create_user("bench@palabre.example", None, name="Bench")
    Member.objects.create(user=user, organisation=organisation, role=Role.OWNER)
    brand = Brand.objects.create(organisation=organisation, name="Bench", slug="bench")
    channels = [
        Channel.objects.create(brand=brand, network=key, account=key, handle=f"bench.{key}")
        for key in ("bluesky", "wordpress", "mastodon")
    ]
    given = {
        "brand": brand.pk,
        "user": user.pk,
        "first": channels[0].pk,
        "talks": CONVERSATIONS,
        "each": EACH,
        "authors": AUTHORS,
    }
    with connection.cursor() as cursor:
        for statement in _FILL:
            cursor.execute(statement, given)
        cursor.execute("ANALYZE")
    return brand, user, channels[0]


_FILL = (
    """INSERT INTO stream_author (id, brand_id, network, remote_id, handle, name, url, avatar_url, followers, first_seen_at, last_seen_at)
       SELECT n, %(brand)s, 'bluesky', 'did:plc:' || n, 'auteur' || n || '.test', 'Auteur ' || n, '', '', n %% 5000, now(), now()
       FROM generate_series(1, %(authors)s) AS n""",
    """INSERT INTO stream_item (id, brand_id, network, remote_id, kind, url, title, text, language, country, outlet, author_id, thread_id,
           reply_to, image_urls, hashtags, collected_at, occurred_at, tone, tone_guess, tone_scores, toxicity, is_toxic, spam, is_spam,
           model_version, is_read, is_ignored, tags, search)
       SELECT n, %(brand)s, 'bluesky', 'at://' || n, 'reply', '', '', said.text, 'fr', '', 'bsky.app', 1 + (n / %(each)s) %% %(authors)s,
              'at://root' || n / %(each)s, '', '{}', '{}', now(), now() - (n * 30 || ' seconds')::interval, n %% 3 - 1, n %% 3 - 1, '{}', 0,
              false, 0, false, '', false, false, '{}',
              to_tsvector('pg_catalog.french', said.text) || to_tsvector('pg_catalog.english', said.text)
       FROM generate_series(1, %(talks)s * %(each)s) AS n,
       LATERAL (SELECT CASE WHEN n %% 7 = 0 THEN 'Une attente bien longue pour un thé, ' ELSE 'Bonjour le café, ' END
                || 'quelle semaine au comptoir, baobab' || n %% 9001 AS text) AS said""",
    """INSERT INTO inbox_thread (id, brand_id, channel_id, remote_id)
       SELECT n, %(brand)s, %(first)s + n %% 3, 'at://root' || n FROM generate_series(0, %(talks)s - 1) AS n""",
    """INSERT INTO inbox_conversation (id, brand_id, channel_id, thread_id, author_id, state, address, priority, opened_at, asked_at,
           last_at, counted, assigned_to_id)
       SELECT n + 1, %(brand)s, %(first)s + n %% 3, n, 1 + n %% %(authors)s,
              (ARRAY['done', 'done', 'done', 'done', 'waiting', 'open', 'done', 'pending', 'done', 'done'])[1 + n %% 10],
              (ARRAY['comment', 'mention', 'reply', 'comment'])[1 + n %% 4], 0, now() - (n * 150 || ' seconds')::interval, now(),
              now() - (n * 150 || ' seconds')::interval, %(each)s, CASE WHEN n %% 20 = 5 THEN %(user)s END
       FROM generate_series(0, %(talks)s - 1) AS n""",
    """INSERT INTO inbox_message (id, brand_id, thread_id, conversation_id, item_id, address, ours, held, at)
       SELECT n, %(brand)s, (n - 1) / %(each)s, 1 + (n - 1) / %(each)s, n, 'comment', n %% %(each)s = 4, false,
              now() - (n * 30 || ' seconds')::interval
       FROM generate_series(1, %(talks)s * %(each)s) AS n""",
    """UPDATE inbox_conversation AS talk SET last_id = (talk.id - 1) * %(each)s + 1, search = array_to_tsvector(ARRAY(
           SELECT DISTINCT word.lexeme FROM inbox_message AS message JOIN stream_item AS item ON item.id = message.item_id,
                  unnest(item.search) AS word WHERE message.conversation_id = talk.id))
           || to_tsvector('pg_catalog.simple', 'auteur ' || talk.author_id)""",
    "SELECT setval('inbox_conversation_id_seq', %(talks)s + 1), setval('inbox_message_id_seq', %(talks)s * %(each)s + 1), "
    "setval('stream_item_id_seq', %(talks)s * %(each)s + 1), setval('stream_author_id_seq', %(authors)s + 1), "
    "setval('inbox_thread_id_seq', %(talks)s + 1)",
)


def _pages(brand: Any, user: Any, channel: Any) -> list[Row]:
    from django.test import Client
    from django_scopes import scope

    from palabre.inbox.models import Conversation

    with scope(brand=brand):
        far = Conversation.objects.order_by("-last_at", "-pk")[4_000]
    before = f"{far.last_at.isoformat()}~{far.pk}".replace("+", "%2B")
    client = Client(headers={"host": "127.0.0.1", "accept-language": "fr"})
    client.force_login(user)
    home = "/b/bench/answer/"
    settle()
    rows = []
    for name, query in ASKED.items():
        address = home + "list/" + query.format(channel=channel.pk, before=before)
        rows.append(_timed(name, lambda address=address: client.get(address)))
    pks = iter(range(1, CONVERSATIONS, 997))
    rows.append(_timed("open the page with its first conversation", lambda: client.get(home)))
    rows.append(_timed("open a conversation", lambda: client.get(f"{home}{next(pks)}/?tab=all")))
    todo = iter(range(6, CONVERSATIONS, 1_010))
    rows.append(
        _timed(
            "done, and on to the next",
            lambda: client.post(f"{home}{next(todo)}/put/", {"to": "done"}, follow=True),
        )
    )
    return rows


def _timed(name: str, act: Any) -> Row:
    times = []
    for _ in range(RUNS + 2):
        begun = time.perf_counter()
        answer = act()
        times.append(1_000 * (time.perf_counter() - begun))
        assert answer.status_code == 200, (name, answer.status_code)
    warm = sorted(times[2:])
    p95 = warm[int(len(warm) * 0.95) - 1]
    return Row(
        work=f"inbox, {name}",
        figure=p95,
        unit="ms p95",
        bar=f"< {BAR} ms",
        met=p95 < BAR,
        note=f"p50 {statistics.median(warm):.1f} ms, {CONVERSATIONS * EACH} messages in {CONVERSATIONS} conversations",
    )


def _told(brand: Any) -> Row:
    """From the end of a transaction to the word on the wire of an open page; the page then asks for its part."""
    from asgiref.sync import sync_to_async

    from palabre.agency.live import Wire, tell

    async def measured() -> list[float]:
        wire, times = Wire(), []
        page = wire.news(brand.pk)
        await anext(page)
        for number in range(1, TOLD + 1):
            begun = time.perf_counter()
            await sync_to_async(tell)(brand, "inbox", number)
            await anext(page)
            times.append(1_000 * (time.perf_counter() - begun))
        await page.aclose()  # type: ignore[attr-defined]
        return times

    times = sorted(asyncio.run(measured()))
    worst = times[-1]
    return Row(
        work="inbox, news of a message to an open page",
        figure=worst,
        unit="ms at most",
        bar=f"< {PAGE_BAR} ms",
        met=worst < PAGE_BAR,
        note=f"p50 {statistics.median(times):.1f} ms; the page gathers news for 250 ms and asks for its part",
    )
