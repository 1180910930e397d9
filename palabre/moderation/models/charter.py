"""What a brand stands by: the articles of its charter, its settings, how it tells an author."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User


class Article(models.Model):
    """One article of the charter in one wording. A new wording is a new row: a decision names the one it
    was taken by. `until` None: in force."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.SmallIntegerField()
    version = models.SmallIntegerField(default=1)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=3000)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("number", "-version")
        constraints = [
            models.UniqueConstraint(fields=["brand", "id"], name="article_in_brand"),
            models.UniqueConstraint(fields=["brand", "number", "version"], name="article_once"),
            models.UniqueConstraint(
                fields=["brand", "number"], condition=Q(until=None), name="article_one_in_force"
            ),
        ]


class Policy(models.Model):
    """How a brand moderates. `toxicity_at`, `spam_at`: the scores from which a message comes to the queue.

    `four_eyes`: a ban needs a second person. `break_after`: hurtful messages seen in a day after which a
    break is suggested.
    """

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="+")
    toxicity_at = models.FloatField(default=0.15)
    spam_at = models.FloatField(default=0.3)
    four_eyes = models.BooleanField(default=True)
    blur = models.BooleanField(default=True)
    break_after = models.SmallIntegerField(default=40)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(toxicity_at__range=(0, 1), spam_at__range=(0, 1)), name="policy_scores"
            ),
            models.CheckConstraint(condition=Q(break_after__gte=1), name="policy_break"),
        ]


class Wording(models.Model):
    """The statement of reasons in one language: a text with variables."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    language = models.CharField(max_length=8)
    text = models.TextField(max_length=5000)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "language"], name="wording_once")]
