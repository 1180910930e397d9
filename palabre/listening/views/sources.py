"""Pages about sources: the list with its health, adding one of any kind, OPML in and out."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.models import Brand
from palabre.agency.roles import Right
from palabre.channels.words import said
from palabre.listening.forms import SourceForm
from palabre.listening.models import Source
from palabre.listening.sources import (
    AlreadyThere,
    SourceDraft,
    add_source,
    change_source,
    look_now,
    offered,
    pause_source,
    remove_source,
    resume_source,
    watch_kind,
)
from palabre.listening.topics import search_words
from palabre.networks.contract import Manifest, Reach, WatchKind
from palabre.networks.formats.opml import NotOpml, Outline, read_opml, write_opml
from palabre.networks.registry import manifests

LOOKING = ("new", "working", "failing")
OPML_MAX = 5_000_000
"""Bytes of an OPML file: ten thousand feeds are about two million."""


def offers(brand: Brand) -> dict[str, list[tuple[Manifest, WatchKind]]]:
    """Every way to look that this brand is offered, listed places first and open streams after."""
    found: dict[str, list[tuple[Manifest, WatchKind]]] = defaultdict(list)
    for manifest in offered(brand):
        for kind in manifest.watches:
            found[kind.reach].append((manifest, kind))
    return {reach: found[reach] for reach in (Reach.TARGETED, Reach.RADAR)}


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """A source of the list; `waits`: it has nothing to look for until a topic has words."""

    source: Source
    manifest: Manifest
    kind: WatchKind
    waits: bool


def source_rows(brand: Brand) -> list[SourceRow]:
    """The list of sources, newest words about each."""
    has_words = bool(search_words(brand))
    rows = []
    for source in Source.objects.select_related("topic"):
        kind = watch_kind(source.network, source.kind)
        waits = kind.needs_topic and not has_words and source.state in LOOKING
        rows.append(SourceRow(source=source, manifest=manifests()[source.network], kind=kind, waits=waits))
    return rows


@for_brand(Right.LOOK)
def sources(request: BrandRequest) -> HttpResponse:
    """Every source, what it brought, and what is wrong with it."""
    return sources_page(request)


def sources_page(request: BrandRequest, **found: object) -> HttpResponse:
    """The page of sources; `found`: what was found behind an address, for who reads without a script."""
    context = {"rows": source_rows(request.brand), "offers": offers(request.brand), **found}
    return render(request, "listening/sources.html", context)


@for_brand(Right.LISTEN)
def source_new(request: BrandRequest, network: str, kind: str) -> HttpResponse:
    """Add a source of one kind."""
    manifest = next((known for known in offered(request.brand) if known.key == network), None)
    try:
        declared = watch_kind(network, kind)
    except KeyError:
        raise Http404 from None
    if manifest is None:
        raise Http404
    form = SourceForm(request.POST or None, manifest=manifest, kind=declared)
    if request.method == "POST" and form.is_valid():
        source = add_source(brand=request.brand, by=request.user, draft=form.draft())
        messages.success(
            request,
            _("Palabre is looking at “%(source)s” now.")
            % {"source": source.title or source.target or said(declared.label)},
        )
        return redirect("listening:sources", brand=request.brand.slug)
    return render(
        request, "listening/source_form.html", {"form": form, "manifest": manifest, "kind": declared}
    )


@for_brand(Right.LISTEN)
def source_edit(request: BrandRequest, pk: int) -> HttpResponse:
    """Change a source: its name, what it keeps, its place, or a password that was changed there."""
    source: Source = get_object_or_404(Source.objects.select_related("brand"), pk=pk)
    manifest, kind = manifests()[source.network], watch_kind(source.network, source.kind)
    form = SourceForm(request.POST or None, manifest=manifest, kind=kind, source=source)
    if request.method == "POST" and form.is_valid():
        try:
            change_source(source=source, by=request.user, draft=form.draft())
        except AlreadyThere:
            form.add_error(None, _("Another source looks there already. Change that one, or remove it."))
        else:
            messages.success(request, _("The source is changed."))
            return redirect("listening:sources", brand=request.brand.slug)
    context = {"form": form, "manifest": manifest, "kind": kind, "source": source}
    return render(request, "listening/source_form.html", context)


@for_brand(Right.LISTEN)
@require_POST
def source_toggle(request: BrandRequest, pk: int) -> HttpResponse:
    """Pause, resume, or try a stopped one again."""
    source: Source = get_object_or_404(Source.objects.all(), pk=pk)
    if source.state in ("paused", "stopped"):
        resume_source(source=source, by=request.user)
    else:
        pause_source(source=source, by=request.user)
    return redirect("listening:sources", brand=request.brand.slug)


@for_brand(Right.LISTEN)
@require_POST
def source_look(request: BrandRequest, pk: int) -> HttpResponse:
    """Ask a source now."""
    look_now(source=get_object_or_404(Source.objects.all(), pk=pk))
    messages.success(request, _("Palabre looks within fifteen seconds."))
    return redirect("listening:sources", brand=request.brand.slug)


@for_brand(Right.LISTEN)
@require_POST
def source_remove(request: BrandRequest, pk: int) -> HttpResponse:
    """Stop looking for good; what was found stays."""
    remove_source(source=get_object_or_404(Source.objects.all(), pk=pk), by=request.user)
    messages.success(request, _("The source is removed; what it brought stays."))
    return redirect("listening:sources", brand=request.brand.slug)


@for_brand(Right.LISTEN)
@require_POST
def opml_import(request: BrandRequest) -> HttpResponse:
    """Add every feed of an OPML file."""
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > OPML_MAX:
        messages.error(request, _("Choose an OPML file of at most 5 MB."))
        return redirect("listening:sources", brand=request.brand.slug)
    try:
        entries = read_opml(file.read())
    except NotOpml:
        messages.error(
            request,
            _(
                "This file is not OPML. Export your subscriptions from your feed reader as OPML, "
                "then choose that file."
            ),
        )
        return redirect("listening:sources", brand=request.brand.slug)
    before = Source.objects.count()
    for entry in entries:
        add_source(
            brand=request.brand,
            by=request.user,
            draft=SourceDraft(network="feeds", kind="feed", target=entry.url, title=entry.title),
        )
    added = Source.objects.count() - before
    messages.success(
        request, ngettext("%(count)d feed added.", "%(count)d feeds added.", added) % {"count": added}
    )
    return redirect("listening:sources", brand=request.brand.slug)


@for_brand(Right.LOOK)
def opml_export(request: BrandRequest) -> HttpResponse:
    """The brand's feeds, for any feed reader."""
    feeds = Source.objects.filter(network="feeds")
    entries = [Outline(url=source.target, title=source.title) for source in feeds]
    response = HttpResponse(
        write_opml(entries, title=request.brand.name), content_type="text/x-opml; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{slugify(request.brand.name)}.opml"'
    return response
