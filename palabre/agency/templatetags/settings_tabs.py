"""The tabs of the settings, the same on each of their pages."""

from typing import Any

from django import template

from palabre.agency.models import Brand, Grant, Member, User
from palabre.agency.roles import RIGHTS, Right, Role

register = template.Library()


@register.inclusion_tag("agency/_tabs.html", takes_context=True)
def settings_tabs(context: template.Context, tab: str) -> dict[str, Any]:
    """`{% settings_tabs "team" %}`: you, team, brands, log; what a guest cannot open is not there.

    A guest who manages a brand finds that one in their place.
    """
    request, brand = context["request"], context.get("brand")
    wanted = getattr(request, "organisation", None) or (brand.organisation if brand else None)
    places = Member.objects.filter(user=request.user).exclude(role=Role.GUEST).order_by("pk")
    mine = (places.filter(organisation=wanted).first() if wanted else None) or places.first()
    managed = _managed(request.user, brand)
    if managed and tab == "brands" and getattr(request, "brand", None) == managed:
        tab = "managed"
    return {
        "tab": tab,
        "organisation": mine.organisation_id if mine else None,
        "administers": bool(mine and Right.ADMINISTER in RIGHTS[mine.role]),
        "managed": managed,
    }


def _managed(guest: User, current: Brand | None) -> Brand | None:
    """The brand that a guest manages: the one they are in, if they may, else the first by name."""
    as_guest = Grant.objects.filter(member__user=guest, member__role=Role.GUEST, role=Role.MANAGER)
    granted = as_guest.exclude(brand__state="deleting").select_related("brand").order_by("brand__name")
    theirs = [grant.brand for grant in granted]
    return current if current in theirs else next(iter(theirs), None)
