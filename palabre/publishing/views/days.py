"""Notes, days of the brand's own, and which of the others its calendar shows."""

from datetime import timedelta
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.roles import Right
from palabre.channels.words import language
from palabre.publishing.calendar.board import almanac_of
from palabre.publishing.calendar.days import school
from palabre.publishing.calendar.days.almanac import Kind, marks
from palabre.publishing.calendar.days.marronniers import known
from palabre.publishing.calendar.forms import DaysForm, NoteForm
from palabre.publishing.calendar.models import Almanac, CalendarNote
from palabre.publishing.calendar.notes import choose_days, hide_day, write_note

AHEAD = timedelta(days=365)


@for_brand(Right.LOOK)
def days(request: BrandRequest) -> HttpResponse:
    """The page: notes, own days, and a year of the days that count, each shown or hidden."""
    return _page(request)


def _page(request: BrandRequest, form: NoteForm | None = None) -> HttpResponse:
    almanac = almanac_of(request.brand)
    today = timezone.localdate()
    everything = Almanac(
        brand=request.brand,
        countries=almanac.countries,
        zones=almanac.zones,
        marronniers=almanac.marronniers,
    )
    found = marks(everything, [], first=today, last=today + AHEAD, language=language())
    listed = [
        (day, mark, mark.key in almanac.hidden)
        for day, row in sorted(found.items())
        for mark in row
        if mark.kind is not Kind.SCHOOL
    ]
    context = {
        "form": form or NoteForm(initial={"first_day": request.GET.get("day", "")}),
        "days_form": DaysForm(
            initial={
                "countries": almanac.countries,
                "zones": almanac.zones,
                "marronniers": almanac.marronniers,
            }
        ),
        "notes": CalendarNote.objects.filter(yearly=False, last_day__gte=today - timedelta(days=30)),
        "own": CalendarNote.objects.filter(yearly=True),
        "months": [
            (month, list(rows)) for month, rows in groupby(listed, key=lambda row: row[0].replace(day=1))
        ],
        "known_until": school.known_until(),
        "marronniers_known": len(known()),
        "may_publish": may(request.role, Right.PUBLISH),
    }
    return render(request, "publishing/days.html", context, status=422 if form else 200)


@for_brand(Right.PUBLISH)
@require_POST
def write(request: BrandRequest) -> HttpResponse:
    """A new note or day."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    write_note(brand=request.brand, by=request.user, **form.cleaned_data)
    messages.success(request, _("It is in the calendar."))
    return redirect("publishing:days", brand=request.brand.slug)


@for_brand(Right.PUBLISH)
@require_POST
def erase(request: BrandRequest, pk: int) -> HttpResponse:
    """A note goes."""
    get_object_or_404(CalendarNote.objects.all(), pk=pk).delete()
    messages.success(request, _("The note is gone."))
    return redirect("publishing:days", brand=request.brand.slug)


@for_brand(Right.PUBLISH)
@require_POST
def choose(request: BrandRequest) -> HttpResponse:
    """Countries, zones, marronniers."""
    form = DaysForm(request.POST)
    if form.is_valid():
        choose_days(brand=request.brand, **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("This is not among the choices."))
    return redirect("publishing:days", brand=request.brand.slug)


@for_brand(Right.PUBLISH)
@require_POST
def hide(request: BrandRequest) -> HttpResponse:
    """Hide a day, or show it again."""
    key = request.POST.get("key", "")[:80]
    if key:
        hide_day(brand=request.brand, key=key, hidden=request.POST.get("act") == "hide")
    return redirect("publishing:days", brand=request.brand.slug)
