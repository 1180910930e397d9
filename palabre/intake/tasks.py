"""The clock of the way in: a row is the truth, a job is only a nudge."""

from django.utils import timezone
from procrastinate.contrib.django import app

from palabre.agency.models import Brand
from palabre.intake.pull import Puller, pull_due
from palabre.intake.watch import watch_brand

_puller = Puller.new()


@app.periodic(cron="* * * * * */15")
@app.task(name="intake.pull", queueing_lock="intake.pull")
async def pull(timestamp: int = 0) -> None:
    """Every fifteen seconds: ask the places that are due."""
    await pull_due(_puller)


@app.periodic(cron="*/5 * * * *")
@app.task(name="intake.watch", queueing_lock="intake.watch")
def watch(timestamp: int = 0) -> None:
    """Every five minutes: thresholds and bursts of every brand."""
    for brand in Brand.objects.all():
        watch_brand(brand, now=timezone.now())
