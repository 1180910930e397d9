"""One's own account: name, language, time zone, where one belongs, and leaving for good."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from palabre.agency import belongings
from palabre.agency.access import MemberRequest, for_members, may_set_up
from palabre.agency.forms import GoodbyeForm, ProfileForm
from palabre.agency.team import LastOwner, bound_to, delete_account, reached


@for_members
def profile(request: MemberRequest) -> HttpResponse:
    """One's own name, language, time zone; the organisations one belongs to."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        messages.success(request, _("Your settings are saved."))
        response = redirect("agency:profile")
        # The cookie serves the pages shown before sign-in; the account's choice serves all others.
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=31_536_000, samesite="Lax")
        return response
    places = request.user.memberships.select_related("organisation").order_by("organisation__name")
    context = {"form": form, "places": places, "may_set_up": may_set_up(request.user)}
    return render(request, "agency/profile.html", context)


@for_members
def account_delete(request: MemberRequest) -> HttpResponse:
    """Delete one's own account, once what goes and what stays was said; the password is asked again."""
    user = request.user
    bound = bound_to(user)
    form = GoodbyeForm(request.POST or None, user=user)
    if request.method == "POST" and not bound and form.is_valid():
        try:
            delete_account(user=user)
        except LastOwner:
            return redirect("agency:account_delete")
        logout(request)
        return render(request, "agency/account_gone.html")
    brands = [brand for member in user.memberships.all() for brand in reached(member)]
    context = {"form": form, "bound": bound, "going": belongings.told(user, brands)}
    return render(request, "agency/account_delete.html", context)
