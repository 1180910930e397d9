"""Pages about who works here: the first owner, a new brand, one's own settings."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palabre.agency.access import MemberRequest, for_anyone, for_members
from palabre.agency.forms import BrandForm, OwnerForm, ProfileForm
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
    member = request.user.memberships.select_related("organisation").first()
    if member is None or Right.ADMINISTER not in RIGHTS[member.role]:
        return render(request, "403.html", status=403)
    form = BrandForm(request.POST or None)
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


@for_members
def profile(request: MemberRequest) -> HttpResponse:
    """One's own name, language, time zone."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        messages.success(request, _("Your settings are saved."))
        response = redirect("agency:profile")
        # The cookie serves the pages shown before sign-in; the account's choice serves all others.
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=31_536_000, samesite="Lax")
        return response
    return render(request, "agency/profile.html", {"form": form})
