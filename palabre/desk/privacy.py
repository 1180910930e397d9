"""Privacy of a brand: what is held, why, how long, where; one person's copy, and erasing them."""

import contextlib
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from procrastinate.exceptions import AlreadyEnqueued

from palabre.agency.access import BrandRequest, for_brand, may
from palabre.agency.models import KEEP_MONTHS, Brand, Erased
from palabre.agency.roles import Right
from palabre.alerts.models import Recipient
from palabre.desk.keeping import CHOICES, keep_for
from palabre.desk.person import copy_of, erase, held_of, look_for
from palabre.desk.tasks import sweep_brands
from palabre.listening.keeping import going, horizon
from palabre.publishing.naming import StillLeaving
from palabre.stream.models import Author


@dataclass(frozen=True, kw_only=True)
class Holding:
    """How much of people's words a brand holds, and since when."""

    items: int
    conversations: int
    evidence: int
    authors: int
    corrections: int
    told: int
    recipients: int
    erased: int
    oldest: datetime | None


def holding(brand: Brand) -> Holding:
    """Counted now, in the brand's scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM stream_item WHERE brand_id = %(brand)s),
                      (SELECT count(*) FROM inbox_conversation WHERE brand_id = %(brand)s),
                      (SELECT count(*) FROM moderation_evidence WHERE brand_id = %(brand)s),
                      (SELECT count(*) FROM stream_author WHERE brand_id = %(brand)s),
                      (SELECT count(*) FROM listening_lesson WHERE brand_id = %(brand)s),
                      (SELECT count(*) FROM alerts_event WHERE brand_id = %(brand)s),
                      (SELECT min(occurred_at) FROM stream_item WHERE brand_id = %(brand)s)""",
            {"brand": brand.pk},
        )
        items, conversations, evidence, authors, corrections, told, oldest = cursor.fetchone()
    return Holding(
        items=items,
        conversations=conversations,
        evidence=evidence,
        authors=authors,
        corrections=corrections,
        told=told,
        recipients=Recipient.objects.filter(unsubscribed_at=None).values("email").distinct().count(),
        erased=Erased.objects.count(),
        oldest=oldest,
    )


def _months(n: int) -> str:
    return ngettext("%(n)d month", "%(n)d months", n) % {"n": n}


class KeepForm(forms.Form):
    """How long, among the lengths there are; `seen` is the length whose count was shown."""

    months = forms.TypedChoiceField(label=gettext_lazy("Keep mentions for"), coerce=int)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        usual = _("the usual")
        self.fields["months"].choices = [  # type: ignore[attr-defined]
            (n, f"{_months(n)} · {usual}" if n == KEEP_MONTHS else _months(n)) for n in CHOICES
        ]


@for_brand(Right.LOOK)
def privacy(request: BrandRequest) -> HttpResponse:
    """What is held, why, how long, where, and what can be done about it."""
    now = timezone.now()
    context = {
        "held": holding(request.brand),
        "form": KeepForm(initial={"months": request.brand.keep_months}),
        "oldest_kept": horizon(brand=request.brand, now=now),
        "administers": may(request.role, Right.ADMINISTER),
        "site": settings.ENV.public_url,
    }
    return render(request, "desk/privacy.html", context)


@for_brand(Right.ADMINISTER)
def keep(request: BrandRequest) -> HttpResponse:
    """What another length would take away; then, seen, the choice of it."""
    brand = request.brand
    form = KeepForm(request.POST or request.GET or None)
    if not form.is_valid():
        return redirect("desk:privacy", brand=brand.slug)
    months = form.cleaned_data["months"]
    if request.method == "POST" and form.cleaned_data["seen"] == months:
        keep_for(brand=brand, by=request.user, months=months)
        transaction.on_commit(_sweep_soon)
        messages.success(request, _("Mentions are kept for %(length)s.") % {"length": _months(months)})
        return redirect("desk:privacy", brand=brand.slug)
    before = horizon(brand=brand, now=timezone.now(), months=months)
    context = {
        "months": months,
        "length": _months(months),
        "before": before,
        "going": going(brand=brand, before=before),
    }
    return render(request, "desk/privacy_keep.html", context)


def _sweep_soon() -> None:
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        sweep_brands.defer(timestamp=int(timezone.now().timestamp()))  # type: ignore[call-arg]


@for_brand(Right.ADMINISTER)
def person_search(request: BrandRequest) -> HttpResponse:
    """Whose words are held, by handle, name or address."""
    words = request.GET.get("q", "")[:500]
    context = {"q": words, "found": look_for(brand=request.brand, words=words)}
    return render(request, "desk/person_search.html", context)


def _author(request: BrandRequest, pk: int) -> Author:
    found: Author = get_object_or_404(Author.objects.all(), pk=pk)
    return found


@for_brand(Right.ADMINISTER)
def person(request: BrandRequest, pk: int) -> HttpResponse:
    """What is held of one person; erasing it, once that was said."""
    author = _author(request, pk)
    if request.method == "POST":
        try:
            gone = erase(
                brand=request.brand,
                by=request.user,
                author=author,
                with_named="named" in request.POST,
                with_written="written" in request.POST,
            )
        except StillLeaving as leaving:
            text = _("Nothing was erased: “%(post)s” names them and is leaving. Try again once it has left.")
            messages.error(request, text % {"post": leaving.posts[0]})
            return redirect("desk:person", brand=request.brand.slug, pk=pk)
        sentence = ngettext(
            "Erased, with %(n)d mention. They will not be collected again.",
            "Erased, with %(n)d mentions. They will not be collected again.",
            gone,
        )
        messages.success(request, sentence % {"n": gone})
        return redirect("desk:privacy", brand=request.brand.slug)
    return render(request, "desk/person.html", {"held": held_of(brand=request.brand, author=author)})


@for_brand(Right.ADMINISTER)
def person_copy(request: BrandRequest, pk: int) -> HttpResponse:
    """A copy of all that is held of one person."""
    text = copy_of(brand=request.brand, by=request.user, author=_author(request, pk))
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="palabre-person-{pk}.json"'
    return response
