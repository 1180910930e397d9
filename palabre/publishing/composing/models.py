"""What helps to write: blocks kept ready, marks for links, words not saved yet, remarks of colleagues."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User


class BlockKind(models.TextChoices):
    """What a block is for."""

    TEMPLATE = "template", pgettext_lazy("block", "Template")
    SIGNATURE = "signature", pgettext_lazy("block", "Signature")
    HASHTAGS = "hashtags", pgettext_lazy("block", "Hashtag group")


class Block(models.Model):
    """Words kept ready to be put into a content. `{brand}` and the like are filled in then."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(_("what it is"), max_length=12, choices=BlockKind)
    name = models.CharField(_("name"), max_length=80)
    text = models.TextField(_("text"), max_length=10_000)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("kind", "name")
        constraints = [models.UniqueConstraint(fields=["brand", "kind", "name"], name="block_once")]

    def __str__(self) -> str:
        return self.name


class LinkMarks(models.Model):
    """What is added to links towards the brand's own site (UTM); `network` "" is for every network."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    network = models.CharField(max_length=40, blank=True)
    source = models.CharField("utm_source", max_length=120, blank=True)
    medium = models.CharField("utm_medium", max_length=120, blank=True)
    campaign = models.CharField("utm_campaign", max_length=120, blank=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("network",)
        constraints = [models.UniqueConstraint(fields=["brand", "network"], name="link_marks_once")]


class Unsaved(models.Model):
    """What somebody typed and did not save yet, of a content or of a new one: kept as it is typed."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(
        "publishing.Post", null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    typed: Any = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "by", "post"], nulls_distinct=False, name="unsaved_once")
        ]


class Remark(models.Model):
    """What a colleague says of a content; never published."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(
        "publishing.Post", on_delete=models.CASCADE, related_name="remarks", db_constraint=False
    )
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(max_length=5000)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("at", "id")


class PageCard(models.Model):
    """What a linked page shows of itself, as it was last read. `image` names a file of the media folder.

    `image`: {"path", "mime", "size", "width", "height"}, None without one. `told` False: the page could
    not be read, or says nothing of itself.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    url = models.TextField()
    title = models.TextField(blank=True)
    description = models.TextField(blank=True)
    image: Any = models.JSONField(null=True)
    told = models.BooleanField(default=False)
    read_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "digest"], name="page_card_once")]
