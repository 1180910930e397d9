"""Inviting: a signed link that opens once, for a week, for one address."""

import smtplib
from datetime import timedelta
from email import message_from_string
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django import Settings

from palabre.agency import mail
from palabre.agency.access import brands_of, role_in
from palabre.agency.invitations import (
    NoLongerGood,
    Place,
    accept_as,
    address,
    found,
    invite,
    revoke,
    send_again,
)
from palabre.agency.models import AuditEntry, Grant, Invitation, Member, User
from palabre.agency.people import create_brand
from palabre.agency.roles import Role
from tests.builders import NOON, Cast, build_cast, build_user

PASSWORD = "une phrase facile à retenir"


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palabre.agency.views.joining.timezone.now", lambda: NOON)


def invited(cast: Cast, *emails: str, **place: Any) -> list[Invitation]:
    done = invite(
        organisation=cast.brand.organisation,
        by=cast.owner,
        emails=emails or ("ana@iroko.example",),
        place=Place(**{"role": Role.MEMBER, **place}),
        language="fr",
        now=NOON,
    )
    return done.invitations


def path(invitation: Invitation) -> str:
    return "/" + address(invitation).split("/", 3)[3]


def acts(cast: Cast) -> list[tuple[str, str]]:
    with scopes_disabled():
        rows = AuditEntry.objects.filter(organisation=cast.brand.organisation).order_by("pk")
        return [(entry.act, entry.subject) for entry in rows if not entry.act.startswith("brand.")]


def test_several_addresses_each_get_a_link_of_their_own(cast: Cast) -> None:
    first, second = invited(cast, "Ana@iroko.example", "leo@iroko.example", "ana@IROKO.example")
    assert (first.email, second.email) == ("ana@iroko.example", "leo@iroko.example")
    assert address(first) != address(second)
    assert found(address(first).split("/")[-2]) == first
    assert acts(cast) == [("team.invite", "ana@iroko.example"), ("team.invite", "leo@iroko.example")]


def test_a_forged_link_opens_nothing(cast: Cast, client: Client) -> None:
    [one] = invited(cast)
    token = address(one).split("/")[-2]
    for forged in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        f"{one.pk}.{one.nonce}",
        "x",
        f"1{token}",
    ):
        assert found(forged) is None
        assert client.get(reverse("agency:invitation", args=[forged])).status_code == 404


def test_who_is_in_the_team_is_told_and_not_invited(cast: Cast) -> None:
    done = invite(
        organisation=cast.brand.organisation,
        by=cast.owner,
        emails=["malo@iroko.example"],
        place=Place(role=Role.MEMBER),
        language="fr",
        now=NOON,
    )
    assert (done.invitations, done.members) == ([], ["malo@iroko.example"])


def test_somebody_new_makes_an_account_and_is_in(cast: Cast, client: Client, today: None) -> None:
    [one] = invited(cast, role=Role.MEMBER)
    page = client.get(path(one))
    assert page.status_code == 200 and "ana@iroko.example" in page.content.decode()
    typed = {"name": "Ana", "password": PASSWORD, "time_zone": "Europe/Paris"}
    assert client.post(path(one), typed)["Location"] == "/"
    ana = User.objects.get(email="ana@iroko.example")
    assert (ana.name, ana.language, role_in(ana, cast.brand)) == ("Ana", "fr", Role.MEMBER)
    assert client.get(reverse("agency:profile")).status_code == 200, "and signed in"
    assert acts(cast)[-1] == ("team.join", "ana@iroko.example")


def test_a_link_opens_once(cast: Cast, client: Client, today: None) -> None:
    [one] = invited(cast)
    typed = {"name": "Ana", "password": PASSWORD, "time_zone": "Europe/Paris"}
    client.post(path(one), typed)
    again = Client()
    assert again.get(path(one)).status_code == 410
    assert again.post(path(one), {**typed, "name": "Intrus"}).status_code == 410
    assert User.objects.filter(email="ana@iroko.example").count() == 1


def test_a_weak_password_makes_no_account(cast: Cast, client: Client, today: None) -> None:
    [one] = invited(cast)
    answer = client.post(path(one), {"name": "Ana", "password": "ana", "time_zone": "Europe/Paris"})
    assert "password" in answer.context["form"].errors
    assert not User.objects.filter(email="ana@iroko.example").exists()
    one.refresh_from_db()
    assert one.accepted_at is None


def test_after_a_week_the_link_is_dead(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    [one] = invited(cast)
    late = NOON + Invitation.LASTS
    monkeypatch.setattr("palabre.agency.views.joining.timezone.now", lambda: late)
    assert client.get(path(one)).status_code == 410
    ana = build_user("ana@iroko.example", cast.other.organisation, Role.READER)
    with pytest.raises(NoLongerGood):
        accept_as(invitation=one, user=ana, now=late)
    assert accept_as(invitation=one, user=ana, now=late - timedelta(seconds=1)).role == Role.MEMBER


def test_sent_again_the_link_before_is_dead(cast: Cast) -> None:
    [one] = invited(cast)
    before = address(one)
    send_again(invitation=one, by=cast.owner, now=NOON + timedelta(days=9))
    one.refresh_from_db()
    assert address(one) != before and found(before.split("/")[-2]) is None
    assert one.is_good(NOON + timedelta(days=15))


def test_taken_back_it_is_dead_and_the_address_can_be_invited_anew(cast: Cast, client: Client) -> None:
    [one] = invited(cast)
    revoke(invitation=one, by=cast.owner, now=NOON)
    assert client.get(path(one)).status_code == 410
    with pytest.raises(NoLongerGood):
        send_again(invitation=one, by=cast.owner, now=NOON)
    [other] = invited(cast)
    assert other.pk != one.pk
    assert [act for act, _ in acts(cast)] == ["team.invite", "team.revoke", "team.invite"]


def test_somebody_with_an_account_signs_in_and_accepts(cast: Cast, client: Client, today: None) -> None:
    [one] = invited(cast, cast.stranger.email, role=Role.READER)
    page = client.get(path(one)).content.decode()
    assert reverse("account_login") in page and 'name="password"' not in page
    client.force_login(cast.stranger)
    assert role_in(cast.stranger, cast.brand) is None
    assert client.get(path(one)).status_code == 200
    assert role_in(cast.stranger, cast.brand) is None, "looking is not accepting"
    client.post(path(one))
    assert role_in(cast.stranger, cast.brand) == Role.READER
    assert brands_of(cast.stranger) == [cast.brand, cast.other]


def test_an_invitation_serves_its_own_address_alone(cast: Cast, client: Client, today: None) -> None:
    [one] = invited(cast)
    client.force_login(cast.stranger)
    assert cast.stranger.email in client.get(path(one)).content.decode()
    client.post(path(one))
    with pytest.raises(PermissionDenied):
        accept_as(invitation=one, user=cast.stranger, now=NOON)
    assert not cast.stranger.memberships.filter(organisation=cast.brand.organisation).exists()


def test_a_guest_gets_the_chosen_brands_and_no_other(cast: Cast, client: Client, today: None) -> None:
    home = cast.brand.organisation
    brands = [create_brand(organisation=home, by=cast.owner, name=f"Client {n}") for n in range(50)]
    [one] = invited(cast, role=Role.GUEST, brands=brands[:3], brand_role=Role.READER)
    client.post(path(one), {"name": "Ana", "password": PASSWORD, "time_zone": "Europe/Paris"})
    ana = User.objects.get(email="ana@iroko.example")
    assert brands_of(ana) == brands[:3]
    assert Grant.objects.filter(member__user=ana).count() == 3
    assert client.get(reverse("agency:team", args=[home.pk])).status_code == 403


def test_an_acceptance_never_takes_away(cast: Cast) -> None:
    [one] = invited(cast, role=Role.READER)
    ana = build_user("ana@iroko.example", cast.brand.organisation, Role.MANAGER)
    accept_as(invitation=one, user=ana, now=NOON)
    assert Member.objects.get(user=ana).role == Role.MANAGER


def test_a_manager_cannot_invite_an_owner_nor_into_strange_brands(cast: Cast) -> None:
    manager = build_user("remi@iroko.example", cast.brand.organisation, Role.MANAGER)
    for by, place in (
        (manager, Place(role=Role.OWNER)),
        (cast.colleague, Place(role=Role.READER)),
        (cast.stranger, Place(role=Role.READER)),
        (manager, Place(role=Role.GUEST, brands=[cast.other], brand_role=Role.READER)),
        (manager, Place(role=Role.GUEST, brands=[cast.brand], brand_role=Role.OWNER)),
    ):
        with pytest.raises(PermissionDenied):
            invite(
                organisation=cast.brand.organisation,
                by=by,
                emails=["x@y.example"],
                place=place,
                language="fr",
                now=NOON,
            )
    assert not Invitation.objects.exists()


def test_the_mail_speaks_the_language_of_who_is_invited(cast: Cast) -> None:
    cast.stranger.language = "en"
    cast.stranger.save()
    french, english = invited(cast, "ana@iroko.example", cast.stranger.email)
    assert mail.send_waiting(now=NOON) == 2
    by_address = {message.to[0]: message for message in outbox.outbox}
    letter = by_address["ana@iroko.example"]
    assert letter.subject == "Inès vous invite à rejoindre Agence Iroko"
    parsed = message_from_string(letter.message().as_string())
    assert [part.get_content_type() for part in parsed.get_payload()] == ["text/plain", "text/html"]
    assert address(french) in letter.body and address(french) in str(letter.alternatives[0][0])
    assert letter.reply_to == [cast.owner.email]
    assert "invites you" in by_address[cast.stranger.email].subject
    assert address(english) in by_address[cast.stranger.email].body
    assert mail.send_waiting(now=NOON) == 0, "once"


def test_a_mail_that_cannot_leave_says_why_at_its_line(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    [one] = invited(cast)

    def refuse(*_: object) -> int:
        raise smtplib.SMTPRecipientsRefused({"ana@iroko.example": (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert mail.send_waiting(now=NOON) == 0
    one.refresh_from_db()
    assert one.sent_at is None and "no such user" in one.mail_error
    client.force_login(cast.owner)
    assert "no such user" in client.get(reverse("agency:team", args=[one.organisation_id])).content.decode()


def test_without_a_mail_server_the_link_is_there_to_copy(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "palabre.alerts.mail.ConfiguredBackend"
    client.force_login(cast.owner)
    organisation = cast.brand.organisation_id
    typed = {
        "emails": "ana@iroko.example, leo@iroko.example\nzoe@ailleurs.example",
        "role": "guest",
        "brands": [cast.brand.pk],
        "brand_role": "reader",
        "language": "fr",
    }
    client.post(reverse("agency:invite", args=[organisation]), typed)
    assert not mail.leaves()
    assert mail.send_waiting(now=NOON) == 0
    assert not Invitation.objects.exclude(mail_error="").exists(), "nothing was even tried"
    page = client.get(reverse("agency:team", args=[organisation])).content.decode()
    for row in Invitation.objects.all():
        assert address(row).replace("&", "&amp;") in page
    assert Invitation.objects.count() == 3


def test_a_bad_address_is_named(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    typed = {"emails": "ana@iroko.example, pas-une-adresse", "role": "member", "language": "fr"}
    answer = client.post(reverse("agency:invite", args=[cast.brand.organisation_id]), typed)
    assert "pas-une-adresse" in str(answer.context["form"].errors["emails"])
    assert not Invitation.objects.exists()


def test_a_guest_of_nothing_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    typed = {"emails": "ana@iroko.example", "role": "guest", "language": "fr"}
    answer = client.post(reverse("agency:invite", args=[cast.brand.organisation_id]), typed)
    assert "brands" in answer.context["form"].errors
