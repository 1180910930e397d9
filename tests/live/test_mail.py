"""The mail servers the other live tests rely upon do what real ones do."""

import imaplib
import smtplib
import ssl
from email.message import EmailMessage

import pytest

from tests.live.mail import DOMAIN, LATER, PASSWORD, REFUSED, MailServer

pytestmark = pytest.mark.live


def trusting(server: MailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(server.certificate))


def send(server: MailServer, to: str, subject: str, *, password: str = PASSWORD) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"ines@{DOMAIN}", to, subject
    message.set_content("Bonjour,\nl’été arrive.\n")
    with smtplib.SMTP(server.host, server.submission, timeout=30) as client:
        client.starttls(context=trusting(server))
        client.login(f"ines@{DOMAIN}", password)
        client.send_message(message)


def test_what_is_submitted_arrives_and_is_read_over_imap(mail_server: MailServer) -> None:
    send(mail_server, f"malo@{DOMAIN}", "L’été")
    (message,) = mail_server.wait_for(f"malo@{DOMAIN}")
    assert message["Subject"] == "L’été"
    with imaplib.IMAP4_SSL("localhost", mail_server.imaps, ssl_context=trusting(mail_server)) as client:
        client.login("malo", PASSWORD)
        assert client.select("INBOX") == ("OK", [b"1"])
        _, found = client.fetch("1", "(BODY[TEXT])")
        assert "été".encode() in found[0][1] or b"=C3=A9t=C3=A9" in found[0][1]


def test_a_wrong_password_is_refused_on_both_sides(mail_server: MailServer) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send(mail_server, f"malo@{DOMAIN}", "non", password="wrong")
    with (
        imaplib.IMAP4_SSL("localhost", mail_server.imaps, ssl_context=trusting(mail_server)) as client,
        pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"),
    ):
        client.login("malo", "wrong")


def test_a_password_is_not_taken_without_encryption(mail_server: MailServer) -> None:
    with (
        smtplib.SMTP(mail_server.host, mail_server.submission, timeout=30) as client,
        pytest.raises(smtplib.SMTPNotSupportedError),
    ):
        client.login("ines", PASSWORD)


def test_nothing_leaves_for_elsewhere(mail_server: MailServer) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mail_server, "someone@elsewhere.example", "non")


@pytest.mark.parametrize(("address", "code"), [(REFUSED, 550), (LATER, 450)])
def test_some_recipients_are_refused_for_good_and_some_for_now(
    mail_server: MailServer, address: str, code: int
) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(mail_server, address, "non")
    assert refusal.value.recipients[address][0] == code


def test_a_waiting_client_is_told_of_new_mail(mail_server: MailServer) -> None:
    """IDLE (RFC 2177): the server speaks first."""
    with imaplib.IMAP4_SSL(
        "localhost", mail_server.imaps, ssl_context=trusting(mail_server), timeout=30
    ) as client:
        client.login("attente", PASSWORD)
        client.select("INBOX")
        client.send(b"a IDLE\r\n")
        assert client.readline().startswith(b"+")
        send(mail_server, f"attente@{DOMAIN}", "coucou")
        assert b"EXISTS" in client.readline()
        client.send(b"DONE\r\n")
        while not client.readline().startswith(b"a "):
            pass
