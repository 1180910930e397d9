"""What the base page shows whatever the view: the reader's theme."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = ("system", "light", "dark")
THEME_COOKIE = "palabre_theme"


def shell(request: HttpRequest) -> dict[str, Any]:
    """`theme` (system, light or dark: known to the server, so that no page flashes), `palabre_debug`."""
    theme = request.COOKIES.get(THEME_COOKIE, "system")
    return {"theme": theme if theme in THEMES else "system", "palabre_debug": settings.DEBUG}
