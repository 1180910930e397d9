"""Rights as data: what each role may do. A view names one right; the test of all URLs reads it."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    """One thing a member may be allowed to do within a brand or an organisation."""

    LOOK = "look"
    LISTEN = "listen"
    PUBLISH = "publish"
    ANSWER = "answer"
    MODERATE = "moderate"
    ADMINISTER = "administer"
    OWN = "own"


class Role(TextChoices):
    """What a member is to the organisation. A guest is nothing to it, but something to some brands."""

    OWNER = "owner", _("owner")
    MANAGER = "manager", _("manager")
    MEMBER = "member", _("member")
    READER = "reader", _("reader")
    GUEST = "guest", _("guest")


RIGHTS: dict[str, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(Right) - {Right.OWN},
    Role.MEMBER: frozenset({Right.LOOK, Right.LISTEN, Right.PUBLISH, Right.ANSWER, Right.MODERATE}),
    Role.READER: frozenset({Right.LOOK}),
    Role.GUEST: frozenset(),
}

EVERYWHERE = (Role.OWNER, Role.MANAGER, Role.MEMBER, Role.READER)
"""Roles that hold in every brand of the organisation, those to come included."""

IN_A_BRAND = (Role.MANAGER, Role.MEMBER, Role.READER)
"""Roles that can be given for one brand."""

MEANS = {
    Role.OWNER: _("everything, also naming other owners and deleting brands"),
    Role.MANAGER: _("settings, team and brands"),
    Role.MEMBER: _("topics, sources, alerts, tags, corrections, contents, answers"),
    Role.READER: _("reads, filters and exports"),
    Role.GUEST: _("sees the brands chosen for them and nothing else: a client, a freelancer"),
}
"""What each role may do, in words."""
