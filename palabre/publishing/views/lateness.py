"""What should have left and has not: the page the watchdog has for people."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.publishing.delivery.lateness import LATE_AFTER, late
from palabre.publishing.delivery.planning import standstill
from palabre.publishing.models import Delivery

MOST = 200


@for_brand(Right.LOOK)
def lateness(request: BrandRequest) -> HttpResponse:
    """Which contents are late and by how much, the latest first; and what became of those of the day."""
    now = timezone.now()
    rows = late(now=now)
    missed = Delivery.objects.filter(state="missed", variant__post__deleted_at=None)
    context = {
        "late": [(one, int((now - one.due_at).total_seconds() // 60)) for one in rows[:MOST] if one.due_at],
        "count": rows.count(),
        "missed": missed.select_related("channel", "variant__post").order_by("-due_at")[:MOST],
        "after": int(LATE_AFTER.total_seconds() // 60),
        "standstill": standstill(),
    }
    return render(request, "publishing/lateness.html", context)
