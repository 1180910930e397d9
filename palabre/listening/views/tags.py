"""The page of tags: how many mentions have each; another name; away with it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.listening.tags import delete_tag, rename_tag, rules_with, tag_rows
from palabre.stream.models import Tag


@for_brand(Right.LOOK)
def tags(request: BrandRequest) -> HttpResponse:
    """Every tag by name."""
    return render(request, "listening/tags.html", {"tags": tag_rows(brand=request.brand)})


@for_brand(Right.LISTEN)
@require_POST
def tag_rename(request: BrandRequest, pk: int) -> HttpResponse:
    """Another name for a tag, wherever it is."""
    tag: Tag = get_object_or_404(Tag.objects.all(), pk=pk)
    before = tag.name
    if rename_tag(brand=request.brand, tag=tag, name=request.POST.get("name", ""), by=request.user):
        said = _("“%(before)s” is called “%(tag)s” now.") % {"before": before, "tag": tag.name}
        messages.success(request, said)
    else:
        messages.error(request, _("A tag needs a name that no other tag has: nothing was changed."))
    return redirect("listening:tags", brand=request.brand.slug)


@for_brand(Right.LISTEN)
@require_POST
def tag_delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Off every mention, then gone; rules that would make it again are named."""
    tag: Tag = get_object_or_404(Tag.objects.all(), pk=pk)
    rules = rules_with(brand=request.brand, name=tag.name)
    count = delete_tag(brand=request.brand, tag=tag, by=request.user)
    text = ngettext(
        "“%(tag)s” is deleted, off %(count)s mention.",
        "“%(tag)s” is deleted, off %(count)s mentions.",
        count,
    )
    messages.success(request, text % {"tag": tag.name, "count": count})
    if rules:
        text = _("A rule still puts it on, and would make it again: %(rules)s.")
        messages.warning(request, text % {"rules": ", ".join(rule.name for rule in rules)})
    return redirect("listening:tags", brand=request.brand.slug)
