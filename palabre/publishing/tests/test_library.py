"""The library: files are what their bytes say, and leave as each network wants them, without their notes."""

import io
import struct
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from palabre.agency.models import Brand
from palabre.channels.models import Channel
from palabre.networks.errors import Rejected
from palabre.networks.rules import MediaKind, rules_of
from palabre.publishing.composing.content import Content, Crop, Medium
from palabre.publishing.composing.media import prepared
from palabre.publishing.composing.reading import read
from palabre.publishing.library.assets import (
    Facts,
    describe,
    found,
    needed_by_plans,
    put_away,
    take_in,
    used_in,
)
from palabre.publishing.library.fitting import SHAPES, Frame, fit, framed
from palabre.publishing.library.pictures import small, without_notes
from palabre.publishing.library.probing import Refused, probe
from palabre.publishing.models import Asset
from palabre.publishing.tests.arranged import build_channel
from palabre.publishing.tests.drawn import animation, film, noise, photograph, picture
from tests.builders import Cast


@pytest.fixture(autouse=True)
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path


def kept(brand: Brand, content: bytes, name: str = "photo.jpg") -> Asset:
    return take_in(brand=brand, by=None, name=name, chunks=[content])


def probed(tmp_path: Path, content: bytes) -> tuple[str, str, int | None, int | None]:
    path = tmp_path / "file"
    path.write_bytes(content)
    seen = probe(path)
    return (seen.kind, seen.mime, seen.width, seen.height)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (picture(), ("image", "image/jpeg", 800, 600)),
        (picture(form="PNG"), ("image", "image/png", 800, 600)),
        (picture(form="WEBP"), ("image", "image/webp", 800, 600)),
        (picture(64, 48, form="HEIF"), ("image", "image/heic", 64, 48)),
        (picture(64, 48, form="AVIF"), ("image", "image/avif", 64, 48)),
        (photograph(turned=True), ("image", "image/jpeg", 600, 800)),
        (animation(1), ("image", "image/gif", 60, 40)),
        (animation(), ("gif", "image/gif", 60, 40)),
        (film(), ("video", "video/mp4", 320, 180)),
        (film(form="mov"), ("video", "video/quicktime", 320, 180)),
        (b"%PDF-1.7\n%%EOF", ("document", "application/pdf", None, None)),
    ],
    ids=["jpeg", "png", "webp", "heic", "avif", "held upright", "still gif", "gif", "mp4", "mov", "pdf"],
)
def test_a_file_is_what_its_bytes_say(
    tmp_path: Path, content: bytes, expected: tuple[str, str, int, int]
) -> None:
    assert probed(tmp_path, content) == expected


def test_a_film_is_as_long_as_it_plays(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(film(seconds=3))
    assert probe(path).seconds == pytest.approx(3, abs=0.2)


def bomb(side: int = 50_000) -> bytes:
    """A PNG of a few hundred bytes that says it is 50,000 by 50,000."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"bonjour", "unknown"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "svg"),
        (b"<!doctype html><script>alert(1)</script>", "script"),
        (b"MZ\x90\x00 a program", "script"),
        (picture()[:2000], "broken"),
        (film()[:1500], "broken"),
        (bomb(), "pixels"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(2000), "broken"),
    ],
    ids=["empty", "text", "svg", "page", "program", "half a picture", "half a film", "bomb", "no film"],
)
def test_what_cannot_be_shown_safely_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        probed(tmp_path, content)
    assert refused.value.code == code
    assert str(refused.value)


def test_a_file_is_kept_once_and_named_by_what_it_is(brand: Brand, media: Path) -> None:
    asset = kept(brand, picture(form="PNG"), "../../etc/Façade <été>.jpg.exe")
    again = kept(brand, picture(form="PNG"), "autre.png")
    assert again.pk == asset.pk
    assert asset.mime == "image/png"
    assert "/" not in asset.name
    assert asset.name.endswith(".png")
    assert (media / asset.path).is_file()
    assert asset.path.startswith(f"{brand.pk}/")
    assert list((media / "incoming").iterdir()) == []


def test_nothing_is_left_of_what_was_refused(brand: Brand, media: Path) -> None:
    with pytest.raises(Refused):
        kept(brand, b"bonjour")
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_what_the_camera_noted_is_not_sent(brand: Brand, channel: Channel, media: Path) -> None:
    asset = kept(brand, photograph())
    (file,) = prepared([Medium(asset=asset.pk)], channel=channel)
    sent = (media / file["path"]).read_bytes()
    assert b"Telephone 3000" in (media / asset.path).read_bytes()
    assert b"Telephone 3000" not in sent
    assert not Image.open(io.BytesIO(sent)).getexif()


def test_the_pixels_of_a_photograph_that_fits_are_not_touched() -> None:
    before = photograph()
    after = without_notes(before)
    assert len(after) < len(before)
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(before)).tobytes()


def test_a_photograph_held_upright_leaves_upright(brand: Brand, channel: Channel, media: Path) -> None:
    asset = kept(brand, photograph(turned=True))
    (file,) = prepared([Medium(asset=asset.pk)], channel=channel)
    assert Image.open(media / file["path"]).size == (file["width"], file["height"]) == (600, 800)


def test_a_picture_leaves_as_each_network_takes_it(brand: Brand, media: Path) -> None:
    instagram, bluesky = build_channel(brand, "ig", "instagram"), build_channel(brand, "b", "bluesky")
    wide = kept(brand, picture(2400, 600, form="HEIF"), "plage.heic")
    (file,) = prepared([Medium(asset=wide.pk)], channel=instagram)
    assert (file["mime"], file["name"]) == ("image/jpeg", "plage.jpg")
    assert file["width"] / file["height"] == pytest.approx(1.91, rel=0.01)
    heavy = kept(brand, noise())
    assert heavy.size > 2_000_000
    (lighter,) = prepared([Medium(asset=heavy.pk)], channel=bluesky)
    assert lighter["size"] <= 2_000_000
    assert (media / lighter["path"]).stat().st_size == lighter["size"]


def test_an_animation_moves_where_it_may_and_is_a_picture_elsewhere(brand: Brand) -> None:
    asset = kept(brand, animation(), "danse.gif")
    (moving,) = prepared([Medium(asset=asset.pk)], channel=build_channel(brand, "m"))
    (still,) = prepared([Medium(asset=asset.pk)], channel=build_channel(brand, "b", "bluesky"))
    assert (moving["kind"], moving["mime"]) == ("gif", "image/gif")
    assert (still["kind"], still["mime"]) == ("image", "image/png")


def test_the_chosen_part_is_what_leaves(brand: Brand, channel: Channel, media: Path) -> None:
    asset = kept(brand, picture())
    right = Medium(asset=asset.pk, crop=Crop(left=0.5, width=0.5))
    (file,) = prepared([right], channel=channel)
    with Image.open(media / file["path"]) as image:
        assert image.size == (400, 600)
        red, _green, blue = image.convert("RGB").getpixel((10, 300))  # type: ignore[misc]
    assert blue > red, "the right half is blue"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("near", "across", "down"), [(100, 50, 50), (150, 0, 100), (200, 30, 70)])
def test_a_frame_is_found_again_in_the_crop_it_made(shape: str, near: int, across: int, down: int) -> None:
    frame = Frame(shape=shape, near=near, across=across, down=down)
    crop = frame.crop(1600, 1000)
    again = framed(crop, 1600, 1000).crop(1600, 1000)
    for name in ("left", "top", "width", "height"):
        assert getattr(again or Crop(), name) == pytest.approx(getattr(crop or Crop(), name), abs=0.02)


def test_no_pixel_is_made_up() -> None:
    small_one = fit(
        kind=MediaKind.IMAGE,
        mime="image/png",
        width=90,
        height=90,
        crop=None,
        rules=rules_of("instagram").media,
    )
    assert (small_one.width, small_one.height, small_one.mime) == (90, 90, "image/jpeg")


def test_rights_that_are_over_stop_a_content(brand: Brand, channel: Channel) -> None:
    asset = kept(brand, picture())
    yesterday = date.today() - timedelta(days=1)
    describe(asset=asset, facts=Facts(name="photo", expires_on=yesterday))
    (reading,) = read(Content(text="Oui", media=(Medium(asset=asset.pk),)), [channel], {})
    assert [problem.code for problem in reading.problems] == ["rights_over"]
    with pytest.raises(Rejected):
        prepared([Medium(asset=asset.pk)], channel=channel)


def test_a_lost_file_is_told_and_not_left_out(brand: Brand, channel: Channel, media: Path) -> None:
    asset = kept(brand, picture())
    (media / asset.path).unlink()
    with pytest.raises(Rejected):
        prepared([Medium(asset=asset.pk)], channel=channel)


def test_files_are_found_by_what_was_said_of_them(brand: Brand) -> None:
    asset = kept(brand, picture())
    kept(brand, animation(), "autre.gif")
    describe(asset=asset, facts=Facts(name="Façade", alt="La vitrine en été", tags=("boutique",)))
    assert list(found(words="facade ETE")) == [asset]
    assert list(found(tag="boutique")) == [asset]
    assert found(kind="video").count() == 0


def test_what_a_plan_needs_is_not_put_away(cast: Cast, brand: Brand, channel: Channel) -> None:
    from django.utils import timezone

    from palabre.publishing.composing.compose import PostDraft, save_post
    from palabre.publishing.delivery.planning import plan

    asset, other = kept(brand, picture()), kept(brand, animation())
    said = Content(text="Oui", media=(Medium(asset=asset.pk),))
    post = save_post(brand=brand, by=None, draft=PostDraft(content=said, channels={channel.pk: {}}))
    plan(
        deliveries=list(post.deliveries()), at=timezone.now() + timedelta(days=1), by=None, now=timezone.now()
    )
    assert needed_by_plans({asset.pk, other.pk}) == {asset.pk}
    assert put_away(assets=[asset, other], by=cast.owner) == [asset]
    assert list(found()) == [asset]
    assert used_in(asset) == [post]


def test_lists_show_a_little_picture_of_each(brand: Brand) -> None:
    for content in (photograph(turned=True), animation(), film()):
        place = small(kept(brand, content))
        assert place is not None
        with Image.open(place) as image:
            assert max(image.size) <= 480
    assert small(kept(brand, b"%PDF-1.7\n%%EOF", "a.pdf")) is None
