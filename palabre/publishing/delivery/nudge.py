"""Telling a worker to look at what is due: once for each second at which something is."""

from datetime import UTC, datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

TASK = "publishing.send"
ASK = "publishing.ask"
"""Asks people by mail for the approvals that wait for them."""


def nudge(*moments: datetime) -> None:
    """Wake a worker at each moment, in the caller’s transaction: the job is there if and only if the plan is.

    Without it the clock would see the delivery within ten seconds anyway.
    """
    wanted = {f"{TASK}:{at.astimezone(UTC):%Y%m%d%H%M%S}": at for at in moments}
    if len(wanted) > 1:
        waiting = ProcrastinateJob.objects.filter(queueing_lock__in=wanted, status="todo")
        there = set(waiting.values_list("queueing_lock", flat=True))
        wanted = {lock: at for lock, at in wanted.items() if lock not in there}
    for lock, at in wanted.items():
        job = app.configure_task(TASK, schedule_at=at, queueing_lock=lock)
        try:
            # A savepoint: that the job is there already must not undo the plan.
            with transaction.atomic():
                job.defer()
        except AlreadyEnqueued:
            continue


def wake(task: str) -> None:
    """Wake a worker for a task without arguments, in the caller's transaction; once is enough."""
    try:
        with transaction.atomic():
            app.configure_task(task, queueing_lock=task).defer()
    except AlreadyEnqueued:
        return
