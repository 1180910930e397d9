"""Long work says when it is over: whoever began it has closed the page by then."""

import logging
import smtplib
from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from palabre.agency.letters import leaves
from palabre.agency.models import User
from palabre.publishing.importing.models import Import

log = logging.getLogger(__name__)
LONG = timedelta(seconds=60)
"""Work shorter than this is watched to its end on the page."""


def tell_end(source: Import) -> None:
    """Mail whoever brought the file that the work is over; nothing where no mail can leave."""
    if source.by is None or not source.by.is_active or not leaves():
        return
    try:
        message_of(source, source.by).send()
    except (smtplib.SMTPException, OSError) as error:
        # The page says the same; a mail that cannot leave must not stop the work.
        log.warning("the end of import %s could not be told: %s", source.pk, type(error).__name__)


def message_of(source: Import, reader: User) -> EmailMessage:
    """The mail, in the reader's language."""
    rows = Counter(source.rows.values_list("state", flat=True))
    with translation.override(reader.language):
        subjects = {
            "ready": _("“%(name)s” is read: confirm what is to be saved"),
            "asking": _("“%(name)s” is read: a question for you"),
            "done": _("“%(name)s” is brought in"),
            "undone": _("“%(name)s” is taken back"),
            "failed": _("“%(name)s” could not be read"),
        }
        subject = subjects.get(source.state, "“%(name)s”") % {"name": source.name[:80]}
        lines = [
            (_("Contents saved: %(n)s"), rows["saved"] + rows["draft"]),
            (_("Ready to be saved: %(n)s"), rows["good"]),
            (_("With a fault: %(n)s"), rows["faulty"]),
            (_("There already: %(n)s"), rows["double"]),
            (_("Taken back: %(n)s"), rows["undone"]),
        ]
        told = "\n".join(line % {"n": count} for line, count in lines if count)
        page = settings.ENV.public_url + reverse("publishing:import", args=[source.brand.slug, source.pk])
        return EmailMessage(
            subject=" ".join(f"{source.brand.name}: {subject}".split()),
            body=f"{told}\n\n{page}\n".lstrip(),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[reader.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
