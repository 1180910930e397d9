"""What a brand writes into its calendar: notes, days of its own, the days it hides, its private feeds."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User


class CalendarNote(models.Model):
    """A word on one day or several. One that comes back each year is a day of the brand's own."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    text = models.CharField(_("text"), max_length=300)
    first_day = models.DateField(_("day"))
    last_day = models.DateField(_("last day"))
    yearly = models.BooleanField(_("every year"), default=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        app_label = "publishing"
        ordering = ("first_day", "id")
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="calendar_note_order")
        ]
        indexes = [models.Index(fields=["brand", "last_day"], name="calendar_note_days")]

    def __str__(self) -> str:
        return self.text


class Almanac(models.Model):
    """Which days a brand's calendar shows: countries (ISO 3166-1), school zones, and those it hides."""

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="+")
    countries = ArrayField(models.CharField(max_length=2), default=list)
    zones = ArrayField(models.CharField(max_length=1), default=list)
    marronniers = models.BooleanField(default=True)
    hidden = ArrayField(models.CharField(max_length=80), default=list)

    objects = ScopedManager(brand="brand")

    class Meta:
        app_label = "publishing"


def new_token() -> str:
    """What nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """A person's private address of a brand's calendar; it falls silent when they may no longer look."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    made_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        app_label = "publishing"
        constraints = [models.UniqueConstraint(fields=["brand", "user"], name="calendar_feed_once")]

    def renew(self) -> None:
        """A new address; the old one is forgotten."""
        self.token = new_token()
