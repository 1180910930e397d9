"""Who works on a brand, and whom a text names with @."""

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from palabre.agency.models import Brand, Member, Team, User
from palabre.agency.roles import RIGHTS, Right, Role
from palabre.agency.rules import stronger
from palabre.kit.text import fold

_NAMED = re.compile(r"@([\w.+-]+(?:@[\w.-]+)?)")


def colleagues(brand: Brand) -> list[User]:
    """Who can read the brand, by name."""
    return _sorted(member.user for member in _members(brand))


def colleagues_with(brand: Brand, right: Right) -> list[User]:
    """Who holds a right in the brand, by name."""
    rows = _members(brand).prefetch_related("grants")
    found = []
    for member in rows:
        granted = next((grant.role for grant in member.grants.all() if grant.brand_id == brand.pk), None)
        if right in RIGHTS[stronger(member.role, granted)]:
            found.append(member.user)
    return _sorted(found)


def teams_of(brand: Brand) -> list[Team]:
    """The teams of the brand's organisation, by name."""
    return list(Team.objects.filter(organisation=brand.organisation_id))


def named(text: str, brand: Brand) -> list[User]:
    """Whom a text names: `@ines`, `@Inès` or `@ines@agence.example`, each once."""
    words = {fold(word.rstrip(".")) for word in _NAMED.findall(text)}
    return [user for user in colleagues(brand) if words & _names(user)] if words else []


def _members(brand: Brand) -> "QuerySet[Member]":
    reach = Q(grants__brand=brand) | ~Q(role=Role.GUEST)
    rows = Member.objects.filter(reach, organisation=brand.organisation_id, user__is_active=True)
    return rows.select_related("user").distinct()


def _sorted(users: Iterable[User]) -> list[User]:
    return sorted(set(users), key=lambda user: fold(str(user)))


def _names(user: User) -> set[str]:
    said = fold(str(user)).split()
    email = fold(user.email)
    return {email, email.split("@")[0], "".join(said), ".".join(said), *said[:1]}
