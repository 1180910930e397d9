"""The tabs of the settings, the same on each of their pages."""

from typing import Any

from django import template

from palabre.agency.models import Member
from palabre.agency.roles import RIGHTS, Right, Role

register = template.Library()


@register.inclusion_tag("agency/_tabs.html", takes_context=True)
def settings_tabs(context: template.Context, tab: str) -> dict[str, Any]:
    """`{% settings_tabs "team" %}`: you, team, brands, log; what a guest cannot open is not there."""
    request, brand = context["request"], context.get("brand")
    wanted = getattr(request, "organisation", None) or (brand.organisation if brand else None)
    places = Member.objects.filter(user=request.user).exclude(role=Role.GUEST).order_by("pk")
    mine = (places.filter(organisation=wanted).first() if wanted else None) or places.first()
    return {
        "tab": tab,
        "organisation": mine.organisation_id if mine else None,
        "administers": bool(mine and Right.ADMINISTER in RIGHTS[mine.role]),
    }
