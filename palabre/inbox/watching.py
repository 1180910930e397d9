"""Who wants news of a conversation without answering it: told by mail, as somebody named in a note is.

Who is named in a note or given a conversation watches it from then on, until they say otherwise.
"""

import logging
import smtplib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from palabre.agency.colleagues import colleagues
from palabre.agency.letters import leaves
from palabre.agency.live import tell
from palabre.agency.models import User
from palabre.inbox.models import Conversation, Watch
from palabre.inbox.room import ROOM

log = logging.getLogger(__name__)


@transaction.atomic
def watch(*, conversation: Conversation, users: Iterable[User], now: datetime) -> None:
    """From now on these people watch a conversation; who does already goes on."""
    rows = [
        Watch(brand_id=conversation.brand_id, conversation=conversation, user=user, at=now) for user in users
    ]
    Watch.objects.bulk_create(rows, ignore_conflicts=True)
    tell(conversation.brand, ROOM, conversation.pk)


@transaction.atomic
def unwatch(*, conversation: Conversation, user: User) -> None:
    """Somebody wants no more news of a conversation."""
    Watch.objects.filter(conversation=conversation, user=user).delete()
    tell(conversation.brand, ROOM, conversation.pk)


def watchers(conversation: Conversation) -> list[User]:
    """Who watches it and may still read the brand, by when they began."""
    rows = Watch.objects.filter(conversation=conversation).select_related("user").order_by("at", "pk")
    may_read = set(colleagues(conversation.brand))
    return [row.user for row in rows if row.user in may_read]


def say_again(conversations: Sequence[Conversation]) -> None:
    """Somebody wrote where it was not our turn any more: their watchers are told once this is true.

    Once a turn: what is said while it is our turn already is on the page.
    """
    if not conversations or not leaves():
        return
    watched = set(Watch.objects.filter(conversation__in=conversations).values_list("conversation", flat=True))
    for one in conversations:
        if one.pk in watched:
            transaction.on_commit(partial(_tell, one, watchers(one)))


def _tell(conversation: Conversation, people: Iterable[User]) -> None:
    send([again(conversation, user) for user in people])


def again(conversation: Conversation, user: User) -> EmailMultiAlternatives:
    """The mail, in its reader's language: that there is news, not what was written."""
    with translation.override(user.language), timezone.override(user.time_zone):
        return letter(
            conversation,
            user,
            subject=_("There is news in a conversation you watch"),
            text=_("Its author wrote again. What they wrote is on the page."),
        )


def letter(conversation: Conversation, user: User, *, subject: str, text: str) -> EmailMultiAlternatives:
    """A mail about a conversation to a colleague, with the address of its page under the text."""
    page = reverse("inbox:conversation", args=[conversation.brand.slug, conversation.pk])
    return EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=f"{text}\n\n{settings.ENV.public_url}{page}\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def send(letters: Iterable[EmailMultiAlternatives]) -> None:
    """Send mails that nothing depends on: what they tell stands on the page."""
    for one in letters:
        try:
            one.send()
        except (smtplib.SMTPException, OSError) as error:
            log.warning("news of a conversation could not leave: %s", type(error).__name__)
