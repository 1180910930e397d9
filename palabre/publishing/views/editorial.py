"""Campaigns and pillars: made, changed, put away, with what is planned of each."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Model, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.roles import Right
from palabre.publishing.calendar.forms import CampaignForm, PillarForm
from palabre.publishing.models import Campaign, Pillar

KINDS: dict[str, tuple[type[Campaign] | type[Pillar], type[CampaignForm] | type[PillarForm]]] = {
    "campaign": (Campaign, CampaignForm),
    "pillar": (Pillar, PillarForm),
}


@for_brand(Right.LOOK)
def editorial(request: BrandRequest) -> HttpResponse:
    """The page."""
    planned = Count("posts", filter=Q(posts__deleted_at=None))
    pillars = list(Pillar.objects.annotate(contents=planned))
    aims = [one.target for one in pillars if one.target is not None and one.archived_at is None]
    context = {
        "campaigns": Campaign.objects.annotate(contents=planned),
        "pillars": pillars,
        "aims": sum(aims) if aims else None,
        "may_publish": may(request.role, Right.PUBLISH),
    }
    return render(request, "publishing/editorial.html", context)


@for_brand(Right.PUBLISH)
def change(request: BrandRequest, kind: str, pk: int = 0) -> HttpResponse:
    """Make one (`pk` 0), change one, put one away (`act` archive) or bring it back (restore)."""
    if kind not in KINDS:
        raise Http404
    model, form_of = KINDS[kind]
    row: Any = get_object_or_404(model.objects.all(), pk=pk) if pk else model(brand=request.brand)
    act = request.POST.get("act", "")
    if pk and act in ("archive", "restore"):
        row.archived_at = timezone.now() if act == "archive" else None
        row.save(update_fields=["archived_at"])
        messages.success(request, _("Put away: its contents keep it.") if act == "archive" else _("Back."))
        return redirect("publishing:editorial", brand=request.brand.slug)
    form = form_of(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        if _taken(model, row):
            form.add_error("name", _("This name is taken."))
        else:
            form.save()
            messages.success(request, _("Saved."))
            return redirect("publishing:editorial", brand=request.brand.slug)
    return render(
        request, "publishing/editorial_form.html", {"form": form, "kind": kind, "row": row if pk else None}
    )


def _taken(model: type[Any], row: Model) -> bool:
    return bool(model.objects.filter(name=row.name).exclude(pk=row.pk).exists())  # type: ignore[attr-defined]
