"""Reading somebody else's JSON: each accessor gives a value of its type or an empty one, never raises."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from palabre.networks.errors import UnexpectedAnswer
from palabre.networks.formats.plain import clean

NOTHING: Mapping[str, Any] = {}
MOST = 200_000
"""Characters of one text that are looked at."""


def table(value: object) -> Mapping[str, Any]:
    """The object itself, or an empty one."""
    if type(value) is dict or isinstance(value, Mapping):  # the first is what JSON gives, told at once
        return value
    return NOTHING


def rows(value: object) -> Sequence[Any]:
    """The list itself, or an empty one."""
    return value if isinstance(value, (list, tuple)) else ()


def text(value: object) -> str:
    """A plain text fit for a database: lines kept, control characters and lone surrogates left out."""
    return clean(value[:MOST]) if isinstance(value, str) else ""


def word(value: object, *, most: int = 500) -> str:
    """A short text on one line: a name, a handle, an id."""
    return " ".join(text(value).split())[:most]


def count(value: object) -> int | None:
    """A number of people or acts; None for what cannot be one."""
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    return int(value) if good else None  # type: ignore[call-overload]


def moment(value: object) -> datetime | None:
    """An aware datetime in UTC from an RFC 3339 or ISO 8601 text; without a zone it is taken for UTC."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment_of(seconds: object) -> datetime | None:
    """An aware datetime in UTC from seconds since 1970."""
    if (
        not isinstance(seconds, (int, float))
        or isinstance(seconds, bool)
        or not 0 <= seconds < 253_402_300_800
    ):
        return None
    return datetime.fromtimestamp(seconds, UTC)


def earlier(said: datetime | None, seen: datetime | None) -> datetime | None:
    """When it was said, but never after it was seen: a clock of somebody's own may be wrong."""
    if said is None or seen is None:
        return said or seen
    return min(said, seen)


def web_address(value: object) -> str:
    """`value` when it is an http(s) address that a browser can open, else ""."""
    if not isinstance(value, str) or len(value) > 4000 or not value.isprintable() or " " in value:
        return ""
    try:
        parts = urlsplit(value)
        return value if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def language(value: object) -> str | None:
    """The primary part of a BCP 47 tag ("pt" of "pt-BR"), lower case; None when it is none."""
    return _primary(value[:40]) if isinstance(value, str) else None


@lru_cache(maxsize=1000)
def _primary(tag: str) -> str | None:
    primary = tag.partition("-")[0].partition("_")[0].lower()
    good = 2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha() and primary != "und"
    return primary if good else None


def list_in(answer: object, name: str, *, host: str) -> Sequence[Any]:
    """The list under `name` that an answer promises. Raises `UnexpectedAnswer` when it is not there."""
    found = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(found, list):
        raise UnexpectedAnswer("other_shape", host=host, excerpt=name)
    return found
