"""The door of every page: who may pass, and the tenant's scope around what happens behind it.

Strangers get 404 (they learn nothing), colleagues without the right 403, anonymous people the
sign-in page. The right is data on the view, so that a test can walk every URL.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails
from django_scopes import scope

from palabre.agency.models import Brand, Member, User
from palabre.agency.roles import RIGHTS, Right

View = Callable[..., HttpResponseBase]


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


class BrandRequest(MemberRequest):
    """A request behind the door of a brand: what `for_brand` adds to it."""

    brand: Brand
    member: Member


def membership(user: User, brand: Brand) -> Member | None:
    """The user's membership that reaches this brand, or None."""
    member = Member.objects.filter(user=user, organisation=brand.organisation_id).first()
    if member is None:
        return None
    restricted = set(member.brands.values_list("pk", flat=True))
    return member if not restricted or brand.pk in restricted else None


def brands_of(user: User) -> list[Brand]:
    """Every brand the user can enter, by name."""
    found: dict[int, Brand] = {}
    for member in user.memberships.prefetch_related("brands", "organisation__brands"):
        for brand in member.brands.all() or member.organisation.brands.all():
            found[brand.pk] = brand
    return sorted(found.values(), key=lambda brand: brand.name.casefold())


def may(member: Member, right: Right) -> bool:
    """Whether the member's role holds the right."""
    return right in RIGHTS[member.role]


def for_brand(right: Right) -> Callable[[View], View]:
    """Decorate a view whose URL holds `brand` (a slug): checks the right and enters the scope."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def inside(request: HttpRequest, brand: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            found = Brand.objects.select_related("organisation").filter(slug=brand).first()
            member = membership(request.user, found) if found else None  # type: ignore[arg-type]
            if found is None or member is None:
                raise Http404
            if not may(member, right):
                raise PermissionDenied
            request.brand, request.member = found, member  # type: ignore[attr-defined]
            request.session["brand"] = found.slug
            with scope(brand=found), timezone.override(found.time_zone):
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                    response.render()
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = _scoped(response.streaming_content, found)
            return response

        inside.right = right  # type: ignore[attr-defined]
        return inside

    return decorate


async def _scoped(content: Any, brand: Brand) -> Any:
    """A stream is read after the view returned: enter the scope again around each piece, and let the
    server do other work between two."""
    pieces = iter(content)
    end = object()

    def following() -> Any:
        with scope(brand=brand), timezone.override(brand.time_zone):
            return next(pieces, end)

    while (piece := await sync_to_async(following)()) is not end:
        yield piece


def for_members(view: View) -> View:
    """Decorate a view that any signed-in person may open; it must look at its own user alone."""
    inside = login_required(view)
    inside.right = None  # type: ignore[attr-defined]
    return inside


def for_anyone(view: View) -> View:
    """Decorate a view that needs no sign-in, on purpose."""
    view.right = None  # type: ignore[attr-defined]
    view.public = True  # type: ignore[attr-defined]
    return view
