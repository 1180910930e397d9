"""The door of every page: who may pass, and the tenant's scope around what happens behind it.

Strangers get 404 (they learn nothing), colleagues without the right 403, anonymous people the
sign-in page. The right is data on the view, so that a test can walk every URL.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails
from django_scopes import scope

from palabre.agency.models import Brand, Grant, Member, Organisation, User
from palabre.agency.roles import RIGHTS, Right, Role
from palabre.agency.rules import stronger
from palabre.kit.text import fold

View = Callable[..., HttpResponseBase]


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


class BrandRequest(MemberRequest):
    """A request behind the door of a brand: what `for_brand` adds to it. `role` is the one in this brand."""

    brand: Brand
    member: Member
    role: str


class OrganisationRequest(MemberRequest):
    """A request behind the door of an organisation: what `for_organisation` adds to it."""

    organisation: Organisation
    member: Member


def role_in(user: User, brand: Brand) -> str | None:
    """The user's role in this brand, or None for a stranger to it. A brand on its way out knows nobody."""
    member = membership(user, brand)
    if member is None:
        return None
    granted = Grant.objects.filter(member=member, brand=brand).values_list("role", flat=True).first()
    return stronger(member.role, granted)


def membership(user: User, brand: Brand) -> Member | None:
    """The user's membership that reaches this brand, or None."""
    if brand.state == "deleting":
        return None
    reach = Q(grants__brand=brand) | ~Q(role=Role.GUEST)
    return Member.objects.filter(reach, user=user, organisation=brand.organisation_id).first()


def brands_of(user: User, *, state: str = "live") -> list[Brand]:
    """Every brand of that state the user can enter, by name."""
    everywhere = Q(organisation__members__in=user.memberships.exclude(role=Role.GUEST))
    reached = everywhere | Q(grants__member__user=user)
    found = Brand.objects.filter(reached, state=state).select_related("organisation").distinct()
    return sorted(found, key=lambda brand: fold(brand.name))


def may(role: str, right: Right) -> bool:
    """Whether the role holds the right."""
    return right in RIGHTS[role]


def may_set_up(user: User) -> bool:
    """Whether the user administers some organisation, and so may set up what the installation shares."""
    return any(may(role, Right.ADMINISTER) for role in user.memberships.values_list("role", flat=True))


def for_brand(right: Right) -> Callable[[View], View]:
    """Decorate a view whose URL holds `brand` (a slug): checks the right and enters the scope."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def inside(request: HttpRequest, brand: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            found = Brand.objects.select_related("organisation").filter(slug=brand).first()
            role = role_in(request.user, found) if found else None  # type: ignore[arg-type]
            if found is None or role is None:
                raise Http404
            if not may(role, right):
                raise PermissionDenied
            if found.state == "archived" and right is Right.LISTEN:
                return _resting(request, found)
            request.brand, request.role = found, role  # type: ignore[attr-defined]
            request.member = membership(request.user, found)  # type: ignore[attr-defined,arg-type]
            if request.session.get("brand") != found.slug:  # a session that says the same is not written
                request.session["brand"] = found.slug
            with scope(brand=found), timezone.override(found.time_zone):
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                    response.render()
            # What streams asynchronously reads no rows of the brand: it enters no scope.
            if isinstance(response, StreamingHttpResponse) and not response.is_async:
                response.streaming_content = _scoped(response.streaming_content, found)
            return response

        inside.right = right  # type: ignore[attr-defined]
        return inside

    return decorate


def _resting(request: HttpRequest, brand: Brand) -> HttpResponseBase:
    """An archived brand is read, not worked in: say so where it can be brought back."""
    messages.info(request, _("This brand is archived: it can be read, but nothing in it changes."))
    return redirect("agency:brand_settings", brand=brand.slug)


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


def for_organisation(right: Right | None) -> Callable[[View], View]:
    """Decorate a view whose URL holds `organisation` (a number): checks the right there.

    `right` None: any member, a guest too; the view must then look at its own user alone.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def inside(request: HttpRequest, organisation: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
            mine = Member.objects.select_related("organisation", "user")
            member = mine.filter(user=request.user, organisation=organisation).first()  # type: ignore[misc]
            if member is None:
                raise Http404
            if right is not None and not may(member.role, right):
                raise PermissionDenied
            request.organisation, request.member = member.organisation, member  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        inside.right = right  # type: ignore[attr-defined]
        return inside

    return decorate


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
