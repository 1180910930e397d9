"""A test message: whether mail leaves by the settings just saved, and else which of them to look at."""

import smtplib
import socket
import ssl
from dataclasses import dataclass

from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from palabre.alerts.mail import sender

PATIENCE = 10
"""Seconds a person waits for a mail server that does not answer."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why no message left: the field of the form it is about, and what to do, in the reader's language."""

    field: str
    words: str


def send_trial(to: str) -> Trouble | None:
    """Send one message to this address; None when the server took it. Raises MailNotConfigured."""
    message = EmailMessage(
        subject=_("Palabre can write to you"),
        body=_("This message was sent to check the mail settings of Palabre. Nothing else is needed."),
        from_email=sender(),
        to=[to],
        connection=get_connection(timeout=PATIENCE),
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        field, words = _explained(error)
        return Trouble(field=field, words=_("Saved, but no message could leave.") + " " + words)
    return None


def _explained(error: Exception) -> tuple[str, str]:
    match error:
        case smtplib.SMTPAuthenticationError():
            return "password", _("The server refused this user name and password. Type them again.")
        case smtplib.SMTPSenderRefused():
            return "sender", _(
                "The server refused this sender. Take an address it knows, often the user name."
            ) + _said(error.smtp_error)
        case smtplib.SMTPRecipientsRefused():
            said = next(iter(error.recipients.values()), (0, b""))[1]
            return "sender", _(
                "The server does not write to your address. It may want a user name, or another sender."
            ) + _said(said)
        case smtplib.SMTPNotSupportedError():
            return "security", _("The server cannot do that. Try another security, or no user name.")
        case socket.gaierror():
            return "host", _("No server of this name was found. Check how it is spelled.")
        case ssl.SSLError():
            return "security", _(
                "The line could not be protected. Usual: TLS with port 465, STARTTLS with 587."
            )
        case ConnectionRefusedError():
            return "port", _("Nothing answers at this port. Usual: 587 with STARTTLS, 465 with TLS.")
        case TimeoutError() | smtplib.SMTPServerDisconnected() | smtplib.SMTPConnectError():
            return "port", _(
                "What is there does not answer as a mail server. Usual: 587 with STARTTLS, 465 with TLS."
            )
        case _:
            return "host", _("Ask whoever keeps the server.") + _said(str(error))


def _said(answer: bytes | str) -> str:
    told = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " " + _("It says: %(words)s") % {"words": " ".join(told.split())[:200]} if told.strip() else ""
