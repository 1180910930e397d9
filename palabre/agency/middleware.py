"""What is known of whoever asks, before any page: their language, and that they were here."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

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


class ReaderLanguage:
    """A signed-in reader's own choice wins over the browser; the cookie serves the sign-in pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate the language around the view."""
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)
