"""When an account's queue lets something leave, and what was given one of those hours."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand
from palabre.channels.models import Channel


class QueueSlot(models.Model):
    """An hour of the week at which an account says something, on the clock of the brand.

    `weekday` is 0 on Monday. With a `pillar` it takes the contents of that pillar alone.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    weekday = models.PositiveSmallIntegerField(_("day"))
    hour = models.TimeField(_("hour"))
    pillar = models.ForeignKey(
        "publishing.Pillar",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )

    objects = ScopedManager(brand="brand")

    class Meta:
        app_label = "publishing"
        ordering = ("weekday", "hour")
        constraints = [
            models.UniqueConstraint(fields=["channel", "weekday", "hour"], name="queue_slot_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="queue_slot_weekday"),
        ]
        indexes = [models.Index(fields=["brand"], name="queue_slot_brand")]


class QueuePlace(models.Model):
    """The hour the queue gave to a delivery. One that was given another hour by hand left the queue."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    delivery = models.OneToOneField(
        "publishing.Delivery", on_delete=models.CASCADE, related_name="queue_place", db_constraint=False
    )
    at = models.DateTimeField()

    objects = ScopedManager(brand="brand")

    class Meta:
        app_label = "publishing"
        indexes = [models.Index(fields=["brand", "at"], name="queue_place_at")]
