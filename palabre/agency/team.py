"""Who is in the team, and as what: roles, grants, leaving, handing over. Writes only.

Every write holds the organisation's row, so that two owners who leave at once do not both go.
"""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from palabre.agency import belongings
from palabre.agency.audit import forget, record
from palabre.agency.models import Brand, Grant, Invitation, Member, Organisation, User
from palabre.agency.roles import Role
from palabre.agency.rules import can_change, can_give, is_grant, is_last_owner


class LastOwner(Exception):
    """An organisation has an owner at all times: this one has to hand over first."""


def _hold(organisation_id: int) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation_id)


def _actor(organisation: Organisation, by: User) -> str:
    role = Member.objects.filter(organisation=organisation, user=by).values_list("role", flat=True).first()
    if role is None:
        raise PermissionDenied
    return role


def _keep_an_owner(organisation: Organisation, role: str) -> None:
    if is_last_owner(role, organisation.members.values_list("role", flat=True)):
        raise LastOwner


def reached(member: Member) -> list[Brand]:
    """The brands a member can enter, archived ones too."""
    brands = Brand.objects.filter(organisation=member.organisation_id).exclude(state="deleting")
    if member.role == Role.GUEST:
        brands = brands.filter(grants__member=member)
    return list(brands)


def lost_as(member: Member, role: str) -> list[Brand]:
    """The brands a member would no longer reach in that role, their grants kept."""
    if role != Role.GUEST or member.role == Role.GUEST:
        return []
    kept = set(member.grants.values_list("brand", flat=True))
    return [brand for brand in reached(member) if brand.pk not in kept]


@transaction.atomic
def set_role(*, member: Member, by: User, role: str) -> None:
    """Change what a member is to the organisation. Raises PermissionDenied, LastOwner."""
    organisation = _hold(member.organisation_id)
    member.refresh_from_db()
    actor = _actor(organisation, by)
    if not can_change(actor, member.role) or role not in can_give(actor):
        raise PermissionDenied
    if member.role == role:
        return
    if role != Role.OWNER:
        _keep_an_owner(organisation, member.role)
    belongings.drop(member.user, lost_as(member, role))
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    record(
        organisation=organisation,
        by=by,
        act="team.role",
        subject=member.user.email,
        before=before,
        after=role,
    )


@transaction.atomic
def set_grants(*, member: Member, by: User, brands: Sequence[Brand], role: str) -> None:
    """Give a role in each of these brands, or take it away ("" as role). Raises PermissionDenied."""
    organisation = _hold(member.organisation_id)
    member.refresh_from_db()
    if not can_change(_actor(organisation, by), member.role) or (role and not is_grant(role)):
        raise PermissionDenied
    if any(brand.organisation_id != organisation.pk for brand in brands):
        raise PermissionDenied
    if not role and member.role == Role.GUEST:
        belongings.drop(member.user, brands)
    known = dict(member.grants.filter(brand__in=brands).values_list("brand", "role"))
    for brand in brands:
        if known.get(brand.pk, "") == role:
            continue
        if role:
            Grant.objects.update_or_create(member=member, brand=brand, defaults={"role": role})
        else:
            Grant.objects.filter(member=member, brand=brand).delete()
        record(
            brand=brand,
            by=by,
            act="team.grant",
            subject=member.user.email,
            before=known.get(brand.pk),
            after=role or None,
        )


@transaction.atomic
def remove(*, member: Member, by: User) -> None:
    """Somebody leaves the organisation, by themselves or not: at once, with what `belongings` tells.

    Raises PermissionDenied, LastOwner.
    """
    organisation = _hold(member.organisation_id)
    member.refresh_from_db()
    if member.user_id != by.pk and not can_change(_actor(organisation, by), member.role):
        raise PermissionDenied
    _keep_an_owner(organisation, member.role)
    belongings.drop(member.user, reached(member))
    act = "team.leave" if member.user_id == by.pk else "team.remove"
    record(organisation=organisation, by=by, act=act, subject=member.user.email, before=member.role)
    member.delete()


@transaction.atomic
def hand_over(*, organisation: Organisation, by: User, to: Member) -> None:
    """Make another member the owner; the one who hands over stays as a manager. Raises PermissionDenied."""
    held = _hold(organisation.pk)
    mine = Member.objects.filter(organisation=held, user=by).first()
    to.refresh_from_db()
    if mine is None or mine.role != Role.OWNER or to.organisation_id != held.pk or to.pk == mine.pk:
        raise PermissionDenied
    before = to.role
    Member.objects.filter(pk=to.pk).update(role=Role.OWNER)
    Member.objects.filter(pk=mine.pk).update(role=Role.MANAGER)
    record(
        organisation=held, by=by, act="team.hand_over", subject=to.user.email, before=before, after=Role.OWNER
    )


def bound_to(user: User) -> list[Organisation]:
    """The organisations that keep a person from deleting their account: they are its last owner."""
    owned = user.memberships.filter(role=Role.OWNER).select_related("organisation")
    return [
        member.organisation
        for member in owned
        if is_last_owner(member.role, member.organisation.members.values_list("role", flat=True))
    ]


@transaction.atomic
def delete_account(*, user: User) -> None:
    """A person goes for good. What they did stays, without their name. Raises LastOwner."""
    members = list(user.memberships.select_related("organisation").order_by("organisation"))
    for member in members:
        remove(member=member, by=user)
    # The log keeps that somebody left, not who.
    forget(user, [member.organisation_id for member in members])
    Invitation.objects.filter(email__iexact=user.email).exclude(accepted_at=None, revoked_at=None).delete()
    user.delete()
