"""Every content, the last changed first, and what stands of each."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.publishing.delivery.states import PLANNED, STUCK
from palabre.publishing.models import Delivery, Post

A_PAGE = 50
SHOWN: dict[str, dict[str, Any]] = {
    "all": {},
    "drafts": {"variants__deliveries__state": "draft"},
    "planned": {"variants__deliveries__state__in": PLANNED},
    "stuck": {"variants__deliveries__state__in": STUCK},
    "published": {"variants__deliveries__state": "published"},
}
"""The tabs of the list, and what each looks for."""


@for_brand(Right.LOOK)
def contents(request: BrandRequest) -> HttpResponse:
    """The list; `show` chooses the tab."""
    show = request.GET.get("show", "all")
    wanted = SHOWN.get(show, {})
    posts = Post.objects.filter(deleted_at=None, **wanted).distinct()
    deliveries = Delivery.objects.select_related("channel").order_by("due_at", "pk")
    rows = posts.select_related("author", "campaign", "pillar").prefetch_related(
        Prefetch("variants__deliveries", queryset=deliveries)
    )
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "publishing/contents.html", {"page": page, "show": show if show in SHOWN else "all"}
    )
