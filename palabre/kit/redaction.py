"""Addresses fit for logs: whatever goes out may hold a token somewhere."""

from urllib.parse import parse_qsl, urlencode, urlsplit

_SECRET_WORDS = (
    "token",
    "key",
    "secret",
    "password",
    "passwd",
    "pwd",
    "auth",
    "sig",
    "code",
    "session",
    "credential",
)


def redact(url: str) -> str:
    """An address fit for logs: no credentials, no fragment, the values of secret-looking names hidden."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return "***"
    query = urlencode([(name, "***" if _is_secret(name) else value) for name, value in pairs], safe="*")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment="").geturl()


def _is_secret(name: str) -> bool:
    lowered = name.lower()
    return any(word in lowered for word in _SECRET_WORDS)
