"""Acts on mentions: read, tag, ignore, correct the tone, undo; saved views; exports."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.roles import Right
from palabre.listening import bulk
from palabre.listening.exports import export_csv, export_xlsx
from palabre.listening.filters import TONES, MentionFilter, from_query, stored
from palabre.listening.models import SavedView
from palabre.listening.undo import Undo

SALT = "palabre.mentions.undo"
UNDO_MOST = 20_000
"""Items an undo link can carry; beyond, the act says that it cannot be undone in one click."""


def _chosen(request: HttpRequest) -> bulk.Chosen:
    """The one item whose own button was pressed, the ticked ones, or all that the page's filter means."""
    if one := request.POST.get("one", "").partition(":")[0]:
        return [int(one)] if one.isdigit() else []
    if request.POST.get("whole"):
        return from_query(QueryDict(request.POST.get("filter", "")))
    return [int(pk) for pk in request.POST.getlist("pick") if pk.isdigit()]


def _act(request: BrandRequest, chosen: bulk.Chosen) -> Undo:
    """What the pressed button asks for. Raises Http404 for what is no act."""
    pressed = request.POST.get("one", "").partition(":")[2] or request.POST.get("act", "")
    act, _colon, value = pressed.partition(":")
    given: Any = {"brand": request.brand, "ids": chosen, "by": request.user}
    match act:
        case "read" | "unread":
            return bulk.mark_read(**given, read=act == "read")
        case "ignore" | "restore":
            return bulk.ignore(**given, ignored=act == "ignore")
        case "tone" if value in TONES:
            return bulk.set_tone(**given, tone=TONES[value])
        case "tag" | "untag":
            names = [name for name in (request.POST.get("tag") or value).split(",") if name.strip()]
            if names:
                return (bulk.tag if act == "tag" else bulk.untag)(**given, names=names)
    raise Http404


@for_brand(Right.LISTEN)
@require_POST
def act(request: BrandRequest) -> HttpResponse:
    """Do to the chosen mentions what was pressed, say how many, and offer to take it back."""
    undo = _act(request, _chosen(request))
    text = ngettext("%(count)d mention changed.", "%(count)d mentions changed.", undo.count) % {
        "count": undo.count
    }
    if undo.count and undo.count <= UNDO_MOST:
        request.session["undo"] = signing.dumps(undo.written(), salt=SALT, compress=True)
        again = reverse("listening:undo", args=[request.brand.slug])
        filter = from_query(QueryDict(request.POST.get("filter", ""))).query_string()
        messages.success(request, text, extra_tags=f"undo:{again}?{filter}")
    else:
        messages.info(request, text)
    return _back(request)


@for_brand(Right.LISTEN)
@require_POST
def take_back(request: BrandRequest) -> HttpResponse:
    """Undo the last act of this session."""
    try:
        written = signing.loads(request.session.pop("undo", ""), salt=SALT, max_age=86_400)
    except signing.BadSignature:
        messages.info(request, _("There is nothing to undo."))
        return _back(request)
    count = bulk.undo(brand=request.brand, undo=Undo.read(written), by=request.user)
    messages.success(
        request,
        ngettext("%(count)d mention is as it was.", "%(count)d mentions are as they were.", count)
        % {"count": count},
    )
    return _back(request)


@for_brand(Right.LOOK)
@require_POST
def view_save(request: BrandRequest) -> HttpResponse:
    """Keep the filter under a name: for oneself, or for the brand by who may change what others see."""
    name = " ".join(request.POST.get("name", "").split())[:80]
    mentions = from_query(QueryDict(request.POST.get("filter", "")))
    owner = None if request.POST.get("shared") else request.user
    if owner is None:
        _need_listen(request)
    if not name:
        messages.error(request, _("Give the view a name."))
        return _back(request)
    SavedView.objects.update_or_create(
        brand=request.brand, owner=owner, name=name, defaults={"filter": stored(mentions)}
    )
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
    return _back(request)


@for_brand(Right.LOOK)
@require_POST
def view_delete(request: BrandRequest, pk: int) -> HttpResponse:
    """Forget a saved view: one's own, or a shared one by who may share."""
    view: SavedView = get_object_or_404(SavedView.objects.all(), pk=pk)
    if view.owner_id not in (None, request.user.pk):
        raise Http404
    if view.owner_id is None:
        _need_listen(request)
    view.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect("insight:listen", brand=request.brand.slug)


def _need_listen(request: BrandRequest) -> None:
    if request.brand.state == "archived" or not may(request.role, Right.LISTEN):
        raise PermissionDenied


@for_brand(Right.LOOK)
def export(request: BrandRequest, form: str) -> HttpResponseBase:
    """Every mention of the filter, as CSV or XLSX."""
    mentions: MentionFilter = from_query(request.GET)
    return (export_csv if form == "csv" else export_xlsx)(request.brand, mentions)


def _back(request: BrandRequest) -> HttpResponse:
    """To the page the act was pressed on, its filter kept."""
    here = request.POST.get("filter", request.GET.urlencode())
    query = from_query(QueryDict(here)).query_string()
    target = reverse("insight:listen", args=[request.brand.slug])
    return redirect(f"{target}?{query}" if query else target)
