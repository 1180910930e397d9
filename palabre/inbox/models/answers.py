"""What leaves: a reply, from the draft to the proof; who approves it; a reader's gesture."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, Team, User
from palabre.channels.models import Channel
from palabre.inbox.models.talk import Conversation, Message
from palabre.inbox.states import GESTURE, REPLY


class Reply(models.Model):
    """One answer, from the draft to the proof. `key` is that of every call it makes, for ever.

    `to` is the message that is answered, None once it is gone; `target_id` and `target_url` are the network's
    own of it. `seen` is the last one its writer had before them. `then` is where the conversation goes once
    it left. `begun_at`: when it was first handed over; `sent`: what stands.

    `media` are the files as its writer chose them (`publishing.composing.content.Medium`), `files` as they
    are handed over, frozen once it is ready. `decided_by` approved it or sent it back, `note` is their word;
    `told_at`: when those were told whose turn it is since it was asked, or sent back.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="replies", db_constraint=False
    )
    to = models.ForeignKey(
        Message, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    target_id = models.CharField(max_length=1024)
    target_url = models.TextField(blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=[(s, s) for s in REPLY.moves], default=REPLY.first)
    text = models.TextField(_("answer"), blank=True)
    media: Any = models.JSONField(default=list)
    files: Any = models.JSONField(default=list)
    asked_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    then = models.CharField(max_length=8, default="waiting", choices=[(s, s) for s in ("waiting", "done")])
    seen = models.BigIntegerField(null=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    try_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    looks = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    sent: Any = models.JSONField(default=list)
    remote_id = models.CharField(max_length=1024, blank=True)
    remote_url = models.URLField(max_length=1000, blank=True)
    sent_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_params: Any = models.JSONField(default=dict)
    problems: Any = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "id"], name="reply_in_brand"),
            models.UniqueConstraint(
                fields=["conversation", "by"], condition=Q(state="draft"), name="reply_one_draft"
            ),
        ]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(state="ready"), name="reply_due"),
            models.Index(fields=["leased_until"], condition=Q(state="sending"), name="reply_lapsed"),
            models.Index(fields=["try_at"], condition=Q(state="unknown"), name="reply_unknown"),
            models.Index(fields=["brand"], condition=Q(state__in=["refused", "failed"]), name="reply_stuck"),
            models.Index(fields=["brand"], condition=Q(state="asked"), name="reply_asked"),
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=["asked", "returned"], told_at=None),
                name="reply_to_tell",
            ),
        ]


class Approves(models.Model):
    """Who approves the answers of a brand, or of one account, whose row stands in for its brand's.

    `kind` "nobody" says that an account asks for no approval though its brand does. The person or the team
    may be gone: then an owner decides.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    kind = models.CharField(
        max_length=6, choices=[(kind, kind) for kind in ("role", "person", "team", "nobody")]
    )
    role = models.CharField(max_length=12, blank=True)
    person = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "channel"], name="approves_once", nulls_distinct=False),
        ]


class Gesture(models.Model):
    """A like or a repost of a message by the account, made from here; `by` is who made it.

    `given` is what the network gave back, by which it is undone; `error_code`: of the last call that failed.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="gestures", db_constraint=False, db_index=False
    )
    act = models.CharField(max_length=8, choices=[(act, act) for act in ("like", "repost")])
    state = models.CharField(max_length=8, choices=[(s, s) for s in GESTURE.moves], default=GESTURE.first)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    given: Any = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True)
    error_params: Any = models.JSONField(default=dict)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "act"], name="gesture_once")]
