"""Making, changing and dissolving a team."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import OrganisationRequest, for_organisation
from palabre.agency.forms import TeamForm
from palabre.agency.models import Team
from palabre.agency.roles import Right
from palabre.agency.teams import delete_team, save_team
from palabre.kit.text import fold


def _team(request: OrganisationRequest, pk: int) -> Team:
    found: Team = get_object_or_404(Team, pk=pk, organisation=request.organisation)
    return found


@for_organisation(Right.ADMINISTER)
def team_edit(request: OrganisationRequest, pk: int | None = None) -> HttpResponse:
    """A team's name and its people; a new one without `pk`."""
    team = None if pk is None else _team(request, pk)
    everybody = list(request.organisation.members.select_related("user"))
    people = sorted(((member.pk, str(member.user)) for member in everybody), key=lambda row: fold(row[1]))
    others = request.organisation.teams.exclude(pk=pk or 0)
    form = TeamForm(
        request.POST or None,
        people=people,
        taken=list(others.values_list("name", flat=True)),
        initial={"name": team.name, "members": [m.pk for m in team.members.all()]} if team else None,
    )
    if request.method == "POST" and form.is_valid():
        chosen = [member for member in everybody if member.pk in form.cleaned_data["members"]]
        name = form.cleaned_data["name"]
        save_team(organisation=request.organisation, by=request.user, name=name, members=chosen, team=team)
        messages.success(request, _("The team is saved."))
        return redirect("agency:team", organisation=request.organisation.pk)
    context = {"organisation": request.organisation, "team": team, "form": form}
    return render(request, "agency/team_form.html", context)


@for_organisation(Right.ADMINISTER)
@require_POST
def team_delete(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Dissolve a team."""
    delete_team(team=_team(request, pk), by=request.user)
    messages.success(request, _("The team is dissolved; its people stay."))
    return redirect("agency:team", organisation=request.organisation.pk)
