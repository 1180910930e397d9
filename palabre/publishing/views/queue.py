"""The queue: the coming slots of every account, what fills them, and the week they come from."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.kit.states import Moved
from palabre.publishing.calendar.best import good_slots
from palabre.publishing.delivery.planning import standstill, unplan
from palabre.publishing.models import Delivery, QueueSlot
from palabre.publishing.queue.arranging import close_up, put_first, put_later
from palabre.publishing.queue.board import lanes
from palabre.publishing.queue.filling import NoSlot
from palabre.publishing.queue.forms import SlotForm
from palabre.publishing.queue.keeping import MOST, TooMany, add_slots, copy_slots, drop_slots
from palabre.publishing.queue.words import DAYS, lacking, placed_words

SHOWN = 7
"""Days of each account on the page of all."""
SHOWN_ALONE = 28
"""Days on the page of one."""


def _accounts() -> list[Channel]:
    return list(Channel.objects.exclude(state="removed").select_related("brand"))


@for_brand(Right.LOOK)
def queue(request: BrandRequest) -> HttpResponse:
    """Every account."""
    found = lanes(request.brand, _accounts(), now=timezone.now(), days=SHOWN)
    context = {
        "lanes": found,
        "stray": sum(lane.stray for lane in found),
        "standstill": standstill(),
        "may_publish": may(request.role, Right.PUBLISH),
    }
    return render(request, "publishing/queue.html", context)


@for_brand(Right.LOOK)
def account(request: BrandRequest, pk: int) -> HttpResponse:
    """One account: more of its days, and its week."""
    return _account(request, _one(pk), SlotForm(initial=_suggested(request)))


def _one(pk: int) -> Channel:
    rows = Channel.objects.exclude(state="removed").select_related("brand")
    found: Channel = get_object_or_404(rows, pk=pk)
    return found


def _account(request: BrandRequest, channel: Channel, form: SlotForm) -> HttpResponse:
    now = timezone.now()
    (lane,) = lanes(request.brand, [channel], now=now, days=SHOWN_ALONE)
    rows = list(QueueSlot.objects.filter(channel=channel).select_related("pillar"))
    having = set(QueueSlot.objects.exclude(channel=channel).values_list("channel", flat=True))
    context = {
        "lane": lane,
        "week": [(DAYS[day], [row for row in rows if row.weekday == day]) for day in range(7)],
        "form": form,
        "others": [one for one in _accounts() if one.pk in having],
        "best": good_slots(zone=ZoneInfo(request.brand.time_zone), now=now),
        "stray": lane.stray,
        "standstill": standstill(),
        "may_publish": may(request.role, Right.PUBLISH),
    }
    return render(request, "publishing/queue_account.html", context)


def _suggested(request: BrandRequest) -> dict[str, Any]:
    """What the form begins with: working days, and the hour of a suggestion that was taken."""
    typed = request.GET.get("hour", "")
    hour = time(int(typed)) if typed.isdecimal() and len(typed) < 3 and int(typed) < 24 else None
    return {"days": list(range(5)), "hour": hour}


@for_brand(Right.PUBLISH)
@require_POST
def change_slots(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """Add slots, drop some or copy those of another account. What is planned stays where it is."""
    channel = _one(pk)
    form = SlotForm(request.POST if act == "add" else None)
    if act == "add" and not form.is_valid():
        return _account(request, channel, form)
    try:
        with transaction.atomic():
            said = _change_slots(request, channel, form, act)
    except TooMany:
        messages.error(request, _("An account has %(most)s slots a week at most.") % {"most": MOST})
    else:
        messages.success(request, said)
    return _back(request, pk, "#week")


def _change_slots(request: BrandRequest, channel: Channel, form: SlotForm, act: str) -> str:
    match act:
        case "add":
            typed = form.cleaned_data
            new = add_slots(
                channel=channel,
                weekdays=typed["days"],
                hour=typed["hour"].replace(second=0, microsecond=0),
                pillar=typed["pillar"],
                by=request.user,
            )
        case "copy":
            other: Channel = get_object_or_404(Channel.objects.all(), pk=_key(request.POST.get("of", "")))
            new = copy_slots(channel=channel, of=other, by=request.user)
        case "drop":
            slots = [_key(each) for each in request.POST.getlist("slot")]
            gone = drop_slots(channel=channel, slots=slots, by=request.user)
            said = ngettext("%(n)s slot taken away.", "%(n)s slots taken away.", gone)
            return f"{said % {'n': gone}} {_('What is planned stays where it is.')}"
        case _:
            raise Http404
    return ngettext("%(n)s slot added.", "%(n)s slots added.", new) % {"n": new}


@for_brand(Right.PUBLISH)
@require_POST
def refill(request: BrandRequest) -> HttpResponse:
    """Close the gaps of one account (`account`) or of all: what the queue placed takes the first slots."""
    wanted = request.POST.get("account", "")
    channels = [one for one in _accounts() if not wanted or str(one.pk) == wanted]
    moved = close_up(channels=channels, by=request.user, now=timezone.now())
    said = ngettext("%(n)s content has a new slot.", "%(n)s contents have a new slot.", len(moved))
    messages.success(request, said % {"n": len(moved)} if moved else _("Nothing had to move."))
    return _back(request, _key(wanted))


@for_brand(Right.PUBLISH)
@require_POST
def arrange(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """Put one content first, one slot later, or out of the queue."""
    delivery: Delivery = get_object_or_404(
        Delivery.objects.select_related("brand", "channel", "variant__post"), pk=pk
    )
    verbs = {"first": put_first, "later": put_later}
    now = timezone.now()
    try:
        if act in verbs:
            moved = verbs[act](delivery=delivery, by=request.user, now=now)
            at = next((one.at for one in moved if one.delivery.pk == pk), None)
            where = placed_words([(delivery.channel, at)]) if at else ""
            messages.success(request, _("Moved: %(where)s.") % {"where": where} if at else _("It is first."))
        elif act == "out":
            unplan(deliveries=[delivery], by=request.user)
            messages.success(request, _("Back to a draft: its slot is free."))
        else:
            raise Http404
    except NoSlot as refused:
        messages.error(request, " ".join(lacking(refused.lacks)))
    except (Moved, ValueError):
        messages.error(request, _("It is no longer as the page showed it: here is how it stands now."))
    alone = delivery.channel_id if request.POST.get("alone") else 0
    return _back(request, alone, "" if alone else f"#account-{delivery.channel_id}")


def _back(request: BrandRequest, pk: int, place: str = "") -> HttpResponse:
    slug = request.brand.slug
    answer = redirect("publishing:queue_account", slug, pk) if pk else redirect("publishing:queue", slug)
    answer["Location"] += place
    return answer


def _key(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0
