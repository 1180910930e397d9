"""The page of mentions: figures first, then what was said; every figure and every row of one filter."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.alerts.models import Event, Trigger
from palabre.alerts.wording import line_of
from palabre.insight.panels import panels
from palabre.listening.filters import MentionFilter, Read, from_query, stored
from palabre.listening.forms import FilterForm
from palabre.listening.models import SavedView, Source, Topic
from palabre.listening.reasons import explained_rows
from palabre.listening.selectors import page

BURST_SHOWN = timedelta(hours=24)
"""How long a burst stands at the top of the page."""


@for_brand(Right.LOOK)
def listen(request: BrandRequest) -> HttpResponse:
    """What was said of the brand: the figures, then the mentions. `after` asks for the next rows alone."""
    mentions, brand = from_query(request.GET), request.brand
    found = page(brand=brand, mentions=mentions, after=request.GET.get("after", ""))
    context = {
        "mentions": mentions,
        "found": found,
        "rows": explained_rows(found.rows),
        "form": FilterForm(mentions=mentions, found=found.tally),
        "here": mentions.query_string(),
    }
    if request.htmx and request.GET.get("after"):
        return render(request, "insight/_rows.html", context)
    context |= _around(request, mentions)
    context |= {
        "panels": panels(brand, mentions, found.tally, now=timezone.now()),
        "views": SavedView.objects.filter(Q(owner=None) | Q(owner=request.user)),
        "topics": Topic.objects.filter(deleted_at=None),
        "sources": Source.objects.count(),
    }
    return render(request, "insight/listen.html", context)


def _around(request: BrandRequest, mentions: MentionFilter) -> dict[str, Any]:
    """The links of the page: each is the present filter with one condition changed."""
    periods = [(7, _("7 d")), (30, _("30 d")), (90, _("90 d"))]
    toggled = Read.ANY if mentions.read is Read.UNREAD else Read.UNREAD
    lately = Event.objects.filter(trigger=Trigger.BURST, at__gte=timezone.now() - BURST_SHOWN)
    return {
        "periods": [
            (label, mentions.but(days=days, since=None, until=None).query_string(), mentions.days == days)
            for days, label in periods
        ],
        "unread_link": mentions.but(read=toggled).query_string(),
        "active": sum(1 for name in stored(mentions) if name not in ("days", "order")),
        "bursts": [line_of(event) for event in lately[:3]],
        "reputation_formula": _(
            "100 × the mean of positive (1), neutral (½) and negative (0) mentions, four average ones heard "
            "in advance; the interval holds 95 % of what chance alone would give."
        ),
    }
