"""Rules of a brand and what they did: who made them, how often they fired, on what."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.inbox.models import Message


class Rule(models.Model):
    """If its conditions hold for a message, its actions are done (see `ruling.rules` for both).

    `position` orders the rules. `article`: the number of the charter's article on which it takes something
    away. `failed_at` and `error_code`: the last time it could not be asked or carried out.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=80)
    position = models.IntegerField(default=0)
    is_active = models.BooleanField(default=False)
    conditions: Any = models.JSONField(default=dict)
    actions: Any = models.JSONField(default=list)
    article = models.SmallIntegerField(null=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    fired = models.IntegerField(default=0)
    fired_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["brand", "id"], name="ruling_in_brand")]

    def __str__(self) -> str:
        return self.name


class RuleRun(models.Model):
    """A rule fired for a message, once for ever. `done`: each action with what became of it, and no words of
    anybody. `replied`: it answered the author."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    rule = models.ForeignKey(
        Rule, on_delete=models.CASCADE, related_name="runs", db_index=False, db_constraint=False
    )
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    done: Any = models.JSONField(default=list)
    replied = models.BooleanField(default=False)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "message"], name="rule_run_once")]
        indexes = [models.Index(fields=["rule", "-at", "-id"], name="rule_run_latest")]
