"""Colleagues talk about a conversation beside it; who is named with @ gets a mail. Nothing of it is sent."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from palabre.agency.colleagues import named
from palabre.agency.letters import leaves
from palabre.agency.live import tell
from palabre.agency.models import User
from palabre.inbox.models import Conversation, Note
from palabre.inbox.receiving import ROOM
from palabre.inbox.watching import letter, send, watch, watchers


@transaction.atomic
def add_note(*, conversation: Conversation, by: User, text: str, now: datetime) -> Note:
    """Say something beside a conversation; who is named or watches it is told by mail if it can leave."""
    note = Note.objects.create(
        brand_id=conversation.brand_id, conversation=conversation, by=by, at=now, text=text.strip()
    )
    called = [user for user in named(text, conversation.brand) if user.is_active]
    if called:
        watch(conversation=conversation, users=called, now=now)
    if leaves():
        told = [user for user in watchers(conversation) if user != by]
        transaction.on_commit(lambda: send([message_of(note, user, user in called) for user in told]))
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


def message_of(note: Note, user: User, called: bool = True) -> EmailMultiAlternatives:
    """The mail, in its reader's language: the note alone, what the author wrote stays on the page."""
    with translation.override(user.language), timezone.override(user.time_zone):
        if called:
            subject = _("%(who)s names you beside a conversation") % {"who": note.by}
        else:
            subject = _("%(who)s noted something beside a conversation you watch") % {"who": note.by}
        return letter(note.conversation, user, subject=subject, text=note.text)
