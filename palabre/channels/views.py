"""Pages of the channels: what is connected, how it is, and connecting another."""

import json
from datetime import timedelta

from asgiref.sync import async_to_sync
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_scopes import scope

from palabre.agency.access import (
    BrandRequest,
    MemberRequest,
    for_anyone,
    for_brand,
    for_members,
    may,
    role_in,
)
from palabre.agency.roles import Right
from palabre.channels import connecting, health
from palabre.channels.budgets import budgets_of
from palabre.channels.coverage import coverage
from palabre.channels.forms import ByHandForm, SignInForm
from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.channels.words import label_of, manifest_of, refused
from palabre.networks.contract import Presents, SignInKind
from palabre.networks.errors import NetworkError
from palabre.networks.registry import connector, manifests

SOON = timedelta(days=14)
"""How long before a sign-in ends the page begins to say so."""


@for_brand(Right.LOOK)
def channels(request: BrandRequest) -> HttpResponse:
    """Every account, its health, and the networks that another could be connected on."""
    rows = list(Channel.objects.exclude(state="removed").select_related("signed_in_by"))
    return render(
        request,
        "channels/channels.html",
        {
            "rows": rows,
            "offers": connecting.offered(request.brand),
            "by_hand": connecting.by_hand_only(),
            "soon": timezone.now() + SOON,
        },
    )


@for_brand(Right.LOOK)
def channel(request: BrandRequest, pk: int) -> HttpResponse:
    """One account: health, coverage, budgets and prices, rules."""
    row: Channel = get_object_or_404(Channel.objects.select_related("signed_in_by"), pk=pk)
    manifest = manifest_of(row.network)
    return render(
        request,
        "channels/channel.html",
        {
            "channel": row,
            "manifest": manifest,
            "coverage": coverage(manifest) if manifest else None,
            "budgets": budgets_of(row, now=timezone.now()),
            "rules": rules_for(row),
            "soon": timezone.now() + SOON,
        },
    )


@for_brand(Right.ADMINISTER)
def connect(request: BrandRequest, network: str, kind: str) -> HttpResponse:
    """Sign in to an account: by what is typed, or by the network's own page."""
    manifest = next((known for known in connecting.offered(request.brand) if known.key == network), None)
    declared = _kind(network, kind) if manifest else None
    if manifest is None or declared is None:
        raise Http404
    form = SignInForm(request.POST or None, kind=declared)
    if request.method == "POST" and form.is_valid():
        try:
            if declared.redirect:
                url = connecting.begin(
                    brand=request.brand, by=request.user, network=network, kind=declared, typed=form.typed()
                )
                return HttpResponseRedirect(url)
            granted = connecting.sign_in_typed(network=network, kind=declared, typed=form.typed())
        except NetworkError as error:
            form.add_error(None, refused(error))
        else:
            return _kept(
                request, connecting.keep_accounts(brand=request.brand, by=request.user, granted=granted)
            )
    return render(
        request,
        "channels/connect.html",
        {"form": form, "manifest": manifest, "kind": declared, "coverage": coverage(manifest)},
    )


@for_members
def back(request: MemberRequest, network: str) -> HttpResponse:
    """Where a network sends people back to after they signed in there."""
    if network not in manifests():
        raise Http404
    try:
        brand, granted = connecting.came_back(
            by=request.user, network=network, answer=request.GET.dict(), now=timezone.now()
        )
    except connecting.TooLate:
        messages.error(request, _("This sign-in took too long or was used already: please begin again."))
        return redirect("desk:today")
    except NetworkError as error:
        messages.error(request, refused(error))
        return redirect("desk:today")
    role = role_in(request.user, brand)
    if role is None or not may(role, Right.ADMINISTER):
        raise Http404
    with scope(brand=brand):
        request.brand = brand  # type: ignore[attr-defined]
        return _kept(request, connecting.keep_accounts(brand=brand, by=request.user, granted=granted))


@for_anyone
def client(request: HttpRequest, network: str) -> JsonResponse:
    """Who Palabre is, for networks that read it here."""
    presents = connector(network) if network in manifests() else None
    if not isinstance(presents, Presents):
        raise Http404
    document = presents.client_document(connecting.client_address(network), connecting.way_back(network))
    return JsonResponse(dict(document))


@for_brand(Right.ADMINISTER)
def by_hand(request: BrandRequest, network: str) -> HttpResponse:
    """Add an account on a network where a person publishes."""
    if network not in {rules.key for rules in connecting.by_hand_only()}:
        raise Http404
    form = ByHandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = connecting.add_by_hand(
            brand=request.brand, by=request.user, network=network, **form.cleaned_data
        )
        return _kept(request, [kept])
    return render(request, "channels/by_hand.html", {"form": form, "network": network})


@for_brand(Right.PUBLISH)
@require_POST
def check(request: BrandRequest, pk: int) -> HttpResponse:
    """Ask the network now how the account is; once a minute is enough."""
    row: Channel = get_object_or_404(Channel.objects.filter(by_hand=False).exclude(state="removed"), pk=pk)
    if not cache.add(f"channel-check-{row.pk}", json.dumps(True), 60):
        messages.info(request, _("It was checked less than a minute ago."))
        return redirect("channels:channel", brand=request.brand.slug, pk=pk)
    try:
        async_to_sync(connecting.look)(row)
    except NetworkError as error:
        health.failed(row, error=error, now=timezone.now())
        messages.error(request, refused(error))
    else:
        health.seen(row, now=timezone.now())
        messages.success(request, _("“%(account)s” answers.") % {"account": row})
    return redirect("channels:channel", brand=request.brand.slug, pk=pk)


@for_brand(Right.ADMINISTER)
@require_POST
def remove_channel(request: BrandRequest, pk: int) -> HttpResponse:
    """Take an account away; what it published stays proved."""
    row: Channel = get_object_or_404(Channel.objects.exclude(state="removed"), pk=pk)
    connecting.remove(channel=row, by=request.user)
    messages.success(
        request,
        _("“%(account)s” is removed. What it published stays here; connecting it again brings it back.")
        % {"account": row},
    )
    return redirect("channels:channels", brand=request.brand.slug)


def _kind(network: str, key: str) -> SignInKind | None:
    return next((kind for kind in manifests()[network].sign_ins if kind.key == key), None)


def _kept(request: BrandRequest | MemberRequest, kept: list[Channel]) -> HttpResponse:
    for row in kept:
        messages.success(
            request,
            (
                _("%(network)s: “%(account)s” is added. Tick it in the composer as any other.")
                if row.by_hand
                else _("%(network)s: “%(account)s” is connected.")
            )
            % {"network": label_of(row.network), "account": row},
        )
    if len(kept) == 1:
        return redirect("channels:channel", brand=kept[0].brand.slug, pk=kept[0].pk)
    return redirect("channels:channels", brand=request.brand.slug)  # type: ignore[union-attr]
