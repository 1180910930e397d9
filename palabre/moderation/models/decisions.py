"""What waits to be reviewed and why, what was decided, on what evidence, and what the author says to it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.channels.models import Channel
from palabre.inbox.models import Message, Reply
from palabre.moderation.models.charter import Article
from palabre.moderation.states import APPEAL, CASE, DECISION
from palabre.stream.models import Author


class Kind(models.TextChoices):
    """Why a message is reviewed."""

    HELD = "held", pgettext_lazy("why it is reviewed", "held back by the network")
    REPORTED = "reported", pgettext_lazy("why it is reviewed", "reported on the network")
    FLAGGED = "flagged", pgettext_lazy("why it is reviewed", "flagged by a colleague")
    RULE = "rule", pgettext_lazy("why it is reviewed", "a rule")
    WORD = "word", pgettext_lazy("why it is reviewed", "a word list")
    TOXIC = "toxic", pgettext_lazy("why it is reviewed", "may hurt")
    SPAM = "spam", pgettext_lazy("why it is reviewed", "may be spam")


class Case(models.Model):
    """A message to review. `harm` orders the queue (see `rules`), `kinds` are those of its reasons.

    `claimed_by` looks at it until `claimed_until`.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, related_name="case", db_constraint=False
    )
    state = models.CharField(max_length=8, choices=[(s, s) for s in CASE.moves], default=CASE.first)
    harm = models.FloatField(default=0)
    kinds = models.JSONField(default=list)
    opened_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_until = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "id"], name="case_in_brand")]
        indexes = [models.Index(fields=["brand", "state", "-harm", "-id"], name="case_queue")]


class Reason(models.Model):
    """One reason for a case: `label` names the rule or the word list, `note` is a colleague's word, `score`
    and `words` are a guess's."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reasons", db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    label = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    score = models.FloatField(null=True)
    words: Any = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "label", "by"], nulls_distinct=False, name="reason_once"
            )
        ]


class Decision(models.Model):
    """One act of moderation, from the word to the network. `key` is that of every call it makes.

    `target_id`, `author_id_there`, `root_id`: the network's own ids. `until`: when a ban or mute ends.
    `undoes`: the decision that this one takes back. `second_by`: who agreed, where two have to. `before`
    and `after`: how the message stood. `told`: the statement of reasons as the author got it.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    case = models.ForeignKey(
        Case, null=True, on_delete=models.SET_NULL, related_name="decisions", db_constraint=False
    )
    message = models.ForeignKey(
        Message, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    author = models.ForeignKey(
        Author, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    act = models.CharField(max_length=12)
    on_author = models.BooleanField(default=False)
    target_id = models.CharField(max_length=1024, blank=True)
    author_id_there = models.CharField(max_length=512, blank=True)
    root_id = models.CharField(max_length=1024, blank=True)
    text = models.TextField(blank=True)
    until = models.DateTimeField(null=True)
    article = models.ForeignKey(
        Article, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    kinds = models.JSONField(default=list)
    why = models.TextField(blank=True, max_length=2000)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    second_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    second_at = models.DateTimeField(null=True)
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.SET_NULL, related_name="undone_by", db_constraint=False
    )
    state = models.CharField(max_length=8, choices=[(s, s) for s in DECISION.moves], default="asked")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    try_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    answer: Any = models.JSONField(default=dict)
    before: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True)
    error_params: Any = models.JSONField(default=dict)
    told = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    reply = models.ForeignKey(
        Reply, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    waited = models.DurationField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "id"], name="decision_in_brand")]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(state="asked"), name="decision_due"),
            models.Index(fields=["leased_until"], condition=Q(state="acting"), name="decision_lapsed"),
            models.Index(fields=["brand", "-at", "-id"], name="decision_log"),
            models.Index(
                fields=["brand"],
                condition=Q(state__in=["waiting", "by_hand", "refused", "failed"]),
                name="decision_stuck",
            ),
        ]


class Evidence(models.Model):
    """What a decision was taken on, as it was then: it stays when the network loses it."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    decision = models.OneToOneField(
        Decision, on_delete=models.CASCADE, related_name="evidence", db_constraint=False
    )
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    url = models.TextField(blank=True)
    author_name = models.CharField(max_length=256, blank=True)
    author_handle = models.CharField(max_length=256, blank=True)
    author_url = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    said_at = models.DateTimeField()

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "id"], name="evidence_in_brand")]


class Picture(models.Model):
    """A picture of the evidence: its address, and its bytes once fetched. `fault`: why there are none."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.CASCADE, related_name="pictures", db_constraint=False
    )
    url = models.TextField()
    mime = models.CharField(max_length=60, blank=True)
    content = models.BinaryField(null=True)
    fetched_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(fetched_at=None, fault=""), name="picture_to_fetch")
        ]


class Appeal(models.Model):
    """What an author says against a decision; somebody else than who decided handles it."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="appeals", db_constraint=False
    )
    state = models.CharField(max_length=10, choices=[(s, s) for s in APPEAL.moves], default=APPEAL.first)
    words = models.TextField(max_length=5000)
    received_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    handled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    handled_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, max_length=5000)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("received_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["decision"], condition=Q(state="open"), name="appeal_one_open"),
            models.CheckConstraint(
                condition=Q(state="open", handled_at=None) | ~Q(state="open"), name="appeal_handled"
            ),
        ]


class Exposure(models.Model):
    """How much hurtful content one person looked at on one day, in the brand's zone."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    texts = models.IntegerField(default=0)
    pictures = models.IntegerField(default=0)
    told_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "user", "day"], name="exposure_once")]
