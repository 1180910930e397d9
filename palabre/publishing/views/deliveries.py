"""What a person decides about one sending: when, whether, and what became of it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.channels.words import language
from palabre.kit.states import Moved
from palabre.networks.errors import NetworkError
from palabre.publishing.composing.forms import AddressForm, HourForm
from palabre.publishing.delivery.afterwards import delete_published, edit_published, may_delete, may_edit
from palabre.publishing.delivery.finding import look_now, say_absent, say_published
from palabre.publishing.delivery.nudge import nudge
from palabre.publishing.delivery.planning import PastHour, TooSoon, cancel, plan, unplan
from palabre.publishing.library.rights import RightsOver, hold_to_rights
from palabre.publishing.models import Delivery
from palabre.publishing.words import TOO_SOON, rights_sentence


@for_brand(Right.PUBLISH)
@require_POST
def act(request: BrandRequest, pk: int, act: str) -> HttpResponse:
    """Do one thing to a delivery; what is not possible any more is said, nothing is done twice."""
    delivery: Delivery = get_object_or_404(
        Delivery.objects.select_related("brand", "channel", "variant__post"), pk=pk
    )
    if (act == "edit" and not may_edit(delivery)) or (act == "delete" and not may_delete(delivery)):
        raise Http404
    try:
        said = _do(request, delivery, act)
    except NetworkError as error:
        messages.error(request, error.message(language()))
    except TooSoon:
        messages.error(request, TOO_SOON)
    except RightsOver as refused:
        messages.error(request, rights_sentence(refused))
    except (Moved, ValueError):
        messages.error(request, _("It is no longer as the page showed it: here is how it stands now."))
    else:
        if said:
            messages.success(request, said)
    return redirect("publishing:post", brand=request.brand.slug, pk=delivery.variant.post_id)


def _do(request: BrandRequest, delivery: Delivery, act: str) -> str:
    now = timezone.now()
    match act:
        case "now":
            hold_to_rights(brand=request.brand, deliveries=[delivery], at=now)
            plan(deliveries=[delivery], at=now, by=request.user, now=now)
            return _("On its way: it leaves within seconds.")
        case "plan":
            return _plan(request, delivery)
        case "unplan":
            unplan(deliveries=[delivery], by=request.user)
            return _("Back to a draft.")
        case "cancel":
            cancel(deliveries=[delivery], by=request.user)
            return _("It will not leave.")
        case "look":
            look_now(delivery=delivery, by=request.user, now=now)
            nudge(now)
            return _("Palabre looks again within seconds.")
        case "edit":
            edit_published(delivery=delivery, by=request.user)
            return _("Changed at the network.")
        case "delete":
            delete_published(delivery=delivery, by=request.user)
            return _("Taken back from the network; the proof stays here.")
        case "published":
            form = AddressForm(request.POST)
            if not form.is_valid():
                messages.error(request, _("This is not an address: copy it from the network’s page."))
                return ""
            say_published(delivery=delivery, by=request.user, url=form.cleaned_data["url"], now=now)
            return _("Noted as published.")
        case "absent":
            say_absent(delivery=delivery, by=request.user, now=now)
            nudge(now)
            return _("Sent again now.")
    raise Http404


def _plan(request: BrandRequest, delivery: Delivery) -> str:
    form = HourForm(request.POST, zone=request.brand.time_zone)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return ""
    try:
        hold_to_rights(brand=request.brand, deliveries=[delivery], at=form.cleaned_data["at"])
        plan(deliveries=[delivery], at=form.cleaned_data["at"], by=request.user, now=timezone.now())
    except TooSoon:
        raise
    except PastHour:
        messages.error(request, _("This hour is over: choose one to come, or publish now."))
        return ""
    return _("Planned.")
