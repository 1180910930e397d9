"""What colleagues put on a conversation for each other; nothing of it is ever sent."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from palabre.agency.kept import KeptView
from palabre.agency.models import Brand, User
from palabre.inbox.models.talk import Conversation
from palabre.stream.models import Author


class Note(models.Model):
    """What a colleague says of a conversation; never sent."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="notes", db_constraint=False
    )
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(_("note"), max_length=5000)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("at", "id")


class Colour(models.TextChoices):
    """The colours a label may have: those of the charts, told apart with every common colour vision."""

    SEA = "sea", pgettext_lazy("colour", "sea green")
    CLAY = "clay", pgettext_lazy("colour", "clay")
    PLUM = "plum", pgettext_lazy("colour", "plum")
    SKY = "sky", pgettext_lazy("colour", "sky blue")
    SAND = "sand", pgettext_lazy("colour", "sand")
    STONE = "stone", pgettext_lazy("colour", "stone grey")


class Label(models.Model):
    """A word of the brand's own by which conversations are sorted; its case tells no two apart."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=40)
    colour = models.CharField(_("colour"), max_length=5, choices=Colour.choices, default=Colour.SEA)
    place = models.IntegerField(default=0)

    objects = ScopedManager(brand="brand")

    class Meta:
        ordering = ("place", "name")
        constraints = [
            models.UniqueConstraint("brand", Lower("name"), name="label_once"),
            models.UniqueConstraint(fields=["brand", "id"], name="label_in_brand"),
        ]

    def __str__(self) -> str:
        return self.name


class Labelled(models.Model):
    """A label on a conversation; `by` is None where a rule put it there."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="labelled", db_index=False, db_constraint=False
    )
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="labelled", db_constraint=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "label"], name="labelled_once")]


class Watch(models.Model):
    """Somebody wants news of a conversation they need not answer."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="watched", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="watch_once")]


class SavedView(KeptView):
    """A filter of the list under a name."""


class AuthorCard(models.Model):
    """What colleagues put on a person: whether they matter greatly, words to find them by, a note.

    `tags` are in the order they were given, each once whatever its case.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    author = models.OneToOneField(Author, on_delete=models.CASCADE, related_name="card", db_constraint=False)
    vip = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    note = models.TextField(_("note on the person"), max_length=5000, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tags__len__lte=20), name="author_card_tags")]


class SamePerson(models.Model):
    """Two authors of different networks are one person: a colleague says so, and answers for it.

    Nothing is ever linked by itself. The lower row number stands first.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey(
        Author, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    other = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager(brand="brand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "other"], name="same_person_once"),
            models.CheckConstraint(condition=Q(author__lt=F("other")), name="same_person_order"),
        ]
