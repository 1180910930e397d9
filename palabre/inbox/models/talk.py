"""What hangs together and whose turn it is: line, thread, conversation, message."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from palabre.agency.models import Brand, Team, User
from palabre.channels.models import Channel
from palabre.inbox.states import CONVERSATION, TO_DO
from palabre.networks.items import Address
from palabre.stream.models import Author, Item


class Priority(models.IntegerChoices):
    """How pressing a conversation is; the order is that of a scale."""

    NORMAL = 0, pgettext_lazy("priority", "normal")
    HIGH = 1, pgettext_lazy("priority", "high")
    URGENT = 2, pgettext_lazy("priority", "urgent")


class Line(models.Model):
    """One way an account is heard (`Manifest.ears`), and where it stands.

    `cursor` is the connector's own, moved with what it brought. `misses` counts failures in a row,
    `failing_since` is the first of them.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    ear = models.CharField(max_length=40)
    cursor: Any = models.JSONField(null=True)
    next_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    misses = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_params: Any = models.JSONField(default=dict)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "ear"], name="line_once")]
        indexes = [models.Index(fields=["next_at"], name="line_due")]


class Thread(models.Model):
    """What hangs together: a root, and all that was said under it, as one account hears it.

    `remote_id` is the network's id of the root; `root` its item, None while only its answers are known.
    `channel` is None for what was brought from listening and no account of the brand heard: `network` says
    then whose ids these are.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel: Any = models.ForeignKey(
        Channel, null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    network = models.CharField(max_length=40, blank=True)
    remote_id = models.CharField(max_length=1024)
    root = models.ForeignKey(
        Item, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remote_id", "channel"], name="thread_once"),
            models.UniqueConstraint(
                fields=["remote_id", "network", "brand"],
                condition=Q(channel=None),
                name="thread_once_without_account",
            ),
            models.CheckConstraint(
                condition=Q(channel__isnull=False) | ~Q(network=""), name="thread_of_a_network"
            ),
            models.UniqueConstraint(fields=["brand", "id"], name="thread_in_brand"),
        ]


class Conversation(models.Model):
    """What one person and the brand say to each other in one thread, and whose turn it is.

    `asked_at`: since when somebody waits for an answer, None when nobody does. `answered_at`: the first
    answer ever. `assigned_to` or `team`, never both, have taken it on. `last_at` orders the pages, `last` is
    what they show. `counted` is how many messages it has. `search`: see `searching`.

    `channel` is None for what was brought from listening and nobody chose an account for. `split`: it was
    taken out of the author's own conversation in this thread, which alone is where new words go. One that
    was merged keeps all its rows and points at its head (`merged_into`), which shows and counts them too; it
    rests as done and stands in no list. A head is never merged itself: heads have parts, parts have none.

    `answer_by` and `resolve_by` are what is promised for now, None while nothing runs; `due_at` is a date set
    by hand, `next_due` the first of the three until it is done: see `pace.clocks`. `reopened_at`: when a case
    that was done began anew. `rests`: since then, when it was not our turn, as [from, to, from, …]; an odd
    one is still going on. `assigned_at`: since when who has it has it.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel: Any = models.ForeignKey(
        Channel, null=True, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="conversations", db_index=False, db_constraint=False
    )
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    state = models.CharField(
        max_length=8, choices=[(s, s) for s in CONVERSATION.moves], default=CONVERSATION.first
    )
    address = models.CharField(max_length=8, choices=[(a.value, a.value) for a in Address])
    assigned_to = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    snoozed_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    last = models.ForeignKey(
        "Message", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    counted = models.IntegerField(default=0)
    split = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="parts",
        db_index=False,
        db_constraint=False,
    )
    reopened_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    resolve_by = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_due = models.GeneratedField(
        expression=Case(When(~Q(state="done"), then=Least("answer_by", "resolve_by", "due_at"))),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )
    rests = ArrayField(models.DateTimeField(), null=True)
    search = SearchVectorField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "author"], condition=Q(split=False), name="conversation_once"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(state="done"), name="conversation_part_rests"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="conversation_not_its_own_part"
            ),
            models.UniqueConstraint(fields=["brand", "id"], name="conversation_in_brand"),
            models.CheckConstraint(
                condition=Q(state="snoozed", snoozed_until__isnull=False)
                | (~Q(state="snoozed") & Q(snoozed_until=None)),
                name="conversation_snoozed_until",
            ),
            models.CheckConstraint(
                condition=Q(assigned_to=None) | Q(team=None), name="conversation_one_assignee"
            ),
            models.CheckConstraint(condition=Q(priority__range=(0, 2)), name="conversation_priority"),
        ]
        indexes = [
            models.Index(fields=["brand", "state", "-last_at", "-id"], name="conversation_list"),
            models.Index(fields=["brand", "-last_at", "-id"], name="conversation_all"),
            models.Index(
                fields=["snoozed_until"], condition=Q(state="snoozed"), name="conversation_sleeping"
            ),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="conversation_parts"
            ),
            models.Index(fields=["thread"], name="conversation_thread"),
            models.Index(fields=["brand", "next_due", "id", "state"], name="conversation_due"),
            *(
                models.Index(
                    fields=["brand", name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"conversation_{name}",
                )
                for name in ("answer_by", "resolve_by", "due_at")
            ),
            models.Index(
                fields=["brand", "asked_at"],
                condition=Q(state__in=TO_DO, assigned_to__isnull=False, asked_at__isnull=False),
                name="conversation_silent",
            ),
            GinIndex(fields=["search"], name="conversation_search"),
        ]


class Message(models.Model):
    """An item in its thread. `conversation` is None for what is only read above one: a post, an article.

    `ours`: the brand said it. `held`: the network shows it to nobody until somebody approves it;
    `hidden`: the brand had it hidden there.
    `gone_at`: its author or the network took it away; `edited_at`: it says something else than it did.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="messages", db_index=False, db_constraint=False
    )
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.CASCADE, related_name="messages", db_constraint=False
    )
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    address = models.CharField(max_length=8, blank=True, choices=[(a.value, a.value) for a in Address])
    ours = models.BooleanField(default=False)
    held = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "item"], name="message_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="message_in_brand"),
        ]
        indexes = [
            models.Index(fields=["thread", "at", "id"], name="message_order"),
            models.Index(
                fields=["brand", "at"],
                condition=Q(ours=False, conversation__isnull=False),
                name="message_by_time",
            ),
        ]
