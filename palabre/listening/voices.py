"""Authors by what a person types: a handle or a name, with or without its accents."""

import re
from collections.abc import Sequence

from django.db.models import Q

from palabre.agency.models import Brand
from palabre.kit.text import fold
from palabre.stream.models import Author

MOST = 20
"""Authors taken for one name: a name that means more of them is no name."""
LEAST = 2
"""Characters from which a part of a name is looked for."""

_FORMS = {
    "a": "aàáâãäå", "c": "cç", "e": "eèéêë", "i": "iìíîï", "n": "nñ", "o": "oòóôõö", "u": "uùúûü", "y": "yýÿ",
    "'": "'’‘", "-": "-‐‑–",
}  # fmt: skip


def called(*, brand: Brand, typed: str, most: int = MOST) -> list[Author]:
    """The authors of that very handle or name; where there are none, those that hold it, heard last first.

    Several handles may stand behind commas, as the page writes them.
    """
    whole = _called(brand, typed, most)
    if whole or "," not in typed:
        return whole
    parts = [author for part in typed.split(",") for author in _called(brand, part, most)]
    return list(dict.fromkeys(parts))[:most]


def voices_of(*, brand: Brand, ids: Sequence[int]) -> list[Author]:
    """The authors of these ids that the brand has, by name."""
    return list(Author.objects.filter(brand=brand, pk__in=ids).order_by("name", "pk")) if ids else []


def shown(author: Author) -> str:
    """What tells an author from others on a page."""
    return author.handle or author.name or author.remote_id


def _called(brand: Brand, typed: str, most: int) -> list[Author]:
    words = fold(typed).strip().lstrip("@").strip()
    if not words:
        return []
    pattern = "".join(f"[{_FORMS[c]}]" if c in _FORMS else re.escape(c) for c in words)
    return _like(brand, f"^@?{pattern}$", most) or (
        _like(brand, pattern, most) if len(words) >= LEAST else []
    )


def _like(brand: Brand, pattern: str, most: int) -> list[Author]:
    alike = Q(handle__iregex=pattern) | Q(name__iregex=pattern)
    return list(Author.objects.filter(alike, brand=brand).order_by("-last_seen_at", "pk")[:most])
