"""Teams: some members under one name. Writes only; the pages check who may."""

from collections.abc import Sequence

from django.db import transaction

from palabre.agency.audit import record
from palabre.agency.models import Member, Organisation, Team, User


@transaction.atomic
def save_team(
    *, organisation: Organisation, by: User, name: str, members: Sequence[Member], team: Team | None = None
) -> Team:
    """Make a team, or change its name and who is in it. Members of other organisations are left out."""
    before = {"name": team.name, "members": _emails(team)} if team else None
    team = team or Team(organisation=organisation)
    team.name = name
    team.save()
    team.members.set([member for member in members if member.organisation_id == organisation.pk])
    record(
        organisation=organisation,
        by=by,
        act="team.regroup" if before else "team.group",
        subject=name,
        before=before,
        after={"name": name, "members": _emails(team)},
    )
    return team


@transaction.atomic
def delete_team(*, team: Team, by: User) -> None:
    """Dissolve a team; its members stay in the organisation."""
    record(organisation=team.organisation, by=by, act="team.ungroup", subject=team.name, before=_emails(team))
    team.delete()


def _emails(team: Team) -> list[str]:
    return list(team.members.order_by("user__email").values_list("user__email", flat=True))
