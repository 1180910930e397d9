"""The kit: everything a person needs on their phone to post a content by hand, and to say that it is done."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.roles import Right
from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.channels.words import label_of
from palabre.kit.states import Moved
from palabre.networks.rules import PostingRules
from palabre.publishing.composing.content import Content, Medium
from palabre.publishing.composing.forms import AddressForm, HourForm
from palabre.publishing.composing.marking import marked, marks_for
from palabre.publishing.composing.media import fit_of
from palabre.publishing.delivery.finding import say_published
from palabre.publishing.delivery.planning import standstill
from palabre.publishing.kit import coming, handed
from palabre.publishing.library.assets import told_name
from palabre.publishing.library.fitting import Fit
from palabre.publishing.models import Asset, Delivery
from palabre.publishing.views.library import crop_query

SHARED_MOST = 80_000_000
"""Bytes of files the page fetches to share them; heavier ones are saved and chosen by hand."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A file of the content as the network takes it: `fit` says what is done to a picture, None to others."""

    asset: Asset
    alt: str
    address: str
    name: str
    fit: Fit | None

    @property
    def mime(self) -> str:
        """What is handed out."""
        return self.fit.mime if self.fit else self.asset.mime


@for_brand(Right.LOOK)
def kits(request: BrandRequest) -> HttpResponse:
    """What is to be posted by hand: now, and within a week."""
    now = timezone.now()
    context = {"handed": handed(), "coming": coming(now=now), "stopped": standstill()}
    return render(request, "publishing/kits.html", context)


@for_brand(Right.LOOK)
def kit(request: BrandRequest, pk: int) -> HttpResponse:
    """One content, each part ready to copy."""
    return _shown(request, _delivery(pk), AddressForm())


@for_brand(Right.PUBLISH)
@require_POST
def kit_posted(request: BrandRequest, pk: int) -> HttpResponse:
    """A person posted it; the address is theirs to give."""
    delivery, form = _delivery(pk), AddressForm(request.POST)
    if not form.is_valid():
        return _shown(request, delivery, form)
    try:
        say_published(delivery=delivery, by=request.user, url=form.cleaned_data["url"], now=timezone.now())
    except (Moved, ValueError):
        messages.error(request, _("It is no longer as the page showed it: here is how it stands now."))
        return redirect("publishing:post", brand=request.brand.slug, pk=delivery.variant.post_id)
    messages.success(request, _("Thank you: it counts as published."))
    return redirect("publishing:kits", brand=request.brand.slug)


def _shown(request: BrandRequest, delivery: Delivery, form: AddressForm) -> HttpResponse:
    channel, post = delivery.channel, delivery.variant.post
    campaign = post.campaign.name if post.campaign else ""
    # The links carry their marks here too: what is posted by hand is counted like the rest.
    marks = marks_for(delivery.brand, channel.network, label=label_of(channel.network), campaign=campaign)
    said = marked(delivery.variant.said, marks)
    later = HourForm(zone=request.brand.time_zone)
    context = {
        "delivery": delivery,
        "said": said,
        "parts": [part for part in (said.text, *said.parts) if part],
        "tags": " ".join(said.tags),
        "pieces": (pieces := _pieces(said.media, channel)),
        "shared": json.dumps(_shared(said, pieces), ensure_ascii=False),
        "form": form,
        "later": later,
        "stopped": standstill(),
    }
    return render(request, "publishing/kit.html", context)


def _shared(said: Content, pieces: list[Piece]) -> dict[str, Any]:
    """What the telephone hands to the network's own application, where it can."""
    words = [said.text, said.link if said.link not in said.text else "", " ".join(said.tags)]
    files = [{"address": one.address, "name": one.name, "mime": one.mime} for one in pieces]
    heavy = sum(one.asset.size for one in pieces) > SHARED_MOST
    return {"text": "\n".join(word for word in words if word), "files": [] if heavy else files}


def _pieces(media: tuple[Medium, ...], channel: Channel) -> list[Piece]:
    assets, rules = Asset.objects.in_bulk([medium.asset for medium in media]), rules_for(channel)
    return [
        _piece(assets[medium.asset], medium, channel, rules) for medium in media if medium.asset in assets
    ]


def _piece(asset: Asset, medium: Medium, channel: Channel, rules: PostingRules) -> Piece:
    fit = fit_of(asset, medium, rules)
    brand = channel.brand.slug
    address = reverse("publishing:file", args=[brand, asset.pk])
    if fit:
        address = reverse("publishing:leaving", args=[brand, asset.pk, channel.pk]) + crop_query(medium.crop)
    name = told_name(asset.name, fit.mime) if fit else asset.name
    return Piece(asset=asset, alt=medium.alt or asset.alt, address=address, name=name, fit=fit)


def _delivery(pk: int) -> Delivery:
    """A sending on an account that is served by hand."""
    rows = Delivery.objects.filter(channel__by_hand=True).select_related(
        "brand", "channel", "variant__post__campaign"
    )
    found: Delivery = get_object_or_404(rows, pk=pk)
    return found
