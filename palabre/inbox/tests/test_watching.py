"""Who watches a conversation, of themselves or because they were called, is told of notes and of words."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage

from palabre.agency.models import Brand
from palabre.inbox import watching
from palabre.inbox.assigning import assign
from palabre.inbox.conversations import put
from palabre.inbox.models import Conversation, Watch
from palabre.inbox.notes import add_note
from palabre.networks.sandbox.store import Store
from tests.builders import Cast

Hear = Callable[[datetime], int]


@pytest.fixture(autouse=True)
def mail_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "leaves", lambda: True)
    monkeypatch.setattr("palabre.inbox.notes.leaves", lambda: True)


def watching_now() -> set[str]:
    return {row.user.name for row in Watch.objects.select_related("user")}


def test_who_is_named_or_given_it_watches_until_they_say_otherwise(
    asked: Conversation, brand: Brand, cast: Cast, now: datetime
) -> None:
    add_note(conversation=asked, by=cast.owner, text=f"@{cast.colleague.email} tu sais ?", now=now)
    assert watching_now() == {cast.colleague.name}
    assign(brand=brand, conversations=[asked.pk], to=cast.owner, by=cast.owner, now=now)
    assert watching_now() == {cast.colleague.name, cast.owner.name}
    watching.unwatch(conversation=asked, user=cast.colleague)
    assert watching_now() == {cast.owner.name}


def test_watchers_are_told_of_notes_and_that_somebody_wrote_again_once_a_turn(
    asked: Conversation,
    brand: Brand,
    cast: Cast,
    store: Store,
    hear: Hear,
    now: datetime,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    watching.watch(conversation=asked, users=[cast.colleague], now=now)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        add_note(conversation=asked, by=cast.owner, text="Geste commercial validé", now=now)
    assert [mail.to for mail in mailoutbox] == [[cast.colleague.email]]
    assert "Geste commercial" in mailoutbox[0].body
    put(brand=brand, conversations=[asked.pk], to="done", by=cast.owner, now=now)
    for minutes in (5, 6):
        at = now + timedelta(minutes=minutes)
        store.say("baobab", "aicha", f"Allô {minutes} ?", at=at, reply_to=asked.thread.remote_id)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        hear(now + timedelta(minutes=10))
    assert len(mailoutbox) == 2
    assert "Allô" not in mailoutbox[1].body, "what they wrote stays on the page"


def test_who_may_no_longer_read_the_brand_is_told_nothing(
    asked: Conversation, cast: Cast, now: datetime
) -> None:
    watching.watch(conversation=asked, users=[cast.colleague, cast.stranger], now=now)
    assert cast.stranger not in watching.watchers(asked)
