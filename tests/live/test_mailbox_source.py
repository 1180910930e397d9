"""The mailbox source against a real Dovecot, by the whole way in."""

import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from ipaddress import ip_network

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from pytest_django import Settings

from palabre.intake.out import session
from palabre.intake.pull import gather_lines, pull_line
from palabre.intake.tests.scripted import hurried
from palabre.listening.models import Mention, Source
from palabre.listening.sources import SourceDraft, add_source
from tests.builders import Cast, build_cast, build_topic
from tests.live.mail import DOMAIN, PASSWORD, MailServer

pytestmark = [pytest.mark.live, pytest.mark.django_db]
BOX = f"veille@{DOMAIN}"
LETTER = """<html><head><style>p { color: red }</style></head><body><h1>La lettre</h1>
<p>Le <b>café&nbsp;Baobab</b> rouvre&nbsp;!</p><script>alert(1)</script></body></html>"""


@pytest.fixture
def box(mail_server: MailServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    settings.ENV = replace(settings.ENV, allowed_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")))
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.certificate))
    mail_server.empty(BOX)
    yield mail_server
    mail_server.empty(BOX)


@pytest.fixture
def cast() -> Cast:
    cast = build_cast()
    build_topic(cast.brand)
    return cast


def send(server: MailServer, subject: str, html: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"La Gazette <lettre@{DOMAIN}>", BOX, subject
    message["Message-ID"] = f"<{subject.replace(' ', '-').lower()}@{DOMAIN}>"
    message.set_content(html, subtype="html")
    trusted = ssl.create_default_context(cafile=str(server.certificate))
    with smtplib.SMTP(server.host, server.submission, timeout=30) as client:
        client.starttls(context=trusted)
        client.login(f"lettre@{DOMAIN}", PASSWORD)
        client.send_message(message)


def added(cast: Cast, server: MailServer, password: str = PASSWORD, **options: str) -> Source:
    draft = SourceDraft(
        network="mailbox",
        kind="mailbox",
        target=BOX,
        options={"host": server.host, "port": str(server.imaps), "user": "veille", **options},
        secrets={"password": password},
    )
    with scope(brand=cast.brand):
        return add_source(brand=cast.brand, by=cast.owner, draft=draft)


def visit(source: Source) -> Source:
    with scopes_disabled():
        (line,) = gather_lines(Source.objects.select_related("brand").filter(pk=source.pk))

    async def run() -> None:
        async with session() as out:
            await pull_line(line, out, hurried())

    async_to_sync(run)()
    return Source._base_manager.get(pk=source.pk)


def test_a_letter_becomes_a_mention_in_plain_words_and_only_new_mail_is_read_again(
    box: MailServer, cast: Cast
) -> None:
    send(box, "Lettre 1", LETTER)
    send(box, "Rien pour nous", "<p>Il pleuvra demain.</p>")
    box.wait_for(BOX, 2)
    source = visit(added(cast, box))
    assert (source.state, source.error_code, source.items_found) == ("working", "", 2)
    with scope(brand=cast.brand):
        item = Mention.objects.select_related("item__author").get().item
    assert item.title == "Lettre 1"
    assert "café Baobab" in item.text.replace("\xa0", " ")
    assert "<" not in item.text and "alert" not in item.text and "color" not in item.text
    assert item.author is not None and item.author.name == "La Gazette"
    assert item.occurred_at <= timezone.now()

    send(box, "Lettre 2", LETTER)
    box.wait_for(BOX, 3)
    again = visit(source)
    assert again.items_found == 3, "the two known ones are not read again"
    assert again.cursor != source.cursor
    with scope(brand=cast.brand):
        titles = Mention.objects.order_by("item__title").values_list("item__title", flat=True)
        assert list(titles) == ["Lettre 1", "Lettre 2"]


def test_a_wrong_password_stops_the_source_until_a_person_acts(box: MailServer, cast: Cast) -> None:
    source = visit(added(cast, box, password="faux"))
    assert (source.state, source.error_code) == ("stopped", "mail_login_refused")
    assert source.cursor is None
    assert "faux" not in str(source.error_params)


def test_a_line_that_starts_in_plain_text_is_encrypted_first(box: MailServer, cast: Cast) -> None:
    send(box, "Lettre 1", LETTER)
    box.wait_for(BOX, 1)
    source = visit(added(cast, box, security="starttls", port=str(box.imap)))
    assert (source.state, source.error_code, source.items_found) == ("working", "", 1)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_authority_nobody_knows_is_said_and_the_password_kept(
    box: MailServer, cast: Cast, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    said = box.folder / "dovecot.log"
    before = said.read_text().count("Login: user=<veille>")
    port = box.imap if security == "starttls" else box.imaps
    source = visit(added(cast, box, security=security, port=str(port)))
    assert (source.error_code, source.items_found) == ("tls_untrusted", 0)
    assert said.read_text().count("Login: user=<veille>") == before
