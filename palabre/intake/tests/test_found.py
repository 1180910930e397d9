"""Feeds found behind an address: one is followed, the others stay in sight."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from palabre.intake import views
from palabre.intake.preview import Finding
from palabre.listening.models import Source
from palabre.networks.contract import Suggestion, Watch
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
