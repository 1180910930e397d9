"""The worker's door to a bulk import: a row is the truth, a job only a nudge."""

from django.utils import timezone
from procrastinate.contrib.django import app

from palabre.publishing.importing.stages import TASK, forgotten, nudge_import, work


@app.task(name=TASK)
def work_import(source: int) -> None:
    """Read, save or undo one import."""
    work(source)


@app.periodic(cron="* * * * *")
@app.task(name="publishing.imports", queueing_lock="publishing.imports")
def take_up(timestamp: int = 0) -> None:
    """Every minute: what a stopped worker left is taken up again."""
    for source in forgotten(now=timezone.now()):
        nudge_import(source)
