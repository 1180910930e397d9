"""The calendar elsewhere: a spreadsheet, paper, a private feed for the person's own calendar."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_scopes import scope, scopes_disabled

from palabre.agency.access import BrandRequest, for_anyone, for_brand, may, role_in
from palabre.agency.roles import Right
from palabre.channels.words import language
from palabre.publishing.calendar.board import Board
from palabre.publishing.calendar.feed import ical
from palabre.publishing.calendar.models import CalendarFeed
from palabre.publishing.calendar.notes import renew_feed
from palabre.publishing.calendar.selection import Selection
from palabre.publishing.calendar.sheet import NoPrinter, as_csv, as_pdf
from palabre.publishing.views.calendar import title_of


@for_brand(Right.LOOK)
def as_sheet(request: BrandRequest) -> HttpResponseBase:
    """What the calendar shows, as CSV."""
    board = _board(request)
    response = HttpResponse("".join(as_csv(board)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(board)}.csv"'
    return response


@for_brand(Right.LOOK)
def as_paper(request: BrandRequest) -> HttpResponseBase:
    """What the calendar shows, as PDF."""
    board = _board(request)
    try:
        drawn = as_pdf(board, title_of(board.selection))
    except NoPrinter:
        messages.error(
            request,
            _("This machine cannot draw PDF files: Pango has to be installed on it. The CSV works."),
        )
        response = redirect("publishing:calendar", brand=request.brand.slug)
        response["Location"] += board.selection.address()
        return response
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{_name(board)}.pdf"'
    return answer


@for_brand(Right.LOOK)
def feed(request: BrandRequest) -> HttpResponse:
    """The person's private address, and how to use it."""
    found = CalendarFeed.objects.filter(brand=request.brand, user=request.user).first()
    address = settings.ENV.public_url + reverse("publishing:ical", args=[found.token]) if found else ""
    return render(request, "publishing/feed.html", {"feed": found, "address": address})


@for_brand(Right.LOOK)
@require_POST
def renew(request: BrandRequest) -> HttpResponse:
    """Make the address, or another one."""
    renew_feed(brand=request.brand, user=request.user)
    messages.success(request, _("Here is your address. Nobody else can guess it."))
    return redirect("publishing:feed", brand=request.brand.slug)


@for_anyone
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar for whoever holds the address, as long as its owner may look."""
    with scopes_disabled():
        found = CalendarFeed.objects.select_related("brand", "user").filter(token=token).first()
    role = role_in(found.user, found.brand) if found and found.user.is_active else None
    if found is None or role is None or not may(role, Right.LOOK):
        raise Http404
    with (
        scope(brand=found.brand),
        translation.override(found.user.language),
        timezone.override(found.brand.time_zone),
    ):
        told = ical(brand=found.brand, now=timezone.now())
    response = HttpResponse(told, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="palabre.ics"'
    response["Cache-Control"] = "private, max-age=300"
    response["X-Robots-Tag"] = "noindex"
    return response


def _board(request: BrandRequest) -> Board:
    now = timezone.now()
    selection = Selection.read(request.GET, today=timezone.localtime(now).date())
    return Board(brand=request.brand, selection=selection, now=now, language=language())


def _name(board: Board) -> str:
    day = "" if board.selection.everything else f"-{board.selection.first:%Y-%m-%d}"
    return f"{slugify(board.brand.name)}-{slugify(_('Calendar'))}{day}"
