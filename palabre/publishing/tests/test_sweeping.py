"""What is too large is let go while it comes; what nothing needs any more goes for good, and nothing else."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from palabre.agency.models import AuditEntry, Brand
from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.networks.rules import MediaKind
from palabre.publishing.composing.compose import PostDraft, delete_post, save_post
from palabre.publishing.composing.content import Content, Medium
from palabre.publishing.composing.media import fit_of
from palabre.publishing.library import probing, receiving
from palabre.publishing.library.assets import put_away, take_in
from palabre.publishing.library.pictures import fitted, small
from palabre.publishing.library.sweeping import sweep_files, sweep_left_behind
from palabre.publishing.models import Asset, PageCard
from palabre.publishing.tests.drawn import picture
from tests.builders import Cast

LATER = timedelta(days=31)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def asset(brand: Brand) -> Asset:
    return take_in(brand=brand, by=None, name="plage.jpg", chunks=[picture()])


def files(media: Path) -> list[str]:
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def shown_by(asset: Asset, channel: Channel, **changes: object) -> object:
    content = Content(text="Bonjour", media=() if changes else (Medium(asset=asset.pk),))
    draft = PostDraft(content=content, channels={channel.pk: changes})
    return save_post(brand=channel.brand, by=None, draft=draft)


def test_a_file_put_away_goes_for_good_after_thirty_days_with_what_was_made_of_it(
    asset: Asset, brand: Brand, cast: Cast, media: Path
) -> None:
    small(asset)
    put_away(assets=[asset], by=cast.owner)
    now = timezone.now()
    assert sweep_files(brand=brand, now=now + timedelta(days=29)) == 0
    assert len(files(media)) == 2
    assert sweep_files(brand=brand, now=now + LATER) == 1
    assert sweep_files(brand=brand, now=now + LATER) == 0
    assert not Asset.objects.exists()
    assert AuditEntry.objects.get(act="asset.sweep").subject == "1"


@pytest.mark.django_db(transaction=True)
def test_its_bytes_leave_the_disk_once_that_is_certain(
    asset: Asset, brand: Brand, cast: Cast, media: Path
) -> None:
    small(asset)
    put_away(assets=[asset], by=cast.owner)
    sweep_files(brand=brand, now=timezone.now() + LATER)
    assert files(media) == []


@pytest.mark.parametrize("own", [False, True], ids=["by the content", "by one account"])
def test_a_file_that_a_content_shows_stays_however_long_ago_it_was_put_away(
    own: bool, asset: Asset, brand: Brand, channel: Channel, cast: Cast
) -> None:
    changes = {"media": [{"asset": asset.pk, "alt": "", "crop": None}]} if own else {}
    post = shown_by(asset, channel, **changes)
    put_away(assets=[asset], by=cast.owner)
    assert sweep_files(brand=brand, now=timezone.now() + LATER) == 0
    delete_post(post=post, by=cast.owner)  # type: ignore[arg-type]
    assert sweep_files(brand=brand, now=timezone.now() + LATER) == 1


def test_a_file_that_was_added_again_keeps_its_bytes(
    asset: Asset, brand: Brand, cast: Cast, media: Path
) -> None:
    put_away(assets=[asset], by=cast.owner)
    again = take_in(brand=brand, by=None, name="plage.jpg", chunks=[picture()])
    assert again.pk != asset.pk
    assert sweep_files(brand=brand, now=timezone.now() + LATER) == 1
    assert (media / again.path).is_file()


def test_pictures_made_for_networks_go_when_they_are_old_little_ones_of_living_files_stay(
    asset: Asset, brand: Brand, channel: Channel, media: Path
) -> None:
    little = small(asset)
    fit = fit_of(asset, Medium(asset=asset.pk), rules_for(channel))
    assert fit is not None and little is not None
    made = media / fitted(asset, fit).path
    now = timezone.now()
    sweep_files(brand=brand, now=now)
    assert made.is_file()
    sweep_files(brand=brand, now=now + LATER)
    assert not made.exists()
    assert little.is_file()
    assert fitted(asset, fit).size > 0, "made again when it is asked for"


def aged(path: Path, at: datetime) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_what_was_cut_off_and_what_brands_that_are_gone_left_goes(brand: Brand, media: Path) -> None:
    now = timezone.now()
    cut_off = aged(media / "incoming" / "half", now - timedelta(days=2))
    coming = aged(media / "incoming" / "whole", now)
    of_nobody = aged(media / "999999" / "ab" / "ab.jpg", now)
    mine = aged(media / str(brand.pk) / "ab" / "ab.jpg", now)
    sweep_left_behind(now=now)
    assert (cut_off.exists(), coming.exists(), of_nobody.exists(), mine.exists()) == (
        False,
        True,
        False,
        True,
    )


def test_a_picture_of_a_link_card_goes_with_its_card(brand: Brand, media: Path) -> None:
    now = timezone.now()
    kept, lost = (aged(media / f"{brand.pk}/cards/{name}.jpg", now - timedelta(days=2)) for name in "ab")
    PageCard.objects.create(
        brand=brand, digest="a", url="https://a.example", image={"path": f"{brand.pk}/cards/a.jpg"}
    )
    PageCard.objects.create(brand=brand, digest="b", url="https://b.example")
    sweep_files(brand=brand, now=now)
    assert (kept.exists(), lost.exists()) == (True, False)


def test_a_file_too_large_for_its_kind_is_let_go_as_it_comes_and_named(
    brand: Brand, cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(probing.BYTES_MOST, MediaKind.IMAGE, 1_000_000)
    browser = Client(headers={"accept-language": "en"})
    cast.owner.language = "en"
    cast.owner.save()
    browser.force_login(cast.owner)
    heavy = SimpleUploadedFile("affiche.png", b"\x89PNG" + b"x" * 3_000_000, "image/png")
    light = SimpleUploadedFile("plage.jpg", picture(), "image/jpeg")
    answer = browser.post("/b/cafe-baobab/publish/library/upload/", {"files": [heavy, light]}, follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert "“affiche.png”: more than the 1 MB that are taken for this kind of file." in told
    assert Asset.objects.get().name == "plage.jpg", "the others are taken"


def test_what_a_file_says_it_is_decides_how_much_is_read_of_it() -> None:
    assert receiving.most_of("image/jpeg") == probing.BYTES_MOST[MediaKind.IMAGE]
    assert receiving.most_of("application/pdf") == probing.BYTES_MOST[MediaKind.DOCUMENT]
    assert receiving.most_of("") == receiving.most_of("application/x-moon") == probing.LARGEST
