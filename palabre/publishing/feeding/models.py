"""A feed whose entries become contents, and what became of each entry."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.kit.states import Graph

RELAY = Graph(
    first="active",
    moves={
        "active": frozenset({"active", "failing", "stopped", "paused"}),
        "failing": frozenset({"active", "failing", "stopped", "paused"}),
        "stopped": frozenset({"active", "paused"}),
        "paused": frozenset({"active"}),
    },
)
"""A failing feed is tried again by itself; a stopped one waits for a person."""
ASKED = ("active", "failing")


class Put(models.TextChoices):
    """What becomes of a new entry."""

    DRAFT = "draft", _("a draft, to read again")
    QUEUE = "queue", _("planned at the next free slot of the queue")
    HOURS = "hours", _("planned at the next of these hours")


class Relay(models.Model):
    """A feed on its way to contents.

    `words` is a query of the topics' language, "" for everything. `first` is how many of the entries
    that are there already are wanted at the first look. What was published before `since` is no news.
    `cursor` is the feed reader's own.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    url = models.URLField(max_length=2000)
    channels = ArrayField(models.BigIntegerField(), default=list)
    template = models.TextField(max_length=5000)
    card = models.BooleanField(default=True)
    put = models.CharField(max_length=6, choices=Put, default=Put.DRAFT)
    hours = ArrayField(models.TimeField(), default=list)
    words = models.CharField(max_length=1000, blank=True)
    a_day = models.PositiveSmallIntegerField(default=3)
    first = models.PositiveSmallIntegerField(default=0)
    campaign = models.ForeignKey(
        "publishing.Campaign", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    pillar = models.ForeignKey(
        "publishing.Pillar", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    state = models.CharField(max_length=8, choices=[(s, s) for s in RELAY.moves], default=RELAY.first)
    cursor: Any = models.JSONField(null=True)
    since = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_params: Any = models.JSONField(default=dict)

    objects = ScopedManager(brand="brand")

    class Meta:
        app_label = "publishing"
        ordering = ("name", "id")
        constraints = [models.UniqueConstraint(fields=["brand", "id"], name="relay_in_brand")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state__in=ASKED), name="relay_due"),
            models.Index(fields=["brand", "name"], name="relay_named"),
        ]

    def __str__(self) -> str:
        return self.name


WAITS = timedelta(days=7)
"""What waits for a day with room longer than this is news no more, and is left out."""
ENTRIES = ("known", "out", "waiting", "made", "old")
"""`known` was there before; `out` does not match the words; `old` waited too long for a day with room."""


class RelayEntry(models.Model):
    """An entry of a feed, once for ever. `fault` says why its content is only a draft, "" for none."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    relay = models.ForeignKey(Relay, on_delete=models.CASCADE, related_name="entries", db_constraint=False)
    remote_id = models.CharField(max_length=500)
    state = models.CharField(max_length=7, choices=[(s, s) for s in ENTRIES])
    said: Any = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=12, blank=True)
    post = models.OneToOneField(
        "publishing.Post", null=True, on_delete=models.SET_NULL, related_name="entry", db_constraint=False
    )

    objects = ScopedManager(brand="brand")

    class Meta:
        app_label = "publishing"
        ordering = ("-seen_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["relay", "remote_id"], name="relay_entry_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="relay_entry_in_brand"),
        ]
        indexes = [
            models.Index(fields=["relay", "-seen_at"], name="relay_entry_seen"),
            models.Index(fields=["relay", "seen_at"], condition=Q(state="waiting"), name="relay_entry_waits"),
            models.Index(fields=["relay", "made_at"], name="relay_entry_made"),
        ]

    @property
    def at(self) -> datetime:
        """When it was published, else when it was seen."""
        return self.published_at or self.seen_at
