"""Pages of the shell itself: theme, language, the rooms to come, the web manifest, the style guide."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    HttpResponseServerError,
    JsonResponse,
)
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palabre.ui import navigation
from palabre.ui.context import THEME_COOKIE, THEMES

View = Callable[..., HttpResponse]
YEAR = 365 * 24 * 3600  # seconds


def _open(view: View) -> View:
    """Mark a view as needing no right (the walk over every URL reads these)."""
    view.right = None  # type: ignore[attr-defined]
    view.public = True  # type: ignore[attr-defined]
    return view


def _back(request: HttpRequest) -> str:
    """Where a choice was made, if it is one of our own pages."""
    wanted = request.POST.get("next") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return "/"


@_open
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's theme: system, light or dark."""
    chosen = request.POST.get("theme", "system")
    response: HttpResponse = HttpResponseRedirect(_back(request))
    response.set_cookie(
        THEME_COOKIE,
        chosen if chosen in THEMES else "system",
        max_age=YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@_open
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the reader's language, also before they sign in; a signed-in reader's own is updated too."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Http404
    user = request.user
    if user.is_authenticated and hasattr(user, "language"):
        user.language = chosen
        user.save(update_fields=["language"])
    response: HttpResponse = HttpResponseRedirect(_back(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@login_required
def room(request: HttpRequest, key: str) -> HttpResponse:
    """A room that is not built: what will come, and what is possible now."""
    found = next((room for room in navigation.ROOMS if room.key == key), None)
    if found is None:
        raise Http404
    return render(request, "ui/room.html", {"room": found})


room.right = None  # type: ignore[attr-defined]


@_open
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest: Palabre can be installed on a phone."""
    icons: list[dict[str, Any]] = [
        {"src": static("ui/logo.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("ui/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("ui/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": static("ui/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    return JsonResponse(
        {
            "name": "Palabre",
            "short_name": "Palabre",
            "description": _("Listen, answer, publish, measure: the community manager's own suite."),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#faf8f4",
            "theme_color": "#12302d",
            "lang": request.LANGUAGE_CODE if hasattr(request, "LANGUAGE_CODE") else "fr",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same page whether the thing is absent or belongs to somebody else's brand."""
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a colleague without the right."""
    return render(request, "403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without the context processors, one of which may be what broke."""
    return HttpResponseServerError(loader.render_to_string("500.html", {"theme": "system"}))
