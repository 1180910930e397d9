"""What is promised to who writes: opening hours, delays, and what became of each promise."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from palabre.agency.models import Brand, Team, User
from palabre.channels.models import Channel
from palabre.inbox.models.talk import Conversation, Priority


class Due(models.TextChoices):
    """The three moments by which something is to be done."""

    ANSWER = "answer", pgettext_lazy("due", "the promised answer")
    RESOLVE = "resolve", pgettext_lazy("due", "the promised resolution")
    HAND = "hand", pgettext_lazy("due", "the date set by hand")


class Rhythm(models.Model):
    """When a brand answers, and how long a colleague may be silent; a brand without a row is always open.

    `week`: seven lists from Monday on, each of spans [from, to] in minutes of the day on the brand's clock.
    On public holidays of `country` and on `closed` days nobody answers. `zone` is the clock for which the
    open dues were reckoned. `silent_minutes`: of working time, None: nothing is taken back.
    """

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="+")
    week: Any = models.JSONField(default=list)
    country = models.CharField(_("closed on the public holidays of"), max_length=2, blank=True)
    closed = ArrayField(models.DateField(), default=list, blank=True)
    zone = models.CharField(max_length=64)
    silent_minutes = models.PositiveIntegerField(null=True)
    back_to = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager(brand="brand")


class Promise(models.Model):
    """Within what delay an account answers, or the whole brand (`channel` None). An account's own wins whole.

    Minutes, None where nothing is promised; of working time where `in_hours`, of the clock otherwise.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.OneToOneField(
        Channel, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    first_minutes = models.PositiveIntegerField(null=True)
    next_minutes = models.PositiveIntegerField(null=True)
    resolve_minutes = models.PositiveIntegerField(null=True)
    in_hours = models.BooleanField(default=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand"], condition=Q(channel=None), name="promise_of_brand"),
            models.UniqueConstraint(fields=["brand", "channel"], name="promise_of_channel"),
        ]


class Escalation(models.Model):
    """What happens `minutes` after a due (before it below zero), once for each due.

    `since`: it concerns what falls due by it from then on, never a past it did not know.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    due = models.CharField(max_length=8, choices=Due.choices, default=Due.ANSWER)
    minutes = models.IntegerField(default=0)
    priority = models.SmallIntegerField(null=True, choices=Priority.choices)
    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    people = models.ManyToManyField(User, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("due", "minutes", "id")
        constraints = [
            models.UniqueConstraint(fields=["brand", "id"], name="escalation_in_brand"),
            models.CheckConstraint(condition=Q(person=None) | Q(team=None), name="escalation_one_hand"),
        ]


class Escalated(models.Model):
    """That a rule did its part for one due: what is here is not done again."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    escalation = models.ForeignKey(
        Escalation, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    due = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["escalation", "conversation", "due"], name="escalated_once")
        ]


class Kept(models.Model):
    """What became of one promise, for the figures: written when the answer stands or the case is closed.

    `since` is when they began to wait, `due` what was promised, None for nothing. `taken` and `worked` are
    seconds of the clock and of working time, what was put off left out. It outlives its conversation.
    """

    class What(models.TextChoices):
        """Which promise."""

        FIRST = "first", pgettext_lazy("promise", "first answer")
        NEXT = "next", pgettext_lazy("promise", "next answer")
        RESOLVE = "resolve", pgettext_lazy("promise", "resolution")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    conversation = models.ForeignKey(
        Conversation,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    what = models.CharField(max_length=8, choices=What.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()
    at = models.DateTimeField()
    due = models.DateTimeField(null=True)
    taken = models.IntegerField()
    worked = models.IntegerField()

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "what", "since"], name="kept_once"),
        ]
        indexes = [models.Index(fields=["brand", "at"], name="kept_by_time")]
