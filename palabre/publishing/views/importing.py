"""Bulk import: choose a file, answer what it leaves open, see what is wrong, save, or take it all back."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.kit.bodies import takes
from palabre.kit.states import Moved
from palabre.publishing.importing import stages
from palabre.publishing.importing.formats import written
from palabre.publishing.importing.models import WORKING, Import
from palabre.publishing.importing.selectors import SHOWN, Review, review
from palabre.publishing.importing.words import fault_sentence

A_PAGE = 50
SLACK = 20_000_000
"""Bytes over the largest file: one that is a little too large hears it at its field."""


class FileForm(forms.Form):
    """A file and the accounts it is for."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.ClearableFileInput(
            {
                "accept": ".csv,.tsv,.txt,text/csv,text/plain",
                "data-most": "=200",
                "data-most-says": gettext_lazy(
                    "“{name}” is {size} MB: cut it in two, {most} MB at most each."
                ),
            }
        ),
    )
    channels = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Accounts"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, channels: list[Channel], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["channels"].choices = [(one.pk, str(one)) for one in channels]  # type: ignore[attr-defined]


@for_brand(Right.PUBLISH)
@takes(stages.LARGEST + SLACK)
def imports(request: BrandRequest) -> HttpResponse:
    """Choose a file; and the files of before."""
    channels = list(Channel.objects.exclude(state="removed"))
    form = FileForm(request.POST or None, request.FILES or None, channels=channels)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            source = stages.begin(
                brand=request.brand,
                by=request.user,
                name=file.name,
                chunks=file.chunks(),
                channels=form.cleaned_data["channels"],
            )
        except stages.TooLarge:
            form.add_error("file", _("This file is over 200 MB: cut it in two."))
        else:
            return redirect("publishing:import", brand=request.brand.slug, pk=source.pk)
    before = Paginator(Import.objects.select_related("by"), A_PAGE).get_page(request.GET.get("page"))
    chosen = {str(pk) for pk in form["channels"].value() or [one.pk for one in channels]}
    context = {"form": form, "before": before, "channels": channels, "chosen": chosen}
    return render(request, "publishing/imports.html", context)


@for_brand(Right.PUBLISH)
def import_(request: BrandRequest, pk: int) -> HttpResponse:
    """One file: how it was read, each row with what is wrong, and what can be done."""
    source = _source(pk)
    show = request.GET.get("show", "")
    found: Review = review(source, show)
    page = Paginator(found.rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"source": source, "review": found, "page": page, "working": source.state in WORKING}
    return render(request, "publishing/import.html", context)


@for_brand(Right.PUBLISH)
def import_progress(request: BrandRequest, pk: int) -> HttpResponse:
    """How far it is; the page comes anew once it is over."""
    source = _source(pk)
    if source.state not in WORKING:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "publishing/_import_progress.html", {"source": source})


@for_brand(Right.PUBLISH)
@require_POST
def import_act(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """Do one thing to an import; what is not possible any more is said."""
    source = _source(pk)
    try:
        _do(request, source, act)
    except (Moved, ValueError):
        messages.error(request, _("It is no longer as the page showed it: here is how it stands now."))
    if request.htmx:
        response = HttpResponse()
        response["HX-Redirect"] = reverse("publishing:import", args=[request.brand.slug, pk])
        return response
    return redirect("publishing:import", brand=request.brand.slug, pk=pk)


def _do(request: BrandRequest, source: Import, act: str) -> None:
    match act:
        case "again":
            order = request.POST.get("order", "")
            chosen = [int(one) for one in request.POST.getlist("channels") if one.isdigit()]
            stages.read_again(
                source=source, order=order if order in ("day", "month") else "", channels=chosen
            )
        case "save" | "draft" | "all":
            stages.save_import(source=source, planning=act != "draft", also_faulty=act == "all")
        case "go-on":
            stages.save_import(source=source, planning=source.planning, also_faulty=source.also_faulty)
        case "stop":
            stages.stop_import(source=source)
        case "undo":
            stages.undo_import(source=source)
        case _:
            raise Http404


@for_brand(Right.PUBLISH)
def import_faults(request: BrandRequest, pk: int) -> HttpResponse:
    """The rows with a fault as a file, to put them right where they came from."""
    source = _source(pk)
    rows = source.rows.filter(state__in=SHOWN["faulty"]).iterator(chunk_size=500)
    lines = (
        [
            str(row.line),
            _safe(row.said.get("content", {}).get("text", "")),
            " ".join(fault_sentence(fault) for fault in row.faults),
        ]
        for row in rows
    )
    return _file([[_("line"), _("text"), _("what is wrong")], *lines], f"{slugify(source.name)}-faults.csv")


@for_brand(Right.PUBLISH)
def import_sample(request: BrandRequest) -> HttpResponse:
    """Palabre's own columns with three rows, as a spreadsheet of the reader's language opens it."""
    day = timezone.localdate() + timedelta(days=7)
    names = ["date", "time", "text", "link", "image", "alt", "title", "tags", "first comment", "accounts"]
    french = request.LANGUAGE_CODE.startswith("fr")
    if french:
        names = ["date", "heure", "texte", "lien", "image", "texte alternatif", "titre", "mots-clés"]
        names += ["premier commentaire", "comptes"]
    names += ["rubrique", "campagne", "note"] if french else ["pillar", "campaign", "note"]
    empty = [""] * (len(names) - 3)
    rows = [
        [day.isoformat(), "09:30", _("Good morning! The shop opens at ten."), *empty],
        [
            (day + timedelta(days=1)).isoformat(),
            "18:00",
            _("A text with a comma, a line break\nand an “apostrophe”."),
            "https://example.org/",
            *empty[1:],
        ],
        ["", "", _("A row without a date becomes a draft."), *empty],
    ]
    name = "palabre-modele.csv" if french else "palabre-sample.csv"
    return _file([names, *rows], name, separator=";" if french else ",")


def _file(rows: list[list[str]], name: str, *, separator: str = ";") -> HttpResponse:
    response = HttpResponse(written(rows, separator=separator), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _safe(cell: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell


def _source(pk: int) -> Import:
    found: Import = get_object_or_404(Import.objects.select_related("by", "brand"), pk=pk)
    return found
