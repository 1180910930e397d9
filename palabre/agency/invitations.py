"""Invitations: a place kept for an address, opened once by a signed link. Writes, and the link itself.

On the path: `invite` makes rows and nudges; `mail.py` sends; `accept_as` or `accept_new` opens the door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from palabre.agency.audit import record
from palabre.agency.models import Brand, Grant, Invitation, Member, Organisation, User, new_nonce
from palabre.agency.roles import Role
from palabre.agency.rules import can_give, is_grant, stronger

AT_ONCE = 50
"""Addresses in one go."""
_signer = Signer(sep=".", salt="palabre.invitation")


class NoLongerGood(Exception):
    """The invitation was used, taken back, or has run out."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What is offered: a role in the organisation, and one role in each of some brands."""

    role: str
    brands: Sequence[Brand] = ()
    brand_role: str = ""


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Who was written to, and who is there already."""

    invitations: list[Invitation]
    members: list[str]


def address(invitation: Invitation) -> str:
    """The link, complete: the same until the invitation is sent again."""
    token = _signer.sign(f"{invitation.pk}.{invitation.nonce}")
    return settings.ENV.public_url + reverse("agency:invitation", args=[token])


def found(token: str) -> Invitation | None:
    """The invitation a link belongs to, good or not; None for a forged or replaced link."""
    try:
        pk, nonce = _signer.unsign(token).split(".", 1)
    except (BadSignature, ValueError):
        return None
    row = Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk).first()
    return row if row and constant_time_compare(row.nonce, nonce) else None


def _may_give(organisation: Organisation, by: User, place: Place) -> None:
    member = Member.objects.filter(organisation=organisation, user=by).first()
    strangers = any(brand.organisation_id != organisation.pk for brand in place.brands)
    if member is None or place.role not in can_give(member.role) or strangers:
        raise PermissionDenied
    if place.brands and not is_grant(place.brand_role):
        raise PermissionDenied


@transaction.atomic
def invite(
    *,
    organisation: Organisation,
    by: User,
    emails: Sequence[str],
    place: Place,
    language: str,
    now: datetime,
) -> Invited:
    """Keep a place for each address; one invited before gets this place instead, by a new link.

    Raises PermissionDenied.
    """
    _may_give(organisation, by, place)
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails))[:AT_ONCE]
    there = set(organisation.members.filter(user__email__in=wanted).values_list("user__email", flat=True))
    tongues = dict(User.objects.filter(email__in=wanted).values_list("email", "language"))
    invitations = []
    for email in wanted:
        if email in there:
            continue
        row, _ = Invitation.objects.update_or_create(
            organisation=organisation,
            email=email,
            accepted_at=None,
            revoked_at=None,
            defaults={
                "role": place.role,
                "brand_role": place.brand_role if place.brands else "",
                "invited_by": by,
                "language": tongues.get(email, language),
                "nonce": new_nonce(),
                "expires_at": now + Invitation.LASTS,
                "sent_at": None,
                "mail_error": "",
            },
        )
        row.brands.set(place.brands)
        after = {"role": place.role, "brands": [brand.name for brand in place.brands]}
        record(organisation=organisation, by=by, act="team.invite", subject=email, after=after)
        invitations.append(row)
    return Invited(invitations=invitations, members=sorted(there))


def _may_touch(invitation: Invitation, by: User) -> None:
    member = Member.objects.filter(organisation=invitation.organisation_id, user=by).first()
    if member is None or invitation.role not in can_give(member.role):
        raise PermissionDenied


@transaction.atomic
def send_again(*, invitation: Invitation, by: User, now: datetime) -> None:
    """A new link, and a new week. Raises PermissionDenied, NoLongerGood."""
    _may_touch(invitation, by)
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        nonce=new_nonce(), expires_at=now + Invitation.LASTS, sent_at=None, mail_error=""
    )
    if not changed:
        raise NoLongerGood
    record(organisation=invitation.organisation, by=by, act="team.invite_again", subject=invitation.email)


@transaction.atomic
def revoke(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Take an invitation back; its link is dead. Raises PermissionDenied, NoLongerGood."""
    _may_touch(invitation, by)
    open_ = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not open_.update(revoked_at=now):
        raise NoLongerGood
    record(organisation=invitation.organisation, by=by, act="team.revoke", subject=invitation.email)


@transaction.atomic
def accept_as(*, invitation: Invitation, user: User, now: datetime) -> Member:
    """Somebody with an account takes their place. Of two clicks one counts. Raises NoLongerGood.

    A member already keeps what they have where it is more. Raises PermissionDenied for another address.
    """
    if user.email.lower() != invitation.email:
        raise PermissionDenied
    good = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now)
    if not good.update(accepted_at=now):
        raise NoLongerGood
    member, created = Member.objects.select_for_update().get_or_create(
        user=user, organisation=invitation.organisation, defaults={"role": invitation.role}
    )
    if not created:
        member.role = stronger(member.role, invitation.role)
        member.save(update_fields=["role"])
    for brand in invitation.brands.all():
        grant = Grant.objects.filter(member=member, brand=brand).first()
        role = stronger(invitation.brand_role, grant.role if grant else None)
        Grant.objects.update_or_create(member=member, brand=brand, defaults={"role": role})
    record(
        organisation=invitation.organisation,
        by=user,
        act="team.join",
        subject=user.email,
        after=str(Role(member.role).value),
    )
    return member


@transaction.atomic
def accept_new(*, invitation: Invitation, name: str, password: str, time_zone: str, now: datetime) -> User:
    """Somebody without an account makes one and takes their place. Raises NoLongerGood."""
    user = User.objects.create_user(
        invitation.email, password, name=name, language=invitation.language, time_zone=time_zone
    )
    accept_as(invitation=invitation, user=user, now=now)
    return user
