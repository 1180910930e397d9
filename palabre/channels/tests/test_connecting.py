"""Connecting an account at the sandbox network, as a person does; its secrets stay sealed."""

from collections.abc import Mapping

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import Client
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.channels.connecting import _registration
from palabre.channels.models import Channel, Registration, SignInUnderWay
from palabre.networks.contract import Session
from tests.builders import Cast, build_cast


@pytest.fixture
def cast(db: None) -> Cast:
    cast = build_cast()
    Brand.objects.filter(pk=cast.brand.pk).update(is_demo=True)
    cast.brand.refresh_from_db()
    return cast


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(cast.owner)
    return browser


def connect(client: Client, name: str = "tilleuls") -> None:
    client.post("/b/cafe-baobab/channels/new/sandbox/name/", {"name": name})


def only(cast: Cast) -> Channel:
    with scope(brand=cast.brand):
        return Channel.objects.get()


@pytest.mark.parametrize(("language", "needs"), [("fr", "Il vous faut"), ("en", "What you need")])
def test_what_each_way_to_connect_takes_is_said_without_hovering(
    cast: Cast, language: str, needs: str
) -> None:
    cast.owner.language = language
    cast.owner.save()
    browser = Client(headers={"accept-language": language})
    browser.force_login(cast.owner)
    page = browser.get("/b/cafe-baobab/channels/").content.decode()
    offers = page.split('class="list-plain ways"')[1:]
    assert len(offers) >= 3
    assert page.count(needs) == 8, "Bluesky, Mastodon and WordPress, each in two ways"
    assert not any('title="' in offer.split("</ul>")[0] for offer in offers)
    assert 'href="https://bsky.app/settings/app-passwords"' in page
    form = browser.get("/b/cafe-baobab/channels/new/bluesky/app_password/").content.decode()
    assert needs in form and "https://bsky.app/settings/app-passwords" in form


def test_an_account_is_connected_by_what_is_typed(client: Client, cast: Cast) -> None:
    connect(client)
    channel = only(cast)
    assert (channel.network, channel.handle, channel.state) == ("sandbox", "tilleuls", "working")
    assert channel.signed_in_by == cast.owner


def test_its_secrets_are_sealed_in_the_table_and_on_no_page(client: Client, cast: Cast) -> None:
    connect(client)
    channel = only(cast)
    token = channel.credentials
    assert "token" in token
    with connection.cursor() as cursor:
        cursor.execute("SELECT channels_channel::text FROM channels_channel")
        (row,) = cursor.fetchone()
    assert "tilleuls-0" not in row
    for address in ("", f"{channel.pk}/"):
        assert "tilleuls-0" not in client.get(f"/b/cafe-baobab/channels/{address}").content.decode()


def test_a_refused_sign_in_is_said_on_the_form(client: Client, cast: Cast) -> None:
    answer = client.post("/b/cafe-baobab/channels/new/sandbox/name/", {"name": "nobody"})
    assert answer.status_code == 200
    with scope(brand=cast.brand):
        assert not Channel.objects.exists()


def test_an_account_is_connected_by_the_page_of_the_network(client: Client, cast: Cast) -> None:
    left = client.post("/b/cafe-baobab/channels/new/sandbox/page/", {"name": "tilleuls"})
    assert left.status_code == 302
    back = left["Location"].removeprefix("http://127.0.0.1:8000")
    assert back.startswith("/oauth/sandbox/back/?")
    client.get(back)
    assert only(cast).state == "working"
    with scope(brand=cast.brand):
        assert not SignInUnderWay.objects.exists(), "used once"
    again = client.get(back, follow=True)
    assert "recommencez" in again.content.decode()


def test_somebody_elses_way_back_leads_nowhere(client: Client, cast: Cast) -> None:
    left = client.post("/b/cafe-baobab/channels/new/sandbox/page/", {"name": "tilleuls"})
    thief = Client()
    thief.force_login(cast.stranger)
    thief.get(left["Location"].removeprefix("http://127.0.0.1:8000"))
    with scope(brand=cast.brand):
        assert not Channel.objects.exists()
    with scope(brand=cast.other):
        assert not Channel.objects.exists()


def test_signing_in_again_keeps_the_row(client: Client, cast: Cast) -> None:
    connect(client)
    before = only(cast)
    Channel._base_manager.update(state="needs_sign_in", error_code="sign_in_needed")
    connect(client)
    after = only(cast)
    assert (after.pk, after.state, after.error_code) == (before.pk, "working", "")


def test_a_removed_account_forgets_its_secrets_and_can_come_back(client: Client, cast: Cast) -> None:
    connect(client)
    channel = only(cast)
    client.post(f"/b/cafe-baobab/channels/{channel.pk}/remove/")
    gone = only(cast)
    assert (gone.state, gone.credentials) == ("removed", "")
    connect(client)
    assert (only(cast).pk, only(cast).state) == (channel.pk, "working")


def test_the_page_shows_health_and_what_the_network_can_do(client: Client, cast: Cast) -> None:
    connect(client)
    channel = only(cast)
    client.post(f"/b/cafe-baobab/channels/{channel.pk}/check/")
    seen = client.get(f"/b/cafe-baobab/channels/{channel.pk}/").content.decode()
    assert "publier" in seen
    assert "en marche" in seen
    assert only(cast).checked_at is not None


def test_a_network_without_a_door_is_served_by_hand(client: Client, cast: Cast) -> None:
    client.post("/b/cafe-baobab/channels/by-hand/instagram/", {"handle": "@cafebaobab", "url": ""})
    channel = only(cast)
    assert (channel.by_hand, channel.network) == (True, "instagram")


def test_a_colleague_who_only_reads_connects_nothing(cast: Cast) -> None:
    reader = Client()
    reader.force_login(cast.colleague)
    assert reader.get("/b/cafe-baobab/channels/new/sandbox/name/").status_code == 403
    assert reader.get("/b/cafe-baobab/channels/").status_code == 200


@pytest.mark.django_db
def test_palabre_registers_once_at_a_server_and_anew_when_it_asks_for_more() -> None:
    class Servers:
        """Gives a new id each time; what was given first was for less."""

        made = 0

        async def register(self, session: Session, server: str, redirect_uri: str) -> dict[str, str]:
            self.made += 1
            return {"client_id": str(self.made)}

        def outgrown(self, registration: Mapping[str, str]) -> bool:
            return registration["client_id"] == "1" and self.more

        more = False

    servers = Servers()

    def client_id() -> str:
        return async_to_sync(_registration)(servers, "sandbox", "server.example")["client_id"]

    assert [client_id(), client_id()] == ["1", "1"]
    servers.more = True
    assert [client_id(), client_id()] == ["2", "2"]
    assert Registration.objects.count() == 1
