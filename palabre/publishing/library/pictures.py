"""Pictures as they are shown and sent: made once, kept under the digest of what they were made of.

What goes out never holds what the camera wrote about place, person or machine.
"""

import hashlib
import io
import os
import re
import struct
import tempfile
from dataclasses import astuple, dataclass
from pathlib import Path

from django.conf import settings
from PIL import Image

from palabre.networks.rules import MediaKind
from palabre.publishing.library.fitting import Fit
from palabre.publishing.library.probing import first_picture, opened_picture, upright
from palabre.publishing.models import Asset

SMALL = 480
"""Pixels of the longest side of what lists show."""
QUALITIES = (90, 82, 74, 64)
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file that was made, `path` under the media folder."""

    path: str
    mime: str
    size: int
    width: int
    height: int


def small(asset: Asset) -> Path | None:
    """The little picture of a file of the library, None for what has no picture. Raises Refused."""
    if asset.kind not in (MediaKind.IMAGE, MediaKind.GIF, MediaKind.VIDEO):
        return None
    place = _place(asset, "small", "webp")
    if not place.exists():
        source = settings.MEDIA_ROOT / asset.path
        if asset.kind == MediaKind.VIDEO:
            image = first_picture(source)
            image.thumbnail((SMALL, SMALL))
            _keep(place, _encoded(image, "image/webp", 80))
        else:
            with opened_picture(source) as opened:
                # A JPEG is read at a fraction of its size where that is enough.
                opened.draft("RGB", (SMALL * 2, SMALL * 2))
                image = upright(opened)
                image.thumbnail((SMALL, SMALL))
                _keep(place, _encoded(image, "image/webp", 80))
    return place


def fitted(asset: Asset, fit: Fit) -> Made:
    """The picture as `fit` says, made if it was not made before. Raises Refused, FileNotFoundError."""
    name = hashlib.sha256(repr(astuple(fit)).encode()).hexdigest()[:24]
    place = _place(asset, name, _ENDINGS.get(fit.mime, "bin"))
    if not place.exists():
        _keep(place, _made(settings.MEDIA_ROOT / asset.path, asset, fit))
    with Image.open(place) as image:
        width, height = image.size
    path = str(place.relative_to(settings.MEDIA_ROOT))
    return Made(path=path, mime=fit.mime, size=place.stat().st_size, width=width, height=height)


def _made(source: Path, asset: Asset, fit: Fit) -> bytes:
    if fit.mime == "image/gif":
        return source.read_bytes()
    with opened_picture(source) as opened:
        whole = fit.box == (0, 0, *opened.size) and (fit.width, fit.height) == opened.size
        light = fit.max_bytes is None or asset.size <= fit.max_bytes
        if whole and light and asset.mime == fit.mime == "image/jpeg" and not _turned(opened):
            return without_notes(source.read_bytes())
        image = upright(opened).crop(fit.box)
        if image.size != (fit.width, fit.height):
            image = _plain(image).resize((fit.width, fit.height), Image.Resampling.LANCZOS)
        return _light_enough(image, fit)


def _turned(image: Image.Image) -> bool:
    return image.getexif().get(0x0112, 1) != 1


def _light_enough(image: Image.Image, fit: Fit) -> bytes:
    """The best that fits: less quality first, then fewer pixels."""
    while True:
        for quality in QUALITIES:
            content = _encoded(image, fit.mime, quality)
            if fit.max_bytes is None or len(content) <= fit.max_bytes:
                return content
            if fit.mime == "image/png":
                break  # it has no quality to give away
        if min(image.size) < 32:
            return content
        image = _plain(image).resize(
            (max(1, int(image.width * 0.8)), max(1, int(image.height * 0.8))), Image.Resampling.LANCZOS
        )


def _plain(image: Image.Image) -> Image.Image:
    """Colours that can be scaled: no palette."""
    if image.mode in ("RGB", "RGBA", "L"):
        return image
    return image.convert("RGBA" if "transparency" in image.info or image.mode in ("LA", "PA") else "RGB")


def _encoded(image: Image.Image, mime: str, quality: int) -> bytes:
    """The picture alone: its colour profile is kept, what was noted beside it is not."""
    profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA") else None
    image = _plain(image)
    if mime == "image/jpeg" and image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    held = io.BytesIO()
    more = {"optimize": True, "progressive": True} if mime == "image/jpeg" else {}
    bare.save(held, _FORMATS[mime], quality=quality, **more, **({"icc_profile": profile} if profile else {}))
    return held.getvalue()


def jpeg_within(image: Image.Image, most: int) -> bytes:
    """The picture as a JPEG of at most so many bytes."""
    whole = (0, 0, *image.size)
    wanted = Fit(
        kind=MediaKind.IMAGE,
        mime="image/jpeg",
        box=whole,
        width=image.width,
        height=image.height,
        max_bytes=most,
    )
    return _light_enough(image, wanted)


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG without what cameras and programs wrote into it (EXIF, XMP, IPTC, comments), pixels untouched.

    Kept: JFIF, colour profile and Adobe's mark of the colour space.
    """
    kept, place = [jpeg[:2]], 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF:
        marker = jpeg[place + 1]
        if marker == 0xD9:
            break
        if marker == 0xFF:
            place += 1
            continue
        (length,) = struct.unpack(">H", jpeg[place + 2 : place + 4])
        end = place + 2 + length
        if marker == 0xDA:  # the pixels follow, up to the next marker that is not one of theirs
            following = _MARKER.search(jpeg, end)
            end = following.start() if following else len(jpeg)
        segment = jpeg[place:end]
        noted = 0xE0 <= marker <= 0xEF or marker == 0xFE
        profile = marker == 0xE2 and segment[4:16] == b"ICC_PROFILE\0"
        if not noted or marker in (0xE0, 0xEE) or profile:
            kept.append(segment)
        place = end
    # After the end of the picture a phone may put a film or a second picture: not sent.
    return b"".join(kept) + b"\xff\xd9"


def _place(asset: Asset, name: str, ending: str) -> Path:
    folder = settings.MEDIA_ROOT / f"{asset.brand_id}/made/{asset.digest[:2]}"
    return Path(folder) / f"{asset.digest}-{name}.{ending}"


def _keep(place: Path, content: bytes) -> None:
    """Whole or not at all, also when two make it at once."""
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).replace(place)
