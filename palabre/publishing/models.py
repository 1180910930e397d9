"""What the brand says: the content (post), its form for one channel (variant), one sending (delivery)."""

import uuid
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.channels.models import Channel
from palabre.networks.rules import MediaKind
from palabre.publishing.approval.models import Approval as Approval
from palabre.publishing.approval.models import ApprovalLink as ApprovalLink
from palabre.publishing.approval.models import ApprovalTier as ApprovalTier
from palabre.publishing.calendar.models import Almanac as Almanac
from palabre.publishing.calendar.models import CalendarFeed as CalendarFeed
from palabre.publishing.calendar.models import CalendarNote as CalendarNote
from palabre.publishing.composing.content import Content
from palabre.publishing.composing.models import Block as Block
from palabre.publishing.composing.models import LinkMarks as LinkMarks
from palabre.publishing.composing.models import PageCard as PageCard
from palabre.publishing.composing.models import Remark as Remark
from palabre.publishing.composing.models import Unsaved as Unsaved
from palabre.publishing.delivery.states import DELIVERY, STUCK
from palabre.publishing.feeding.models import Relay as Relay
from palabre.publishing.feeding.models import RelayEntry as RelayEntry
from palabre.publishing.importing.models import Import as Import
from palabre.publishing.importing.models import ImportPiece as ImportPiece
from palabre.publishing.importing.models import ImportRow as ImportRow
from palabre.publishing.queue.models import QueuePlace as QueuePlace
from palabre.publishing.queue.models import QueueSlot as QueueSlot
from palabre.publishing.recurring.models import Occurrence as Occurrence
from palabre.publishing.recurring.models import Recurring as Recurring


class Campaign(models.Model):
    """An operation with a beginning and an end, which gathers contents."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    archived_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["brand", "name"], name="campaign_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="campaign_in_brand"),
        ]

    def __str__(self) -> str:
        return self.name


class Pillar(models.Model):
    """A line of the editorial policy (rubrique), with the share of the contents it should have."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    target = models.PositiveSmallIntegerField(_("share aimed at, in %"), null=True, blank=True)
    position = models.IntegerField(default=0)
    archived_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("position", "name")
        constraints = [
            models.UniqueConstraint(fields=["brand", "name"], name="pillar_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="pillar_in_brand"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A content, written once. `revision` grows with each save: two people never overwrite each other."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("name"), max_length=160, blank=True)
    content: Any = models.JSONField(default=dict)
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts", db_constraint=False
    )
    pillar = models.ForeignKey(
        Pillar, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts", db_constraint=False
    )
    note = models.TextField(_("note"), blank=True)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("-changed_at",)
        constraints = [models.UniqueConstraint(fields=["brand", "id"], name="post_in_brand")]
        indexes = [models.Index(fields=["brand", "-changed_at"], name="post_changed")]

    def __str__(self) -> str:
        return self.name or self.said.opening

    @property
    def said(self) -> Content:
        """The content as a value."""
        return Content.read(self.content)

    def deliveries(self) -> "models.QuerySet[Delivery]":
        """Every sending of it, on whichever channel."""
        return Delivery.objects.filter(variant__post=self)


class Version(models.Model):
    """A content as it was saved, with what each channel said differently: kept to compare and to go back."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions", db_constraint=False)
    revision = models.IntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    content: Any = models.JSONField()
    channels: Any = models.JSONField(default=dict)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("-revision",)
        constraints = [models.UniqueConstraint(fields=["post", "revision"], name="version_once")]


class Folder(models.Model):
    """A drawer of the library."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=80)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["brand", "name"], name="folder_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="folder_in_brand"),
        ]

    def __str__(self) -> str:
        return self.name


class Asset(models.Model):
    """A file of the brand's library. `path` is under the media folder, named by the content's digest.

    `size` in bytes, `width` and `height` in pixels as it is shown, `seconds` for what plays. `rights`
    says whose it is and what was agreed; it may be published up to `expires_on`, that day included.
    `folded` is what the search looks at.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=255)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in MediaKind])
    mime = models.CharField(max_length=80)
    path = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    seconds = models.FloatField(null=True)
    alt = models.TextField(_("alternative text"), blank=True)
    folder = models.ForeignKey(
        Folder, null=True, blank=True, on_delete=models.SET_NULL, related_name="assets", db_constraint=False
    )
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    rights = models.TextField(_("rights"), blank=True)
    expires_on = models.DateField(_("may be published until"), null=True, blank=True)
    folded = models.TextField(default="", blank=True)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("-added_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "digest"], condition=Q(deleted_at=None), name="asset_once"
            ),
            models.UniqueConstraint(fields=["brand", "id"], name="asset_in_brand"),
        ]
        indexes = [models.Index(fields=["brand", "-added_at", "-id"], name="asset_added")]

    def __str__(self) -> str:
        return self.name

    @property
    def rights_over(self) -> bool:
        """Whether it may no longer be published today."""
        return not self.may_leave(timezone.localdate())

    def may_leave(self, day: date) -> bool:
        """Whether its rights allow it to be published that day."""
        return self.expires_on is None or day <= self.expires_on


class Variant(models.Model):
    """A content's form for one channel: only what differs from the post is stored."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="variants", db_constraint=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    changes: Any = models.JSONField(default=dict, blank=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["post", "channel"], name="variant_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="variant_in_brand"),
        ]

    @property
    def said(self) -> Content:
        """The content as this channel says it."""
        return self.post.said.with_changes(self.changes)


class Delivery(models.Model):
    """One sending of a variant, from the plan to the proof.

    `due_at` is the hour it was planned for; `try_at` when it may be tried next (later after a
    failure). `key` is the idempotency key of every call it makes, for ever. `outgoing` is what was
    handed to the network, frozen at the first try; `sent` is what already stands there, step by step,
    so that a half-sent thread goes on at the right part. `told_at`: when people were told that it is
    late or needs them; planning it anew forgets that.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    variant = models.ForeignKey(
        Variant, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    state = models.CharField(max_length=12, choices=[(s, s) for s in DELIVERY.moves], default=DELIVERY.first)
    due_at = models.DateTimeField(null=True)
    try_at = models.DateTimeField(null=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    outgoing: Any = models.JSONField(null=True)
    sent: Any = models.JSONField(default=list)
    begun_at = models.DateTimeField(null=True)
    remote_id = models.CharField(max_length=500, blank=True)
    remote_url = models.URLField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_params: Any = models.JSONField(default=dict)
    problems: Any = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "id"], name="delivery_in_brand"),
            models.UniqueConstraint(
                fields=["variant"],
                condition=~Q(state__in=["published", "deleted", "cancelled"]),
                name="delivery_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(due_at__isnull=False),
                name="delivery_planned_has_an_hour",
            ),
        ]
        # Partial: what is looked for at every tick stays small however many contents are stored, and a
        # delivery is put into few large indexes before something of it stands at the network.
        indexes = [
            models.Index(fields=["try_at", "id"], condition=Q(state="scheduled"), name="delivery_next"),
            models.Index(fields=["id"], condition=Q(state="sending"), name="delivery_sending"),
            models.Index(fields=["try_at"], condition=Q(state="unknown"), name="delivery_unknown"),
            models.Index(fields=["brand", "due_at"], name="delivery_calendar"),
            models.Index(
                fields=["brand", "due_at"],
                condition=Q(state__in=["scheduled", "sending"]),
                name="delivery_to_go",
            ),
            models.Index(fields=["channel", "begun_at"], condition=~Q(remote_id=""), name="delivery_stands"),
            models.Index(
                fields=["brand"], condition=Q(state__in=["awaiting", *STUCK]), name="delivery_waits"
            ),
            models.Index(fields=["channel", "remote_id"], condition=~Q(remote_id=""), name="delivery_known"),
            models.Index(fields=["published_at"], condition=Q(state="published"), name="delivery_left"),
        ]


class Step(models.Model):
    """One thing that happened to a delivery: the proof, in order, never changed.

    `by` None is Palabre itself. `state` is where the delivery stood after it.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="steps", db_constraint=False
    )
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    act = models.CharField(max_length=24)
    state = models.CharField(max_length=12)
    attempt = models.IntegerField(default=0)
    code = models.CharField(max_length=60, blank=True)
    params: Any = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("at", "id")


class Measure(models.Model):
    """What a published content counted at an age (seconds after publication); None: the network is silent."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="measures", db_constraint=False
    )
    age = models.BigIntegerField()
    at = models.DateTimeField()
    likes = models.IntegerField(null=True)
    reposts = models.IntegerField(null=True)
    quotes = models.IntegerField(null=True)
    replies = models.IntegerField(null=True)
    views = models.BigIntegerField(null=True)
    clicks = models.IntegerField(null=True)
    gone = models.BooleanField(default=False)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("age",)
        constraints = [models.UniqueConstraint(fields=["delivery", "age"], name="measure_once")]


class Standstill(models.Model):
    """The crisis switch of a brand: from `began_at` to `ended_at` nothing leaves."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField(default=timezone.now)
    began_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.TextField(_("reason"), blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand"], condition=Q(ended_at=None), name="standstill_one_at_a_time"
            )
        ]
