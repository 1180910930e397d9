"""A conversation is taken on by one of us, pressing or not, with words only colleagues see."""

from datetime import datetime

import pytest
from django.core import mail
from django.test import Client

from palabre.agency.models import AuditEntry, Brand, Member, Team, User
from palabre.inbox.assigning import Unable, assign, prioritise
from palabre.inbox.belongings import drop as drop_belongings
from palabre.inbox.belongings import tell as tell_belongings
from palabre.inbox.models import Conversation, Note, Priority
from palabre.inbox.notes import add_note, drop_note
from palabre.inbox.selectors import Wanted, conversations, counts
from tests.builders import Cast, build_user

HOME = "/b/cafe-baobab/answer/"


@pytest.fixture
def karim(brand: Brand) -> User:
    return build_user("karim@iroko.example", brand.organisation, "member", "Karim")


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(cast.owner)
    cast.owner.language = "en"
    cast.owner.save()
    return browser


def test_what_is_given_to_somebody_is_on_their_list(
    asked: Conversation, brand: Brand, cast: Cast, karim: User, now: datetime
) -> None:
    assert assign(brand=brand, conversations=[asked.pk], to=karim, by=cast.owner, now=now) == 1
    assert assign(brand=brand, conversations=[asked.pk], to=karim, by=cast.owner, now=now) == 0
    assert list(conversations(Wanted(tab="mine"), karim)) == [asked]
    assert counts(karim)["mine"] == 1
    assert counts(cast.owner)["mine"] == 0
    entry = AuditEntry.objects.get(act="inbox.assign")
    assert (entry.before, entry.after) == ("", "Karim")


def test_what_is_given_to_a_team_is_on_the_list_of_each_of_it(
    asked: Conversation, brand: Brand, cast: Cast, karim: User, now: datetime
) -> None:
    team = Team.objects.create(organisation=brand.organisation, name="Comptoir")
    team.members.add(Member.objects.get(user=karim))
    assign(brand=brand, conversations=[asked.pk], to=team, by=cast.owner, now=now)
    assert list(conversations(Wanted(tab="mine"), karim)) == [asked]
    assert list(conversations(Wanted(nobody=True), karim)) == []


def test_nothing_is_given_to_who_cannot_answer_nor_to_a_strangers_team(
    asked: Conversation, brand: Brand, cast: Cast, now: datetime
) -> None:
    elsewhere = Team.objects.create(organisation=cast.other.organisation, name="Ailleurs")
    for to in (cast.colleague, cast.stranger, elsewhere):
        with pytest.raises(Unable):
            assign(brand=brand, conversations=[asked.pk], to=to, by=cast.owner, now=now)


def test_who_is_named_in_a_note_is_told_without_the_authors_words(
    asked: Conversation,
    cast: Cast,
    karim: User,
    now: datetime,
    django_capture_on_commit_callbacks: pytest.FixtureRequest,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        add_note(conversation=asked, by=cast.owner, text="Machine en panne, @karim confirme", now=now)
    (message,) = mail.outbox
    assert message.to == ["karim@iroko.example"]
    assert "Machine en panne" in message.body
    assert "45 minutes" not in message.body
    note = Note.objects.get()
    assert not drop_note(note=note, by=karim), "it is not theirs"
    assert drop_note(note=note, by=cast.owner)


def test_a_conversation_of_somebody_who_leaves_is_nobodys(
    asked: Conversation, brand: Brand, cast: Cast, karim: User, now: datetime
) -> None:
    assign(brand=brand, conversations=[asked.pk], to=karim, by=cast.owner, now=now)
    assert "1" in tell_belongings(karim, [brand])
    drop_belongings(karim, [brand])
    asked.refresh_from_db()
    assert asked.assigned_to is None


def test_priority_is_a_scale_and_stands_in_the_log(asked: Conversation, brand: Brand, cast: Cast) -> None:
    assert prioritise(brand=brand, conversations=[asked.pk], priority=Priority.URGENT, by=cast.owner) == 1
    assert AuditEntry.objects.get(act="inbox.prioritise").after == 2


def test_it_is_given_noted_and_made_urgent_from_the_page(
    asked: Conversation, client: Client, cast: Cast, karim: User
) -> None:
    given = {"to": f"person:{karim.pk}", "note": "geste commercial validé"}
    page = client.post(f"{HOME}{asked.pk}/assign/", given, follow=True).content.decode()
    assert "Given to Karim." in page
    assert "geste commercial validé" in page
    page = client.post(f"{HOME}{asked.pk}/priority/", {"priority": "2"}, follow=True).content.decode()
    assert "urgent" in page
    page = client.post(f"{HOME}{asked.pk}/note/", {"note": "rappeler demain"}, follow=True).content.decode()
    assert "rappeler demain" in page
    for rubbish in ("person:x", "team:999999", "elsewhere:1"):
        assert client.post(f"{HOME}{asked.pk}/assign/", {"to": rubbish}).status_code == 404
    assert client.post(f"{HOME}{asked.pk}/priority/", {"priority": "9"}).status_code == 404
    refused = client.post(f"{HOME}{asked.pk}/assign/", {"to": f"person:{cast.colleague.pk}"}, follow=True)
    assert "This colleague cannot answer for this brand." in refused.content.decode()
