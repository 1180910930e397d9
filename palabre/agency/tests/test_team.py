"""The team: roles, grants, leaving, handing over, the log of it all."""

import csv
import io
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled
from pytest_django import Settings

from palabre.agency import belongings, team
from palabre.agency.access import brands_of, role_in
from palabre.agency.audit import AuditFilter, entries
from palabre.agency.models import AuditEntry, Grant, Member, User
from palabre.agency.people import create_brand
from palabre.agency.roles import Role
from palabre.agency.rules import can_give, is_last_owner, stronger
from palabre.alerts.models import Recipient, Rule
from palabre.listening.models import SavedView
from tests.builders import Cast, build_cast, build_user


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def place(user: User, cast: Cast) -> Member:
    return Member.objects.get(user=user, organisation=cast.brand.organisation)


def furnish(user: User, cast: Cast) -> None:
    """A private view, a shared one, an alert that writes to the user and to a client."""
    with scope(brand=cast.brand):
        SavedView.objects.create(brand=cast.brand, owner=user, name="À moi")
        SavedView.objects.create(brand=cast.brand, owner=None, name="À tous")
        rule = Rule.objects.create(brand=cast.brand, name="Le matin")
        for email in (user.email.upper(), "client@boulange.example"):
            Recipient.objects.create(brand=cast.brand, rule=rule, email=email)


def left_of(cast: Cast) -> tuple[list[str], list[str], int]:
    with scope(brand=cast.brand):
        views = list(SavedView.objects.values_list("name", flat=True))
        return views, list(Recipient.objects.values_list("email", flat=True)), Rule.objects.count()


def test_only_an_owner_makes_an_owner() -> None:
    assert Role.OWNER in can_give(Role.OWNER)
    assert Role.OWNER not in can_give(Role.MANAGER)
    assert can_give(Role.MEMBER) == can_give(Role.READER) == can_give(Role.GUEST) == ()


def test_the_stronger_role_counts() -> None:
    assert stronger(Role.READER, Role.MANAGER) == Role.MANAGER
    assert stronger(Role.OWNER, Role.READER) == Role.OWNER
    assert stronger(Role.GUEST, None) == Role.GUEST


def test_the_last_owner_is_known() -> None:
    assert is_last_owner(Role.OWNER, [Role.OWNER, Role.MANAGER])
    assert not is_last_owner(Role.OWNER, [Role.OWNER, Role.OWNER])
    assert not is_last_owner(Role.MANAGER, [Role.OWNER])


def test_a_role_changes_for_every_brand(cast: Cast) -> None:
    team.set_role(member=place(cast.colleague, cast), by=cast.owner, role=Role.MEMBER)
    assert role_in(cast.colleague, cast.brand) == Role.MEMBER
    entry = entries(cast.brand.organisation, AuditFilter(room="team")).get()
    assert (entry.act, entry.subject, entry.before, entry.after) == (
        "team.role",
        cast.colleague.email,
        "reader",
        "member",
    )


def test_one_role_goes_to_several_brands_at_once(cast: Cast, client: Client) -> None:
    home = cast.brand.organisation
    brands = [create_brand(organisation=home, by=cast.owner, name=f"Client {n}") for n in range(50)]
    client.force_login(cast.owner)
    page = reverse("agency:member", args=[home.pk, place(cast.colleague, cast).pk])
    assert client.get(page).status_code == 200
    client.post(page, {"brands": [brand.pk for brand in brands[:30]], "brand_role": "manager"})
    roles = [role_in(cast.colleague, brand) for brand in brands]
    assert roles == [Role.MANAGER] * 30 + [Role.READER] * 20
    client.post(page, {"brands": [brand.pk for brand in brands], "brand_role": "none"})
    assert {role_in(cast.colleague, brand) for brand in brands} == {Role.READER}


def test_no_role_is_given_in_somebody_elses_brand(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    page = reverse("agency:member", args=[cast.brand.organisation_id, place(cast.colleague, cast).pk])
    client.post(page, {"brands": [cast.other.pk], "brand_role": "manager"})
    assert not Grant.objects.exists()
    with pytest.raises(PermissionDenied):
        team.set_grants(
            member=place(cast.colleague, cast), by=cast.owner, brands=[cast.other], role=Role.READER
        )


def test_a_manager_touches_no_owner_and_makes_none(cast: Cast) -> None:
    manager = build_user("remi@iroko.example", cast.brand.organisation, Role.MANAGER)
    with pytest.raises(PermissionDenied):
        team.set_role(member=place(cast.owner, cast), by=manager, role=Role.READER)
    with pytest.raises(PermissionDenied):
        team.set_role(member=place(manager, cast), by=manager, role=Role.OWNER)
    with pytest.raises(PermissionDenied):
        team.remove(member=place(cast.owner, cast), by=manager)
    with pytest.raises(PermissionDenied):
        team.remove(member=place(cast.owner, cast), by=cast.colleague)
    with pytest.raises(PermissionDenied):
        team.hand_over(organisation=cast.brand.organisation, by=manager, to=place(cast.colleague, cast))


def test_the_last_owner_cannot_go(cast: Cast, client: Client) -> None:
    mine = place(cast.owner, cast)
    with pytest.raises(team.LastOwner):
        team.remove(member=mine, by=cast.owner)
    with pytest.raises(team.LastOwner):
        team.set_role(member=mine, by=cast.owner, role=Role.MANAGER)
    with pytest.raises(team.LastOwner):
        team.delete_account(user=cast.owner)
    client.force_login(cast.owner)
    client.post(reverse("agency:leave", args=[cast.brand.organisation_id]))
    assert place(cast.owner, cast).role == Role.OWNER


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_once_one_stays() -> None:
    cast = build_cast()
    build_user("lea@iroko.example", cast.brand.organisation, Role.OWNER)
    owners = list(Member.objects.filter(organisation=cast.brand.organisation, role=Role.OWNER))
    start, ended = threading.Barrier(2), []

    def go(member: Member) -> None:
        start.wait()
        try:
            team.remove(member=member, by=member.user)
            ended.append("gone")
        except team.LastOwner:
            ended.append("stays")
        finally:
            connection.close()

    people = [threading.Thread(target=go, args=(member,)) for member in owners]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(ended) == ["gone", "stays"]
    assert Member.objects.filter(organisation=cast.brand.organisation, role=Role.OWNER).count() == 1


def test_handing_over_leaves_one_owner_and_a_manager(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    to = place(cast.colleague, cast)
    client.post(reverse("agency:hand_over", args=[cast.brand.organisation_id, to.pk]))
    assert (place(cast.colleague, cast).role, place(cast.owner, cast).role) == (Role.OWNER, Role.MANAGER)


def test_who_leaves_takes_no_private_feed_along(cast: Cast, client: Client) -> None:
    furnish(cast.colleague, cast)
    with scope(brand=cast.brand):
        known = Rule.objects.get().feed_token
    assert client.get(reverse("alerts:feed", args=[known, "rss"])).status_code == 200
    team.remove(member=place(cast.colleague, cast), by=cast.colleague)
    assert client.get(reverse("alerts:feed", args=[known, "rss"])).status_code == 404
    with scope(brand=cast.brand):
        rule = Rule.objects.get()
    assert client.get(reverse("alerts:feed", args=[rule.feed_token, "rss"])).status_code == 200
    client.force_login(cast.owner)
    client.post(reverse("alerts:rule_readdress", args=[cast.brand.slug, rule.pk]))
    assert client.get(reverse("alerts:feed", args=[rule.feed_token, "rss"])).status_code == 404


def test_who_is_removed_is_out_at_once_and_what_goes_was_said(cast: Cast, client: Client) -> None:
    furnish(cast.colleague, cast)
    theirs = Client()
    theirs.force_login(cast.colleague)
    page = reverse("insight:listen", args=[cast.brand.slug])
    assert theirs.get(page).status_code == 200
    client.force_login(cast.owner)
    remove = reverse(
        "agency:member_remove", args=[cast.brand.organisation_id, place(cast.colleague, cast).pk]
    )
    said = client.get(remove).content.decode()
    for sentence in belongings.told(cast.colleague, [cast.brand]):
        assert sentence in said
    assert len(belongings.told(cast.colleague, [cast.brand])) == 2
    assert left_of(cast)[0] == ["À moi", "À tous"], "nothing went yet"
    client.post(remove)
    assert theirs.get(page).status_code == 404
    assert left_of(cast) == (["À tous"], ["client@boulange.example"], 1)
    assert User.objects.filter(pk=cast.colleague.pk).exists()


def test_who_becomes_a_guest_loses_what_they_had_elsewhere(cast: Cast) -> None:
    furnish(cast.colleague, cast)
    second = create_brand(organisation=cast.brand.organisation, by=cast.owner, name="Musée")
    team.set_grants(member=place(cast.colleague, cast), by=cast.owner, brands=[second], role=Role.READER)
    team.set_role(member=place(cast.colleague, cast), by=cast.owner, role=Role.GUEST)
    assert brands_of(cast.colleague) == [second]
    assert left_of(cast) == (["À tous"], ["client@boulange.example"], 1)


def test_a_guest_who_loses_a_brand_gets_no_more_of_its_mail(cast: Cast) -> None:
    team.set_grants(member=place(cast.colleague, cast), by=cast.owner, brands=[cast.brand], role=Role.READER)
    team.set_role(member=place(cast.colleague, cast), by=cast.owner, role=Role.GUEST)
    furnish(cast.colleague, cast)
    team.set_grants(member=place(cast.colleague, cast), by=cast.owner, brands=[cast.brand], role="")
    assert brands_of(cast.colleague) == []
    assert left_of(cast)[1] == ["client@boulange.example"]


def test_a_guest_whose_brand_is_gone_does_not_see_the_others(cast: Cast) -> None:
    second = create_brand(organisation=cast.brand.organisation, by=cast.owner, name="Musée")
    guest = build_user("ana@iroko.example", cast.brand.organisation, Role.GUEST)
    Grant.objects.create(member=guest.memberships.get(), brand=second, role=Role.READER)
    second.delete()
    assert brands_of(guest) == []
    assert role_in(guest, cast.brand) is None


def test_a_person_deletes_their_account(cast: Cast, client: Client, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    furnish(cast.colleague, cast)
    cast.colleague.set_password("une phrase facile")
    cast.colleague.save()
    client.force_login(cast.colleague)
    page = reverse("agency:account_delete")
    assert "password" in client.post(page, {"password": "une autre"}).context["form"].errors
    assert client.post(page, {"password": "une phrase facile"}).status_code == 200
    assert not User.objects.filter(email=cast.colleague.email).exists()
    assert left_of(cast) == (["À tous"], ["client@boulange.example"], 1)
    with scopes_disabled():
        assert AuditEntry.objects.filter(act="team.leave", by=None, subject="").count() == 1
        assert not AuditEntry.objects.filter(subject=cast.colleague.email).exists()


def test_the_log_is_filtered_and_exported_alike(cast: Cast, client: Client) -> None:
    team.set_role(member=place(cast.colleague, cast), by=cast.owner, role=Role.MEMBER)
    create_brand(organisation=cast.brand.organisation, by=cast.owner, name="=HYPERLINK(1)")
    client.force_login(cast.owner)
    organisation = cast.brand.organisation_id
    shown = client.get(reverse("agency:audit", args=[organisation]), {"room": "brand"}).context["rows"]
    assert [entry.subject for entry, _, _ in shown] == ["=HYPERLINK(1)", "Café Baobab"]
    sheet = client.get(reverse("agency:audit_csv", args=[organisation]), {"room": "brand"})
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert [row[4] for row in rows[1:]] == ["'=HYPERLINK(1)", "Café Baobab"]
    assert len(client.get(reverse("agency:audit", args=[organisation])).context["rows"]) == 3
    other = client.get(reverse("agency:audit", args=[organisation]), {"by": cast.stranger.pk})
    assert len(other.context["rows"]) == 3, "a choice that is none asks for everything"


def test_the_log_of_another_organisation_is_not_there(cast: Cast) -> None:
    mine = entries(cast.brand.organisation, AuditFilter())
    assert {entry.organisation_id for entry in mine} == {cast.brand.organisation_id}


def test_a_long_log_has_pages_that_miss_nothing(cast: Cast, client: Client) -> None:
    for n in range(60):
        create_brand(organisation=cast.brand.organisation, by=cast.owner, name=f"Client {n}")
    client.force_login(cast.owner)
    page = reverse("agency:audit", args=[cast.brand.organisation_id])
    first = client.get(page)
    second = client.get(page + first.context["older"])
    ids = [entry.pk for answer in (first, second) for entry, _, _ in answer.context["rows"]]
    assert len(ids) == len(set(ids)) == 61
