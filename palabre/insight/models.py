"""What the burst detectors have learnt, so that a restart forgets nothing."""

from django.db import models
from django_scopes import ScopedManager

from palabre.agency.models import Brand


class Gauge(models.Model):
    """The detector of one topic: its state as JSON, and up to when the series was judged.

    `begun_at` separates the past it was taught from the present it judges. `topic` is an id of the
    listening room; a topic that is gone takes its gauge along at the next round.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    topic = models.BigIntegerField(unique=True)
    state = models.JSONField(default=dict)
    judged_until = models.DateTimeField()
    begun_at = models.DateTimeField()

    objects = ScopedManager(brand="brand")
