"""Digests to a person: HTML and text, charts inlined, one click to unsubscribe."""

from collections.abc import Sequence
from datetime import datetime
from email.mime.image import MIMEImage
from email.utils import make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from palabre.alerts.models import Digest, MailServer
from palabre.alerts.pictures import Picture, picture_of
from palabre.alerts.wants import fit_of
from palabre.alerts.wording import Line, heading, line_of
from palabre.kit.secrecy import Unreadable

CHART = "mentions@palabre"
"""How the HTML names the picture inside the mail."""


class MailNotConfigured(Exception):
    """Nobody said yet where mail leaves from."""


class ConfiguredBackend(EmailBackend):
    """SMTP as PALABRE_EMAIL_URL says, else as the owner typed it. Raises MailNotConfigured at opening."""

    def __init__(self, **kwargs: Any) -> None:
        given = _from_environment() or _from_database() or {"host": ""}
        super().__init__(**{**kwargs, **given})
        # Django takes its own default, localhost, for a host that is not there.
        self.host = given["host"]

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send; what leaves under the default name leaves as the sender the owner typed."""
        for message in email_messages:
            if message.from_email == settings.DEFAULT_FROM_EMAIL:
                message.from_email = sender()
        return super().send_messages(email_messages)

    def open(self) -> bool | None:
        """Connect, if there is somewhere to connect to."""
        if not self.host:
            raise MailNotConfigured
        return super().open()


def is_configured() -> bool:
    """Whether mail can leave."""
    return bool(settings.ENV.email_url) or MailServer.objects.exists()


def sender() -> str:
    """The address mail leaves from."""
    server = None if settings.ENV.email_url else MailServer.objects.first()
    return server.sender if server else settings.DEFAULT_FROM_EMAIL


def _from_environment() -> dict[str, Any] | None:
    if not settings.ENV.email_url:
        return None
    # smtp://user:password@host:port, smtp+starttls://…, smtps://…
    url = urlsplit(settings.ENV.email_url)
    return {
        "host": url.hostname,
        "port": url.port or {"smtps": 465, "smtp+starttls": 587}.get(url.scheme, 25),
        "username": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "use_tls": url.scheme == "smtp+starttls",
        "use_ssl": url.scheme == "smtps",
    }


def _from_database() -> dict[str, Any] | None:
    server = MailServer.objects.first()
    if server is None:
        return None
    try:
        password = server.password
    except Unreadable:  # the owner has to type it again: until then nothing leaves
        return None
    return {
        "host": server.host,
        "port": server.port,
        "username": server.user,
        "password": password,
        "use_tls": server.security == MailServer.Security.STARTTLS,
        "use_ssl": server.security == MailServer.Security.TLS,
    }


def digest_message(digest: Digest, *, now: datetime) -> EmailMultiAlternatives:
    """The mail of a digest, in the rule's language and time zone; the same Message-ID at each try."""
    rule, recipient = digest.rule, digest.recipient
    assert recipient is not None
    with translation.override(rule.language), timezone.override(rule.time_zone):
        # Newest first, and above them what their topics prefer.
        events = sorted(digest.events.all(), key=fit_of, reverse=True)
        lines = [line_of(event) for event in events]
        picture = picture_of(digest.brand, rule.topics)
        unsubscribe = settings.ENV.public_url + reverse("alerts:unsubscribe", args=[recipient.token])
        context = {
            "digest": digest,
            "rule": rule,
            "brand": digest.brand,
            "lines": lines,
            "chart": CHART if picture else "",
            "chart_words": picture.words if picture else "",
            "heading": heading(lines, digest.more),
            "unsubscribe_url": unsubscribe,
            "site": settings.ENV.public_url,
            "page_url": settings.ENV.public_url + reverse("insight:listen", args=[digest.brand.slug]),
            "now": now,
        }
        message = EmailMultiAlternatives(
            subject=subject(digest, lines),
            body=render_to_string("alerts/email/digest.txt", context),
            from_email=sender(),
            to=[recipient.email],
            headers={
                "Message-ID": f"<{digest.identity.hex}@{_domain()}>",
                "List-Unsubscribe": f"<{unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_to_string("alerts/email/digest.html", context), "text/html")
        if picture:
            message.attach(_inlined(picture))
    return message


def _inlined(picture: Picture) -> MIMEImage:
    """The picture inside the mail: nothing is fetched when it is opened."""
    part = MIMEImage(picture.png, "png")
    part.add_header("Content-ID", f"<{CHART}>")
    part.add_header("Content-Disposition", "inline", filename="mentions.png")
    return part


def subject(digest: Digest, lines: Sequence[Line]) -> str:
    """What the reader sees first: the one thing to tell, or how many."""
    if len(lines) == 1 and not digest.more:
        return f"{digest.brand.name} · {lines[0].headline}"
    return f"{digest.brand.name} · {heading(lines, digest.more)} · {digest.rule.name}"


def _domain() -> str:
    return make_msgid().rstrip(">").rpartition("@")[2]
