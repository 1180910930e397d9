"""The first owner, and a new brand: the first of the first run, later the next client."""

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from palabre.agency.access import MemberRequest, brands_of, for_anyone, for_members
from palabre.agency.forms import BrandForm, OwnerForm
from palabre.agency.people import OwnerExists, create_brand, create_owner, has_owner
from palabre.agency.roles import RIGHTS, Right

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@for_anyone
def start_owner(request: HttpRequest) -> HttpResponse:
    """First run, step one: the owner's account. Closed for good once somebody owns the place."""
    if has_owner():
        return redirect("desk:today")
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = create_owner(**form.cleaned_data, language=get_language() or "fr")
        except OwnerExists:
            return redirect("desk:today")
        login(request, user, backend=BACKEND)
        return redirect("agency:brand_new")
    return render(request, "agency/start_owner.html", {"form": form, "step": 1})


@for_members
def brand_new(request: MemberRequest) -> HttpResponse:
    """A brand: the second step of the first run, and later the way to the next client."""
    places = request.user.memberships.select_related("organisation").order_by("pk")
    administered = [member for member in places if Right.ADMINISTER in RIGHTS[member.role]]
    wanted = request.GET.get("organisation")
    member = next((m for m in administered if str(m.organisation_id) == wanted), None)
    member = member or next(iter(administered), None)
    if member is None:
        if request.method == "GET" and not brands_of(request.user):
            return render(request, "agency/nothing_yet.html", {"member": places.first()})
        return render(request, "403.html", status=403)
    form = BrandForm(request.POST or None, initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            brand = create_brand(
                organisation=member.organisation,
                by=request.user,
                name=form.cleaned_data["name"],
                website=form.cleaned_data["website"],
                languages=form.cleaned_data["languages"],
                time_zone=form.cleaned_data["time_zone"],
            )
        request.session["competitors"] = form.cleaned_data["competitors"]
        return redirect("intake:start", brand=brand.slug)
    first = not member.organisation.brands.exists()
    return render(request, "agency/brand_form.html", {"form": form, "first": first, "step": 2})
