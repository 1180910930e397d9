"""A series of contents, and each of its occurrences."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.kit.states import Graph
from palabre.publishing.composing.content import Content
from palabre.publishing.recurring.rules import LONGEST, Rule

SERIES = Graph(
    first="active",
    moves={
        "active": frozenset({"paused", "ended"}),
        "paused": frozenset({"active", "ended"}),
        "ended": frozenset({"active"}),
    },
)
"""Only an active series makes contents; a paused or ended one has none that is still to leave."""


class Recurring(models.Model):
    """What comes back by a rule. `content` is what all occurrences share, `wordings` take turns as its text.
    `changes` is what an account says in its own words all the same, by its key as text.

    `rule` is an RRULE, from `starts_on` at `hour` on the clock of the brand. `channels` are keys of
    accounts. Occurrences are made up to `made_until`; None: not looked at since it changed.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(max_length=8, choices=[(s, s) for s in SERIES.moves], default=SERIES.first)
    content: Any = models.JSONField(default=dict)
    wordings = ArrayField(models.TextField(), default=list)
    channels = ArrayField(models.BigIntegerField(), default=list)
    changes: Any = models.JSONField(default=dict)
    campaign = models.ForeignKey(
        "publishing.Campaign", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    pillar = models.ForeignKey(
        "publishing.Pillar", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    rule = models.CharField(max_length=LONGEST)
    starts_on = models.DateField()
    hour = models.TimeField(default=time(10))
    made_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        app_label = "publishing"
        ordering = ("name", "id")
        constraints = [models.UniqueConstraint(fields=["brand", "id"], name="recurring_in_brand")]
        indexes = [
            models.Index(fields=["made_until"], condition=Q(state="active"), name="recurring_to_make"),
            models.Index(fields=["brand", "name"], name="recurring_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def follows(self) -> Rule:
        """When it comes back."""
        start = datetime.combine(self.starts_on, self.hour)
        return Rule(text=self.rule, start=start, zone=ZoneInfo(self.brand.time_zone))

    @property
    def endless(self) -> bool:
        """Whether it comes back for ever: an evergreen content."""
        return not {"COUNT", "UNTIL"} & self.follows.parts.keys()

    def said(self, turn: int) -> Content:
        """The content with the wording whose turn it is."""
        return Content.read(self.content).with_changes({"text": self.wordings[turn % len(self.wordings)]})

    def own(self, channel: int) -> dict[str, Any]:
        """What an account says differently, whole fields."""
        return dict(self.changes.get(str(channel), {}))

    def files(self) -> set[int]:
        """The files it shows, on whichever account."""
        said = [self.content, *self.changes.values()]
        return {medium["asset"] for each in said for medium in each.get("media", ())}


class Occurrence(models.Model):
    """One time of a series, once for ever. `slot` is the hour the rule says, as `2027-03-28T02:30`.

    `at` is the moment it was made for, `turn` the wording it got. Its content goes its own way: moved
    or changed, it is its own; put away, the occurrence is skipped and not made again.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    recurring = models.ForeignKey(
        Recurring, on_delete=models.CASCADE, related_name="occurrences", db_constraint=False
    )
    slot = models.CharField(max_length=16)
    at = models.DateTimeField()
    turn = models.IntegerField()
    post = models.OneToOneField(
        "publishing.Post",
        null=True,
        on_delete=models.SET_NULL,
        related_name="occurrence",
        db_constraint=False,
    )

    objects = ScopedManager(brand="brand")

    class Meta:
        app_label = "publishing"
        ordering = ("at",)
        constraints = [models.UniqueConstraint(fields=["recurring", "slot"], name="occurrence_once")]
        indexes = [models.Index(fields=["recurring", "at"], name="occurrence_when")]
