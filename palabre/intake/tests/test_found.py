"""Feeds found behind an address: one is followed, the others stay in sight."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from palabre.intake import views
from palabre.intake.preview import Finding
from palabre.listening.models import Source, Topic
from palabre.listening.topics import delete_topic
from palabre.networks.contract import Suggestion, Watch
from palabre.networks.errors import Temporary
from tests.builders import Cast, build_cast

SITE = "https://journal.example"
FOUND = [
    Finding(
        network="feeds",
        suggestion=Suggestion(watch=Watch(kind="feed", target=f"{SITE}/{part}.xml"), title=f"Journal {part}"),
    )
    for part in ("une", "sports")
]


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(views, "find", lambda typed: (FOUND, None))
    return build_cast()


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.owner)
    return client


def test_without_a_script_what_was_found_is_shown_on_the_page_itself(client: Client, cast: Cast) -> None:
    page = client.post(reverse("intake:source_find", args=[cast.brand.slug]), {"address": SITE})
    words = page.content.decode()
    assert "<!doctype html>" in words and f'value="{SITE}"' in words
    assert "Journal une" in words and "Journal sports" in words


def test_following_one_answers_with_its_row_and_the_list_drawn_anew(client: Client, cast: Cast) -> None:
    one = {"network": "feeds", "kind": "feed", "target": f"{SITE}/une.xml", "title": "Journal une"}
    answer = client.post(
        reverse("intake:source_add", args=[cast.brand.slug]), one, headers={"HX-Request": "true"}
    )
    words = answer.content.decode()
    assert answer.status_code == 200 and "<!doctype html>" not in words
    assert 'id="sources" hx-swap-oob="true"' in words and words.count("Journal une") >= 2
    assert "toast" in answer.headers["HX-Trigger"]
    with scope(brand=cast.brand):
        assert Source.objects.get().target == f"{SITE}/une.xml"


def test_an_address_that_does_not_answer_is_not_said_to_be_tried_again(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        views, "find", lambda typed: ([], Temporary("connect_timeout", host="journal.example"))
    )
    page = client.post(reverse("intake:source_find", args=[cast.brand.slug]), {"address": SITE})
    words = page.content.decode()
    assert "journal.example ne répond pas. Réessayez dans un moment." in words


def test_two_are_followed_faster_than_the_next_round_begins(client: Client, cast: Cast) -> None:
    for part in ("une", "sports"):
        one = {"network": "feeds", "kind": "feed", "target": f"{SITE}/{part}.xml"}
        page = reverse("intake:source_add", args=[cast.brand.slug])
        assert client.post(page, one, headers={"HX-Request": "true"}).status_code == 200
    with scope(brand=cast.brand):
        assert Source.objects.count() == 2


def test_the_first_topic_can_be_changed_where_it_was_made_and_is_made_anew_when_put_away(
    client: Client, cast: Cast
) -> None:
    page = reverse("intake:start", args=[cast.brand.slug])
    client.post(page, {"query": "baobab café"})
    assert "baobab café" in client.get(page).content.decode()
    client.post(page, {"query": "baobab thé"})
    with scope(brand=cast.brand):
        topic = Topic.objects.get()
        assert topic.query == "baobab thé"
        delete_topic(topic=topic, by=cast.owner)
    client.post(page, {"query": "baobab maté"})
    with scope(brand=cast.brand):
        assert Topic.objects.get(deleted_at=None).query == "baobab maté"


def test_a_query_without_bounds_is_told_to_hold_a_word_and_only_a_topic_offers_to_confirm(
    client: Client, cast: Cast
) -> None:
    check = reverse("listening:topic_check", args=[cast.brand.slug])
    first_run = client.post(check, {"query": "-météo"}, headers={"HX-Request": "true"}).content.decode()
    assert "Ajoutez un mot" in first_run and "confirmez" not in first_run
    asked = {"query": "-météo", "unbounded_confirmed": "on"}
    topic = client.post(f"{check}?confirm=1", asked, headers={"HX-Request": "true"}).content.decode()
    assert "confirmez" in topic and 'name="unbounded_confirmed"' in topic and " checked" in topic
    answer = client.post(
        reverse("listening:topic_new", args=[cast.brand.slug]), {"query": "-météo", "name": "x"}
    )
    assert answer.content.decode().count("Ajoutez un mot") == 1, "said once"
