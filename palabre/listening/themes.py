"""Themes kept: a name and its items, so that a link to one goes on meaning the same mentions.

Found by `insight.themes`, asked for by the filter's `theme`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from palabre.agency.models import Brand
from palabre.listening.models import Theme

KEPT = timedelta(days=60)
"""A theme that no page found again for so long is forgotten."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A theme to keep: its name, and its items in any order."""

    name: str
    items: Sequence[int]

    @property
    def key(self) -> str:
        """The same for the same name and items."""
        return sha256(f"{self.name}\n{sorted(self.items)}".encode()).hexdigest()


@transaction.atomic
def keep(*, brand: Brand, found: Sequence[Kept], now: datetime) -> list[int]:
    """The id of each theme, in order, old ones recognised; those long unseen are forgotten."""
    Theme.objects.filter(brand=brand, seen_at__lt=now - KEPT).delete()
    rows = [
        Theme(brand=brand, key=one.key, name=one.name, items=sorted(one.items), seen_at=now)
        for one in sorted(found, key=lambda one: one.key)  # in one order, or two pages wait for each other
    ]
    Theme.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key", "brand"], update_fields=["seen_at"]
    )
    ids = {row.key: row.pk for row in rows}
    return [ids[one.key] for one in found]


def kept(*, brand: Brand, theme: int) -> Kept | None:
    """A theme of the brand; None when there is none of that number, or no more."""
    row = Theme.objects.filter(brand=brand, pk=theme).first()
    return Kept(name=row.name, items=row.items) if row else None
