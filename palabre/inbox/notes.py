"""Colleagues talk about a conversation beside it; who is named with @ gets a mail. Nothing of it is sent."""

import logging
import smtplib
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from palabre.agency.colleagues import named
from palabre.agency.letters import leaves
from palabre.agency.live import tell
from palabre.agency.models import User
from palabre.inbox.models import Conversation, Note
from palabre.inbox.receiving import ROOM

log = logging.getLogger(__name__)


@transaction.atomic
def add_note(*, conversation: Conversation, by: User, text: str, now: datetime) -> Note:
    """Say something beside a conversation; who is named is told by mail where mail can leave."""
    note = Note.objects.create(
        brand_id=conversation.brand_id, conversation=conversation, by=by, at=now, text=text.strip()
    )
    told = [user for user in named(text, conversation.brand) if user != by and user.is_active]
    if told and leaves():
        transaction.on_commit(lambda: _send(note, told))
    tell(conversation.brand, ROOM, conversation.pk)
    return note


@transaction.atomic
def drop_note(*, note: Note, by: User) -> bool:
    """Take one's own note back; False for somebody else's."""
    if note.by_id != by.pk:
        return False
    tell(note.brand, ROOM, note.conversation_id)
    note.delete()
    return True


def _send(note: Note, told: list[User]) -> None:
    for user in told:
        try:
            message_of(note, user).send()
        except (smtplib.SMTPException, OSError) as error:
            # The note stands on the page: a mail that cannot leave loses nothing.
            log.warning("a note for %s could not leave: %s", user.pk, type(error).__name__)


def message_of(note: Note, user: User) -> EmailMultiAlternatives:
    """The mail, in its reader's language: the note alone, what the author wrote stays on the page."""
    with translation.override(user.language), timezone.override(user.time_zone):
        page = reverse("inbox:conversation", args=[note.brand.slug, note.conversation_id])
        return EmailMultiAlternatives(
            subject=" ".join((_("%(who)s names you beside a conversation") % {"who": note.by}).split()),
            body=f"{note.text}\n\n{settings.ENV.public_url}{page}\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
