"""Rights as data: what each role may do. A view names one right; the test of all URLs reads it."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    """One thing a member may be allowed to do within a brand or an organisation."""

    LOOK = "look"
    LISTEN = "listen"
    ADMINISTER = "administer"


class Role(TextChoices):
    """What a member is to the organisation."""

    OWNER = "owner", _("owner")
    MANAGER = "manager", _("manager")
    MEMBER = "member", _("member")
    READER = "reader", _("reader")


RIGHTS: dict[str, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(Right),
    Role.MEMBER: frozenset({Right.LOOK, Right.LISTEN}),
    Role.READER: frozenset({Right.LOOK}),
}
