"""Headers of every answer: a strict content policy, and what Django does not set by itself; static files."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

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


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, its files handed over whole: under ASGI its stream is read to its end at once anyhow, in
    a thread of its own and with a warning at every file."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """The file, or the part that is asked for, with the headers WhiteNoise gives it and no other."""
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file:
                body = found.file.read()
        response = HttpResponse(body, status=int(found.status))
        del response["content-type"]
        for name, value in found.headers:
            response[name] = value
        return response
