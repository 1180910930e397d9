"""A mail to one person, from a template's text and page, and whether any can leave.

The rooms say what it is about.
"""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string


def leaves() -> bool:
    """Whether mail can leave: the backend of an installation nobody told of a server has no host."""
    return getattr(get_connection(), "host", "somewhere") != ""


def letter(
    *, to: str, subject: str, template: str, context: Mapping[str, object], reply_to: str = ""
) -> EmailMultiAlternatives:
    """The mail, ready to go: `template` names a `.txt` and a `.html`, without their ending.

    Call it in the language and on the clock of its reader. Marked as sent by no person, so that nobody's
    absence answers it.
    """
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{template}.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message
