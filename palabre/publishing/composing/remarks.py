"""Colleagues talk about a content beside it; who is named with @ gets a mail."""

import logging
import re
import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from palabre.agency.letters import leaves
from palabre.agency.models import Brand, Member, User
from palabre.agency.roles import Role
from palabre.kit.text import fold
from palabre.publishing.composing.models import Remark
from palabre.publishing.models import Post

log = logging.getLogger(__name__)
_NAMED = re.compile(r"@([\w.+-]+(?:@[\w.-]+)?)")


def colleagues(brand: Brand) -> list[User]:
    """Who can read the brand, by name."""
    reach = Q(grants__brand=brand) | ~Q(role=Role.GUEST)
    members = Member.objects.filter(reach, organisation=brand.organisation_id).select_related("user")
    return sorted({member.user for member in members.distinct()}, key=lambda user: fold(str(user)))


def named(text: str, brand: Brand) -> list[User]:
    """Whom a remark names: `@ines`, `@Inès` or `@ines@agence.example`, each once."""
    words = {fold(word.rstrip(".")) for word in _NAMED.findall(text)}
    return [user for user in colleagues(brand) if words & _names(user)]


def _names(user: User) -> set[str]:
    said = fold(str(user)).split()
    email = fold(user.email)
    return {email, email.split("@")[0], "".join(said), ".".join(said), *said[:1]}


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
