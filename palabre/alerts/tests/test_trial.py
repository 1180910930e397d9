"""A mail server that was typed wrong: said at the field it is about, with what to do."""

import smtplib
import socket
import ssl

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from tests.builders import build_cast

TYPED = {"host": "mail.example", "port": "587", "security": "starttls", "sender": "Iroko <a@iroko.example>"}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (smtplib.SMTPAuthenticationError(535, b"no"), "mot de passe"),
        (smtplib.SMTPSenderRefused(550, b"who are you", "a@iroko.example"), "who are you"),
        (socket.gaierror(-2, "Name or service not known"), "orthographe"),
        (ssl.SSLError("wrong version"), "STARTTLS"),
        (ConnectionRefusedError(111, "refused"), "587"),
        (TimeoutError(), "587"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    db: None, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def refuse(self: EmailBackend, messages: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    client = Client()
    client.force_login(build_cast().owner)
    page = client.post(reverse("alerts:mail_server"), TYPED).content.decode()
    wrong = page[page.index('class="field-error"') :][:600]
    assert said in wrong and "Errno" not in page


def test_a_sender_that_is_no_address_is_refused_before_anything_is_saved(db: None) -> None:
    client = Client()
    client.force_login(build_cast().owner)
    page = client.post(reverse("alerts:mail_server"), {**TYPED, "sender": "moi"}).content.decode()
    assert "alertes@votre-domaine.example" in page and 'class="field-error"' in page
