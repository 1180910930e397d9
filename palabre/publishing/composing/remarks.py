"""Colleagues talk about a content beside it; who is named with @ gets a mail."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from palabre.agency.colleagues import named
from palabre.agency.letters import leaves
from palabre.agency.models import User
from palabre.publishing.composing.models import Remark
from palabre.publishing.models import Post

log = logging.getLogger(__name__)


@transaction.atomic
def remark(*, post: Post, by: User, text: str) -> Remark:
    """Say something of a content; who is named is told by mail where mail can leave."""
    said = Remark.objects.create(brand=post.brand, post=post, by=by, text=text)
    told = [user for user in named(text, post.brand) if user != by and user.is_active]
    if told and leaves():
        transaction.on_commit(lambda: _tell(said, post, told))
    return said


def _tell(said: Remark, post: Post, told: list[User]) -> None:
    for user in told:
        try:
            message_of(said, post, user).send()
        except (smtplib.SMTPException, OSError) as error:
            # The remark stands on the page: a mail that cannot leave loses nothing.
            log.warning("a remark for %s could not leave: %s", user.pk, type(error).__name__)


def message_of(said: Remark, post: Post, user: User) -> EmailMultiAlternatives:
    """The mail, in the reader's language."""
    with translation.override(user.language), timezone.override(user.time_zone):
        subject = _("%(who)s names you beside “%(post)s”") % {"who": said.by, "post": str(post)[:60]}
        page = settings.ENV.public_url + reverse("publishing:post", args=[post.brand.slug, post.pk])
        return EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=f"{said.text}\n\n{page}#remarks\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
