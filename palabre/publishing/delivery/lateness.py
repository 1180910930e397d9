"""The watchdog: what should have left and has not, told while it can still be helped."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from palabre.publishing.models import Delivery

LATE_AFTER = timedelta(minutes=2)


def late(*, now: datetime) -> QuerySet[Delivery]:
    """Deliveries in scope whose hour is over by more than `LATE_AFTER` and that still have not left."""
    rows = Delivery.objects.filter(state__in=("scheduled", "sending"), due_at__lt=now - LATE_AFTER)
    return rows.select_related("channel", "variant__post").order_by("due_at")
