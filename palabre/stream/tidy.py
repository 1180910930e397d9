"""Bounds on what strangers send: nothing a network says may break a row, an index or a page. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

TEXT_MAX = 100_000
"""Characters kept of a text: a long article is 30,000; what is beyond is not said, it is dumped."""

SEARCH_MAX = 20_000
"""Characters of a text that the full-text search knows."""

KEY_MAX = 900
"""Bytes of a remote id: three of them fit a row of a B-tree (2,704 bytes)."""

EPOCH = datetime(1995, 1, 1, tzinfo=UTC)
"""Nobody posted before; earlier dates are a clock that was never set."""

SKEW = timedelta(hours=1)
"""How far in the future a date may be before it is not believed."""

COUNT_MAX = 2_000_000_000
BIG_COUNT_MAX = 10**15

_BROKEN = re.compile("[\x00\ud800-\udfff]")


def words(text: str, limit: int = TEXT_MAX) -> str:
    """The text without NUL and lone surrogates, at most `limit` characters."""
    if text.isascii() and "\x00" not in text:
        return text[:limit]
    return _BROKEN.sub("", text[: limit + 100])[:limit]


def key(text: str, limit: int = KEY_MAX) -> str:
    """The text as a key of at most `limit` bytes; a longer one keeps its beginning and a digest of all."""
    clean = text if text.isascii() and "\x00" not in text else _BROKEN.sub("", text)
    if len(clean) * 4 <= limit:
        return clean
    encoded = clean.encode()
    if len(encoded) <= limit:
        return clean
    digest = hashlib.sha256(encoded).hexdigest()
    return encoded[: limit - 65].decode(errors="ignore") + "~" + digest


def count(value: int | None, limit: int = COUNT_MAX) -> int | None:
    """A counter the column can hold; a negative one is unknown."""
    return None if value is None or value < 0 else min(value, limit)


def labels(values: Iterable[str], *, each: int, most: int) -> list[str]:
    """At most `most` clean values of at most `each` characters, none empty."""
    return [clean for value in list(values)[:most] if (clean := words(value, each))]


def numbers(values: Iterable[float]) -> str:
    """Numbers as the text of a PostgreSQL array: much faster to send than a list of them."""
    return "{" + ",".join(map(repr, values)) + "}"


def rows(values: Iterable[Mapping[str, Any]]) -> str:
    """Rows for `json_to_recordset`: one text is made and sent in a tenth of the time a dozen arrays take.

    Texts are clean already (`words`, `key`): a NUL or half a character would be refused.
    """
    return orjson.dumps(list(values)).decode()


def language(code: str) -> str:
    """A code of two or three letters, or "" for what is none."""
    short = code.split("-")[0].split("_")[0].lower()
    return short if 2 <= len(short) <= 3 and short.isascii() and short.isalpha() else ""


def country(code: str | None) -> str:
    """Two capitals, or "" for what is no country's code."""
    upper = (code or "").upper()
    return upper if len(upper) == 2 and upper.isascii() and upper.isalpha() else ""


def occurred(published: datetime | None, collected: datetime) -> datetime:
    """When it was said: as the source says if that is credible, else when it was collected.

    A source's clock may be a little ahead of ours: nothing occurs after it was collected.
    """
    if published is None or not EPOCH <= published <= collected + SKEW:
        return collected
    return min(published, collected)
