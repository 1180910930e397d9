"""The clock of the answers: a row is the truth, a job is only a nudge."""

from django.utils import timezone
from procrastinate.contrib.django import app

from palabre.inbox.approval.mail import tell_people
from palabre.inbox.conversations import wake_sleepers
from palabre.inbox.finding import find_unknown
from palabre.inbox.nudge import TASK
from palabre.inbox.sending import send_due


@app.task(name=TASK, queueing_lock=TASK)
async def send(timestamp: int = 0) -> None:
    """Send what is ready."""
    await send_due(timezone.now)


@app.periodic(cron="* * * * * */10")
@app.task(name="inbox.clock", queueing_lock="inbox.clock")
async def clock(timestamp: int = 0) -> None:
    """Every ten seconds, whether a nudge came or not: send what is ready, look for what was lost."""
    await send_due(timezone.now)
    await find_unknown(timezone.now)


@app.periodic(cron="* * * * * */20")
@app.task(name="inbox.tell", queueing_lock="inbox.tell")
def tell(timestamp: int = 0) -> None:
    """Every twenty seconds: tell by mail whose turn it is to approve an answer, or to change one."""
    tell_people(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="inbox.wake", queueing_lock="inbox.wake")
def wake(timestamp: int = 0) -> None:
    """Every minute: conversations whose hour has come are open again."""
    wake_sleepers(now=timezone.now())
