"""Once a night: what nothing needs any more goes for good."""

from django.utils import timezone
from django_scopes import scope
from procrastinate.contrib.django import app

from palabre.agency.models import Brand
from palabre.publishing.library.sweeping import sweep_files, sweep_left_behind


@app.periodic(cron="40 3 * * *")
@app.task(name="publishing.sweep", queueing_lock="publishing.sweep")
def sweep(timestamp: int = 0) -> None:
    """Files put away long ago, pictures made of them, what was cut off, what brands that are gone left."""
    now = timezone.now()
    for brand in Brand.objects.exclude(state="deleting"):
        with scope(brand=brand):
            sweep_files(brand=brand, now=now)
    sweep_left_behind(now=now)
