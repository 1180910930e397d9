"""How long a brand keeps what was said: choosing it, and the nightly round that keeps to it."""

from datetime import datetime

from django.db import transaction
from django_scopes import scope

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.alerts.keeping import forget_before
from palabre.inbox.records import remove_empty
from palabre.listening.keeping import BATCH, horizon, remove_authors, remove_before
from palabre.moderation.records import forget_before as forget_decided

CHOICES = (3, 6, 12, 13, 18, 25, 36, 60)
"""Months to choose from. No end is none of them: personal data is kept for a purpose, and a time."""


@transaction.atomic
def keep_for(*, brand: Brand, by: User, months: int) -> None:
    """Choose how long. What is past it goes with the next round, what is not past a longer time stays."""
    if months not in CHOICES:
        raise ValueError(f"{months} months is no choice")
    before = brand.keep_months
    if before == months:
        return
    Brand.objects.filter(pk=brand.pk).update(keep_months=months)
    brand.keep_months = months
    record(brand=brand, by=by, act="brand.keep", subject=brand.name, before=before, after=months)


def sweep(*, brand: Brand, now: datetime, batch: int = BATCH) -> int:
    """Take away what is past its time, a batch a transaction; how many items went. May stop anywhere."""
    before = horizon(brand=brand, now=now)
    gone = 0
    with scope(brand=brand):
        while items := remove_before(brand=brand, before=before, most=batch):
            gone += items
        while remove_empty(most=batch):
            pass
        while remove_authors(brand=brand, most=batch):
            pass
        while forget_before(brand=brand, before=before, most=batch):
            pass
        while forget_decided(brand=brand, before=before, most=batch):
            pass
    if gone:
        record(brand=brand, by=None, act="privacy.sweep", subject=f"{gone}", after=before.date().isoformat())
    return gone
