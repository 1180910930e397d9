"""The library's pages and the composer with files, as a person uses them."""

import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.publishing.library.assets import take_in
from palabre.publishing.models import Asset, Folder, Post
from palabre.publishing.tests.arranged import build_channel
from palabre.publishing.tests.drawn import film, photograph, picture
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


def sent(content: bytes, name: str = "photo.jpg", mime: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, mime)


def kept(brand: Brand, content: bytes, name: str = "photo.jpg") -> Asset:
    return take_in(brand=brand, by=None, name=name, chunks=[content])


def test_files_are_dropped_found_and_put_away_with_a_way_back(client: Client, brand: Brand) -> None:
    client.post(f"{HOME}/library/folders/", {"name": "Été"})
    folder = Folder.objects.get()
    client.post(
        f"{HOME}/library/upload/",
        {"files": [sent(photograph(), "plage.jpg"), sent(b"rien", "notes.txt")], "folder": folder.pk},
    )
    seen = client.get(f"{HOME}/library/?folder={folder.pk}").content.decode()
    assert "plage.jpg" in seen
    assert "notes.txt" in seen, "what was refused is named"
    asset = Asset.objects.get()
    client.post(f"{HOME}/library/change/", {"act": "put_away", "asset": [asset.pk]})
    assert (
        "plage.jpg" not in client.get(f"{HOME}/library/?q=plage").content.decode().split("library-grid")[-1]
    )
    client.post(f"{HOME}/library/{asset.pk}/back/")
    assert "plage.jpg" in client.get(f"{HOME}/library/?q=PLAGE").content.decode()


def test_a_file_is_handed_out_as_what_it_is_and_to_the_brand_alone(
    client: Client, cast: Cast, brand: Brand
) -> None:
    asset = kept(brand, photograph(), 'a"b<script>.jpg')
    answer = client.get(f"{HOME}/library/{asset.pk}/file/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline")
    paper = kept(brand, b"%PDF-1.7 <script>", "a.pdf")
    assert client.get(f"{HOME}/library/{paper.pk}/file/")["Content-Disposition"].startswith("attachment")
    stranger = Client()
    stranger.force_login(cast.stranger)
    assert stranger.get(f"{HOME}/library/{asset.pk}/file/").status_code == 404
    theirs = f"/b/{cast.other.slug}/publish/library/{asset.pk}/file/"
    assert stranger.get(theirs).status_code == 404


def test_a_player_asks_for_a_part_of_a_film(client: Client, brand: Brand) -> None:
    asset = kept(brand, film(), "film.mp4")
    address = f"{HOME}/library/{asset.pk}/file/"
    part = client.get(address, headers={"range": "bytes=10-19"})
    assert (part.status_code, len(part.content)) == (206, 10)
    assert part["Content-Range"] == f"bytes 10-19/{asset.size}"
    assert client.get(address, headers={"range": f"bytes={asset.size}-"}).status_code == 416


def test_a_colleague_who_reads_sees_a_file_and_changes_nothing(cast: Cast, brand: Brand) -> None:
    asset = kept(brand, picture())
    reader = Client()
    reader.force_login(cast.colleague)
    assert reader.get(f"{HOME}/library/{asset.pk}/").status_code == 200
    assert reader.post(f"{HOME}/library/{asset.pk}/", {"name": "autre"}).status_code == 403


def composed(client: Client, **typed: object) -> str:
    return client.post(f"{HOME}/new/", typed).content.decode()


def test_a_picture_is_added_moved_described_and_saved(client: Client, brand: Brand, channel: Channel) -> None:
    first = kept(brand, photograph())
    seen = composed(
        client,
        act="attach",
        text="Oui",
        channels=[channel.pk],
        pick=[first.pk],
        files=sent(picture(form="PNG"), "b.png"),
    )
    second = Asset.objects.exclude(pk=first.pk).get()
    assert re.findall(r'name="medium" value="(\d+)"', seen) == [str(second.pk), str(first.pk)]
    assert f"/library/{second.pk}/on/{channel.pk}/" in seen, "the preview shows it"
    rows = {
        "medium": [second.pk, first.pk],
        "alt": ["Deux", "Un"],
        "shape": ["", "1:1"],
        "near": [100, 100],
        "across": [50, 0],
        "down": [50, 50],
    }
    moved = composed(client, act="media-down-0", text="Oui", channels=[channel.pk], **rows)
    assert re.findall(r'name="medium" value="(\d+)"', moved) == [str(first.pk), str(second.pk)]
    composed(client, act="save", text="Oui", channels=[channel.pk], **rows)
    with scope(brand=brand):
        said = Post.objects.get().said
    assert [(medium.asset, medium.alt) for medium in said.media] == [(second.pk, "Deux"), (first.pk, "Un")]
    crop = said.media[1].crop
    assert crop is not None
    assert (crop.left, crop.width) == (0, 0.75)
    again = client.get(f"{HOME}/contents/{Post._base_manager.get().pk}/edit/").content.decode()
    assert "<option selected>1:1</option>" in again


def test_a_refused_file_is_told_in_the_composer_and_the_words_stay(client: Client, channel: Channel) -> None:
    seen = composed(client, act="attach", text="Mes mots", files=sent(b"<svg onload=alert(1)>", "logo.svg"))
    assert "logo.svg" in seen
    assert "PNG" in seen
    assert "Mes mots" in seen


def test_an_account_shows_its_own_pictures(client: Client, brand: Brand, channel: Channel) -> None:
    other = build_channel(brand, "autre", "bluesky")
    mine, theirs = kept(brand, photograph()), kept(brand, picture(form="PNG"))
    common = {"text": "Oui", "channels": [channel.pk, other.pk], "medium": [mine.pk]}
    begun = composed(client, act=f"own-{other.pk}", **common, **{f"own-{other.pk}-pictures": "1"})
    assert f'name="own-{other.pk}-medium" value="{mine.pk}"' in begun
    own = {f"own-{other.pk}-pictures": "1", f"own-{other.pk}-medium": [theirs.pk]}
    composed(client, act="save", **common, **own)
    with scope(brand=brand):
        shown = {v.channel_id: [m.asset for m in v.said.media] for v in Post.objects.get().variants.all()}
    assert shown == {channel.pk: [mine.pk], other.pk: [theirs.pk]}


def test_a_picture_is_seen_as_the_network_will_get_it(client: Client, brand: Brand) -> None:
    from PIL import Image

    instagram = build_channel(brand, "ig", "instagram")
    asset = kept(brand, picture(2400, 600))
    answer = client.get(f"{HOME}/library/{asset.pk}/on/{instagram.pk}/?crop=0,0,0.25,1")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (600, 600)
    assert client.get(f"{HOME}/library/{asset.pk}/on/{instagram.pk}/?crop=a").status_code == 200
