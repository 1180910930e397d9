"""The pages of the inbox, as a person meets them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from palabre.inbox.models import Conversation, Reply
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

Hear = Callable[[datetime], int]
HOME = "/b/cafe-baobab/answer/"


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(cast.owner)
    cast.owner.language = "en"
    cast.owner.save()
    return browser


def test_without_an_account_the_page_says_what_to_do(cast: Cast, client: Client) -> None:
    page = client.get(HOME).content.decode()
    assert "Connect an account to hear what is said to it" in page


def test_the_first_conversation_stands_beside_the_list(asked: Conversation, client: Client) -> None:
    page = client.get(HOME).content.decode()
    assert page.count("45 minutes d’attente") >= 2, "in the list, and in the conversation"
    assert "Brunch des grands chemins" in page, "what it hangs under"
    assert "commented on what you published" in page


def test_an_answer_is_sent_from_the_page(asked: Conversation, client: Client) -> None:
    seen = asked.messages.get().pk
    sent = {"text": "Désolés !", "seen": seen, "then": "done"}
    page = client.post(f"{HOME}{asked.pk}/answer/", sent, follow=True).content.decode()
    assert "Your answer is on its way." in page
    reply = Reply.objects.get()
    assert (reply.state, reply.text, reply.then) == ("ready", "Désolés !", "done")
    assert "leaving…" in page


def test_what_came_meanwhile_is_shown_and_what_was_typed_is_kept(
    asked: Conversation, client: Client, store: Store, hear: Hear, now: datetime
) -> None:
    seen = asked.messages.get().pk
    store.say("baobab", "aicha", "Oubliez, tout va bien", at=now, reply_to=asked.thread.remote_id)
    hear(now + timedelta(minutes=5))
    answer = client.post(f"{HOME}{asked.pk}/answer/", {"text": "Désolés !", "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "1 message came meanwhile." in page
    assert ">Désolés !</textarea>" in page
    assert not Reply.objects.exists()
    newest = asked.messages.order_by("-pk").values_list("pk", flat=True)[0]
    assert f'name="seen" value="{newest}"' in page, "sent once more, it leaves"


def test_what_is_typed_is_kept_and_counted_as_the_network_does(asked: Conversation, client: Client) -> None:
    address = f"{HOME}{asked.pk}/writing/"
    counted = client.post(address, {"text": "Désolés 👩‍👩‍👧‍👦"}).content.decode()
    assert "<b>9</b>" in counted
    assert "draft kept" in counted
    assert ">Désolés 👩‍👩‍👧‍👦</textarea>" in client.get(f"{HOME}{asked.pk}/").content.decode()


def test_a_conversation_that_is_done_leaves_the_list_and_comes_back_by_the_undo(
    asked: Conversation, client: Client
) -> None:
    page = client.post(f"{HOME}{asked.pk}/put/", {"to": "done"}, follow=True).content.decode()
    assert "1 conversation done." in page
    assert "Everybody has an answer." in page
    client.post(f"{HOME}back/")
    asked.refresh_from_db()
    assert asked.state == "open"


def test_sleep_needs_an_hour_to_come(asked: Conversation, client: Client, now: datetime) -> None:
    past = {"to": "snoozed", "until": "2020-01-01T09:00"}
    page = client.post(f"{HOME}{asked.pk}/put/", past, follow=True).content.decode()
    assert "Choose an hour to come." in page
    later = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    client.post(f"{HOME}{asked.pk}/put/", {"to": "snoozed", "until": later})
    asked.refresh_from_db()
    assert asked.state == "snoozed"


def test_what_was_said_is_never_markup_and_hidden_characters_show(
    asked: Conversation, client: Client, store: Store, hear: Hear, now: datetime
) -> None:
    hostile = "<script>alert(1)</script> tr\u202eès b\u200bien"
    store.say("baobab", "aicha", hostile, at=now, reply_to=asked.thread.remote_id)
    hear(now + timedelta(minutes=5))
    page = client.get(f"{HOME}{asked.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "RIGHT-TO-LEFT OVERRIDE" in page or "hidden-char" in page


def test_a_reader_reads_and_is_offered_no_act(asked: Conversation, cast: Cast, client: Client) -> None:
    client.force_login(cast.colleague)
    page = client.get(f"{HOME}{asked.pk}/").content.decode()
    assert "45 minutes d’attente" in page
    assert "<textarea" not in page
    assert client.post(f"{HOME}{asked.pk}/put/", {"to": "done"}).status_code == 403


def test_the_filter_finds_words_people_and_kinds(asked: Conversation, client: Client) -> None:
    assert "aicha" in client.get(f"{HOME}list/?q=attente").content.decode().lower()
    assert "aicha" in client.get(f"{HOME}list/?q=@Aic").content.decode().lower()
    assert "aicha" in client.get(f"{HOME}list/?q=attentes").content.decode().lower(), "its other forms"
    assert client.get(f"{HOME}list/?q=%22 : (* !").status_code == 200
    assert "No conversation matches" in client.get(f"{HOME}list/?q=girafe").content.decode()
    assert "No conversation matches" in client.get(f"{HOME}list/?kind=message").content.decode()
    assert client.get(f"{HOME}list/?channel=x&tab=nowhere&before=rubbish").status_code == 200
