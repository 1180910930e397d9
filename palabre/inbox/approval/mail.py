"""Telling people by mail: who may approve an answer that waits, and its writer that it came back.

A row is the truth: who was not told yet is found again. The mail holds no word of the conversation and none
of the answer, only where they are read: what leaves by mail can never be erased again.
"""

import logging
import smtplib
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from palabre.agency.letters import leaves, letter
from palabre.agency.models import User
from palabre.channels.words import label_of
from palabre.inbox.approval.steps import asked
from palabre.inbox.models import Reply

log = logging.getLogger(__name__)
AT_ONCE = 100


def tell_people(*, now: datetime) -> int:
    """Mail everybody whose turn it is and who was not told; how many mails left. Crosses brands."""
    if not leaves():
        return 0
    with scopes_disabled():
        rows = Reply.objects.filter(state__in=("asked", "returned"), told_at=None).order_by("asked_at")
        whole = rows.select_related("brand", "by", "decided_by", "conversation__channel__brand")
        due = list(whole[:AT_ONCE])
    return sum(_tell(reply, now) for reply in due)


def _tell(reply: Reply, now: datetime) -> int:
    with scope(brand=reply.brand):
        if not Reply.objects.filter(pk=reply.pk, state=reply.state, told_at=None).update(told_at=now):
            return 0
        if reply.state == "returned":
            people = [reply.by] if reply.by and reply.by.is_active else []
        else:
            (one,) = asked(reply.brand, [reply])
            people = list(User.objects.filter(pk__in=one.turn.people, is_active=True))
        return sum(_send(reply, user) for user in people)


def _send(reply: Reply, user: User) -> int:
    try:
        message_of(reply, user).send()
    except (smtplib.SMTPException, OSError) as error:
        # It stands on the page of what waits: a mail that cannot leave loses nothing.
        log.warning("reply %s: the mail to %s could not leave: %s", reply.pk, user.pk, type(error).__name__)
        return 0
    return 1


def message_of(reply: Reply, user: User) -> EmailMultiAlternatives:
    """The mail, in its reader's language and on the brand's clock."""
    brand, back = reply.brand, reply.state == "returned"
    with translation.override(user.language), timezone.override(brand.time_zone):
        words = _("%(brand)s: your answer came back") if back else _("%(brand)s: an answer to approve")
        if back:
            page = reverse("inbox:conversation", args=[brand.slug, reply.conversation_id])
        else:
            page = reverse("inbox:approvals", args=[brand.slug]) + f"#reply-{reply.pk}"
        subject = words % {"brand": brand.name}
        context = {
            "brand": brand,
            "reply": reply,
            "back": back,
            "network": label_of(reply.conversation.channel.network),
            "account": reply.conversation.channel,
            "subject": subject,
            "page": settings.ENV.public_url + page,
        }
        return letter(to=user.email, subject=subject, template="inbox/email/approval", context=context)
