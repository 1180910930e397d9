"""The clock of the way in: a row is the truth, a job is only a nudge."""

import contextlib
import logging
from time import monotonic

from django.db import transaction
from django.utils import timezone
from django_scopes import scope
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from palabre.agency.models import Brand
from palabre.enrichment import quality
from palabre.intake.hear import hear_due
from palabre.intake.pull import Puller, pull_due
from palabre.intake.watch import watch_brand
from palabre.listening.checks import check_rollups
from palabre.listening.lessons import Learnt
from palabre.listening.record import rebuild
from palabre.listening.refine import refine as refine_brand

log = logging.getLogger(__name__)
_puller = Puller.new()
_learnt = Learnt()
A_TURN = 30
"""Items the better model reads of one brand before it is the next one's turn: a second or three."""
A_MINUTE = 45.0
"""Seconds of a minute it reads for; what is left of them is for everything else."""


@app.periodic(cron="* * * * * */15")
@app.task(name="intake.pull", queueing_lock="intake.pull")
async def pull(timestamp: int = 0) -> None:
    """Every fifteen seconds: ask the places that are due."""
    await pull_due(_puller)


@app.periodic(cron="* * * * * */15")
@app.task(name="intake.hear", queueing_lock="intake.hear", lock="intake.hear")
async def hear(timestamp: int = 0) -> None:
    """Every fifteen seconds: hear the accounts that are due."""
    await hear_due(timezone.now)


def hear_soon() -> None:
    """Hear at once what a person asks for; where a round waits in the queue already, it will do."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        hear.defer()


def pull_soon() -> None:
    """Ask at once what a person just added; where a round waits in the queue already, it will do."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        pull.defer()


@app.periodic(cron="*/5 * * * *")
@app.task(name="intake.watch", queueing_lock="intake.watch")
def watch(timestamp: int = 0) -> None:
    """Every five minutes: thresholds and bursts of every brand."""
    for brand in Brand.objects.live():
        watch_brand(brand, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="intake.refine", queueing_lock="intake.refine", lock="intake.refine")
def refine(timestamp: int = 0) -> None:
    """Every minute, one at a time, where the better model is installed: the brands read in turn."""
    if not quality.available():
        return
    until = monotonic() + A_MINUTE
    waiting = list(Brand.objects.live())
    while waiting:
        waiting = [brand for brand in waiting if monotonic() < until and _read_some(brand)]


def _read_some(brand: Brand) -> bool:
    """Whether there may be more."""
    with scope(brand=brand):
        return refine_brand(brand=brand, learnt=_learnt, now=timezone.now(), most=A_TURN) == A_TURN


@app.periodic(cron="17 3 * * *")
@app.task(name="intake.recount", queueing_lock="intake.recount")
def recount(timestamp: int = 0) -> None:
    """Every night: compare the counts with what they count, and count again where they differ."""
    for brand in Brand.objects.live():
        with scope(brand=brand), transaction.atomic():
            if drifts := check_rollups(brand=brand):
                log.error("the counts of %s had drifted in %d places: counted again", brand.slug, len(drifts))
                rebuild(brand=brand)


@app.periodic(cron="*/10 * * * *")
@app.task(name="intake.unstall", queueing_lock="intake.unstall", pass_context=True)
async def unstall(context: JobContext, timestamp: int = 0) -> None:
    """Every ten minutes: jobs whose worker died are done again, and jobs done long ago are forgotten.

    Where the same work waits in the queue already, one of the two is enough: the dead one is closed.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=120):
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            await jobs.finish_job(job, Status.FAILED, delete_job=False)
    await jobs.delete_old_jobs(nb_hours=72, include_failed=True)
