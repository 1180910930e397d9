"""The filter as a page of its own: what the dialog offers, where there is no script to open it."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from palabre.intake.paste import paste
from palabre.listening.models import SavedView
from palabre.stream.models import Author
from tests.builders import NOON, Cast, build_cast, build_topic


@pytest.fixture
def cast(db: None) -> Cast:
    cast = build_cast()
    cast.owner.language = "en"
    cast.owner.save(update_fields=["language"])
    topic = build_topic(cast.brand)
    with scope(brand=cast.brand):
        for author in ("Aïcha Koné", "Aïcha K.", "Marc Petit"):
            paste(
                brand=cast.brand, by=cast.owner, topic=topic, text=f"Le café baobab vu par {author}", url="",
                author=author, published_at=NOON,
            )  # fmt: skip
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


class TestAReader:
    """Looks, and keeps views of her own: they harm nobody."""

    @pytest.fixture
    def reader(self, cast: Cast) -> Client:
        client = Client()
        client.force_login(cast.colleague)
        return client

    @pytest.mark.parametrize("page", ["insight:listen", "insight:filter"])
    def test_is_offered_to_keep_a_filter_and_not_to_share_it(
        self, cast: Cast, reader: Client, page: str
    ) -> None:
        words = reader.get(reverse(page, args=[cast.brand.slug])).content.decode()
        assert reverse("listening:view_save", args=[cast.brand.slug]) in words
        assert 'name="shared"' not in words

    def test_keeps_a_view_for_herself_and_forgets_it(self, cast: Cast, reader: Client, owner: Client) -> None:
        page = reverse("insight:filter", args=[cast.brand.slug])
        typed = {"name": "À relire", "filter": "tones=negative"}
        reader.post(reverse("listening:view_save", args=[cast.brand.slug]), typed)
        with scope(brand=cast.brand):
            view = SavedView.objects.get()
        assert view.owner == cast.colleague
        forget = reverse("listening:view_delete", args=[cast.brand.slug, view.pk])
        assert forget in reader.get(page).content.decode()
        assert "À relire" not in owner.get(page).content.decode()
        assert owner.post(forget).status_code == 404
        assert reader.post(forget).status_code == 302
        with scope(brand=cast.brand):
            assert not SavedView.objects.exists()

    def test_neither_makes_a_shared_view_nor_forgets_one(self, cast: Cast, reader: Client) -> None:
        with scope(brand=cast.brand):
            view = SavedView.objects.create(brand=cast.brand, owner=None, name="À tous")
        forget = reverse("listening:view_delete", args=[cast.brand.slug, view.pk])
        words = reader.get(reverse("insight:filter", args=[cast.brand.slug])).content.decode()
        assert "À tous" in words and forget not in words
        assert reader.post(forget).status_code == 403
        typed = {"name": "À tous aussi", "filter": "", "shared": "1"}
        assert reader.post(reverse("listening:view_save", args=[cast.brand.slug]), typed).status_code == 403
        with scope(brand=cast.brand):
            assert [kept.name for kept in SavedView.objects.all()] == ["À tous"]


def test_an_empty_period_tells_what_is_outside_it(cast: Cast, owner: Client) -> None:
    page = reverse("insight:listen", args=[cast.brand.slug])
    asked = {"since": "1999-01-01", "until": "1999-01-02"}
    words = owner.get(page, asked).content.decode()
    assert "3 mentions match outside it" in words and "days=all" in words
    nothing = owner.get(page, {**asked, "q": "introuvable"}).content.decode()
    assert "outside it" not in nothing


class TestTheAuthor:
    """Who said it is typed: a name or a part of one; the address then holds whom it meant."""

    def asked(self, cast: Cast, client: Client, typed: str) -> str:
        page = reverse("insight:listen", args=[cast.brand.slug])
        asked = {"voice": typed, "days": "all", "q": ""}
        return client.get(page, asked, follow=True).content.decode()

    @pytest.mark.parametrize(
        ("typed", "heard"),
        [
            ("Aïcha Koné", {"Aïcha Koné"}),
            ("aicha kone", {"Aïcha Koné"}),
            ("AICHA", {"Aïcha Koné", "Aïcha K."}),
            ("petit", {"Marc Petit"}),
            ("Aïcha K., Marc Petit", {"Aïcha K.", "Marc Petit"}),
        ],
    )
    def test_is_found_by_a_name_or_a_part_of_it(
        self, cast: Cast, owner: Client, typed: str, heard: set[str]
    ) -> None:
        words = self.asked(cast, owner, typed)
        said = {name for name in ("Aïcha Koné", "Aïcha K.", "Marc Petit") if f"vu par {name}<" in words}
        assert said == heard

    def test_stands_in_the_field_when_the_form_is_opened_again(self, cast: Cast, owner: Client) -> None:
        with scope(brand=cast.brand):
            author = Author.objects.get(name="Marc Petit").pk
        page = reverse("insight:filter", args=[cast.brand.slug])
        assert 'value="Marc Petit"' in owner.get(page, {"author": author}).content.decode()

    def test_nobody_has_heard_of_is_said_and_left_out(self, cast: Cast, owner: Client) -> None:
        words = self.asked(cast, owner, "Personne")
        assert "Nobody called “Personne” was heard yet" in words
        assert "vu par Marc Petit<" in words

    @pytest.mark.parametrize("typed", ["%", "a\x00b", "[", "(a", "\\", "’"])
    def test_typed_oddly_breaks_nothing(self, cast: Cast, owner: Client, typed: str) -> None:
        assert "Mentions" in self.asked(cast, owner, typed)

    def test_is_suggested_while_it_is_typed(self, cast: Cast, owner: Client) -> None:
        page = reverse("insight:voices", args=[cast.brand.slug])
        assert "Marc Petit" in owner.get(page, {"voice": "mar"}).content.decode()
        assert "option" not in owner.get(page, {"voice": "m"}).content.decode()

    def test_of_another_brand_is_nobody(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.stranger)
        page = reverse("insight:voices", args=[cast.other.slug])
        assert "Marc Petit" not in client.get(page, {"voice": "marc"}).content.decode()
