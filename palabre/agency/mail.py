"""The mail of an invitation: HTML and text, in the language of who is invited.

A row is the truth: what is not sent yet is found again, whoever was interrupted.
"""

import smtplib
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from palabre.agency.invitations import address
from palabre.agency.letters import leaves, letter
from palabre.agency.models import Invitation


def message_of(invitation: Invitation) -> EmailMultiAlternatives:
    """The mail, ready to go."""
    with translation.override(invitation.language):
        host = invitation.invited_by
        context = {
            "invitation": invitation,
            "organisation": invitation.organisation,
            "brands": list(invitation.brands.all()),
            "host": str(host) if host else invitation.organisation.name,
            "link": address(invitation),
        }
        subject = _("%(host)s invites you to %(organisation)s") % {
            "host": context["host"],
            "organisation": invitation.organisation.name,
        }
        return letter(
            to=invitation.email,
            subject=subject,
            template="agency/email/invitation",
            context=context,
            reply_to=host.email if host else "",
        )


def send_waiting(*, now: datetime) -> int:
    """Send every good invitation that has not left; how many did. One that fails says why at its line.

    Where no mail can leave nothing is done: the link can be copied, and mail leaves once it can.
    """
    if not leaves():
        return 0
    waiting = Invitation.objects.filter(
        sent_at=None, mail_error="", accepted_at=None, revoked_at=None, expires_at__gt=now
    )
    return sum(_send(pk, now) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _send(pk: int, now: datetime) -> bool:
    rows = Invitation.objects.select_for_update(skip_locked=True, of=("self",))
    invitation = rows.select_related("organisation", "invited_by").filter(pk=pk, sent_at=None).first()
    if invitation is None or not invitation.is_good(now):
        return False
    try:
        message_of(invitation).send()
    except (smtplib.SMTPException, OSError) as error:
        invitation.mail_error = (str(error) or type(error).__name__)[:300]
        invitation.save(update_fields=["mail_error"])
        return False
    invitation.sent_at = now
    invitation.save(update_fields=["sent_at"])
    return True
