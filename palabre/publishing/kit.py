"""Publishing by hand: at the hour a content is handed to people, who post it and say so.

For networks without a way in, or one the brand does not pay for. The delivery stands `handed` until
somebody answers; who waits too long finds it missed, in red.
"""

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext
from django_scopes import scope, scopes_disabled

from palabre.agency.letters import leaves, letter
from palabre.agency.models import Brand, Member, User
from palabre.agency.roles import RIGHTS, Right, Role
from palabre.publishing.delivery.steps import advance
from palabre.publishing.models import Delivery

log = logging.getLogger(__name__)
MISSED_AFTER = timedelta(hours=24)
"""A content nobody said anything about for so long after its hour was not posted."""
MOST = 500


def hand_over_due(*, now: datetime) -> int:
    """Hand what is due to the people of each brand, and tell them; how many. Crosses brands on purpose."""
    with scopes_disabled(), transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        due = rows.filter(state="scheduled", try_at__lte=now, channel__by_hand=True, channel__state="working")
        handed = list(due.order_by("try_at")[:MOST])
        advance(handed, to="handed", act="handed", told_at=None)
        brands = list(Brand.objects.filter(pk__in={delivery.brand_id for delivery in handed}))
    for brand in brands:
        with scope(brand=brand):
            tell_handed(brand=brand, now=now)
    return len(handed)


def miss_unanswered(*, now: datetime) -> int:
    """What nobody answered for is missed, and told as such; how many. Crosses brands on purpose."""
    with scopes_disabled(), transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        silent = list(rows.filter(state="handed", try_at__lt=now - MISSED_AFTER)[:MOST])
        advance(
            silent,
            to="missed",
            act="unanswered",
            code="nobody_posted",
            error_code="nobody_posted",
            told_at=None,
        )
    return len(silent)


def handed() -> QuerySet[Delivery]:
    """What waits for somebody of the brand in scope to post it, the longest waiting first."""
    rows = Delivery.objects.filter(state="handed").select_related("channel", "variant__post__author")
    return rows.order_by("try_at", "pk")


def unposted(*, now: datetime) -> QuerySet[Delivery]:
    """What was missed within a month because nobody said that it was posted."""
    since = now - timedelta(days=30)
    return Delivery.objects.filter(state="missed", error_code="nobody_posted", due_at__gte=since)


def coming(*, now: datetime) -> QuerySet[Delivery]:
    """What is to be posted by hand within a week."""
    rows = Delivery.objects.filter(
        state="scheduled", channel__by_hand=True, due_at__lt=now + timedelta(days=7)
    )
    return rows.select_related("channel", "variant__post__author").order_by("due_at", "pk")


@transaction.atomic
def tell_handed(*, brand: Brand, now: datetime) -> int:
    """Mail whoever wrote what was handed over, or else who manages the brand; each content once."""
    rows = Delivery.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state="handed", told_at=None
    )
    fresh = list(rows.select_related("channel", "variant__post__author").order_by("try_at")[:MOST])
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in fresh]).update(told_at=now)
    if fresh and leaves():
        transaction.on_commit(lambda: _mail(brand, fresh))
    return len(fresh)


def _mail(brand: Brand, fresh: Sequence[Delivery]) -> None:
    with scope(brand=brand):
        for person, theirs in _by_person(brand, fresh):
            try:
                message_of(brand, theirs, person).send()
            except (smtplib.SMTPException, OSError) as error:
                # The pages show the same; a mail that cannot leave must not stop the next one.
                log.warning("a kit for %s could not leave: %s", person.pk, type(error).__name__)


def _by_person(brand: Brand, fresh: Sequence[Delivery]) -> list[tuple[User, list[Delivery]]]:
    """The author where they still may publish here, else those who manage the brand."""
    writing = [role for role, rights in RIGHTS.items() if Right.PUBLISH in rights]
    members = Member.objects.filter(organisation=brand.organisation_id, user__is_active=True)
    may_write = Q(role__in=writing) | Q(grants__brand=brand, grants__role__in=writing)
    manages = Q(role__in=(Role.OWNER, Role.MANAGER)) | Q(grants__brand=brand, grants__role=Role.MANAGER)
    writers = {one.user_id: one.user for one in members.filter(may_write).select_related("user").distinct()}
    managers = [one.user for one in members.filter(manages).select_related("user").distinct()]
    found: dict[int, tuple[User, list[Delivery]]] = {}
    for delivery in fresh:
        author = writers.get(delivery.variant.post.author_id or 0)
        for person in [author] if author else managers:
            found.setdefault(person.pk, (person, []))[1].append(delivery)
    return list(found.values())


def message_of(brand: Brand, theirs: Sequence[Delivery], person: User) -> EmailMultiAlternatives:
    """The mail, in the reader's language and on their clock."""
    with translation.override(person.language), timezone.override(person.time_zone):
        subject = ngettext(
            "%(brand)s: %(n)d content to post now", "%(brand)s: %(n)d contents to post now", len(theirs)
        ) % {"brand": brand.name, "n": len(theirs)}
        context = {
            "brand": brand,
            "deliveries": theirs,
            "site": settings.ENV.public_url,
            "page": settings.ENV.public_url + reverse("publishing:kits", args=[brand.slug]),
            "subject": subject,
        }
        return letter(to=person.email, subject=subject, template="publishing/email/kit", context=context)
