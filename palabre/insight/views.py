"""The page of mentions: figures first, then what was said."""

from django.http import HttpResponse
from django.shortcuts import render

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.stream.models import Item


@for_brand(Right.LOOK)
def listen(request: BrandRequest) -> HttpResponse:
    """What was said of the brand, newest first."""
    items = Item.objects.filter(is_ignored=False).select_related("author", "story").order_by("-occurred_at")[:50]
    return render(request, "insight/listen.html", {"items": items})
