"""The page of one content: what each account says and shows, with its files."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.composing.compose import PostDraft, save_post
from palabre.publishing.composing.content import Content, Crop, Medium
from palabre.publishing.library.assets import take_in
from palabre.publishing.models import Asset, Post
from palabre.publishing.tests.arranged import build_channel
from palabre.publishing.tests.drawn import picture
from tests.builders import Cast

HOME = "/b/cafe-baobab/publish"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def client(cast: Cast) -> Client:
    browser = Client(headers={"accept-language": "fr"})
    browser.force_login(cast.owner)
    return browser


@pytest.fixture
def asset(brand: Brand) -> Asset:
    return take_in(brand=brand, by=None, name="terrasse.jpg", chunks=[picture()])


def written(brand: Brand, channels: dict[int, dict[str, object]], **said: object) -> Post:
    return save_post(brand=brand, by=None, draft=PostDraft(content=Content(**said), channels=channels))


def seen(client: Client, post: Post) -> str:
    return client.get(f"{HOME}/contents/{post.pk}/").content.decode()


def test_its_pictures_are_shown_as_each_account_gets_them_with_their_words(
    client: Client, brand: Brand, channel: Channel, asset: Asset
) -> None:
    other = build_channel(brand, "autre")
    cut = Medium(asset=asset.pk, alt="La terrasse au soleil", crop=Crop(left=0.25, width=0.5))
    own = {"media": [{"asset": asset.pk, "alt": ""}]}
    post = written(brand, {channel.pk: {}, other.pk: own}, text="Venez", media=(cut,))
    page = seen(client, post)
    shown = f"{HOME}/library/{asset.pk}/on/{channel.pk}/?crop=0.25,0.0,0.5,1.0"
    assert f'src="{shown}" alt="La terrasse au soleil"' in page
    assert client.get(shown).status_code == 200
    assert f'{HOME}/library/{asset.pk}/on/{other.pk}/" alt="terrasse.jpg"' in page
    assert page.count("Pas de texte alternatif") == 1


def test_a_film_has_its_poster_and_a_sound_its_name(
    client: Client, brand: Brand, channel: Channel, asset: Asset
) -> None:
    Asset.objects.filter(pk=asset.pk).update(kind="video", mime="video/mp4", name="visite.mp4")
    sound = take_in(brand=brand, by=None, name="merci.jpg", chunks=[picture(80, 60)])
    Asset.objects.filter(pk=sound.pk).update(kind="audio", mime="audio/mpeg", name="merci.mp3")
    media = (Medium(asset=asset.pk, alt="Le tour du jardin"), Medium(asset=sound.pk))
    page = seen(client, written(brand, {channel.pk: {}}, text="Venez", media=media))
    assert f'poster="{HOME}/library/{asset.pk}/small/"' in page
    assert 'aria-label="Le tour du jardin"' in page
    assert "merci.mp3" in page


def test_a_thread_its_first_comment_and_a_content_without_an_account_are_shown_whole(
    client: Client, brand: Brand, channel: Channel, asset: Asset
) -> None:
    post = written(brand, {channel.pk: {}}, text="Un", parts=("Deux",), first_comment="Le lien est là")
    page = seen(client, post)
    assert "Deux" in page and "Le lien est là" in page
    alone = seen(client, written(brand, {}, text="Sans compte", media=(Medium(asset=asset.pk),)))
    assert "Sans compte" in alone and f"{HOME}/library/{asset.pk}/small/" in alone


def test_a_file_that_is_gone_breaks_nothing(client: Client, brand: Brand, channel: Channel) -> None:
    assert "Venez" in seen(client, written(brand, {channel.pk: {}}, text="Venez", media=(Medium(asset=1),)))


def test_more_accounts_and_files_ask_for_the_files_once(
    client: Client, brand: Brand, channel: Channel, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    files = [take_in(brand=brand, by=None, name=f"{n}.jpg", chunks=[picture(60 + n, 60)]) for n in range(4)]
    media = tuple(Medium(asset=one.pk) for one in files)
    seen(client, written(brand, {channel.pk: {}}, text="Chauffe"))
    post = written(brand, {channel.pk: {}}, text="Venez", media=media)
    with django_assert_max_num_queries(60):
        seen(client, post)
