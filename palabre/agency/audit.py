"""The audit log's only writer, and its reader: who, what, when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django_scopes import scopes_disabled

from palabre.agency.models import AuditEntry, Brand, Organisation, User


def record(
    *,
    brand: Brand | None = None,
    organisation: Organisation | None = None,
    by: User | None,
    act: str,
    subject: str,
    why: str = "",
    before: Any = None,
    after: Any = None,
) -> None:
    """Put down an act, in the caller's transaction. `act` is `room.verb`; `by` None is Palabre itself.

    An act on a brand names the brand, one on the organisation the organisation alone.
    """
    if brand is None and organisation is None:
        raise ValueError("an act happens to a brand or to an organisation")
    entry = AuditEntry(
        brand=brand, by=by, act=act, subject=subject[:200], why=why, before=before, after=after
    )
    entry.organisation_id = brand.organisation_id if brand else organisation.pk  # type: ignore[union-attr]
    entry.save(force_insert=True)


def forget(user: User, organisations: Sequence[int]) -> None:
    """Take somebody who goes for good out of what the log says: their address anywhere, their name where
    it stands alone. That something was done stays. In the caller's transaction; crosses brands on purpose."""
    words = (user.email, str(user))
    columns = ("subject", "why", "was", "is_now")
    alike = [Q(**{f"{column}__icontains": word}) for column in columns for word in words]
    with scopes_disabled():
        rows = AuditEntry.objects.annotate(was=Cast("before", TextField()), is_now=Cast("after", TextField()))
        rows = rows.filter(reduce(or_, alike), organisation__in=organisations)
        for entry in rows:
            for column in ("subject", "why", "before", "after"):
                setattr(entry, column, _without(getattr(entry, column), words))
            entry.save(update_fields=["subject", "why", "before", "after"])


def _without(value: Any, words: tuple[str, str]) -> Any:
    if isinstance(value, str):
        email, name = words
        return "" if value == name else re.sub(re.escape(email), "", value, flags=re.IGNORECASE)
    if isinstance(value, dict):
        return {key: _without(each, words) for key, each in value.items()}
    return [_without(each, words) for each in value] if isinstance(value, list) else value


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """What a reader of the log asks for; None and "" ask for everything. Days are the reader's, included."""

    by: int | None = None
    brand: int | None = None
    room: str = ""
    since: date | None = None
    until: date | None = None


def entries(organisation: Organisation, wanted: AuditFilter) -> "QuerySet[AuditEntry]":
    """The organisation's entries and its brands', newest first. Crosses brands on purpose."""
    with scopes_disabled():
        rows = AuditEntry.objects.filter(organisation=organisation).select_related("by", "brand")
    if wanted.by is not None:
        rows = rows.filter(by=wanted.by)
    if wanted.brand is not None:
        rows = rows.filter(brand=wanted.brand)
    if wanted.room:
        rows = rows.filter(act__startswith=wanted.room + ".")
    if wanted.since:
        rows = rows.filter(at__date__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__date__lte=wanted.until)
    return rows.order_by("-pk")
