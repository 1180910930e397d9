"""The clock of keeping: what is past its time goes every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from palabre.agency.models import Brand
from palabre.desk.keeping import sweep


@app.periodic(cron="41 2 * * *")
@app.task(name="desk.sweep", queueing_lock="desk.sweep", pass_context=False)
def sweep_brands(timestamp: int = 0) -> None:
    """Every night, and when a brand chose a shorter time: archived brands too."""
    for brand in Brand.objects.exclude(state="deleting"):
        sweep(brand=brand, now=timezone.now())
