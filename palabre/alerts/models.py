"""Alerts: a rule says what to tell whom and when; an event is something to tell; a digest is one sending.

This room knows no topic and no item: an event holds all that its readers need to see, frozen when
it happened, and plain numbers that lead back to the pages.
"""

import secrets
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand
from palabre.alerts.states import DIGEST
from palabre.kit.secrecy import SecretField


class Trigger(models.TextChoices):
    """What sets a rule off."""

    MENTION = "mention", _("each new mention")
    THRESHOLD = "threshold", _("a threshold is crossed")
    BURST = "burst", _("bad buzz or an unusual volume")


class Frequency(models.TextChoices):
    """The highest rate: never a message when there is nothing new."""

    INSTANT = "instant", _("as it happens")
    HOURLY = "hourly", _("at most once an hour")
    DAILY = "daily", _("at most once a day")
    WEEKLY = "weekly", _("at most once a week")


def new_token() -> str:
    """An unguessable word for private addresses."""
    return secrets.token_urlsafe(24)


class Rule(models.Model):
    """What to tell whom, and when. `topics` empty means all of them; hours are in `time_zone`."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    topics = ArrayField(models.BigIntegerField(), verbose_name=_("topics"), default=list, blank=True)
    trigger = models.CharField(_("trigger"), max_length=12, choices=Trigger.choices, default=Trigger.MENTION)
    filter = models.JSONField(default=dict, blank=True)
    frequency = models.CharField(
        _("frequency"), max_length=8, choices=Frequency.choices, default=Frequency.DAILY
    )
    hour = models.SmallIntegerField(_("hour"), default=8)
    weekday = models.SmallIntegerField(_("day"), default=0)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    at_most = models.PositiveIntegerField(_("mentions per message"), default=25)
    threshold = models.JSONField(default=dict, blank=True)
    webhook_url = models.URLField(_("webhook address"), blank=True)
    webhook_secret = SecretField(blank=True, default="")
    feed_token = models.CharField(max_length=64, default=new_token, unique=True)
    is_paused = models.BooleanField(_("paused"), default=False)
    next_at = models.DateTimeField(default=timezone.now)
    last_sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("name",)
        indexes = [models.Index(fields=["is_paused", "next_at"], name="alert_rule_due")]

    def __str__(self) -> str:
        return self.name


class Recipient(models.Model):
    """An e-mail address a rule writes to, until it unsubscribes."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="recipients")
    email = models.EmailField(_("e-mail address"))
    token = models.CharField(max_length=64, default=new_token, unique=True)
    unsubscribed_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("email",)
        constraints = [models.UniqueConstraint(fields=["rule", "email"], name="recipient_once")]


class Event(models.Model):
    """Something to tell. `key` makes it unique within its brand, so that nothing is told twice."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    trigger = models.CharField(max_length=12, choices=Trigger.choices)
    at = models.DateTimeField()
    raised_at = models.DateTimeField(default=timezone.now)
    topic = models.BigIntegerField(null=True)
    topic_name = models.CharField(max_length=120, blank=True)
    item = models.BigIntegerField(null=True)
    title = models.TextField(blank=True)
    excerpt = models.TextField(blank=True)
    url = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    seen_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("-at", "-id")
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="event_once")]
        indexes = [models.Index(fields=["brand", "-at"], name="event_brand_at")]


class Waiting(models.Model):
    """An event a rule has to tell and has not gathered yet: taken out in the digest's transaction."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="waiting")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "event"], name="waiting_once")]


class Way(models.TextChoices):
    """How a digest leaves."""

    EMAIL = "email", _("e-mail")
    WEBHOOK = "webhook", _("webhook")


class Digest(models.Model):
    """One sending to one recipient. Its identity goes out with it, so that a receiver can tell a repeat."""

    identity = models.UUIDField(default=uuid.uuid4, unique=True)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="digests")
    way = models.CharField(max_length=8, choices=Way.choices)
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.CASCADE, related_name="digests")
    events = models.ManyToManyField(Event, related_name="digests")
    more = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=[(s, s) for s in DIGEST.moves], default=DIGEST.first)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["state", "next_at"], name="digest_due")]


class MailServer(models.Model):
    """Where mail leaves from: one for the installation, typed by the owner; the environment wins."""

    class Security(models.TextChoices):
        """How the line to the server is protected."""

        STARTTLS = "starttls", "STARTTLS"
        TLS = "tls", "TLS"
        NONE = "none", _("none")

    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(_("port"), default=587)
    security = models.CharField(
        _("security"), max_length=8, choices=Security.choices, default=Security.STARTTLS
    )
    user = models.CharField(_("user name"), max_length=254, blank=True)
    password = SecretField(blank=True, default="")
    sender = models.CharField(_("sender"), max_length=254)
