"""A device is seen, and one that reads on does not write at every page."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from palabre.agency import middleware
from tests.builders import build_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    cast = build_cast()
    client = Client()
    client.force_login(cast.owner)
    client.get(f"/b/{cast.brand.slug}/listen/topics/")
    return client


def written(client: Client) -> tuple[object, ...]:
    device = UserSession.objects.get(session_key=client.session.session_key)
    return device.last_seen_at, Session.objects.get(pk=client.session.session_key).session_data


def test_pages_one_after_the_other_write_nothing_of_the_reader(client: Client) -> None:
    before = written(client)
    assert client.get("/settings/").status_code == 200
    assert written(client) == before


def test_a_device_that_comes_back_later_is_seen_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before, now = written(client), timezone.now().timestamp()
    monkeypatch.setattr(middleware.time, "time", lambda: now + middleware.NOTED_EVERY)
    client.get("/settings/")
    assert written(client) != before
