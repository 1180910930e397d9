"""Teams: a few people under one name, within one organisation."""

import pytest
from django.test import Client
from django.urls import reverse

from palabre.agency.models import AuditEntry, Member, Team
from palabre.agency.roles import Role
from palabre.agency.team import remove
from palabre.agency.teams import save_team
from tests.builders import Cast, build_cast, build_user


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(cast.owner)
    return browser


def test_a_team_is_made_changed_and_dissolved_and_the_log_says_so(cast: Cast, client: Client) -> None:
    home = cast.brand.organisation
    malo = Member.objects.get(user=cast.colleague)
    client.post(reverse("agency:team_new", args=[home.pk]), {"name": " Les  clients ", "members": [malo.pk]})
    team = Team.objects.get()
    assert (team.name, [m.pk for m in team.members.all()]) == ("Les clients", [malo.pk])
    assert "Malo" in client.get(reverse("agency:team", args=[home.pk])).content.decode()
    client.post(reverse("agency:team_edit", args=[home.pk, team.pk]), {"name": "La cliente"})
    team.refresh_from_db()
    assert (team.name, team.members.count()) == ("La cliente", 0)
    client.post(reverse("agency:team_delete", args=[home.pk, team.pk]))
    assert not Team.objects.exists()
    done = AuditEntry._base_manager.filter(act__endswith="group").order_by("pk")
    assert [entry.act for entry in done] == ["team.group", "team.regroup", "team.ungroup"]


def test_two_teams_do_not_share_a_name(cast: Cast, client: Client) -> None:
    home = cast.brand.organisation
    save_team(organisation=home, by=cast.owner, name="Relecture", members=[])
    seen = client.post(reverse("agency:team_new", args=[home.pk]), {"name": "relecture"}).content.decode()
    assert "porte déjà ce nom" in seen
    assert Team.objects.count() == 1


def test_people_and_teams_of_another_organisation_are_out_of_reach(cast: Cast, client: Client) -> None:
    home, away = cast.brand.organisation, cast.other.organisation
    zoe = Member.objects.get(user=cast.stranger)
    assert save_team(organisation=home, by=cast.owner, name="Mixte", members=[zoe]).members.count() == 0
    theirs = save_team(organisation=away, by=cast.stranger, name="Ailleurs", members=[zoe])
    assert client.get(reverse("agency:team_edit", args=[home.pk, theirs.pk])).status_code == 404


def test_who_leaves_the_organisation_leaves_its_teams(cast: Cast) -> None:
    home = cast.brand.organisation
    noe = build_user("noe@iroko.example", home, Role.MEMBER)
    member = Member.objects.get(user=noe)
    team = save_team(organisation=home, by=cast.owner, name="Relecture", members=[member])
    remove(member=member, by=cast.owner)
    assert team.members.count() == 0
