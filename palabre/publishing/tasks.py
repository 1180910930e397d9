"""The clock of the way out: a row is the truth, a job is only a nudge."""

from django.utils import timezone
from procrastinate.contrib.django import app

from palabre.publishing.finding import find_unknown
from palabre.publishing.nudge import TASK
from palabre.publishing.sending import send_due


@app.task(name=TASK)
async def send(timestamp: int = 0) -> None:
    """Send what is due, look for what was lost."""
    await send_due(timezone.now)
    await find_unknown(timezone.now)


@app.periodic(cron="* * * * * */10")
@app.task(name="publishing.clock", queueing_lock="publishing.clock")
async def clock(timestamp: int = 0) -> None:
    """Every ten seconds, whether a nudge came or not."""
    await send()
