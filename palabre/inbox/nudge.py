"""Telling a worker to look at the answers that are ready."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

TASK = "inbox.send"


def wake() -> None:
    """Wake a worker, in the caller's transaction; once is enough. Without it the clock would see the
    answer within ten seconds anyway."""
    try:
        # A savepoint: that the job is there already must not undo the answer.
        with transaction.atomic():
            app.configure_task(TASK, queueing_lock=TASK).defer()
    except AlreadyEnqueued:
        return
