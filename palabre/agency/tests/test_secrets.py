"""Secrets at rest, and what happens when their key is lost."""

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from pytest_django import Settings

from palabre.alerts.forms import MailServerForm
from palabre.alerts.models import MailServer
from palabre.intake.pull import claim_due
from palabre.kit.secrecy import Unreadable, seal, unseal
from palabre.listening.models import Source
from palabre.listening.sources import SourceDraft, add_source
from tests.builders import Cast, build_cast

SECRET = "mot de passe bien secret"
BOX = SourceDraft(
    network="mailbox",
    kind="mailbox",
    target="veille@iroko.example",
    options={"host": "imap.iroko.example"},
    secrets={"password": SECRET},
)


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def column(table: str, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table}")
        return str(cursor.fetchone()[0])


def whole_row(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT row_to_json({table})::text FROM {table}")
        return str(cursor.fetchone()[0])


@pytest.fixture
def source(cast: Cast) -> Source:
    with scope(brand=cast.brand):
        return add_source(brand=cast.brand, by=cast.owner, draft=BOX)


def test_a_sealed_text_opens_with_its_key_alone(settings: Settings) -> None:
    sealed = seal(SECRET)
    assert SECRET not in sealed and sealed != seal(SECRET)
    assert unseal(sealed) == SECRET
    settings.ENCRYPTION_KEY = Fernet.generate_key().decode()
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_the_table_holds_no_plain_text(cast: Cast, source: Source) -> None:
    assert SECRET not in whole_row("listening_source")
    with scope(brand=cast.brand):
        assert SECRET in Source.objects.get().secrets


def test_saving_a_row_seals_once(cast: Cast, source: Source) -> None:
    with scope(brand=cast.brand):
        kept = Source.objects.get()
        before = column("listening_source", "secrets")
        kept.save()
        assert column("listening_source", "secrets") == before
        assert SECRET in Source.objects.get().secrets


def test_with_another_key_the_pages_stay_and_the_source_says_what_to_do(
    cast: Cast, source: Source, client: Client, settings: Settings
) -> None:
    settings.ENCRYPTION_KEY = Fernet.generate_key().decode()
    client.force_login(cast.owner)
    sources = reverse("listening:sources", args=[cast.brand.slug])
    assert client.get(sources).status_code == 200
    with scope(brand=cast.brand):
        feed = SourceDraft(network="feeds", kind="feed", target="https://gazette.example/rss")
        other = add_source(brand=cast.brand, by=cast.owner, draft=feed)
        with pytest.raises(Unreadable):
            _ = Source.objects.get(pk=source.pk).secrets
    lines = claim_due(now=Source._base_manager.latest("next_at").next_at)
    assert [line.sources[0].pk for line in lines] == [other.pk], "the others are asked all the same"
    with scope(brand=cast.brand):
        stopped = Source.objects.get(pk=source.pk)
        assert (stopped.state, stopped.error_code) == ("stopped", "secret_unreadable")
        assert client.get(sources).status_code == 200
        again = add_source(brand=cast.brand, by=cast.owner, draft=BOX)
        assert again.pk == source.pk
        kept = Source.objects.get(pk=source.pk)
        assert (kept.state, SECRET in kept.secrets) == ("new", True)


def test_a_mail_server_whose_password_is_lost_asks_for_it_again(db: None, settings: Settings) -> None:
    given = {"host": "smtp.iroko.example", "port": 587, "security": "starttls", "user": "ines"}
    MailServer.objects.create(**given, password=SECRET, sender="alertes@iroko.example")
    typed = {**given, "password": "", "sender": "alertes@iroko.example"}
    kept = MailServerForm(typed, instance=MailServer.objects.get())
    assert kept.is_valid() and kept.cleaned_data["password"] == SECRET
    settings.ENCRYPTION_KEY = Fernet.generate_key().decode()
    lost = MailServerForm(typed, instance=MailServer.objects.get())
    assert list(lost.errors) == ["password"]
    assert SECRET not in str(MailServerForm(instance=MailServer.objects.get()))
