"""Words a brand watches for, what is done where they are said, and where they were."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.channels.models import Channel
from palabre.inbox.models import Message
from palabre.moderation.wordlists.acts import WordAct

WORD_ACTS = [
    (WordAct.FLAG.value, pgettext_lazy("word list", "bring it to the queue")),
    (WordAct.TAG.value, pgettext_lazy("word list", "put a label on it")),
    (WordAct.LINK.value, pgettext_lazy("word list", "make the words a link")),
    (WordAct.REPLACE.value, pgettext_lazy("word list", "replace the words")),
    (WordAct.CENSOR.value, pgettext_lazy("word list", "black the words out")),
    (WordAct.APPROVAL.value, pgettext_lazy("word list", "hold it until somebody approves it")),
    (WordAct.BLOCK.value, pgettext_lazy("word list", "take it away")),
    (WordAct.SILENCE.value, pgettext_lazy("word list", "silence its author")),
]


class WordList(models.Model):
    """Words and one act. `channel` None: on every account. `disguised`: also where digits, signs or spaces
    hide them. `label`: what TAG puts on. `article` as in `Rule`. A list sleeps until it is switched on."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.ForeignKey(
        Channel, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    name = models.CharField(_("name"), max_length=80)
    act = models.CharField(_("what is done"), max_length=8, choices=WORD_ACTS, default=WordAct.FLAG.value)
    is_active = models.BooleanField(default=False)
    disguised = models.BooleanField(_("also in disguise"), default=True)
    label = models.CharField(_("label"), max_length=60, blank=True)
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
        ordering = ("name", "id")
        constraints = [models.UniqueConstraint(fields=["brand", "id"], name="wordlist_in_brand")]
        indexes = [models.Index(fields=["brand"], name="wordlist_brand")]

    def __str__(self) -> str:
        return self.name


class Word(models.Model):
    """An entry of a list, as typed: never somebody's name or number. `replacement`: what stands in its place,
    or the address it links to. `cased`: only written so."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    wordlist = models.ForeignKey(
        WordList, on_delete=models.CASCADE, related_name="words", db_index=False, db_constraint=False
    )
    text = models.CharField(max_length=100)
    replacement = models.CharField(max_length=500, blank=True)
    cased = models.BooleanField(default=False)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["wordlist", "text", "cased"], name="word_once")]


class WordHit(models.Model):
    """A list met a message, once for ever. `words`: its own entries that were met. `act`: what was asked
    of the network, "" for nothing; `code`: why that could not be."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    wordlist = models.ForeignKey(
        WordList, on_delete=models.CASCADE, related_name="hits", db_index=False, db_constraint=False
    )
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    words: Any = models.JSONField(default=list)
    act = models.CharField(max_length=12, blank=True)
    code = models.CharField(max_length=60, blank=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wordlist", "message"], name="word_hit_once")]
        indexes = [models.Index(fields=["wordlist", "-at", "-id"], name="word_hit_latest")]
