"""The accounts a brand speaks with, how they are signed in, and what their calls cost."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.channels.states import CHANNEL
from palabre.kit.secrecy import SecretField


class Channel(models.Model):
    """An account of the brand on a network. One row an account for ever: signing in again keeps it.

    `account` is the network's own id of the account, `server` its address where a network has many.
    `rules` holds what this server or plan allows where it differs from the network's own rules.
    `credentials` is JSON, sealed. They stop working at `fresh_until` and are then renewed;
    `signed_in_until` is when even that ends and a person has to sign in again, None where it does not.
    `by_hand`: nothing is sent there by Palabre, a person publishes and brings the address back.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=40)
    server = models.CharField(_("server"), max_length=255, blank=True)
    account = models.CharField(max_length=255)
    handle = models.CharField(_("handle"), max_length=255, blank=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    url = models.URLField(max_length=500, blank=True)
    avatar_url = models.URLField(max_length=1000, blank=True)
    state = models.CharField(max_length=16, choices=[(s, s) for s in CHANNEL.moves], default=CHANNEL.first)
    credentials = SecretField(blank=True, default="")
    scopes = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    rules: Any = models.JSONField(default=dict, blank=True)
    signed_in_at = models.DateTimeField(default=timezone.now)
    signed_in_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_in_until = models.DateTimeField(null=True)
    fresh_until = models.DateTimeField(null=True)
    refreshing_until = models.DateTimeField(null=True)
    by_hand = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    resting_until = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_params: Any = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("network", "handle")
        constraints = [
            models.UniqueConstraint(fields=["brand", "network", "account"], name="channel_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="channel_in_brand"),
        ]

    def __str__(self) -> str:
        return self.name or self.handle or self.account


class SignInUnderWay(models.Model):
    """A sign-in at a network: what must still be known when the person comes back from there.

    `state` is the unguessable word that travels with them; `secrets` (JSON) what was typed and what
    the exchange will need; used once, dead after a quarter of an hour.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=64, unique=True)
    secrets = SecretField(blank=True, default="")
    started_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")


class Registration(models.Model):
    """Palabre's own registration as an application at a server: made once, used by every brand."""

    network = models.CharField(max_length=40)
    server = models.CharField(max_length=255)
    redirect_uri = models.URLField(max_length=500)
    secrets = SecretField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "server", "redirect_uri"], name="registration_once")
        ]


class CallCount(models.Model):
    """What a channel asked of its network in an hour: calls, and the budget's points where it counts so."""

    pk = models.CompositePrimaryKey("channel", "hour", "budget")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    hour = models.DateTimeField()
    budget = models.CharField(max_length=40)
    spent = models.IntegerField(default=0)

    objects = ScopedManager(brand="brand")
