"""Who asks to be forgotten leaves nothing in the conversations, in what was answered, nor in the log."""

from collections.abc import Callable
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import connection

from palabre.agency.models import AuditEntry, Brand
from palabre.desk.keeping import sweep
from palabre.desk.person import copy_of, erase
from palabre.inbox.answering import answer, keep_draft
from palabre.inbox.models import Conversation, Message, Thread
from palabre.inbox.sending import send_due
from palabre.networks.sandbox.store import Store
from palabre.stream.models import Item
from tests.builders import Cast

Hear = Callable[[datetime], int]


def everything() -> str:
    """All rows of all tables, as text."""
    told = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{model._meta.db_table}" AS t')
            told += [row[0] for row in cursor.fetchall()]
    return "\n".join(told)


def test_an_erasure_leaves_nothing_of_a_person_in_the_database(
    asked: Conversation, brand: Brand, cast: Cast, store: Store, hear: Hear, now: datetime
) -> None:
    store.say("baobab", "malo", "Moi aussi", at=now - timedelta(minutes=1), reply_to=asked.thread.remote_id)
    store.say("baobab", "aicha", "Coucou @baobab", at=now - timedelta(minutes=1))
    hear(now + timedelta(minutes=5))
    seen = asked.messages.get().pk
    answer(conversation=asked, by=cast.owner, text="Désolés, chère aicha !", seen=seen, then="done", now=now)
    async_to_sync(send_due)(lambda: now)
    keep_draft(conversation=asked, by=cast.owner, text="aicha, encore une chose", now=now)
    copied = copy_of(brand=brand, by=cast.owner, author=asked.author)
    assert "Désolés, chère aicha" in copied
    assert "aicha" in everything().lower()
    erase(brand=brand, by=cast.owner, author=asked.author, with_named=False)
    left = everything().lower()
    assert "aicha" not in left
    assert "45 minutes" not in left
    assert Conversation.objects.get().author.handle == "malo", "what others said stays theirs"
    assert AuditEntry.objects.filter(act="inbox.reply").count() == 1, "that somebody answered stays"
    hear(now + timedelta(minutes=10))
    store.say("baobab", "aicha", "Me revoilà", at=now, reply_to=asked.thread.remote_id)
    hear(now + timedelta(minutes=20))
    assert "aicha" not in everything().lower(), "they are not collected again"


def test_a_thread_somebody_began_keeps_the_words_of_others(
    brand: Brand, cast: Cast, store: Store, hear: Hear, now: datetime
) -> None:
    root = store.say("baobab", "aicha", "@baobab bonjour", at=now - timedelta(hours=1))
    store.say("baobab", "malo", "@baobab oui, bonjour", at=now - timedelta(minutes=30), reply_to=root)
    hear(now)
    theirs = Conversation.objects.get(author__handle="aicha")
    erase(brand=brand, by=cast.owner, author=theirs.author, with_named=False)
    assert list(Message.objects.values_list("item__text", flat=True)) == ["@baobab oui, bonjour"]


def test_what_is_past_its_time_leaves_the_inbox_too(
    asked: Conversation, brand: Brand, store: Store, hear: Hear, now: datetime
) -> None:
    store.say("baobab", "malo", "Ouvert dimanche ?", at=now - timedelta(minutes=1))
    hear(now + timedelta(minutes=5))
    old = now - timedelta(days=900)
    Item.objects.filter(author__handle__in=["aicha", "baobab"]).update(occurred_at=old, published_at=old)
    sweep(brand=brand, now=now)
    assert [one.author.handle for one in Conversation.objects.select_related("author")] == ["malo"]
    assert Thread.objects.count() == 1
    assert "aicha" not in everything().lower()
