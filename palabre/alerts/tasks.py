"""The clock of alerts: a row is the truth, a job is only a nudge."""

import contextlib

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from palabre.alerts.gather import gather_due
from palabre.alerts.send import due_digests, send_digest


@app.periodic(cron="* * * * * */10")
@app.task(name="alerts.tick", queueing_lock="alerts.tick", pass_context=False)
def tick(timestamp: int) -> None:
    """Every ten seconds: gather what is due, send what is ready."""
    nudge()


def nudge() -> None:
    """Gather and send everything that is due now."""
    now = timezone.now()
    gather_due(now=now)
    for digest in due_digests(now=now):
        send_digest(digest, now=timezone.now())


def nudge_soon() -> None:
    """Let a worker gather and send at once, unless a nudge waits already; the clock would come anyway.

    For after a commit: within a transaction the job's lock would make writers wait for each other.
    """
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        tick.defer(timestamp=int(timezone.now().timestamp()))  # type: ignore[call-arg]
