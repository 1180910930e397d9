"""The filter as a page of its own: what the dialog offers, where there is no script to open it."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from palabre.listening.models import SavedView
from tests.builders import Cast, build_cast, build_topic


@pytest.fixture
def cast(db: None) -> Cast:
    cast = build_cast()
    cast.owner.language = "en"
    cast.owner.save(update_fields=["language"])
    build_topic(cast.brand)
    return cast


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner)
    return client


def test_the_button_of_the_dialog_leads_to_the_page_and_the_page_back(cast: Cast, owner: Client) -> None:
    listen = reverse("insight:listen", args=[cast.brand.slug])
    page = reverse("insight:filter", args=[cast.brand.slug])
    assert f'href="{page}?' in owner.get(listen, {"tones": "negative"}).content.decode()
    shown = owner.get(page, {"tones": "negative", "q": "attente"}).content.decode()
    assert f'action="{listen}"' in shown
    assert 'value="attente"' in shown
    assert owner.get(page, {"days": "nonsense", "reach_min": "-1"}).status_code == 200


def test_a_filter_is_kept_and_forgotten_without_a_script(cast: Cast, owner: Client) -> None:
    page = reverse("insight:filter", args=[cast.brand.slug])
    typed = {"name": "Plaintes", "filter": "tones=negative"}
    owner.post(reverse("listening:view_save", args=[cast.brand.slug]), typed)
    with scope(brand=cast.brand):
        view = SavedView.objects.get()
    assert "Plaintes" in owner.get(page).content.decode()
    owner.post(reverse("listening:view_delete", args=[cast.brand.slug, view.pk]))
    assert "Forget the view" not in owner.get(page).content.decode()
    with scope(brand=cast.brand):
        assert not SavedView.objects.exists()
