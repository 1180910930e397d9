"""Home: what needs me now, across the brands I work for."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_scopes import scopes_disabled

from palabre.agency.access import BrandRequest, MemberRequest, brands_of, for_anyone, for_brand, for_members
from palabre.agency.people import has_owner
from palabre.agency.roles import Right
from palabre.alerts.models import Event
from palabre.desk.selectors import found_of, today_of
from palabre.listening.filters import Q_MAX
from palabre.publishing.delivery.lateness import late


@for_anyone
def today(request: HttpRequest) -> HttpResponse:
    """The first page: the first run while nobody owns the place, else what waits for the reader."""
    if not request.user.is_authenticated:
        return redirect_to_login("/") if has_owner() else redirect("agency:start_owner")
    if not brands_of(request.user):
        return redirect("agency:brand_new")
    return render(request, "desk/today.html", today_of(request.user, now=timezone.now()))


@for_brand(Right.LISTEN)
@require_POST
def seen(request: BrandRequest, pk: int) -> HttpResponse:
    """Put an alert away from the home page; it stays in the list of alerts."""
    event: Event = get_object_or_404(Event.objects.all(), pk=pk)
    Event.objects.filter(pk=event.pk, seen_at=None).update(seen_at=timezone.now())
    return redirect("desk:today")


@for_members
def search(request: MemberRequest) -> HttpResponse:
    """Words, looked for in everything that was said of any brand of the reader."""
    words = " ".join(request.GET.get("q", "").split())[:Q_MAX]
    found = found_of(request.user, words) if words else []
    return render(request, "desk/search.html", {"q": words, "found": found})


@for_anyone
def health(request: HttpRequest) -> HttpResponse:
    """Whether the database answers and what is due leaves: 503 when anything is late, and how much.

    For a watch outside, which is told no name; which ones is told to members, on the pages of their brands.
    """
    with scopes_disabled():
        behind = late(now=timezone.now()).count()
    if behind:
        return JsonResponse({"status": "late", "late": behind}, status=503)
    return JsonResponse({"status": "ok"})
