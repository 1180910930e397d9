"""The queue: what waits to be reviewed, the most harmful first."""

from django.http import HttpResponse
from django.shortcuts import render

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.moderation.models import Case


@for_brand(Right.LOOK)
def queue(request: BrandRequest) -> HttpResponse:
    """What waits to be reviewed."""
    rows = Case.objects.filter(state="open").select_related("message__item__author")
    context = {"rows": rows.order_by("-harm", "-pk")[:50], "tab": "queue"}
    return render(request, "moderation/queue.html", context)
