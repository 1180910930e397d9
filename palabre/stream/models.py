"""What people said: items, who said them, what hangs together, what is the same story.

Rows are written by `store.py` alone (COPY, one transaction); nothing here saves itself. Keys between
rows of a brand are pairs (brand, id) in the database (see the migration): a row of one brand cannot
point at a row of another, whatever the code does. Django is told not to make its own.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User


class Sentiment(models.IntegerChoices):
    """Three tones; the order is that of a scale."""

    NEGATIVE = -1, _("negative")
    NEUTRAL = 0, _("neutral")
    POSITIVE = 1, _("positive")


class Author(models.Model):
    """Somebody who said something, as one network knows them, within one brand's wall."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    network = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=512)
    handle = models.CharField(max_length=256, blank=True)
    name = models.CharField(max_length=256, blank=True)
    url = models.TextField(blank=True)
    avatar_url = models.TextField(blank=True)
    followers = models.BigIntegerField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remote_id", "network", "brand"], name="author_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="author_in_brand"),
        ]


class Story(models.Model):
    """Near-identical items: one agency text in forty newspapers is one story with forty outlets."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    title = models.TextField()
    size = models.IntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    bands = ArrayField(models.BigIntegerField(), default=list)
    signature = models.BinaryField(default=bytes)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "id"], name="story_in_brand"),
            models.CheckConstraint(condition=Q(size__gte=0), name="story_size"),
            models.CheckConstraint(condition=Q(first_at__lte=models.F("last_at")), name="story_time"),
        ]
        indexes = [
            GinIndex(fields=["bands"], name="story_bands", fastupdate=False),
            models.Index(fields=["brand", "-last_at"], name="story_brand_last"),
        ]


class Tag(models.Model):
    """A label a brand puts on items, by hand or by rule."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(_("tag"), max_length=60)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="tag_once")]


class Item(models.Model):
    """Anything somebody said that matters to a brand: it matched a topic, or was put there by hand.

    `occurred_at` orders every page: when it was published if the source says so credibly, else
    when it was collected. `reach` is the author's followers (or the outlet's readers) then; None
    is unknown, never 0. `tone` is a person's correction where there is one, else the guess;
    a re-run of the models touches the guess alone. `search` is looked for among the cards of `listening`.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    network = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=1024)
    kind = models.CharField(max_length=16)
    url = models.TextField(blank=True)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    country = models.CharField(max_length=2, blank=True)
    outlet = models.CharField(max_length=256, blank=True)
    author = models.ForeignKey(
        Author, null=True, on_delete=models.SET_NULL, related_name="items", db_constraint=False
    )
    story = models.ForeignKey(
        Story, null=True, on_delete=models.SET_NULL, related_name="items", db_constraint=False
    )
    thread_id = models.CharField(max_length=1024, blank=True)
    reply_to = models.CharField(max_length=1024, blank=True)
    image_urls = ArrayField(models.TextField(), default=list)
    hashtags = ArrayField(models.CharField(max_length=128), default=list)

    published_at = models.DateTimeField(null=True)
    collected_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    reach = models.BigIntegerField(null=True)
    likes = models.IntegerField(null=True)
    reposts = models.IntegerField(null=True)
    replies = models.IntegerField(null=True)
    views = models.BigIntegerField(null=True)

    tone = models.SmallIntegerField(choices=Sentiment.choices, default=Sentiment.NEUTRAL)
    tone_guess = models.SmallIntegerField(choices=Sentiment.choices, default=Sentiment.NEUTRAL)
    tone_scores = ArrayField(models.FloatField(), default=list)
    tone_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    tone_set_at = models.DateTimeField(null=True)
    toxicity = models.FloatField(default=0)
    is_toxic = models.BooleanField(default=False)
    spam = models.FloatField(default=0)
    is_spam = models.BooleanField(default=False)
    model_version = models.CharField(max_length=40, blank=True)

    is_read = models.BooleanField(default=False)
    is_ignored = models.BooleanField(default=False)
    tags = ArrayField(models.BigIntegerField(), default=list)
    search = SearchVectorField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remote_id", "network", "brand"], name="item_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="item_in_brand"),
            models.CheckConstraint(
                condition=Q(tone__range=(-1, 1), tone_guess__range=(-1, 1)), name="item_tone"
            ),
            models.CheckConstraint(condition=Q(reach__isnull=True) | Q(reach__gte=0), name="item_reach"),
        ]
        indexes = [
            models.Index(fields=["brand", "-occurred_at", "-id"], name="item_brand_time"),
        ]
