"""The clock of the way in: a row is the truth, a job is only a nudge."""

from procrastinate.contrib.django import app

from palabre.intake.pull import pull_due
from palabre.kit.pace import HostPacer
from palabre.listening.matching import Matcher

_matcher = Matcher()
_pacer = HostPacer()


@app.periodic(cron="*/15 * * * * *")
@app.task(name="intake.pull", queueing_lock="intake.pull")
async def pull(timestamp: int = 0) -> None:
    """Every fifteen seconds: ask the places that are due."""
    await pull_due(_matcher, _pacer)
