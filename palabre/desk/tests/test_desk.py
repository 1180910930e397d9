"""Home and search: what waits, across the brands one works for and no others."""

import pytest
from django.test import Client
from django_scopes import scope

from palabre.intake.paste import paste
from tests.builders import NOON, build_cast, build_topic

pytestmark = pytest.mark.django_db


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_an_empty_installation_begins_with_its_owner() -> None:
    assert Client().get("/").headers["Location"] == "/start/"
    assert Client().get("/start/").status_code == 200


def test_the_first_run_is_closed_once_there_is_an_owner() -> None:
    build_cast()
    assert Client().get("/start/").headers["Location"] == "/"
    assert "/accounts/login/" in Client().get("/").headers["Location"]


def test_home_shows_ones_own_brands_alone() -> None:
    cast = build_cast()
    page = signed_in(cast.owner).get("/").content.decode()
    assert "Café Baobab" in page
    assert "Vélo Fleuve" not in page


def test_search_finds_what_was_said_of_ones_brands_and_of_no_other() -> None:
    cast = build_cast()
    for brand, by in ((cast.brand, cast.owner), (cast.other, cast.stranger)):
        topic = build_topic(brand)
        with scope(brand=brand):
            paste(
                brand=brand,
                by=by,
                topic=topic,
                text=f"Une merveilleuse clarinette chez {brand.name}",
                url="",
                author="Zoé",
                published_at=NOON,
            )
    page = signed_in(cast.owner).get("/search/", {"q": "clarinettes"}).content.decode()
    assert "clarinette chez Café Baobab" in page
    assert "Vélo Fleuve" not in page
    nothing = signed_in(cast.owner).get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in nothing


def test_health_answers_without_signing_in() -> None:
    assert Client().get("/health/").json() == {"status": "ok"}
