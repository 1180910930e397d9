"""The worker's door to series: which are due, and one of them made up to the horizon."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django_scopes import scope, scopes_disabled
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from palabre.publishing.models import Recurring
from palabre.publishing.recurring.making import REFRESH, top_up
from palabre.publishing.recurring.rules import HORIZON

SERIES_TASK = "publishing.series"


def due_series(*, now: datetime) -> list[int]:
    """Series of brands at work that were not looked at for a while. Crosses brands on purpose."""
    behind = Q(made_until=None) | Q(made_until__lt=now + HORIZON - REFRESH)
    with scopes_disabled():
        rows = Recurring.objects.filter(behind, state="active", brand__state="live")
        return list(rows.order_by("made_until").values_list("pk", flat=True))


def nudge_series(series: int) -> None:
    """A job for one series, once at a time: what goes wrong with it stops no other."""
    lock = f"{SERIES_TASK}:{series}"
    try:
        with transaction.atomic():
            app.configure_task(SERIES_TASK, queueing_lock=lock).defer(series=series)
    except AlreadyEnqueued:
        return


def make_series(series: int, *, now: datetime) -> None:
    """Make what is missing of it; nothing if it is gone or its brand rests."""
    with scopes_disabled():
        row = Recurring.objects.select_related("brand").filter(pk=series, brand__state="live").first()
    if row:
        with scope(brand=row.brand):
            top_up(series=row, now=now)
