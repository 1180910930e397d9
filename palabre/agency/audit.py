"""The audit log's only writer."""

from typing import Any

from palabre.agency.models import AuditEntry, Brand, User


def record(
    *,
    brand: Brand,
    by: User | None,
    act: str,
    subject: str,
    why: str = "",
    before: Any = None,
    after: Any = None,
) -> None:
    """Put down an act, in the caller's transaction. `act` is `room.verb`; `by` None is Palabre itself."""
    AuditEntry.objects.create(
        brand=brand, by=by, act=act, subject=subject[:200], why=why, before=before, after=after
    )
