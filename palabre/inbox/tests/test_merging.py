"""Merging and splitting lose nothing, and what comes later is filed exactly once all the same."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.test import Client

from palabre.agency.models import AuditEntry, Brand
from palabre.inbox import labelling
from palabre.inbox.answering import answer, keep_draft
from palabre.inbox.conversations import put
from palabre.inbox.merging import Unmergeable, merge, split, take_apart, unmerge
from palabre.inbox.models import Conversation, Message, Reply
from palabre.inbox.notes import add_note
from palabre.inbox.selectors import Wanted, conversations, opened
from palabre.inbox.sending import send_due
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

Hear = Callable[[datetime], int]
HOME = "/b/cafe-baobab/answer/"
LATER = timedelta(minutes=10)


@pytest.fixture
def other(asked: Conversation, store: Store, hear: Hear, now: datetime) -> Conversation:
    """Aïcha says something else, in a post of her own."""
    store.say("baobab", "aicha", "@baobab toujours rien ?", at=now - timedelta(minutes=1))
    hear(now + LATER)
    return Conversation.objects.select_related("channel", "author", "thread").exclude(pk=asked.pk).get()


def words(conversation: Conversation, cast: Cast) -> list[str]:
    return [message.item.text for message in opened(conversation.pk, cast.owner).messages]


def test_two_are_one_with_their_words_notes_drafts_and_labels(
    asked: Conversation, other: Conversation, brand: Brand, cast: Cast, now: datetime
) -> None:
    labelling.label(brand=brand, conversations=[other.pk], label="attente", by=cast.owner, now=now)
    add_note(conversation=other, by=cast.owner, text="Elle a raison", now=now)
    keep_draft(conversation=other, by=cast.owner, text="Pardon…", now=now)
    merged = merge(brand=brand, conversations=[asked.pk, other.pk], by=cast.owner, now=now)
    assert merged.head == asked.pk, "the first that was opened"
    shown = opened(asked.pk, cast.owner)
    assert [message.item.text for message in shown.messages] == [
        "45 minutes d’attente pour un thé…",
        "@baobab toujours rien ?",
    ]
    assert [note.text for note in shown.notes] == ["Elle a raison"]
    assert shown.draft is not None
    assert shown.draft.text == "Pardon…"
    assert [one.label.name for one in shown.labelled] == ["attente"]
    listed = conversations(Wanted(tab="all"), cast.owner)
    assert [(one.pk, one.counted) for one in listed] == [(asked.pk, 2)]
    assert AuditEntry.objects.get(act="inbox.merge").after == [f"#{other.pk}"]


def test_what_is_said_later_in_either_thread_comes_to_the_one_they_are_and_comes_once(
    asked: Conversation,
    other: Conversation,
    brand: Brand,
    cast: Cast,
    store: Store,
    hear: Hear,
    now: datetime,
) -> None:
    merge(brand=brand, conversations=[asked.pk, other.pk], by=cast.owner, now=now)
    put(brand=brand, conversations=[asked.pk], to="done", by=cast.owner, now=now)
    assert put(brand=brand, conversations=[other.pk], to="open", by=cast.owner, now=now) == []
    for count, behaviour in enumerate(("old_cursor", "duplicates", "repeated_page"), start=2):
        store.plan("baobab@ear", behaviour)
        at = now + count * LATER
        store.say("baobab", "aicha", f"Encore {count}", at=at, reply_to=other.thread.remote_id)
        hear(at)
    asked.refresh_from_db()
    assert (asked.state, asked.counted) == ("open", 5)
    assert len(words(asked, cast)) == 5
    assert Conversation.objects.count() == 2
    assert Message.objects.exclude(conversation=None).count() == 5


def test_an_answer_leaves_by_the_thread_of_what_it_answers_and_moves_the_one_they_are(
    asked: Conversation, other: Conversation, brand: Brand, cast: Cast, now: datetime
) -> None:
    merge(brand=brand, conversations=[asked.pk, other.pk], by=cast.owner, now=now)
    shown = opened(asked.pk, cast.owner)
    answer(conversation=asked, by=cast.owner, text="Voilà !", seen=shown.seen, then="done", now=now)
    async_to_sync(send_due)(lambda: now)
    reply = Reply.objects.get()
    assert (reply.state, reply.conversation_id) == ("sent", other.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.counted) == ("done", 3)


def test_taking_a_merge_back_gives_back_what_was(
    asked: Conversation, other: Conversation, brand: Brand, cast: Cast, now: datetime
) -> None:
    put(brand=brand, conversations=[other.pk], to="waiting", by=cast.owner, now=now)
    merged = merge(brand=brand, conversations=[asked.pk, other.pk], by=cast.owner, now=now)
    assert unmerge(brand=brand, merged=merged, by=cast.owner, now=now) == 1
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (other.state, other.merged_into_id, other.counted) == ("waiting", None, 1)
    assert words(asked, cast) == ["45 minutes d’attente pour un thé…"]
    merge(brand=brand, conversations=[asked.pk, other.pk], by=cast.owner, now=now)
    part = Conversation.objects.select_related("brand", "merged_into__brand").get(pk=other.pk)
    take_apart(conversation=part, by=cast.owner, now=now)
    assert words(other, cast) == ["@baobab toujours rien ?"]
    assert AuditEntry.objects.filter(act="inbox.unmerge").count() == 2


def test_a_part_never_stands_in_a_list_nor_is_a_part_of_itself(asked: Conversation) -> None:
    for wrong in ({"merged_into": asked}, {"merged_into": asked, "state": "done"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Conversation.objects.filter(pk=asked.pk).update(**wrong)


def test_some_messages_are_a_conversation_of_their_own_and_go_on_there(
    asked: Conversation, brand: Brand, cast: Cast, store: Store, hear: Hear, now: datetime
) -> None:
    root = asked.thread.remote_id
    job = store.say("baobab", "aicha", "Et vous recrutez ?", at=now, reply_to=root)
    hear(now + LATER)
    chosen = Message.objects.get(item__text="Et vous recrutez ?")
    made = split(conversation=asked, messages=[chosen.pk], by=cast.owner, now=now)
    store.say("baobab", "aicha", "Le poste en salle", at=now + LATER, reply_to=job)
    store.say("baobab", "aicha", "Alors, ce thé ?", at=now + LATER, reply_to=root)
    store.plan("baobab@ear", "repeated_page")
    hear(now + 2 * LATER)
    store.plan("baobab@ear", "old_cursor")
    hear(now + 3 * LATER)
    assert words(made, cast) == ["Et vous recrutez ?", "Le poste en salle"]
    assert words(asked, cast) == ["45 minutes d’attente pour un thé…", "Alors, ce thé ?"]
    assert Conversation.objects.count() == 2
    entry = AuditEntry.objects.get(act="inbox.split")
    assert entry.after == {"into": f"#{made.pk}", "messages": 1}
    merge(brand=brand, conversations=[asked.pk, made.pk], by=cast.owner, now=now)
    assert len(words(asked, cast)) == 4, "a split is taken back by merging"


def test_all_or_nothing_cannot_be_split_off(asked: Conversation, cast: Cast, now: datetime) -> None:
    every = list(asked.messages.values_list("pk", flat=True))
    for chosen in ([], every, [0]):
        with pytest.raises(Unmergeable):
            split(conversation=asked, messages=chosen, by=cast.owner, now=now)


def test_it_is_merged_and_undone_from_the_page(
    asked: Conversation, other: Conversation, cast: Cast, store: Store, hear: Hear, now: datetime
) -> None:
    client = Client(headers={"accept-language": "en"})
    cast.owner.language = "en"
    cast.owner.save()
    client.force_login(cast.owner)
    assert (
        "Tick between two" in client.post(f"{HOME}merge/", {"pick": asked.pk}, follow=True).content.decode()
    )
    pick = {"pick": [asked.pk, other.pk]}
    page = client.post(f"{HOME}merge/", pick, follow=True).content.decode()
    assert "2 conversations are one now." in page
    assert "toujours rien" in page
    assert client.get(f"{HOME}{other.pk}/").headers["Location"].startswith(f"{HOME}{asked.pk}/")
    client.post(f"{HOME}unmerge/")
    assert client.get(f"{HOME}{other.pk}/").status_code == 200
    client.force_login(cast.colleague)
    assert client.post(f"{HOME}merge/", pick).status_code == 403
