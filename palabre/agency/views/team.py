"""The team of an organisation: who is in it, as what; inviting, changing, removing, handing over."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency import belongings, team
from palabre.agency.access import OrganisationRequest, for_organisation
from palabre.agency.forms import GrantForm, InviteForm, RoleForm, explained
from palabre.agency.invitations import NoLongerGood, Place, address, invite, revoke, send_again
from palabre.agency.letters import leaves
from palabre.agency.models import Invitation, Member
from palabre.agency.roles import MEANS, Right, Role
from palabre.agency.rules import can_change, can_give, is_last_owner
from palabre.agency.tasks import invite_soon
from palabre.kit.text import fold


def _page(request: OrganisationRequest) -> HttpResponse:
    return redirect("agency:team", organisation=request.organisation.pk)


def _brands(request: OrganisationRequest) -> list[tuple[int, str]]:
    rows = request.organisation.brands.exclude(state="deleting").values_list("pk", "name")
    return sorted(rows, key=lambda row: fold(row[1]))


@for_organisation(Right.LOOK)
def members(request: OrganisationRequest) -> HttpResponse:
    """Everybody, what each may do where; for who administers, the invitations that wait, with their links."""
    mine = request.member.role
    rows = request.organisation.members.select_related("user").prefetch_related("grants__brand")
    administers = bool(can_give(mine))
    waiting = request.organisation.invitations.filter(accepted_at=None, revoked_at=None)
    now = timezone.now()
    context = {
        "organisation": request.organisation,
        "members": [
            (member, can_change(mine, member.role)) for member in rows.order_by("user__name", "user__email")
        ],
        "administers": administers,
        "invitations": [
            (row, address(row) if row.is_good(now) else "")
            for row in (waiting.prefetch_related("brands") if administers else ())
        ],
        "mail_leaves": leaves(),
        "teams": request.organisation.teams.prefetch_related("members__user"),
        "roles": [(role.label, MEANS[role]) for role in Role],
        "places": request.user.memberships.exclude(role=Role.GUEST).select_related("organisation"),
    }
    return render(request, "agency/team.html", context)


@for_organisation(Right.ADMINISTER)
def invite_people(request: OrganisationRequest) -> HttpResponse:
    """Invite one or several addresses."""
    form = InviteForm(
        request.POST or None,
        roles=can_give(request.member.role),
        brands=_brands(request),
        initial={"language": request.user.language},
    )
    if request.method == "POST" and form.is_valid():
        brands = request.organisation.brands.filter(pk__in=form.cleaned_data["brands"])
        place = Place(
            role=form.cleaned_data["role"], brands=list(brands), brand_role=form.cleaned_data["brand_role"]
        )
        done = invite(
            organisation=request.organisation,
            by=request.user,
            emails=form.cleaned_data["emails"],
            place=place,
            language=form.cleaned_data["language"],
            now=timezone.now(),
        )
        transaction.on_commit(invite_soon)
        _say(request, len(done.invitations), done.members)
        return _page(request)
    context = {
        "form": form,
        "roles": explained(form["role"]),
        "organisation": request.organisation,
        "mail_leaves": leaves(),
    }
    return render(request, "agency/invite.html", context)


def _say(request: HttpRequest, invited: int, there: list[str]) -> None:
    if there:
        messages.info(request, _("Already in the team: %(emails)s.") % {"emails": ", ".join(there)})
    if not invited:
        return
    if leaves():
        sentence = ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", invited)
    else:
        sentence = ngettext(
            "%(n)d invitation is ready: copy its link below.",
            "%(n)d invitations are ready: copy their links below.",
            invited,
        )
    messages.success(request, sentence % {"n": invited})


def _open_invitation(request: OrganisationRequest, pk: int) -> Invitation:
    found: Invitation = get_object_or_404(Invitation, pk=pk, organisation=request.organisation)
    return found


@for_organisation(Right.ADMINISTER)
@require_POST
def invitation_again(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Send an invitation again: a new link for a new week."""
    try:
        send_again(invitation=_open_invitation(request, pk), by=request.user, now=timezone.now())
    except NoLongerGood:
        messages.info(request, _("This invitation was accepted or taken back meanwhile."))
    else:
        transaction.on_commit(invite_soon)
        messages.success(request, _("A new link is ready; the one before opens nothing any more."))
    return _page(request)


@for_organisation(Right.ADMINISTER)
@require_POST
def invitation_revoke(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    try:
        revoke(invitation=_open_invitation(request, pk), by=request.user, now=timezone.now())
    except NoLongerGood:
        messages.info(request, _("This invitation was accepted or taken back meanwhile."))
    else:
        messages.success(request, _("The invitation is taken back: its link opens nothing any more."))
    return _page(request)


def _member(request: OrganisationRequest, pk: int) -> Member:
    rows = Member.objects.select_related("user", "organisation")
    found: Member = get_object_or_404(rows, pk=pk, organisation=request.organisation)
    return found


@for_organisation(Right.ADMINISTER)
def member_edit(request: OrganisationRequest, pk: int) -> HttpResponse:
    """What a member is: their role in the organisation, and in some brands."""
    member = _member(request, pk)
    mine = request.member.role
    roles = can_give(mine)
    form = RoleForm(
        request.POST if "role" in request.POST else None, roles=roles, initial={"role": member.role}
    )
    grants = GrantForm(request.POST if "brand_role" in request.POST else None, brands=_brands(request))
    if request.method == "POST" and form.is_bound and form.is_valid():
        try:
            team.set_role(member=member, by=request.user, role=form.cleaned_data["role"])
        except team.LastOwner:
            messages.error(request, _("An organisation always has an owner: name another one first."))
        else:
            messages.success(request, _("The role is changed."))
        return redirect("agency:member", organisation=request.organisation.pk, pk=pk)
    if request.method == "POST" and grants.is_bound and grants.is_valid():
        chosen = list(request.organisation.brands.filter(pk__in=grants.cleaned_data["brands"]))
        team.set_grants(member=member, by=request.user, brands=chosen, role=grants.cleaned_data["brand_role"])
        messages.success(request, _("The roles in these brands are changed."))
        return redirect("agency:member", organisation=request.organisation.pk, pk=pk)
    given = dict(member.grants.values_list("brand", "role"))
    labels = dict(Role.choices)
    context = {
        "organisation": request.organisation,
        "member": member,
        "form": form,
        "roles": explained(form["role"]),
        "grants": grants,
        "brands_given": [(pk, name, labels.get(given.get(pk, ""), "")) for pk, name in _brands(request)],
        "may_change": can_change(mine, member.role),
        "may_hand_over": mine == Role.OWNER and member.user_id != request.user.pk,
        "going": belongings.told(member.user, team.lost_as(member, Role.GUEST)),
        "means": MEANS[Role(member.role)],
    }
    return render(request, "agency/member.html", context)


@for_organisation(Right.ADMINISTER)
def member_remove(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Remove a member, once what goes and what stays was said."""
    return _leave(request, _member(request, pk))


@for_organisation(None)
def leave(request: OrganisationRequest) -> HttpResponse:
    """Leave an organisation oneself."""
    return _leave(request, request.member)


def _leave(request: OrganisationRequest, member: Member) -> HttpResponse:
    own = member.user_id == request.user.pk
    roles = request.organisation.members.values_list("role", flat=True)
    if request.method == "POST":
        try:
            team.remove(member=member, by=request.user)
        except team.LastOwner:
            messages.error(request, _("An organisation always has an owner: name another one first."))
            return _page(request)
        if own:
            messages.success(request, _("You have left %(name)s.") % {"name": request.organisation.name})
            return redirect("agency:profile")
        messages.success(request, _("%(name)s is no longer in the team.") % {"name": member.user})
        return _page(request)
    context = {
        "organisation": request.organisation,
        "member": member,
        "own": own,
        "last_owner": is_last_owner(member.role, roles),
        "going": belongings.told(member.user, team.reached(member)),
    }
    return render(request, "agency/member_remove.html", context)


@for_organisation(Right.OWN)
def hand_over(request: OrganisationRequest, pk: int) -> HttpResponse:
    """Make another member the owner in one's own place."""
    member = _member(request, pk)
    if request.method == "POST":
        team.hand_over(organisation=request.organisation, by=request.user, to=member)
        messages.success(request, _("%(name)s is the owner now; you are a manager.") % {"name": member.user})
        return _page(request)
    context = {"organisation": request.organisation, "member": member}
    return render(request, "agency/hand_over.html", context)
