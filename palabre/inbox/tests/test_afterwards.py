"""After an answer was sent: changed, taken back; likes and reposts; files that leave with it."""

import io
from datetime import datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from palabre.agency.models import AuditEntry, Brand
from palabre.inbox.answering import answer
from palabre.inbox.approval.deciding import set_approver
from palabre.inbox.gestures import afterwards, liking
from palabre.inbox.models import Conversation, Gesture, Reply
from palabre.inbox.sending import outgoing_of, send_due
from palabre.networks.contract import Act
from palabre.networks.errors import NetworkError
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

HOME = "/b/cafe-baobab/answer/"


@pytest.fixture
def sent(asked: Conversation, cast: Cast, now: datetime) -> Reply:
    seen = asked.messages.get().pk
    reply = answer(conversation=asked, by=cast.owner, text="Désolés.", seen=seen, then="waiting", now=now)
    async_to_sync(send_due)(lambda: now)
    return Reply.objects.select_related(
        "brand", "to__item__author", "conversation__channel__brand", "conversation__thread"
    ).get(pk=reply.pk)


@pytest.fixture
def client(cast: Cast) -> Client:
    cast.owner.language = "en"
    cast.owner.save()
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(cast.owner)
    return browser


def standing(store: Store) -> list[str]:
    return [post.said["text"] for post in store.of("baobab") if post.key]


def test_a_sent_answer_is_changed_there_and_here(
    sent: Reply, cast: Cast, store: Store, now: datetime
) -> None:
    afterwards.edit(reply=sent, by=cast.owner, text="Vraiment désolés.", now=now)
    assert standing(store) == ["Vraiment désolés."]
    ours = sent.conversation.messages.get(ours=True)
    assert ours.item.text == "Vraiment désolés."
    assert ours.edited_at is not None
    entry = AuditEntry.objects.get(act="inbox.edit")
    assert (entry.before["text"], entry.after["text"]) == ("Désolés.", "Vraiment désolés.")


def test_where_answers_are_approved_its_writer_does_not_change_it_alone(
    sent: Reply, brand: Brand, cast: Cast, now: datetime
) -> None:
    set_approver(brand=brand, channel=None, by=cast.owner, kind="role", role="owner")
    with pytest.raises(afterwards.NotAllowed):
        afterwards.edit(reply=sent, by=cast.owner, text="Autre.", now=now)


def test_a_sent_answer_is_taken_back_and_leaves_its_place(
    sent: Reply, cast: Cast, store: Store, now: datetime
) -> None:
    afterwards.delete(reply=sent, by=cast.owner, now=now)
    assert standing(store) == []
    ours = sent.conversation.messages.get(ours=True)
    assert (ours.gone_at, ours.item.text) == (now, "")
    assert AuditEntry.objects.get(act="inbox.delete").before["text"] == "Désolés."


def test_what_cannot_be_changed_says_why(sent: Reply, cast: Cast) -> None:
    sent.conversation.channel.network = "bluesky"
    assert "Bluesky" in afterwards.why_not_edit(sent, cast.owner)
    assert afterwards.why_not_delete(sent) == ""


def test_a_like_is_made_once_and_taken_back(
    asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    message = asked.messages.select_related("item__author", "thread").get()
    for _again in range(2):
        liking.make(message=message, act=Act.LIKE, by=cast.owner, now=now)
    assert Gesture.objects.get().state == "done"
    assert store.marked("baobab", "like", message.item.remote_id, now)
    liking.take_back(message=message, act=Act.LIKE, by=cast.owner)
    assert Gesture.objects.get().state == "undone"
    assert not store.marked("baobab", "like", message.item.remote_id, now)
    liking.make(message=message, act=Act.LIKE, by=cast.owner, now=now)
    assert AuditEntry.objects.filter(act="inbox.like").count() == 2


def test_a_gesture_that_fails_says_so_and_can_be_tried_again(
    asked: Conversation, cast: Cast, store: Store, now: datetime, client: Client
) -> None:
    message = asked.messages.select_related("item__author", "thread").get()
    store.plan("baobab@acts", "temporary")
    with pytest.raises(NetworkError):
        liking.make(message=message, act=Act.REPOST, by=cast.owner, now=now)
    assert Gesture.objects.get().state == "failed"
    page = client.get(f"{HOME}{asked.pk}/").content.decode()
    assert "messages/" in page
    client.post(f"{HOME}messages/{message.pk}/repost/")
    assert Gesture.objects.get().state == "done"


def png(width: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 30), "teal").save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_attached_kept_frozen_and_sent(
    asked: Conversation, client: Client, store: Store, now: datetime
) -> None:
    file = SimpleUploadedFile("carte.png", png(), content_type="image/png")
    typed = {"text": "Voici la carte", "act": "attach", "seen": "0", "files": file}
    page = client.post(f"{HOME}{asked.pk}/compose/", typed).content.decode()
    assert "carte.png" in page
    draft = Reply.objects.get(state="draft")
    assert (draft.text, len(draft.media)) == ("Voici la carte", 1)
    seen = asked.messages.get().pk
    medium = draft.media[0]["asset"]
    client.post(
        f"{HOME}{asked.pk}/answer/",
        {"text": "Voici la carte", "seen": seen, "medium": medium, "alt": "La carte du jour"},
    )
    reply = Reply.objects.get()
    assert reply.state == "ready"
    assert reply.files[0]["alt"] == "La carte du jour"
    Reply.objects.update(begun_at=now)
    first, again = (outgoing_of(Reply.objects.get()) for _try in range(2))
    assert first == again, "every try is the same try"
    assert [file.alt for file in first.parts[0].media] == ["La carte du jour"]
    async_to_sync(send_due)(lambda: now + timedelta(minutes=1))
    reply.refresh_from_db()
    assert reply.state == "sent"


def test_a_file_that_is_not_what_it_says_is_refused_with_its_reason_and_the_words_stay(
    asked: Conversation, client: Client
) -> None:
    file = SimpleUploadedFile("carte.png", b"MZ not a picture", content_type="image/png")
    seen = asked.messages.get().pk
    page = client.post(f"{HOME}{asked.pk}/answer/", {"text": "Voici", "seen": seen, "files": file}).content
    assert "carte.png" in page.decode()
    assert ">Voici</textarea>" in page.decode()
    assert not Reply.objects.filter(state="ready").exists()
