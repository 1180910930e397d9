"""Pages about what mentions mean: their themes, and what is like one of them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.insight.similar import similar_to
from palabre.insight.themes import absence, themes_of
from palabre.listening.exports import sheet
from palabre.listening.filters import from_query
from palabre.listening.reasons import explained_rows
from palabre.listening.selectors import rows_of
from palabre.stream.models import Item


@for_brand(Right.LOOK)
def themes(request: BrandRequest) -> HttpResponse:
    """The themes of the page's filter: a panel for htmx, else a page with its table and examples."""
    mentions = from_query(request.GET)
    found = themes_of(request.brand, mentions, now=timezone.now())
    context = {"themes": found, "here": mentions.but(theme=None).query_string()}
    return render(request, "insight/_themes.html" if request.htmx else "insight/themes.html", context)


@for_brand(Right.LOOK)
def themes_csv(request: BrandRequest) -> HttpResponse:
    """The same figures for a spreadsheet."""
    found = themes_of(request.brand, from_query(request.GET), now=timezone.now())
    head = [_("Theme"), _("Mentions"), _("Share"), _("Negative share"), _("Share before"), _("Share after")]
    rows: list[list[Any]] = [
        [row.name, row.items, *(round(part, 4) for part in (row.share, row.negative, row.before, row.after))]
        for row in found.rows
    ]
    response = HttpResponse(sheet([head, *rows]), content_type="text/csv; charset=utf-8")
    name = f"{slugify(request.brand.name)}-{slugify(_('Themes'))}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@for_brand(Right.LOOK)
def similar(request: BrandRequest, pk: int) -> HttpResponse:
    """What is like a mention, and a topic that would catch it."""
    item: Item = get_object_or_404(Item.objects.filter(brand=request.brand).defer("search"), pk=pk)
    missing = absence()
    context = {
        "rows": explained_rows(rows_of(brand=request.brand, ids=[item.pk])),
        "missing": missing,
        "similar": None if missing else similar_to(request.brand, item, now=timezone.now()),
        "title": _("More like this"),
    }
    return render(request, "insight/similar.html", context)
