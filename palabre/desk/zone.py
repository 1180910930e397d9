"""The page of a brand's time zone: what follows it, what does not, and choosing another."""

import contextlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.exceptions import AlreadyEnqueued

from palabre.agency.access import BrandRequest, for_brand
from palabre.agency.forms import zones
from palabre.agency.models import Brand
from palabre.agency.roles import Right
from palabre.desk.moving import is_quick, move_zone, want_zone
from palabre.desk.tasks import move_brands


class ZoneForm(forms.Form):
    """One of the zones there are."""

    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zones)

    def __init__(self, data: Mapping[str, Any] | None, *, brand: Brand) -> None:
        super().__init__(data, initial={"zone": brand.wanted_zone or brand.time_zone})


@for_brand(Right.ADMINISTER)
def zone(request: BrandRequest) -> HttpResponse:
    """Choose the zone in which days are counted; a large brand is counted anew in the background."""
    brand = request.brand
    form = ZoneForm(request.POST or None, brand=brand)
    if request.method == "POST" and form.is_valid():
        want_zone(brand=brand, by=request.user, zone=form.cleaned_data["zone"])
        if not brand.wanted_zone:
            messages.info(request, _("The time zone stays what it was."))
        elif is_quick(brand):
            move_zone(brand=brand)
            messages.success(
                request, _("Days are counted in the zone %(zone)s now.") % {"zone": brand.time_zone}
            )
        else:
            transaction.on_commit(_move_soon)
            messages.info(
                request, _("Every mention is being counted anew: pages keep the old zone until that is done.")
            )
        return redirect("agency:brand_settings", brand=brand.slug)
    return render(request, "desk/zone.html", {"form": form})


def _move_soon() -> None:
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        move_brands.defer(timestamp=int(timezone.now().timestamp()))  # type: ignore[call-arg]
