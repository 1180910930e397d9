"""The crisis switch: everything stops, is listed, and goes on; what was missed is decided one by one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.roles import Right
from palabre.publishing.calendar.forms import StandstillForm
from palabre.publishing.delivery.planning import standstill as now_standing
from palabre.publishing.delivery.planning import stop_everything, take_up
from palabre.publishing.models import Delivery

MOST = 200
"""Deliveries listed; the rest is counted."""


@for_brand(Right.LOOK)
def standstill(request: BrandRequest) -> HttpResponse:
    """What stands still, what goes on, what was missed meanwhile."""
    rows = Delivery.objects.select_related("channel", "variant__post").order_by("due_at", "pk")
    paused = rows.filter(state="paused")
    missed = rows.filter(state="missed", error_code="standstill")
    context = {
        "standstill": now_standing(),
        "paused": paused[:MOST],
        "paused_count": paused.count(),
        "missed": missed[:MOST],
        "missed_count": missed.count(),
        "planned_count": rows.filter(state="scheduled").count(),
        "now": timezone.now(),
        "may_publish": may(request.role, Right.PUBLISH),
    }
    return render(request, "publishing/standstill.html", context)


@for_brand(Right.PUBLISH)
@require_POST
def stop(request: BrandRequest) -> HttpResponse:
    """Stop everything, with a reason."""
    form = StandstillForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    paused = stop_everything(brand=request.brand, by=request.user, why=why, now=timezone.now())
    count = len(paused)
    said = ngettext(
        "Everything is paused: %(count)s content will not leave until you take it up again.",
        "Everything is paused: %(count)s contents will not leave until you take them up again.",
        count,
    )
    messages.warning(request, said % {"count": count})
    return redirect("publishing:standstill", brand=request.brand.slug)


@for_brand(Right.PUBLISH)
@require_POST
def resume(request: BrandRequest) -> HttpResponse:
    """Go on with what is still to come; what was to leave meanwhile is listed."""
    coming, late = take_up(brand=request.brand, by=request.user, now=timezone.now())
    said = _("Taken up again: %(coming)s planned as before, %(late)s missed meanwhile.")
    messages.success(request, said % {"coming": len(coming), "late": len(late)})
    return redirect("publishing:standstill" if late else "publishing:calendar", brand=request.brand.slug)
