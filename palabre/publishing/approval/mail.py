"""Asking people by mail: one mail a content and a person, with a link that shows it and decides once.

A row is the truth: who is to be asked is found from what waits, again at every round, so that somebody
who joins a team is asked too, and a lost job loses nothing.
"""

import smtplib
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palabre.agency.letters import leaves, letter
from palabre.agency.models import Brand, User
from palabre.publishing.approval.models import ApprovalLink
from palabre.publishing.approval.queues import AskedPost, asked, by_post, mine
from palabre.publishing.composing.reading import Reading, read

MOST_MAILS = 5
"""Contents for which a person gets a mail each; more at once come in one mail, without their links."""
_signer = Signer(sep=".", salt="palabre.approval")


def address(link: ApprovalLink) -> str:
    """The link, complete."""
    token = _signer.sign(f"{link.pk}.{link.nonce}")
    return settings.ENV.public_url + reverse("publishing:approval_link", args=[token])


def found(token: str) -> ApprovalLink | None:
    """The row a link belongs to, good or not; None for a forged one. Crosses brands: the link names one."""
    try:
        pk, nonce = _signer.unsign(token).split(".", 1)
    except (BadSignature, ValueError):
        return None
    rows = ApprovalLink._base_manager.select_related("brand__organisation", "user", "post")
    row = rows.filter(pk=pk).first()
    return row if row and constant_time_compare(row.nonce, nonce) else None


def ask_people(*, brand: Brand, now: datetime) -> int:
    """Mail everybody whose turn it is and who was not asked yet; how many mails left.

    A mail that fails says why on the page of the approvals. Where no mail can leave nothing is done.
    """
    if not leaves():
        return 0
    waiting = [one for one in asked(brand) if one.ends_at > now]
    people = {pk for one in waiting for pk in one.turn.people}
    sent = 0
    for user in User.objects.filter(pk__in=people):
        sent += _ask(brand, user, by_post(mine(waiting, user)), now)
    return sent


def _ask(brand: Brand, user: User, groups: Sequence[AskedPost], now: datetime) -> int:
    known: dict[int, datetime] = {}
    posts = [group.post.pk for group in groups]
    for link in ApprovalLink.objects.filter(user=user, post__in=posts).order_by("created_at"):
        known[link.post_id] = link.created_at
    new = [
        group
        for group in groups
        if group.post.pk not in known
        or known[group.post.pk] < max(one.approval.turn_at for one in group.asked)
    ]
    if len(new) > MOST_MAILS:
        return _send(
            brand, [_link(brand, user, group, now) for group in new], _gathered(brand, user, new), now
        )
    sent = 0
    for group in new:
        link = _link(brand, user, group, now)
        sent += _send(brand, [link], message_of(link, group), now)
    return sent


def _link(brand: Brand, user: User, group: AskedPost, now: datetime) -> ApprovalLink:
    ends = min(group.ends_at, now + ApprovalLink.LASTS)
    return ApprovalLink.objects.create(
        brand=brand, user=user, post=group.post, created_at=now, expires_at=ends
    )


@transaction.atomic
def _send(brand: Brand, links: Sequence[ApprovalLink], message: EmailMultiAlternatives, now: datetime) -> int:
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        why = (str(error) or type(error).__name__)[:300]
        ApprovalLink.objects.filter(pk__in=[link.pk for link in links]).update(mail_error=why)
        return 0
    ApprovalLink.objects.filter(pk__in=[link.pk for link in links]).update(sent_at=now)
    return 1


def readings(group: AskedPost) -> list[Reading]:
    """The content as each account asked about would show it."""
    deliveries = [one.delivery for one in group.asked]
    changes = {delivery.channel_id: delivery.variant.changes for delivery in deliveries}
    return read(group.post.said, [delivery.channel for delivery in deliveries], changes)


def message_of(link: ApprovalLink, group: AskedPost) -> EmailMultiAlternatives:
    """The mail about one content, in its reader's language and on the brand's clock."""
    user, brand = link.user, link.brand
    with translation.override(user.language), timezone.override(brand.time_zone):
        subject = _("%(brand)s: to approve, “%(post)s”") % {"brand": brand.name, "post": group.post}
        context = {
            "brand": brand,
            "group": group,
            "lines": list(zip(group.asked, readings(group), strict=True)),
            "link": address(link),
            "subject": subject,
            "reader": user,
            "ends_at": link.expires_at,
        }
        return letter(to=user.email, subject=subject, template="publishing/email/approval", context=context)


def _gathered(brand: Brand, user: User, groups: Sequence[AskedPost]) -> EmailMultiAlternatives:
    """One mail for many contents: it leads to the page where they are decided on."""
    with translation.override(user.language), timezone.override(brand.time_zone):
        subject = ngettext(
            "%(brand)s: %(n)d content to approve", "%(brand)s: %(n)d contents to approve", len(groups)
        ) % {"brand": brand.name, "n": len(groups)}
        context = {
            "brand": brand,
            "groups": groups[:10],
            "more": max(0, len(groups) - 10),
            "subject": subject,
            "page": settings.ENV.public_url + reverse("publishing:approval", args=[brand.slug]),
            "reader": user,
        }
        return letter(to=user.email, subject=subject, template="publishing/email/approvals", context=context)
