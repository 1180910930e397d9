"""What is known of whoever asks, before any page: their language and zone, and that they were here."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

NOTED_EVERY = 300
"""Seconds. The library's own middleware writes at every request, three statements and a commit each."""


class Presence:
    """When and from where each device was last seen, for the page of the devices signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Note it once in a while; the session lives on with it."""
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get("seen_at", 0) >= NOTED_EVERY:
            UserSession.objects.create_from_request(request)
            request.session["seen_at"] = now
        return self.get_response(request)


class ReaderLanguageAndZone:
    """A signed-in reader's own language wins over the browser, whose cookie serves the sign-in pages; days
    and hours are those of their own zone wherever no brand says another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate both around the view."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
        with timezone.override(request.user.time_zone):
            return self.get_response(request)
