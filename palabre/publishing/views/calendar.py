"""The calendar: months, weeks, days, lanes and lists of what leaves; what is chosen is shown beside it."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.models import User
from palabre.agency.roles import Right
from palabre.channels.words import language
from palabre.kit.states import Moved
from palabre.publishing.calendar.best import good_slots
from palabre.publishing.calendar.board import Board
from palabre.publishing.calendar.entries import MOVABLE, waiting
from palabre.publishing.calendar.moving import CannotMove, move
from palabre.publishing.calendar.selection import STATES, Selection, View
from palabre.publishing.composing.forms import HourForm
from palabre.publishing.composing.reading import read
from palabre.publishing.delivery.planning import PastHour, TooSoon, standstill
from palabre.publishing.delivery.states import PLANNED
from palabre.publishing.library.rights import RightsOver, over
from palabre.publishing.models import Campaign, Delivery, Pillar, Post
from palabre.publishing.words import TOO_SOON, rights_sentence

LABELS = {
    View.MONTH: gettext_lazy("Month"),
    View.WEEK: gettext_lazy("Week"),
    View.DAY: gettext_lazy("Day"),
    View.LANES: gettext_lazy("By network"),
    View.LIST: gettext_lazy("List"),
}
STATE_LABELS = {
    "planned": gettext_lazy("planned"),
    "awaiting": gettext_lazy("to approve"),
    "stuck": gettext_lazy("not sent"),
    "published": gettext_lazy("published"),
}


@for_brand(Right.LOOK)
def calendar(request: BrandRequest) -> HttpResponse:
    """The page; the address says which view, days and filter, and which content is chosen."""
    now = timezone.now()
    today = timezone.localtime(now).date()
    selection = Selection.read(request.GET, today=today)
    board = Board(brand=request.brand, selection=selection, now=now, language=language())
    stuck, awaiting = waiting()
    picked = request.GET.get("post", "")
    post = Post.objects.filter(pk=int(picked)).first() if picked.isdigit() and len(picked) < 16 else None
    if post is None and (following := board.next_entry()):
        post = Post.objects.get(pk=following.post)
    context = {
        "board": board,
        "selection": selection,
        "title": title_of(selection),
        "views": [(selection.address(view=view, everything=False), LABELS[view], view) for view in View],
        "today": today,
        "stuck": stuck,
        "awaiting": awaiting,
        "standstill": standstill(),
        "may_publish": may(request.role, Right.PUBLISH),
        **_filter(selection, board),
        **(_chosen(post, request, now) if post else {}),
    }
    return render(request, "publishing/calendar.html", context)


@for_brand(Right.LOOK)
def chosen(request: BrandRequest, pk: int) -> HttpResponse:
    """One content beside the calendar."""
    post: Post = get_object_or_404(Post.objects.filter(deleted_at=None), pk=pk)
    return render(request, "publishing/_calendar_chosen.html", _chosen(post, request, timezone.now()))


def title_of(selection: Selection) -> str:
    """What the days shown are called."""
    if selection.everything:
        return str({"stuck": _("Not sent"), "awaiting": _("To approve")}[selection.state])
    first = selection.first
    match selection.view:
        case View.MONTH | View.LIST:
            return date_format(selection.on, "F Y").capitalize()
        case View.DAY:
            return date_format(first, "l j F Y").capitalize()
    return _("Week of %(day)s") % {"day": date_format(first, "j F Y")}


def _filter(selection: Selection, board: Board) -> dict[str, Any]:
    """What can be filtered by, and what is."""
    organisation = board.brand.organisation_id
    authors = User.objects.filter(memberships__organisation=organisation).order_by("name", "email")
    return {
        "channels": [one for one in board.channels.values() if one.state != "removed"],
        "campaigns": Campaign.objects.filter(archived_at=None),
        "pillars": Pillar.objects.filter(archived_at=None),
        "authors": authors,
        "states": [(key, STATE_LABELS[key]) for key in STATES],
    }


def _chosen(post: Post, request: BrandRequest, now: datetime) -> dict[str, Any]:
    """One content: what it looks like, how it stands on each account, what can be done with it."""
    rows = Delivery.objects.filter(variant__post=post).exclude(state="cancelled")
    deliveries = list(rows.select_related("channel", "variant__post").order_by("due_at", "pk"))
    readings = read(
        post.said,
        [delivery.channel for delivery in deliveries],
        {delivery.channel_id: delivery.variant.changes for delivery in deliveries},
    )
    coming = [delivery for delivery in deliveries if delivery.state in PLANNED]
    movable = [delivery for delivery in deliveries if delivery.state in MOVABLE and delivery.due_at]
    at = movable[0].due_at if movable else next((one.due_at for one in deliveries if one.due_at), None)
    together = [delivery for delivery in movable if delivery.due_at == at]
    local = timezone.localtime(at) if at else None
    best = good_slots(zone=ZoneInfo(request.brand.time_zone), now=now) if local else []
    initial = {"day": local.date(), "hour": local.time()} if local else {}
    return {
        "post": post,
        "deliveries": deliveries,
        "told": list(zip(deliveries, readings, strict=True)),
        "reading": readings[0] if readings else None,
        "at": at,
        "together": together,
        "hours": HourForm(zone=request.brand.time_zone, initial=initial, auto_id="move-%s"),
        "best": best[0] if best else None,
        "in_best": bool(best and local and any(slot.begins <= local.hour < slot.ends for slot in best)),
        "may_publish": may(request.role, Right.PUBLISH),
        "no_rights": {one for late in over(brand=request.brand, deliveries=coming).values() for one in late},
    }


@for_brand(Right.PUBLISH)
@require_POST
def move_entry(request: BrandRequest) -> HttpResponse:
    """Give deliveries another hour: by drag or keyboard (answers JSON), or by the form beside (redirects).

    `parts` are the deliveries, `seen` the hour they were shown at (UTC), `day` and `hour` the new one.
    """
    said, moved, at = _move(request)
    if request.headers.get("Accept") == "application/json":
        told: dict[str, Any] = {"said": said, "moved": moved}
        if at:
            told |= {"at": at.astimezone(UTC).isoformat(), "time": timezone.localtime(at).strftime("%H:%M")}
        return JsonResponse(told, status=200 if moved else 409)
    (messages.success if moved else messages.error)(request, said)
    if not moved or at is None:
        return redirect("publishing:calendar", brand=request.brand.slug)
    there = Selection(on=timezone.localtime(at).date())
    response = redirect("publishing:calendar", brand=request.brand.slug)
    response["Location"] += there.address()
    return response


def _move(request: BrandRequest) -> tuple[str, bool, datetime | None]:
    """What to say, whether it moved, and the hour it stands at."""
    form = HourForm(request.POST, zone=request.brand.time_zone)
    parts = [int(part) for part in request.POST.get("parts", "").split(",") if part.isdigit()]
    seen = _instant(request.POST.get("seen", ""))
    if seen is None:
        return _("The page is out of date: reload it and try again."), False, None
    if not form.is_valid():
        return " ".join(str(error) for row in form.errors.values() for error in row), False, None
    try:
        done = move(
            deliveries=parts, seen=seen, to=form.cleaned_data["at"], by=request.user, now=timezone.now()
        )
    except Moved:
        return _("Somebody moved it or it left meanwhile: reload the page to see."), False, None
    except CannotMove:
        return (
            _("It can no longer move: it has left, is leaving, or needs something else first."),
            False,
            None,
        )
    except TooSoon:
        return str(TOO_SOON), False, None
    except RightsOver as refused:
        return rights_sentence(refused), False, None
    except PastHour:
        return _("This hour is over: choose one to come, or publish now."), False, None
    at = form.cleaned_data["at"]
    local = timezone.localtime(at)
    words = {"day": date_format(local, "l j F"), "hour": local.strftime("%H:%M")}
    said = _("Moved to %(day)s at %(hour)s.") % words
    if done.same_minute:
        other = str(done.same_minute[0])
        said += " " + _("Beware: “%(other)s” leaves at the same minute on the same account.") % {
            "other": other
        }
    return said, True, at


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
