"""Answers that are approved: asked, approved over nothing newer, sent back, never by their writer."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core import mail
from django.test import Client

from palabre.agency.models import AuditEntry, Brand, User
from palabre.inbox.answering import AlreadyAnswering, Newer, answer, keep_draft, take_back
from palabre.inbox.approval.deciding import NotTheirs, approve, send_back, set_approver
from palabre.inbox.approval.mail import tell_people
from palabre.inbox.models import Conversation, Reply
from palabre.inbox.sending import send_due
from palabre.networks.sandbox.store import Store
from tests.builders import Cast, build_user

Hear = Callable[[datetime], int]
HOME = "/b/cafe-baobab/answer/"
SORRY = "Désolés, vraiment."


@pytest.fixture
def karim(brand: Brand) -> User:
    return build_user("karim@iroko.example", brand.organisation, "member", "Karim")


@pytest.fixture
def waiting(asked: Conversation, brand: Brand, cast: Cast, karim: User, now: datetime) -> Reply:
    """Karim's answer, which the owners approve."""
    set_approver(brand=brand, channel=None, by=cast.owner, kind="role", role="owner")
    seen = asked.messages.get().pk
    return answer(conversation=asked, by=karim, text=SORRY, seen=seen, then="waiting", now=now)


def seen_of(conversation: Conversation) -> int:
    return max(conversation.messages.values_list("pk", flat=True))


def standing(store: Store, now: datetime) -> list[str]:
    async_to_sync(send_due)(lambda: now)
    return [post.said["text"] for post in store.of("baobab") if post.key]


def test_an_answer_waits_and_leaves_once_approved(
    waiting: Reply, asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    assert waiting.state == "asked"
    assert standing(store, now) == []
    approve(reply=waiting, by=cast.owner, seen=seen_of(asked), now=now)
    assert standing(store, now) == [SORRY]
    acts = ["inbox.approvers", "inbox.ask", "inbox.approve", "inbox.reply"]
    assert list(AuditEntry.objects.filter(act__in=acts).order_by("pk").values_list("act", flat=True)) == acts


def test_nobody_approves_their_own(waiting: Reply, asked: Conversation, karim: User, now: datetime) -> None:
    with pytest.raises(NotTheirs):
        approve(reply=waiting, by=karim, seen=seen_of(asked), now=now)


def test_who_approves_may_change_it_and_the_log_keeps_both(
    waiting: Reply, asked: Conversation, cast: Cast, store: Store, now: datetime
) -> None:
    approve(reply=waiting, by=cast.owner, seen=seen_of(asked), text="Toutes nos excuses.", now=now)
    assert standing(store, now) == ["Toutes nos excuses."]
    entry = AuditEntry.objects.get(act="inbox.approve")
    assert (entry.before["text"], entry.after["text"]) == (SORRY, "Toutes nos excuses.")


def test_approving_over_a_newer_message_asks_first(
    waiting: Reply, asked: Conversation, cast: Cast, store: Store, hear: Hear, now: datetime
) -> None:
    seen = seen_of(asked)
    store.say("baobab", "aicha", "Oubliez.", at=now, reply_to=asked.thread.remote_id)
    hear(now + timedelta(minutes=5))
    with pytest.raises(Newer):
        approve(reply=waiting, by=cast.owner, seen=seen, now=now)
    approve(reply=waiting, by=cast.owner, seen=seen_of(asked), now=now)


def test_what_is_sent_back_is_its_writers_to_change_and_loses_nothing_typed(
    waiting: Reply, asked: Conversation, cast: Cast, karim: User, now: datetime
) -> None:
    with pytest.raises(ValueError, match="why"):
        send_back(reply=waiting, by=cast.owner, note=" ", now=now)
    send_back(reply=waiting, by=cast.owner, note="Trop sec", now=now)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.note) == ("returned", "Trop sec")
    keep_draft(conversation=asked, by=karim, text="autre idée", now=now)
    take_back(reply=waiting, by=karim, now=now)
    draft = Reply.objects.get()
    assert (draft.state, draft.text, draft.note) == ("draft", f"{SORRY}\n\nautre idée", "Trop sec")


def test_a_colleague_hears_of_an_answer_that_waits(
    waiting: Reply, asked: Conversation, cast: Cast, now: datetime
) -> None:
    with pytest.raises(AlreadyAnswering):
        answer(conversation=asked, by=cast.owner, text="Moi", seen=seen_of(asked), then="done", now=now)


def test_an_account_may_do_without(
    asked: Conversation, brand: Brand, cast: Cast, karim: User, now: datetime
) -> None:
    set_approver(brand=brand, channel=None, by=cast.owner, kind="role", role="owner")
    set_approver(brand=brand, channel=asked.channel, by=cast.owner, kind="nobody")
    seen = seen_of(asked)
    assert answer(conversation=asked, by=karim, text="Oui", seen=seen, then="done", now=now).state == "ready"


def test_people_are_told_once_by_mail_without_a_word_of_the_conversation(
    waiting: Reply, cast: Cast, now: datetime
) -> None:
    assert tell_people(now=now) == 1
    assert tell_people(now=now) == 0
    (sent,) = mail.outbox
    assert sent.to == [cast.owner.email]
    assert SORRY not in sent.body
    assert "attente" not in sent.body
    send_back(reply=waiting, by=cast.owner, note="Trop sec", now=now)
    assert tell_people(now=now) == 1
    assert mail.outbox[-1].to == ["karim@iroko.example"]


def test_the_queue_shows_it_and_decides(
    waiting: Reply, asked: Conversation, cast: Cast, karim: User, now: datetime
) -> None:
    browser = Client()
    browser.force_login(cast.owner)
    page = browser.get(f"{HOME}approvals/").content.decode()
    assert SORRY in page
    assert "45 minutes" in page
    address = f"{HOME}approvals/{waiting.pk}/"
    assert "Oui, mais" in browser.post(address, {"choice": "back", "text": "Oui, mais"}).content.decode()
    browser.post(address, {"choice": "approve", "text": SORRY, "seen": seen_of(asked)})
    waiting.refresh_from_db()
    assert waiting.state == "ready"
    browser.force_login(karim)
    assert browser.get(f"{HOME}approvals/who/").status_code == 403
