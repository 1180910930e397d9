"""The mail of a rule that notifies somebody: one for all that a page brought, with nobody's words in it."""

import logging
import smtplib
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palabre.agency.letters import leaves
from palabre.agency.models import Brand, User
from palabre.moderation.ruling.acting import Firing

log = logging.getLogger(__name__)
SHOWN = 20
"""Conversations a mail names."""


def write_to(brand: Brand, firings: Sequence[Firing]) -> None:
    """Tell whom the rules that fired name, once the transaction stands and where mail can leave."""
    told: dict[int, dict[int, str]] = {}
    for firing in firings:
        for user in firing.notify:
            told.setdefault(user, {})[firing.conversation.pk] = firing.rule.name
    if told and leaves():
        transaction.on_commit(lambda: _send(brand, told))


def _send(brand: Brand, told: Mapping[int, Mapping[int, str]]) -> None:
    for user in User.objects.filter(pk__in=told, is_active=True):
        try:
            message_of(brand, user, told[user.pk]).send()
        except (smtplib.SMTPException, OSError) as error:
            # The conversation stands in the inbox: a mail that cannot leave loses nothing.
            log.warning("what a rule found could not be told to %s: %s", user.pk, type(error).__name__)


def message_of(brand: Brand, user: User, found: Mapping[int, str]) -> EmailMultiAlternatives:
    """The mail, in its reader's language: which rule, and where to read what was said."""
    with translation.override(user.language):
        lines = [
            f"{rule}\n{settings.ENV.public_url}{reverse('inbox:conversation', args=[brand.slug, pk])}"
            for pk, rule in list(found.items())[:SHOWN]
        ]
        subject = ngettext(
            "%(brand)s: a rule found %(n)d conversation for you",
            "%(brand)s: rules found %(n)d conversations for you",
            len(found),
        ) % {"brand": brand.name, "n": len(found)}
        if len(found) > SHOWN:
            lines.append(_("And %(n)d more in the inbox.") % {"n": len(found) - SHOWN})
        return EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body="\n\n".join(lines) + "\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
