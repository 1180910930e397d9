"""Headers of every answer: a strict content policy, and what Django does not set by itself."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase

# No inline script or style, no eval, nothing from elsewhere. Images may be data: (previews, charts).
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=(), publickey-credentials-get=(self), "
    "publickey-credentials-create=(self)"
)


class SecurityHeaders:
    """Adds the policy to every answer; a view that set one of the headers itself keeps its own."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._asynchronous = iscoroutinefunction(get_response)
        if self._asynchronous:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer, then stamp."""
        if self._asynchronous:
            return self._answer(request)
        return _stamp(self.get_response(request))

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        return _stamp(await self.get_response(request))  # type: ignore[misc]


def _stamp(response: HttpResponseBase) -> HttpResponseBase:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("Permissions-Policy", PERMISSIONS)
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-cache"  # pages hold one person's view of one brand
    return response
