"""How much each page takes, read from its view; and the page that says no."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation

from palabre.kit.bodies import USUAL, App, Limit


def most_of(scope: Any) -> int:
    """Bytes this request may bring: what its view takes, from somebody who has a session."""
    if settings.SESSION_COOKIE_NAME not in ASGIRequest(scope, BytesIO()).COOKIES:
        return USUAL
    try:
        return int(getattr(resolve(scope["path"]).func, "body_most", USUAL))
    except Resolver404:
        return USUAL


def refusal(scope: Any, most: int) -> bytes:
    """The page that says it is too much, in the reader's language."""
    language = translation.get_language_from_request(ASGIRequest(scope, BytesIO()))
    with translation.override(language):
        return render_to_string("413.html", {"most": most // 1_000_000}).encode()


def limited(application: Any) -> App:
    """The application, behind the limits of its pages."""
    return Limit(application, most_of=most_of, refusal=refusal)
