"""What the shell of every page shows of the reader: their brands, the one they are in, their rights there."""

from typing import Any

from django.http import HttpRequest

from palabre.agency.access import brands_of
from palabre.agency.roles import RIGHTS, Right


def brands(request: HttpRequest) -> dict[str, Any]:
    """`brand` (the current one, also on pages outside any brand), `brands` (all the reader's), `may`.

    `may` holds the reader's rights behind the door of a brand, and nothing elsewhere: a page offers an act
    `{% if "listen" in may %}`, as the door of that act would let it pass.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"brand": None, "brands": [], "may": frozenset()}
    mine = brands_of(user)
    current = getattr(request, "brand", None)
    if current is None:
        slug = request.session.get("brand")
        current = next((brand for brand in mine if brand.slug == slug), mine[0] if mine else None)
    return {"brand": current, "brands": mine, "may": _rights(request)}


def _rights(request: HttpRequest) -> frozenset[Right]:
    held = RIGHTS.get(getattr(request, "role", ""), frozenset())
    resting = bool(held) and request.brand.state == "archived"  # type: ignore[attr-defined]
    return held - {Right.LISTEN} if resting else held
