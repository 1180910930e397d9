"""The clock of the desk: what is past its time goes every night, brands move to the zone they chose."""

from django.utils import timezone
from procrastinate.contrib.django import app

from palabre.agency.models import Brand
from palabre.desk.keeping import sweep
from palabre.desk.moving import move_zone


@app.periodic(cron="41 2 * * *")
@app.task(name="desk.sweep", queueing_lock="desk.sweep", pass_context=False)
def sweep_brands(timestamp: int = 0) -> None:
    """Every night, and when a brand chose a shorter time: archived brands too."""
    for brand in Brand.objects.exclude(state="deleting"):
        sweep(brand=brand, now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="desk.move", queueing_lock="desk.move", pass_context=False)
def move_brands(timestamp: int = 0) -> None:
    """At once when one was chosen, and every five minutes for whatever was cut short."""
    for brand in Brand.objects.exclude(wanted_zone="").exclude(state="deleting"):
        move_zone(brand=brand)
