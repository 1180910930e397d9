"""What is said to an account comes into one conversation a person and a thread, each message once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.inbox.conversations import put
from palabre.inbox.models import Conversation, Line, Message, Thread
from palabre.networks.sandbox.store import Store
from palabre.stream.models import Item
from tests.builders import Cast

Hear = Callable[[datetime], int]
LATER = timedelta(minutes=10)


def words(conversation: Conversation) -> list[str]:
    return [message.item.text for message in conversation.messages.order_by("at", "pk")]


def test_a_comment_opens_a_conversation_under_the_post_it_answers(asked: Conversation) -> None:
    assert (asked.state, asked.address, asked.author.handle) == ("open", "comment", "aicha")
    assert words(asked) == ["45 minutes d’attente pour un thé…"]
    assert asked.thread.root is not None
    assert asked.thread.root.text == "Brunch des grands chemins"
    assert asked.asked_at == asked.last_at
    assert asked.counted == 1


def test_each_person_has_a_conversation_of_their_own_in_one_thread(
    asked: Conversation, store: Store, hear: Hear, now: datetime
) -> None:
    root = asked.thread.remote_id
    store.say("baobab", "malo", "Ouvert le 11 novembre ?", at=now, reply_to=root)
    hear(now + LATER)
    assert Thread.objects.count() == 1
    assert set(Conversation.objects.values_list("author__handle", flat=True)) == {"aicha", "malo"}


def test_a_page_that_comes_again_an_old_cursor_and_duplicates_change_nothing(
    asked: Conversation, store: Store, hear: Hear, now: datetime
) -> None:
    for count, behaviour in enumerate(("old_cursor", "duplicates", "repeated_page"), start=1):
        store.plan("baobab@ear", behaviour)
        store.say(
            "baobab", "aicha", f"Et encore {count}", at=now + count * LATER, reply_to=asked.thread.remote_id
        )
        hear(now + count * LATER)
    assert len(words(Conversation.objects.get())) == 4
    assert Message.objects.filter(conversation=None).count() == 1, "the post above, once"
    assert Item.objects.count() == 5


def test_nothing_is_lost_when_hearing_is_killed_before_its_cursor_is_kept(
    channel: Channel, store: Store, hear: Hear, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palabre.intake import hear as hearing

    store.say("baobab", "aicha", "Bonjour", at=now - LATER)

    def dies(**_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(hearing, "receive", dies)
        hear(now)
    assert Conversation.objects.count() == 0
    assert Item.objects.count() == 0, "what was stored went back with the rest"
    assert Line.objects.get().cursor is None
    hear(now + timedelta(hours=1))
    assert words(Conversation.objects.get()) == ["Bonjour"]


def test_two_processes_never_hear_one_line_at_the_same_time(
    channel: Channel, hear: Hear, now: datetime
) -> None:
    from palabre.intake.hear import claim, open_lines

    open_lines(now=now)
    assert len(claim(now=now)) == 1
    assert claim(now=now) == []


def test_what_is_said_after_an_answer_opens_the_conversation_again(
    asked: Conversation, brand: Brand, cast: Cast, store: Store, hear: Hear, now: datetime
) -> None:
    put(brand=brand, conversations=[asked.pk], to="done", by=cast.owner, now=now)
    store.say("baobab", "aicha", "Allô ?", at=now + LATER / 2, reply_to=asked.thread.remote_id)
    hear(now + LATER)
    asked.refresh_from_db()
    assert asked.state == "open"


def test_an_answer_made_on_the_network_itself_closes_the_conversation_here(
    asked: Conversation, store: Store, hear: Hear, now: datetime
) -> None:
    comment = asked.messages.get().item.remote_id
    store.say("baobab", "baobab", "Désolés, le prochain est pour nous", at=now, reply_to=comment)
    hear(now + LATER)
    asked.refresh_from_db()
    assert (asked.state, asked.asked_at) == ("done", None)
    assert asked.answered_at == now
    assert [message.ours for message in asked.messages.order_by("at")] == [False, True]


def test_what_its_author_takes_away_loses_its_words_and_keeps_its_place(
    asked: Conversation, store: Store, hear: Hear, now: datetime
) -> None:
    comment = asked.messages.get().item.remote_id
    store.remove("aicha", comment)
    hear(now + LATER)
    message = asked.messages.select_related("item").get()
    assert message.gone_at is not None
    assert message.item.text == ""


def test_an_edited_comment_says_what_it_says_now_and_that_it_was_edited(
    asked: Conversation, store: Store, hear: Hear, now: datetime
) -> None:
    comment = asked.messages.get().item.remote_id
    store.change("aicha", comment, {"text": "Finalement, très bon thé", "to": "baobab"})
    hear(now + LATER)
    message = asked.messages.select_related("item").get()
    assert message.item.text == "Finalement, très bon thé"
    assert message.edited_at is not None


def test_a_network_that_fails_is_asked_again_later_and_says_why(
    channel: Channel, store: Store, hear: Hear, now: datetime
) -> None:
    store.plan("baobab@ear", "temporary")
    hear(now)
    line = Line.objects.get()
    assert (line.error_code, line.misses, line.failing_since) == ("server_trouble", 1, now)
    assert line.next_at > now
    hear(line.next_at)
    line.refresh_from_db()
    assert (line.error_code, line.misses, line.failing_since) == ("", 0, None)


def test_an_account_that_may_not_hear_goes_on_publishing_and_says_which_right_is_missing(
    asked: Conversation, store: Store, hear: Hear, now: datetime
) -> None:
    store.plan("baobab@ear", "not_permitted")
    hear(now + LATER)
    line = Line.objects.get()
    assert (line.error_code, line.channel.state) == ("forbidden", "working")
    assert line.next_at > now + LATER
    hear(line.next_at)
    assert Line.objects.get().error_code == ""


def test_a_row_of_one_brand_cannot_point_into_another(asked: Conversation, cast: Cast) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(conversation=asked).update(brand=cast.other)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
