"""The library's pages, and its files: handed out to the brand's people alone, never as anything that runs."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.kit.bodies import takes
from palabre.publishing.composing.content import Crop, Medium
from palabre.publishing.composing.media import fit_of
from palabre.publishing.library import assets as shelf
from palabre.publishing.library.forms import AssetForm, FolderForm
from palabre.publishing.library.pictures import fitted, small
from palabre.publishing.library.probing import Refused
from palabre.publishing.library.receiving import AT_ONCE, too_large
from palabre.publishing.library.rights import ending, planned_after
from palabre.publishing.library.sweeping import KEPT_DAYS
from palabre.publishing.models import Asset, Folder, PageCard

A_PAGE = 48
ENDING_SHOWN = 6
"""Files whose rights end soon that are shown apart; the others are a click away."""
SLICE = 4_000_000
"""Bytes of one answer to a player that asks for a part of a film; what is larger is streamed."""
INLINE = ("image/", "video/", "audio/")
_OWN = re.compile(r"own-\d+-")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@for_brand(Right.LOOK)
def library(request: BrandRequest) -> HttpResponse:
    """Every file of the brand, by folder, tag, kind, rights and words."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "folder", "kind", "tag", "rights")}
    rows = shelf.found(
        words=asked["q"],
        folder=asked["folder"],
        kind=asked["kind"],
        tag=asked["tag"],
        rights=asked["rights"],
    )
    context = {
        "asked": asked,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "folders": shelf.folders(),
        "tags": shelf.tags(),
        "folder_form": FolderForm(),
        "kept_days": KEPT_DAYS,
        "ending": ending(timezone.localdate())[:ENDING_SHOWN] if not any(asked.values()) else (),
        "current": next((f for f in shelf.folders() if str(f.pk) == asked["folder"]), None),
    }
    template = "publishing/_library_grid.html" if request.htmx else "publishing/library.html"
    return render(request, template, context)


@for_brand(Right.PUBLISH)
def pick(request: BrandRequest) -> HttpResponse:
    """What the composer offers of the library, for the words that were typed."""
    prefix = request.GET.get("prefix", "")
    rows = shelf.found(words=request.GET.get("pick-words", ""))[:24]
    context = {"assets": rows, "prefix": prefix if _OWN.fullmatch(prefix) else ""}
    return render(request, "publishing/_picker_grid.html", context)


@for_brand(Right.PUBLISH)
@require_POST
@takes(AT_ONCE)
def upload(request: BrandRequest) -> HttpResponse:
    """Take files in; each that is refused is named with its reason."""
    folder = Folder.objects.filter(pk=_key(request.POST.get("folder"))).first()
    taken, refusals = received(request, folder=folder)
    for refusal in refusals:
        messages.error(request, refusal)
    if taken:
        told = ngettext(
            "%(count)s file is in the library.", "%(count)s files are in the library.", len(taken)
        )
        messages.success(request, told % {"count": len(taken)})
    if len(taken) == 1:
        return redirect("publishing:asset", brand=request.brand.slug, pk=taken[0].pk)
    address = reverse("publishing:library", args=[request.brand.slug])
    return redirect(f"{address}?folder={folder.pk}" if folder else address)


def received(
    request: BrandRequest, *, folder: Folder | None = None, field: str = "files"
) -> tuple[list[Asset], list[str]]:
    """The files of a form, taken in, and why others were refused."""
    words = _("“%(name)s”: more than the %(limit)s MB that are taken for this kind of file.")
    refusals = [words % {"name": name, "limit": most // 1_000_000} for name, most in too_large(request)]
    taken = []
    for file in request.FILES.getlist(field):
        name = file.name or ""
        try:
            taken.append(
                shelf.take_in(
                    brand=request.brand, by=request.user, name=name, chunks=file.chunks(), folder=folder
                )
            )
        except Refused as refused:
            refusals.append(_("“%(name)s”: %(why)s") % {"name": name, "why": refused})
    return taken, refusals


@for_brand(Right.LOOK)
def asset(request: BrandRequest, pk: int) -> HttpResponse:
    """One file: what it is, what was said of it, where it is shown."""
    rows = Asset.objects.select_related("folder", "added_by")
    found: Asset = get_object_or_404(rows, pk=pk, deleted_at=None)
    form = AssetForm(request.POST or None, asset=found)
    if request.method == "POST":
        if not may(request.role, Right.PUBLISH):
            raise PermissionDenied
        if form.is_valid():
            shelf.describe(asset=found, facts=form.facts())
            messages.success(request, _("Saved."))
            return redirect("publishing:asset", brand=request.brand.slug, pk=pk)
    context = {
        "asset": found,
        "form": form,
        "used": shelf.used_in(found),
        "planned_after": planned_after(request.brand, found),
    }
    return render(request, "publishing/library_asset.html", context)


@for_brand(Right.PUBLISH)
@require_POST
def change(request: BrandRequest) -> HttpResponse:
    """What is done to the files that are ticked: `act` is put_away, move or tag."""
    rows = list(Asset.objects.filter(pk__in=map(_key, request.POST.getlist("asset")), deleted_at=None))
    match request.POST.get("act"):
        case "put_away":
            _put_away(request, rows)
        case "move":
            folder = Folder.objects.filter(pk=_key(request.POST.get("folder"))).first()
            Asset.objects.filter(pk__in=[row.pk for row in rows]).update(folder=folder)
            messages.success(request, _("Moved."))
        case "tag":
            if tag := request.POST.get("tag", "").strip()[:60]:
                for row in rows:
                    facts = AssetForm(None, asset=row).stored(add=tag)
                    shelf.describe(asset=row, facts=facts)
                messages.success(request, _("Tagged."))
    back = request.POST.get("back", "")
    return redirect(f"{reverse('publishing:library', args=[request.brand.slug])}?{back}")


def _put_away(request: BrandRequest, rows: list[Asset]) -> None:
    staying = shelf.put_away(assets=rows, by=request.user)
    gone = [row for row in rows if row not in staying]
    for row in staying:
        messages.error(request, _("“%s” stays: a planned content needs it.") % row.name)
    if not gone:
        return
    undo = reverse("publishing:bring_back", args=[request.brand.slug, gone[0].pk])
    messages.success(
        request,
        ngettext("%(count)s file put away.", "%(count)s files put away.", len(gone)) % {"count": len(gone)},
        extra_tags=f"undo:{undo}" if len(gone) == 1 else "",
    )


@for_brand(Right.PUBLISH)
@require_POST
def bring_back(request: BrandRequest, pk: int) -> HttpResponse:
    """Undo what put a file away."""
    shelf.bring_back(asset=get_object_or_404(Asset.objects.all(), pk=pk))
    return redirect("publishing:library", brand=request.brand.slug)


@for_brand(Right.PUBLISH)
@require_POST
def folder(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """Make a folder, give it another name (`act` rename) or take it away: its files stay in the library."""
    held = get_object_or_404(Folder.objects.all(), pk=pk) if pk else Folder(brand=request.brand)
    if request.POST.get("act") == "delete" and held.pk:
        held.delete()
        messages.success(request, _("The folder is gone; its files are still in the library."))
        return redirect("publishing:library", brand=request.brand.slug)
    form = FolderForm(request.POST)
    if form.is_valid():
        held.name = form.cleaned_data["name"]
        try:
            with transaction.atomic():
                held.save()
        except IntegrityError:
            messages.error(request, _("There is a folder of this name already."))
            held = Folder.objects.get(name=form.cleaned_data["name"])
    address = reverse("publishing:library", args=[request.brand.slug])
    return redirect(f"{address}?folder={held.pk}" if held.pk else address)


def _key(typed: str | None) -> int:
    return int(typed) if typed and typed.isdigit() and len(typed) < 19 else 0


# Files.


@for_brand(Right.LOOK)
def file(request: BrandRequest, pk: int) -> HttpResponseBase:
    """The file as it was put in the library."""
    found: Asset = get_object_or_404(Asset.objects.all(), pk=pk)
    place = Path(settings.MEDIA_ROOT) / found.path
    return handed_out(request, place, mime=found.mime, name=found.name)


@for_brand(Right.LOOK)
def little(request: BrandRequest, pk: int) -> HttpResponseBase:
    """Its little picture."""
    found: Asset = get_object_or_404(Asset.objects.all(), pk=pk)
    try:
        place = small(found)
    except (Refused, FileNotFoundError):
        raise Http404 from None
    if place is None:
        raise Http404
    return handed_out(request, place, mime="image/webp", name=f"{pk}.webp")


@for_brand(Right.LOOK)
def card_image(request: BrandRequest, pk: int) -> HttpResponseBase:
    """The picture of a linked page's card."""
    card: PageCard = get_object_or_404(PageCard.objects.exclude(image=None), pk=pk)
    image = card.image
    place = Path(settings.MEDIA_ROOT) / image["path"]
    return handed_out(request, place, mime=image["mime"], name=f"{pk}.jpg")


@for_brand(Right.LOOK)
def leaving(request: BrandRequest, pk: int, channel: int) -> HttpResponseBase:
    """The picture as the channel will get it; `crop` is left, top, width and height as shares."""
    found: Asset = get_object_or_404(Asset.objects.all(), pk=pk)
    rules = rules_for(get_object_or_404(Channel.objects.all(), pk=channel))
    fit = fit_of(found, Medium(asset=pk, crop=crop_of(request.GET.get("crop", ""))), rules)
    if fit is None:
        raise Http404
    try:
        made = fitted(found, fit)
    except (Refused, FileNotFoundError):
        raise Http404 from None
    return handed_out(
        request,
        Path(settings.MEDIA_ROOT) / made.path,
        mime=made.mime,
        name=shelf.told_name(found.name, made.mime),
    )


def crop_query(crop: Crop | None) -> str:
    """A crop as the end of an address."""
    return f"?crop={crop.left},{crop.top},{crop.width},{crop.height}" if crop else "?"


def crop_of(typed: str) -> Crop | None:
    """A crop as addresses hold it; None for the whole picture or what is none."""
    try:
        left, top, width, height = (float(each) for each in typed.split(","))
    except ValueError:
        return None
    fair = 0 <= left < 1 and 0 <= top < 1 and 0 < width <= 1 and 0 < height <= 1
    return Crop(left=left, top=top, width=width, height=height) if fair else None


def handed_out(request: HttpRequest, place: Path, *, mime: str, name: str) -> HttpResponseBase:
    """A file with what keeps a browser from taking it for anything else. Raises Http404."""
    if not place.is_file():
        raise Http404
    inline = mime.startswith(INLINE) and "download" not in request.GET
    part = _RANGE.fullmatch(request.headers.get("range", ""))
    if part:
        response: Any = _slice(place, part)
    elif place.stat().st_size <= SLICE:
        response = HttpResponse(place.read_bytes())
    else:
        response = FileResponse(place.open("rb"))
    headers = {
        "Content-Type": mime,
        "Content-Disposition": content_disposition_header(not inline, name) or "inline",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Accept-Ranges": "bytes",
        # The bytes under an address never change; they stay with the person who saw them.
        "Cache-Control": "private, max-age=86400, immutable",
    }
    for header, value in headers.items():
        response.headers[header] = value
    return response  # type: ignore[no-any-return]


def _slice(place: Path, asked: re.Match[str]) -> HttpResponse:
    size = place.stat().st_size
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else size - 1, size - 1, first + SLICE - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with place.open("rb") as opened:
        opened.seek(first)
        content = opened.read(last - first + 1)
    return HttpResponse(content, status=206, headers={"Content-Range": f"bytes {first}-{last}/{size}"})
