"""Telling people what did not leave: late, refused, lost, missed. Once for each, while it can be helped."""

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from palabre.agency.letters import letter
from palabre.agency.models import Brand, Member, User
from palabre.agency.roles import Role
from palabre.publishing.delivery.lateness import LATE_AFTER
from palabre.publishing.models import Delivery

log = logging.getLogger(__name__)
TOLD = ("refused", "expired", "unknown", "missed", "rejected", "failed")
"""States that a person is told of by mail, beside what is late."""


@transaction.atomic
def tell_troubles(*, brand: Brand, now: datetime) -> int:
    """Mail whoever wrote what is in trouble, and the managers; how many deliveries were told.

    An outcome that is still being looked for (the account is signed in) is not told yet. Where no
    mail can leave, the pages tell.
    """
    late = Q(state__in=("scheduled", "sending"), due_at__lt=now - LATE_AFTER)
    looked_for = Q(state="unknown", try_at__isnull=False, channel__state="working")
    stuck = Q(state__in=TOLD) & ~looked_for
    rows = Delivery.objects.select_for_update(of=("self",), skip_locked=True)
    troubled = list(
        rows.filter(late | stuck, told_at=None, brand=brand)
        .select_related("channel", "variant__post__author")
        .order_by("due_at")[:200]
    )
    if not troubled:
        return 0
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in troubled]).update(told_at=now)
    if getattr(get_connection(), "host", "somewhere"):
        transaction.on_commit(lambda: _mail(brand, troubled))
    return len(troubled)


def _mail(brand: Brand, troubled: Sequence[Delivery]) -> None:
    for person in _whom(brand, troubled):
        try:
            message_of(brand, troubled, person).send()
        except (smtplib.SMTPException, OSError) as error:
            # The pages show the same, in red; a mail that cannot leave must not stop the next one.
            log.warning("a notice to %s could not leave: %s", person.pk, type(error).__name__)


def _whom(brand: Brand, troubled: Sequence[Delivery]) -> list[User]:
    """The authors who are still members, and who manages the brand; each once."""
    authors = {delivery.variant.post.author_id for delivery in troubled}
    members = Member.objects.filter(organisation=brand.organisation_id).select_related("user")
    granted = Q(grants__brand=brand, grants__role=Role.MANAGER)
    wanted = members.filter(Q(user__in=authors) | Q(role__in=(Role.OWNER, Role.MANAGER)) | granted).distinct()
    return [member.user for member in wanted if member.user.is_active]


def message_of(brand: Brand, troubled: Sequence[Delivery], person: User) -> EmailMultiAlternatives:
    """The mail, in the reader's language and on their clock."""
    with translation.override(person.language), timezone.override(person.time_zone):
        subject = ngettext(
            "%(brand)s: %(n)d content needs you", "%(brand)s: %(n)d contents need you", len(troubled)
        ) % {"brand": brand.name, "n": len(troubled)}
        page = settings.ENV.public_url + reverse("publishing:contents", args=[brand.slug]) + "?show=stuck"
        context = {
            "brand": brand,
            "deliveries": troubled,
            "site": settings.ENV.public_url,
            "page": page,
            "subject": subject,
        }
        return letter(to=person.email, subject=subject, template="publishing/email/trouble", context=context)
