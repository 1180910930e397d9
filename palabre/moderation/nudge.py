"""Telling a worker to look at the decisions that are to be carried out."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

TASK = "moderation.act"


def wake() -> None:
    """Wake a worker, in the caller's transaction; the clock would see the decision within ten seconds."""
    try:
        with transaction.atomic():  # that the job is there already must not undo the decision
            app.configure_task(TASK, queueing_lock=TASK).defer()
    except AlreadyEnqueued:
        return
