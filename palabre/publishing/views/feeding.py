"""Feeds that become contents: the list, the form with what entries would look like, one feed's entries."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.roles import Right
from palabre.channels.words import refused
from palabre.kit.states import Moved
from palabre.networks.errors import NetworkError
from palabre.publishing.feeding import keeping, visiting
from palabre.publishing.feeding.forms import RelayForm
from palabre.publishing.feeding.rules import Told
from palabre.publishing.feeding.selectors import SAMPLES, Sample, lines, relays, sample
from palabre.publishing.feeding.taking import make, room, wanted, working
from palabre.publishing.feeding.visiting import Found
from palabre.publishing.feeding.work import nudge_relay
from palabre.publishing.models import QueueSlot, Relay, RelayEntry

LAST = (1, 3, 5, 10)
"""How many of the last entries can be made at once."""


@for_brand(Right.LOOK)
def feeds(request: BrandRequest) -> HttpResponse:
    """Every feed, and how it stands."""
    context = {"relays": relays(), "may_publish": may(request.role, Right.PUBLISH)}
    return render(request, "publishing/feeds.html", context)


@for_brand(Right.LOOK)
def feed(request: BrandRequest, pk: int) -> HttpResponse:
    """One feed: how it stands and what became of its entries."""
    relay: Relay = get_object_or_404(Relay.objects.select_related("brand", "campaign", "pillar"), pk=pk)
    now = timezone.now()
    context = {
        "relay": relay,
        "lines": lines(relay),
        "channels": working(relay),
        "room": room(relay, now),
        "before": relay.entries.filter(state="known").count(),
        "last": LAST,
        "slots": QueueSlot.objects.filter(channel__in=relay.channels).exists(),
        "may_publish": may(request.role, Right.PUBLISH),
    }
    return render(request, "publishing/feed_one.html", context)


@for_brand(Right.PUBLISH)
def edit(request: BrandRequest, pk: int | None = None) -> HttpResponse:
    """Follow a feed, or change what becomes of it; `look` shows its newest entries as contents."""
    relay: Relay | None = None
    if pk is not None:
        relay = get_object_or_404(Relay.objects.select_related("brand"), pk=pk)
    form = RelayForm(request.POST if request.method == "POST" else None, relay=relay)
    act = request.POST.get("act", "")
    found: Found | None = None
    if act in ("look", "save") and (typed := request.POST.get("url", "").strip()):
        known = relay is not None and relay.url == typed
        if act == "look" or not known:
            found = _found(form, typed)
        elif form.is_valid() and relay is not None:
            return _kept(request, form, relay, url=relay.url, title=relay.name)
        if act == "save" and found and form.is_valid():
            return _kept(request, form, relay, url=found.url, title=found.title)
    context = {
        "form": form,
        "relay": relay,
        "found": found,
        "samples": _samples(request, form, found),
        "no_slots": not QueueSlot.objects.exists(),
    }
    return render(request, "publishing/feed_edit.html", context)


def _found(form: RelayForm, typed: str) -> Found | None:
    """The feed behind what was typed, as it is now; why there is none is told at the field."""
    try:
        suggestions = visiting.find(typed)
        if suggestions:
            return visiting.look(suggestions[0].watch.target)
        form.add_error("url", _("No feed was found there. Try the address of the feed itself."))
    except NetworkError as error:
        form.add_error("url", refused(error))
    return None


def _kept(
    request: BrandRequest, form: RelayForm, relay: Relay | None, *, url: str, title: str
) -> HttpResponse:
    kept = keeping.save_relay(
        brand=request.brand,
        by=request.user,
        draft=form.draft(url=url, title=title),
        now=timezone.now(),
        relay=relay,
    )
    messages.success(request, _("Saved. What is new there becomes a content from now on."))
    return redirect("publishing:feed_relay", brand=request.brand.slug, pk=kept.pk)


def _samples(request: BrandRequest, form: RelayForm, found: Found | None) -> list[Sample]:
    """The newest entries as they would be; of a feed that is followed, without asking it again."""
    if form.is_bound and ("template" in form.errors or "words" in form.errors):
        return []
    relay = Relay(
        brand=request.brand,
        template=(form["template"].value() or "").replace("\r\n", "\n"),
        card=bool(form["card"].value()),
    )
    words = form["words"].value() or ""
    if found:
        seen = [one for one in found.entries if wanted(words, one)][:SAMPLES]
        return [sample(relay, one.told, form.chosen, one.item.published_at) for one in seen]
    if form.relay:
        rows = form.relay.entries.all()[:SAMPLES]
        return [sample(relay, Told.read(row.said), form.chosen, row.published_at) for row in rows]
    return []


@for_brand(Right.PUBLISH)
@require_POST
def act(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """Pause a feed, ask it again, take its last entries, forget it."""
    relay: Relay = get_object_or_404(Relay.objects.select_related("brand"), pk=pk)
    now = timezone.now()
    try:
        match act:
            case "pause":
                keeping.pause_relay(relay=relay, by=request.user)
                messages.success(request, _("Paused. What was made stays."))
            case "resume" | "retry":
                keeping.resume_relay(relay=relay, by=request.user, now=now)
                messages.success(request, _("It is being read again."))
            case "last":
                typed = request.POST.get("n", "")
                most = int(typed) if typed.isdigit() and int(typed[:3]) in LAST else LAST[0]
                n = keeping.take_last(relay=relay, most=most, by=request.user)
                visiting.make_waiting(relay, now)
                said = ngettext("%(n)s entry taken.", "%(n)s entries taken.", n) % {"n": n}
                messages.success(request, f"{said} " + _("What is over the day’s limit follows tomorrow."))
                nudge_relay(relay.pk)
            case "delete":
                keeping.delete_relay(relay=relay, by=request.user)
                messages.success(request, _("Forgotten. The contents it made stay."))
                return redirect("publishing:feeds", brand=request.brand.slug)
            case _:
                raise Http404
    except (Moved, ValueError):
        messages.error(request, _("Somebody did that already."))
    return redirect("publishing:feed_relay", brand=request.brand.slug, pk=pk)


@for_brand(Right.PUBLISH)
@require_POST
def make_entry(request: BrandRequest, pk: int) -> HttpResponse:
    """Make the content of one entry now, whatever the words and the day's limit say."""
    entry: RelayEntry = get_object_or_404(RelayEntry.objects.all(), pk=pk)
    if make(entry=entry, by=request.user, now=timezone.now()):
        messages.success(request, _("The content is made."))
    else:
        messages.error(request, _("It was made already, or no account is left to make it for."))
    return redirect("publishing:feed_relay", brand=request.brand.slug, pk=entry.relay_id)
