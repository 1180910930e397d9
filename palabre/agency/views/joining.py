"""Where the link of an invitation leads: the signed link alone opens it, whoever is signed in or not."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from palabre.agency.access import for_anyone
from palabre.agency.forms import JoinForm
from palabre.agency.invitations import NoLongerGood, accept_as, accept_new, found
from palabre.agency.models import Invitation, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@for_anyone
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take one's place: with one click when signed in, with a new account when there is none."""
    offer = found(token)
    now = timezone.now()
    if offer is None or not offer.is_good(now):
        context = {"offer": offer, "used": bool(offer and offer.accepted_at)}
        return render(request, "agency/invitation_over.html", context, status=404 if offer is None else 410)
    if request.user.is_authenticated:
        return _as_oneself(request, offer)
    with translation.override(offer.language):
        return _as_a_visitor(request, offer)


def _as_oneself(request: HttpRequest, offer: Invitation) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    mine = user.email.lower() == offer.email
    if request.method == "POST" and mine:
        try:
            accept_as(invitation=offer, user=user, now=timezone.now())
        except NoLongerGood:
            return redirect(request.path)
        return _welcome(request, offer)
    return render(request, "agency/invitation.html", {"offer": offer, "mine": mine, "form": None})


def _as_a_visitor(request: HttpRequest, offer: Invitation) -> HttpResponse:
    known = User.objects.filter(email=offer.email).exists()
    if known:
        sign_in = reverse("account_login") + "?" + urlencode({"next": request.path})
        return render(request, "agency/invitation.html", {"offer": offer, "sign_in": sign_in, "form": None})
    form = JoinForm(request.POST or None, email=offer.email)
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_new(invitation=offer, now=timezone.now(), **form.cleaned_data)
        except NoLongerGood:
            return redirect(request.path)
        login(request, user, backend=BACKEND)
        return _welcome(request, offer)
    return render(request, "agency/invitation.html", {"offer": offer, "form": form})


def _welcome(request: HttpRequest, offer: Invitation) -> HttpResponse:
    messages.success(request, _("Welcome to %(name)s.") % {"name": offer.organisation.name})
    return redirect("desk:today")
