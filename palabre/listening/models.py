"""What a brand listens for (topics), where (sources), and what was found (mentions, rollups)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.kit.secrecy import SecretField
from palabre.listening.states import SOURCE
from palabre.stream.models import Author, Item, Sentiment, Story


class About(models.TextChoices):
    """Whom a topic is about: share of voice compares ours with competitors'."""

    OURS = "ours", _("our brand")
    COMPETITOR = "competitor", _("a competitor")
    MARKET = "market", _("the market")


class Quality(models.TextChoices):
    """Everything that matches, or without what looks like spam and repetition."""

    ALL = "all", _("all results")
    BEST = "best", _("only the best")


class Strictness(models.TextChoices):
    """Whether a language or a region is demanded or only preferred (it then orders, not filters)."""

    STRICT = "strict", _("strictly")
    PREFERRED = "preferred", _("preferably")


class Topic(models.Model):
    """A saved query with its settings. `revision` grows with each change: every process then reloads it."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    about = models.CharField(_("about"), max_length=12, choices=About.choices, default=About.OURS)
    query = models.TextField(_("query"))
    unbounded_confirmed = models.BooleanField(default=False)
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages"), default=list, blank=True
    )
    languages_mode = models.CharField(max_length=10, choices=Strictness.choices, default=Strictness.PREFERRED)
    regions = ArrayField(models.CharField(max_length=2), verbose_name=_("regions"), default=list, blank=True)
    regions_mode = models.CharField(max_length=10, choices=Strictness.choices, default=Strictness.PREFERRED)
    networks = ArrayField(
        models.CharField(max_length=40), verbose_name=_("source kinds"), default=list, blank=True
    )
    quality = models.CharField(_("quality"), max_length=4, choices=Quality.choices, default=Quality.ALL)
    excluded_sites = ArrayField(
        models.CharField(max_length=253), verbose_name=_("excluded sites"), default=list, blank=True
    )
    excluded_authors = ArrayField(
        models.CharField(max_length=256), verbose_name=_("excluded authors"), default=list, blank=True
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    revision = models.BigIntegerField(default=0, db_index=True)
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        # "ours" before "market" before "competitor".
        ordering = ("-about", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "name"], condition=models.Q(deleted_at=None), name="topic_name_once"
            ),
            models.UniqueConstraint(fields=["brand", "id"], name="topic_in_brand"),
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """One place to look: a feed, a search, a stream, a mailbox.

    Equal `line` means the same place for several brands: it is asked once for all of them.
    `topic` set: everything from here is a mention of that topic, matched or not (an alert feed
    that somebody else already filtered). Secrets of `options` live sealed in `secrets`.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    target = models.TextField(_("address"), blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    options = models.JSONField(default=dict)
    secrets = SecretField(blank=True, default="")
    line = models.CharField(max_length=64, db_index=True)
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="own_sources"
    )
    state = models.CharField(max_length=12, choices=[(s, s) for s in SOURCE.moves], default=SOURCE.first)
    cursor = models.JSONField(null=True)
    next_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    last_item_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_params: Any = models.JSONField(default=dict)
    items_found = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("network", "title", "target")
        constraints = [models.UniqueConstraint(fields=["brand", "line"], name="source_once")]
        indexes = [models.Index(fields=["state", "next_at"], name="source_due")]


class Mention(models.Model):
    """An item that matches a topic."""

    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, related_name="mentions", db_index=False, db_constraint=False
    )
    occurred_at = models.DateTimeField()
    matched_at = models.DateTimeField()

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "topic"], name="mention_once")]


class Blend(models.Model):
    """A set of topics, as one value: all those that an item matches together.

    Counts are kept per blend, so that what matches several chosen topics is counted once. The empty
    blend stands for "any topic". `is_live`: at least one of the topics is not put away.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    topics = ArrayField(models.BigIntegerField())
    is_live = models.BooleanField(default=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topics", "brand"], name="blend_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="blend_in_brand"),
        ]


class Facet(models.Model):
    """One combination of what most filters ask for, as one value: counts are kept by it."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    network = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    tone = models.SmallIntegerField(choices=Sentiment.choices)
    is_toxic = models.BooleanField()
    is_spam = models.BooleanField()
    is_read = models.BooleanField()
    is_ignored = models.BooleanField()

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "network",
                    "kind",
                    "language",
                    "tone",
                    "is_toxic",
                    "is_spam",
                    "is_read",
                    "is_ignored",
                    "brand",
                ],
                name="facet_once",
            ),
            models.UniqueConstraint(fields=["brand", "id"], name="facet_in_brand"),
        ]


class Card(models.Model):
    """What the mentions page needs to find, order and count an item that has mentions; narrow on purpose.

    Derived: `record.refresh` makes it from the item and its mentions, nothing else writes it.
    `negativity` is how negative the item is thought to be, 0 to 1; 1 or 0 where a person said so.
    `search` is the item's, kept out of line (see the migration), so that counting the cards that say
    a common word reads a hundred bytes of each.
    """

    item = models.OneToOneField(
        Item, primary_key=True, on_delete=models.CASCADE, related_name="card", db_constraint=False
    )
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    blend = models.ForeignKey(
        Blend, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    facet = models.ForeignKey(
        Facet, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    author = models.ForeignKey(
        Author, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False, db_constraint=False
    )
    story = models.ForeignKey(
        Story, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False, db_constraint=False
    )
    outlet = models.CharField(max_length=256, blank=True)
    occurred_at = models.DateTimeField()
    reach = models.BigIntegerField(null=True)
    negativity = models.FloatField()
    tags = ArrayField(models.BigIntegerField(), default=list)
    search = SearchVectorField(null=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        indexes = [
            models.Index(
                fields=["brand", "-occurred_at", "-item"], include=["facet", "blend"], name="card_time"
            ),
            models.Index(
                fields=["facet", "-occurred_at", "-item"], include=["blend"], name="card_facet_time"
            ),
            models.Index(
                fields=["blend", "-occurred_at", "-item"], include=["facet"], name="card_blend_time"
            ),
            models.Index(
                fields=["author", "-occurred_at", "-item"],
                include=["facet", "blend", "reach"],
                name="card_author_time",
            ),
            models.Index(
                fields=["brand", "outlet", "-occurred_at", "-item"],
                include=["facet", "blend", "reach"],
                name="card_outlet_time",
            ),
            models.Index(fields=["story", "-occurred_at", "-item"], name="card_story_time"),
            models.Index(
                models.F("brand"),
                models.F("reach").desc(nulls_last=True),
                models.F("item").desc(),
                name="card_reach",
            ),
            models.Index(fields=["brand", "-negativity", "-item"], name="card_negativity"),
            GinIndex(fields=["search"], name="card_search"),
            GinIndex(fields=["tags"], condition=~models.Q(tags=[]), name="card_tags"),
        ]


class HourlyCount(models.Model):
    """Items per hour of one blend and one facet; kept in the transaction of what it counts.

    Hours and days begin in the brand's zone. A change of an item moves its unit from row to row.
    Read it through `listening.counts`, which knows what to add up.
    """

    pk = models.CompositePrimaryKey("blend", "hour", "facet")
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    blend = models.ForeignKey(
        Blend, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    facet = models.ForeignKey(
        Facet, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    hour = models.DateTimeField()
    items = models.IntegerField()
    reach = models.BigIntegerField(default=0)

    objects = ScopedManager(brand="brand")


class DailyCount(models.Model):
    """Items per day of one blend and one facet: as HourlyCount, for longer periods.

    Beside these the table has a pair of columns for each step of reach (`bands.COLUMNS`): the items within
    it and their reach. They are null where there are none, as nearly all are, and take no room then.
    """

    pk = models.CompositePrimaryKey("blend", "day", "facet")
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    blend = models.ForeignKey(
        Blend, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    facet = models.ForeignKey(
        Facet, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    items = models.IntegerField()
    reach = models.BigIntegerField(default=0)

    objects = ScopedManager(brand="brand")


class MonthlyCount(models.Model):
    """Items per month of one blend and one facet: the sums of DailyCount, columns by reach included.

    For sums over long periods, which then read days at their ends alone. `month` is its first day.
    """

    pk = models.CompositePrimaryKey("blend", "month", "facet")
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    blend = models.ForeignKey(
        Blend, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    facet = models.ForeignKey(
        Facet, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    month = models.DateField()
    items = models.IntegerField()
    reach = models.BigIntegerField(default=0)

    objects = ScopedManager(brand="brand")


class SavedView(models.Model):
    """A filter of the mentions page under a name; `owner` None is shared with the brand."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    filter = models.JSONField(default=dict)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("name",)

    @property
    def query(self) -> str:
        """The filter as the address bar holds it."""
        return urlencode(self.filter, doseq=True)


class Theme(models.Model):
    """What a group of mentions speaks of, found on a page: its name and items, so that a link to it lasts."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    name = models.TextField()
    items = ArrayField(models.BigIntegerField())
    seen_at = models.DateTimeField()

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "brand"], name="theme_once")]
        indexes = [models.Index(fields=["brand", "seen_at"], name="theme_seen")]


class Rule(models.Model):
    """If this, then that, on every new mention; ordered; unlimited."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    position = models.IntegerField(default=0)
    is_active = models.BooleanField(_("active"), default=True)
    conditions = models.JSONField(default=dict)
    actions = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("position", "id")


class Lesson(models.Model):
    """A person's correction of a guess, kept to learn from: never overwritten by a re-run."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="lesson", db_constraint=False)
    tone = models.SmallIntegerField(choices=Sentiment.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")
