"""Answers that are written once and used often: their words by language and tone, who has them, their use."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User


class Tone(models.TextChoices):
    """How a wording sounds; the first that is there is taken where nobody chooses."""

    PLAIN = "plain", pgettext_lazy("tone", "plain")
    WARM = "warm", pgettext_lazy("tone", "warm")
    FORMAL = "formal", pgettext_lazy("tone", "formal")
    SORRY = "sorry", pgettext_lazy("tone", "apologising")


class SavedReply(models.Model):
    """One answer to be used again. `private_to` has it alone; None: every colleague has it.

    `shortcut` is typed behind a /, once among the shared ones and once among those of one person.
    `used` counts how often it was put into an answer, `used_at` is the last time.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    private_to = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=80)
    shortcut = models.CharField(_("shortcut"), max_length=30, blank=True)
    category = models.CharField(_("category"), max_length=60, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    used = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "id"], name="saved_in_brand"),
            models.UniqueConstraint(
                "brand",
                "private_to",
                Lower("shortcut"),
                condition=~Q(shortcut=""),
                name="saved_shortcut_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SavedText(models.Model):
    """The words of a saved reply in one language and one tone. `language`: two letters, "" for any."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    saved = models.ForeignKey(
        SavedReply, on_delete=models.CASCADE, related_name="texts", db_constraint=False, db_index=False
    )
    language = models.CharField(_("language"), max_length=2, blank=True)
    tone = models.CharField(_("tone"), max_length=6, choices=Tone.choices, default=Tone.PLAIN)
    text = models.TextField(_("text"), max_length=10_000)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["saved", "language", "tone"], name="saved_text_once"),
        ]
