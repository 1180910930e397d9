"""The clock of the agency: a row is the truth, a job is only a nudge."""

import contextlib

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from palabre.agency.emptying import empty_leaving
from palabre.agency.mail import send_waiting


@app.periodic(cron="*/5 * * * *")
@app.task(name="agency.invite", queueing_lock="agency.invite", pass_context=False)
def invite(timestamp: int = 0) -> None:
    """Every five minutes, and when somebody is invited: send the invitations that wait."""
    send_waiting(now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="agency.empty", queueing_lock="agency.empty", lock="agency.empty", pass_context=False)
def empty(timestamp: int = 0) -> None:
    """Every five minutes, and when somebody deletes a brand: empty the brands that are to go."""
    empty_leaving()


def invite_soon() -> None:
    """Let a worker send at once, unless it is about to; for after a commit."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        invite.defer(timestamp=int(timezone.now().timestamp()))  # type: ignore[call-arg]


def empty_soon() -> None:
    """Let a worker begin at once, unless it is about to; for after a commit."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        empty.defer(timestamp=int(timezone.now().timestamp()))  # type: ignore[call-arg]
