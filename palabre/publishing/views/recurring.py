"""Series: the list, the form with its next dates, one series date by date, and what a person decides."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.roles import Right
from palabre.kit.bodies import takes
from palabre.kit.states import Moved
from palabre.publishing.composing import media_fields
from palabre.publishing.composing.compose import Leaving
from palabre.publishing.library.assets import found
from palabre.publishing.library.fitting import SHAPES
from palabre.publishing.library.receiving import AT_ONCE
from palabre.publishing.models import Asset, Occurrence, Post, Recurring
from palabre.publishing.recurring.forms import SeriesForm
from palabre.publishing.recurring.making import Taken, limit_of, unsent
from palabre.publishing.recurring.selectors import (
    foreseen,
    next_lines,
    past_lines,
    read_wordings,
    rows,
)
from palabre.publishing.recurring.series import (
    bring_back,
    delete_series,
    resume_series,
    save_series,
    skip,
    stop_series,
)
from palabre.publishing.recurring.words import rule_words
from palabre.publishing.views.library import received
from palabre.publishing.words import until

RECENT = 24
"""Files of the library that the form offers at once."""


@for_brand(Right.LOOK)
def recurring(request: BrandRequest) -> HttpResponse:
    """Every series, and when each comes next."""
    context = {"rows": rows(timezone.now()), "may_publish": may(request.role, Right.PUBLISH)}
    return render(request, "publishing/recurring.html", context)


@for_brand(Right.LOOK)
def series(request: BrandRequest, pk: int) -> HttpResponse:
    """One series: its dates to come, each with what can be done about it, and those that were."""
    one: Recurring = get_object_or_404(Recurring.objects.select_related("brand", "campaign", "pillar"), pk=pk)
    now = timezone.now()
    made = unsent(one, now)
    context = {
        "series": one,
        "said": rule_words(one.rule, one.starts_on, one.hour),
        "next": next_lines(one, now),
        "past": past_lines(one, now),
        "limit": limit_of(one),
        "going": sum(not each.own for each in made),
        "own": sum(each.own for each in made),
        "channels": SeriesForm(None, brand=request.brand, now=now, series=one).chosen,
        "may_publish": may(request.role, Right.PUBLISH),
    }
    return render(request, "publishing/recurring_one.html", context)


@for_brand(Right.PUBLISH)
@takes(AT_ONCE)
def edit(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """Begin a series, from a content (`from`) or from nothing, or change one from now on."""
    one: Recurring | None = None
    if pk is not None:
        one = get_object_or_404(Recurring.objects.select_related("brand"), pk=pk)
    act = request.POST.get("act", "")
    data: QueryDict | None = None
    refusals: list[str] = []
    if request.method == "POST":
        data = _edited(request.POST, act)
        if act != "look":
            taken, refusals = received(request)
            picked = [int(key) for key in data.getlist("pick") if key.isdigit() and len(key) < 19]
            there = Asset.objects.filter(pk__in=picked, deleted_at=None).values_list("pk", flat=True)
            media_fields.add(data, [*(asset.pk for asset in taken), *there])
            data.setlist("pick", [])
    now = timezone.now()
    form = _form(request, data, one, now)
    dates = foreseen(form.follows, len(form.written), now, form.limit) if form.follows else None
    seen = dates is not None and data is not None and data.get("seen") == dates.mark
    campaign = form.cleaned_data.get("campaign") if data is not None and form.is_valid() else None
    called = campaign.name if campaign else ""
    wordings = read_wordings(form.content, form.wordings, form.chosen, called, form.changes)
    if act == "save" and form.is_valid():
        if any(wording.refused for wording in wordings):
            form.add_error(
                None, _("Some accounts would refuse a wording as it is: see what is marked below.")
            )
        elif not seen:
            messages.info(request, _("Here are its dates. Save once more if they are what you mean."))
        else:
            return _saved(request, form, one, now)
    context = {
        "form": form,
        "series": one,
        "dates": dates,
        "said": rule_words(form.follows.text, form.follows.start.date(), form.follows.start.time())
        if form.follows
        else "",
        "wordings": wordings,
        "refusals": refusals,
        "shapes": [name for name in SHAPES if name],
        "recent": found(words=request.POST.get("pick-words", ""))[:RECENT],
        "bad": data is not None and act in ("look", "save") and not form.is_valid(),
    }
    if request.htmx:
        part = "publishing/_recurring_dates.html" if act == "look" else "publishing/_recurring_form.html"
        return render(request, part, context)
    return render(request, "publishing/recurring_edit.html", context)


def _form(request: BrandRequest, data: QueryDict | None, one: Recurring | None, now: datetime) -> SeriesForm:
    """The form; a new one may begin with what a content says."""
    start = request.GET.get("from", "")
    if one is None and start.isdigit() and len(start) < 19:
        post: Post = get_object_or_404(Post.objects.filter(deleted_at=None), pk=start)
        initial: dict[str, Any] = {
            "name": str(post)[:120],
            "channels": list(post.variants.values_list("channel_id", flat=True)),
            "link": post.said.link,
            "title": post.said.title,
            "campaign": post.campaign_id,
            "pillar": post.pillar_id,
        }
        own = {variant.channel_id: variant.changes for variant in post.variants.all()}
        return SeriesForm(data, brand=request.brand, now=now, base=post.said, own=own, initial=initial)
    return SeriesForm(data, brand=request.brand, now=now, series=one)


def _edited(posted: QueryDict, act: str) -> QueryDict:
    """The typed form with what a small button does to it."""
    data = posted.copy()
    match act.split("-"):
        case ["add"]:
            data.appendlist("wording", "")
        case ["own", channel]:
            data[f"own-{channel}-text"] = next(iter(data.getlist("wording")), "")
        case ["drop", place] if place.isdigit():
            kept = data.getlist("wording")
            data.setlist("wording", kept[: int(place)] + kept[int(place) + 1 :])
        case ["media", ("up" | "down" | "drop") as verb, place] if place.isdigit():
            media_fields.shift(data, verb, int(place))
    return data


def _saved(request: BrandRequest, form: SeriesForm, one: Recurring | None, now: datetime) -> HttpResponse:
    kept, taken = save_series(brand=request.brand, by=request.user, draft=form.draft(), now=now, series=one)
    made = len(unsent(kept, now))
    if kept.state == "active":
        said = ngettext(
            "%(n)s content is planned for the thirty days to come; the others follow by themselves.",
            "%(n)s contents are planned for the thirty days to come; the others follow by themselves.",
            made,
        )
        messages.success(request, said % {"n": made})
    else:
        messages.success(request, _("Saved. It makes nothing while it is stopped."))
    _tell_own(request, taken, _("Those that somebody had moved or changed stay as they are: %(n)s."))
    if limit := limit_of(kept):
        said = _("“%(name)s” may be published until %(until)s: what comes later is not made.")
        messages.info(request, said % {"name": limit.asset.name, "until": until(limit.asset)})
    return redirect("publishing:series", brand=request.brand.slug, pk=kept.pk)


def _tell_own(request: BrandRequest, taken: Taken, said: str) -> None:
    if taken.own:
        messages.info(request, said % {"n": taken.own})


@for_brand(Right.PUBLISH)
@require_POST
def act(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """Pause, end, take up or delete a series."""
    one: Recurring = get_object_or_404(Recurring.objects.select_related("brand"), pk=pk)
    now = timezone.now()
    back = redirect("publishing:series", brand=request.brand.slug, pk=pk)
    try:
        match act:
            case "pause" | "end":
                to = "paused" if act == "pause" else "ended"
                taken = stop_series(series=one, to=to, by=request.user, now=now)
            case "resume":
                made = resume_series(series=one, by=request.user, now=now)
                said = ngettext("It goes on: %(n)s content made.", "It goes on: %(n)s contents made.", made)
                messages.success(request, said % {"n": made})
                return back
            case "delete":
                taken = delete_series(series=one, by=request.user, now=now)
                back = redirect("publishing:recurring", brand=request.brand.slug)
            case _:
                raise Http404
    except (Moved, ValueError):
        messages.error(request, _("Somebody did that already."))
        return back
    said = ngettext(
        "%(n)s content that had not left was taken away; what left stays, with its proof.",
        "%(n)s contents that had not left were taken away; what left stays, with its proof.",
        taken.gone,
    )
    messages.success(request, said % {"n": taken.gone})
    _tell_own(request, taken, _("Those that somebody had moved or changed are kept as drafts: %(n)s."))
    return back


@for_brand(Right.PUBLISH)
@require_POST
def time_act(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """Skip one time of a series, or bring it back."""
    rows_ = Occurrence.objects.select_related("post__brand", "recurring__brand")
    one: Occurrence = get_object_or_404(rows_, pk=pk)
    if act == "skip":
        try:
            skip(occurrence=one, by=request.user)
        except Leaving:
            messages.error(request, _("It is leaving right now: wait for what becomes of it."))
        else:
            messages.success(request, _("Skipped this time only; the series goes on."))
    elif act == "back":
        if bring_back(occurrence=one, now=timezone.now()):
            messages.success(request, _("Back: it leaves at its hour."))
        else:
            messages.error(
                request,
                _(
                    "Its hour is too near, the series is stopped or the rights of a file are over by then: "
                    "it does not come back."
                ),
            )
    else:
        raise Http404
    return redirect("publishing:series", brand=request.brand.slug, pk=one.recurring_id)
