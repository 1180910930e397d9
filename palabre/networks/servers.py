"""Servers as a person types them, where a password or a token is to go."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from palabre.networks.errors import Rejected


def safe_server(typed: str) -> str:
    """The address of a server with its path, if any, without a slash at its end; https where none is typed.

    Raises `Rejected` for what is no address, and for one that a secret must not go to: plain http beyond
    this machine and its own network.
    """
    text = typed.strip().rstrip("/")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        name = parts.hostname or ""
    except ValueError:
        name = ""
    if not name or parts.scheme not in ("http", "https"):
        raise Rejected("bad_url", host="")
    if parts.scheme == "http" and not _near(name):
        raise Rejected("unsafe_address", host=name)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _near(name: str) -> bool:
    """This machine or its own network: nobody listens in between."""
    try:
        return ip_address(name).is_private
    except ValueError:
        return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))
