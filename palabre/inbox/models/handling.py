"""What colleagues put on a conversation for each other; nothing of it is ever sent."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from palabre.agency.models import Brand, User
from palabre.inbox.models.talk import Conversation


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
