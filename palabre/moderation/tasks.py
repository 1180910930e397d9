"""The clock of moderation: a row is the truth, a job is only a nudge."""

from django.utils import timezone
from procrastinate.contrib.django import app

from palabre.moderation.acting import act_on_due
from palabre.moderation.evidence import fetch_pictures
from palabre.moderation.nudge import TASK


@app.task(name=TASK, queueing_lock=TASK)
async def act(timestamp: int = 0) -> None:
    """Carry out what was decided."""
    await act_on_due(timezone.now)


@app.periodic(cron="* * * * * */10")
@app.task(name="moderation.clock", queueing_lock="moderation.clock")
async def clock(timestamp: int = 0) -> None:
    """Every ten seconds, whether a nudge came or not: carry out, and fetch the pictures of the evidence."""
    await act_on_due(timezone.now)
    await fetch_pictures(timezone.now)
