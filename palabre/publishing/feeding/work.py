"""The worker's door to feeds: which are due, a job each, and one of them served."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django_scopes import scope, scopes_disabled
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from palabre.publishing.feeding.models import ASKED
from palabre.publishing.feeding.visiting import claim, serve
from palabre.publishing.models import Relay

RELAY_TASK = "publishing.relay"


def due_relays(*, now: datetime) -> list[int]:
    """Feeds of brands at work that are to be asked now. Crosses brands on purpose."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    with scopes_disabled():
        rows = Relay.objects.filter(free, state__in=ASKED, next_at__lte=now, brand__state="live")
        return list(rows.order_by("next_at").values_list("pk", flat=True))


def nudge_relay(relay: int) -> None:
    """A job for one feed, once at a time: a slow one holds up no other."""
    lock = f"{RELAY_TASK}:{relay}"
    try:
        with transaction.atomic():
            app.configure_task(RELAY_TASK, queueing_lock=lock).defer(relay=relay)
    except AlreadyEnqueued:
        return


def serve_relay(relay: int, *, now: datetime) -> None:
    """Ask it, unless somebody is at it, it is gone or its brand rests."""
    with scopes_disabled():
        row = Relay.objects.select_related("brand").filter(pk=relay, brand__state="live").first()
    if row is None:
        return
    with scope(brand=row.brand):
        if claimed := claim(relay, now):
            serve(claimed, now)
