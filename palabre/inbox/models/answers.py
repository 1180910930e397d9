"""What leaves: a reply, from the draft to the proof."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.inbox.models.talk import Conversation, Message
from palabre.inbox.states import REPLY


class Reply(models.Model):
    """One answer, from the draft to the proof. `key` is that of every call it makes, for ever.

    `to` is the message that is answered, None once it is gone; `target_id` and `target_url` are the network's
    own of it. `seen` is the last one its writer had before them. `then` is where the conversation goes once
    it left. `begun_at`: when it was first handed over; `sent`: what stands.
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
        ]
