"""A file of contents on its way in: the file itself in pieces, its rows, and what became of each."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.kit.states import Graph
from palabre.publishing.importing.dates import NoDate, Order, read_day

IMPORT = Graph(
    first="reading",
    moves={
        "reading": frozenset({"asking", "ready", "failed", "cancelled"}),
        "asking": frozenset({"reading", "cancelled"}),
        "ready": frozenset({"reading", "saving", "cancelled"}),
        "saving": frozenset({"done", "stopped"}),
        "stopped": frozenset({"saving", "undoing"}),
        "done": frozenset({"undoing"}),
        "undoing": frozenset({"undone"}),
        "undone": frozenset(),
        "failed": frozenset(),
        "cancelled": frozenset(),
    },
)
"""reading → (asking →) ready → saving → done → undoing → undone; nothing is saved before a person says so."""
WORKING = ("reading", "saving", "undoing")
"""A worker has something to do."""
ROWS = ("good", "faulty", "double", "saved", "draft", "undone", "left", "dropped")
"""How a row stands: `draft` was saved with its fault, `left` was published before the undoing, of what is
`dropped` nothing could be kept."""


class Import(models.Model):
    """One file. `done` of `total` is how far the work of the state is: bytes while reading, else rows.

    `order` says what comes first in its dates, "" while nobody knows; `planning` whether what is good
    is planned or kept as drafts; `also_faulty` whether rows with a fault become drafts. `beat_at` is the
    last sign of life of whoever works on it.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=[(s, s) for s in IMPORT.moves], default=IMPORT.first)
    channels = ArrayField(models.BigIntegerField(), default=list)
    size = models.BigIntegerField()
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    layout = models.CharField(max_length=10, blank=True)
    order = models.CharField(max_length=5, blank=True)
    example = models.CharField(max_length=60, blank=True)
    planning = models.BooleanField(default=True)
    also_faulty = models.BooleanField(default=False)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    error_code = models.CharField(max_length=30, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("-begun_at",)
        constraints = [models.UniqueConstraint(fields=["brand", "id"], name="import_in_brand")]
        indexes = [
            models.Index(fields=["brand", "-begun_at"], name="import_begun"),
            models.Index(fields=["beat_at"], condition=Q(state__in=WORKING), name="import_working"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        """How far the work of the state is."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def as_day_first(self) -> date | None:
        """What the example would be, the day first."""
        return self._example(Order.DAY)

    @property
    def as_month_first(self) -> date | None:
        """What the example would be, the month first."""
        return self._example(Order.MONTH)

    def _example(self, order: Order) -> date | None:
        try:
            return read_day(self.example, order)
        except NoDate:
            return None


class ImportPiece(models.Model):
    """A piece of the file, in order; gone once its rows are saved."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pieces", db_constraint=False)
    place = models.IntegerField()
    body = models.BinaryField()

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("place",)
        constraints = [models.UniqueConstraint(fields=["source", "place"], name="importpiece_once")]


class ImportRow(models.Model):
    """A row of the file, read. `faults` are codes with what their sentences name; `fingerprint` what it says.

    What was saved of one fingerprint is saved once in a brand, whichever file it comes from.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_constraint=False)
    line = models.IntegerField()
    state = models.CharField(max_length=8, choices=[(s, s) for s in ROWS])
    said: Any = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)
    faults: Any = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    post = models.ForeignKey(
        "publishing.Post", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("line",)
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "fingerprint"],
                condition=Q(state__in=["saved", "draft"]),
                name="importrow_saved_once",
            )
        ]
        indexes = [
            models.Index(fields=["source", "state", "line"], name="importrow_state"),
            models.Index(fields=["source", "fingerprint"], name="importrow_same"),
        ]
