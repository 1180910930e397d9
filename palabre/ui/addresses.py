"""By which address a page was opened: a passkey belongs to a name, browsers refuse it at figures."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.http import HttpRequest


def figures(request: HttpRequest) -> str:
    """The host of a page that was opened by an IP address; nothing where it was opened by a name."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return ""
    return host


def by_name(request: HttpRequest) -> str:
    """The same page by a name that browsers know, for a page of this very machine; nothing for others."""
    host = figures(request)
    if not host or not ip_address(host).is_loopback:
        return ""
    port = urlsplit(f"//{request.get_host()}").port
    return f"{request.scheme}://localhost{f':{port}' if port else ''}{request.path}"
