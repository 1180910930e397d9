"""What the shell of every page shows of the reader: their brands and the one they are in."""

from typing import Any

from django.http import HttpRequest

from palabre.agency.access import brands_of


def brands(request: HttpRequest) -> dict[str, Any]:
    """`brand` (the current one, also on pages outside any brand) and `brands` (all the reader's)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"brand": None, "brands": []}
    mine = brands_of(user)
    current = getattr(request, "brand", None)
    if current is None:
        slug = request.session.get("brand")
        current = next((brand for brand in mine if brand.slug == slug), mine[0] if mine else None)
    return {"brand": current, "brands": mine}
