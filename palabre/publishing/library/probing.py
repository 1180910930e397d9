"""What a file is, by its bytes and never by its name: the door of the library, before anything is kept.

Whatever does not open, holds a script, or would fill the memory is refused with the reason in words.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.error import FFmpegError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from palabre.networks.rules import MediaKind

register_heif_opener(thumbnails=False)
# Ours is said in words, and lower.
Image.MAX_IMAGE_PIXELS = None

PIXELS_MOST = 64_000_000
"""Pixels of a picture: four bytes each in memory, and a photograph of 50 megapixels still passes."""
MOVING_MOST = 400_000_000
"""Pixels of an animation, every picture of it counted."""
VIDEO_SIDE_MOST = 8192
BYTES_MOST = {
    MediaKind.IMAGE: 60_000_000,
    MediaKind.GIF: 60_000_000,
    MediaKind.VIDEO: 1_000_000_000,
    MediaKind.AUDIO: 300_000_000,
    MediaKind.DOCUMENT: 100_000_000,
}
LARGEST = max(BYTES_MOST.values())

_PICTURES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
}
_PLAYED = {
    # demuxer: with a moving picture, without
    "mov": ("video/mp4", "audio/mp4"),
    "matroska": ("video/webm", "audio/webm"),
    "mp3": ("", "audio/mpeg"),
    "ogg": ("video/ogg", "audio/ogg"),
    "wav": ("", "audio/wav"),
    "flac": ("", "audio/flac"),
}
REASONS: dict[str, str | Promise] = {
    "empty": _("This file is empty."),
    "unknown": _(
        "Palabre does not know this kind of file. "
        "Photographs, GIF, MP4 or MOV videos, sound and PDF are taken."
    ),
    "svg": _("SVG drawings can hold scripts and no network takes them: export it as PNG."),
    "script": _("This is a page or a program, not a picture."),
    "broken": _("This file is cut short or damaged: it does not open to its end."),
    "pixels": _("%(actual)s million pixels: more than the %(limit)s million that can be opened safely."),
    "moving": _("This animation is too large to be opened safely: fewer or smaller pictures are needed."),
    "side": _("The video is wider or higher than %(limit)s pixels."),
    "heavy": _("%(actual)s MB: at most %(limit)s MB are taken for this kind of file."),
}


class Refused(ValueError):
    """The file is not taken in; `str` is the reason in the reader's language."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return str(REASONS[self.code]) % self.params


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the bytes are. `width` and `height` in pixels as it is shown, `seconds` for what plays."""

    kind: MediaKind
    mime: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


def probe(path: Path) -> Found:
    """What the file at `path` is. Raises Refused."""
    size = path.stat().st_size
    with path.open("rb") as file:
        found = _family(file.read(4096), file)
    if size > BYTES_MOST[found.kind]:
        raise Refused("heavy", actual=round(size / 1e6), limit=round(BYTES_MOST[found.kind] / 1e6))
    return found


def _family(head: bytes, file: BinaryIO) -> Found:
    file.seek(0)
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    if not head:
        raise Refused("empty")
    if brand and not _still(brand, head):
        found = _played(file, "mov")
        quick = brand == b"qt  " and found.kind is MediaKind.VIDEO
        return Found(**{**found.__dict__, "mime": "video/quicktime"}) if quick else found
    if demuxer := _demuxer(head):
        return _played(file, demuxer)
    if head.startswith(b"%PDF-"):
        return Found(kind=MediaKind.DOCUMENT, mime="application/pdf")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start[:4096] and start.startswith((b"<?xml", b"<svg", b"<!")):
        raise Refused("svg")
    if start.startswith((b"<!doctype", b"<html", b"<script", b"<?xml", b"<?php", b"#!", b"mz", b"\x7felf")):
        raise Refused("script")
    return _picture(file)


def _still(brand: bytes, head: bytes) -> bool:
    """Whether a file of boxes holds pictures (HEIC, AVIF) and not a film."""
    stills = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis", b"hevc"}
    return brand in stills or bool({head[at : at + 4] for at in range(16, 48, 4)} & {b"heic", b"avif"})


def _demuxer(head: bytes) -> str:
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"fLaC"):
        return "flac"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    sound = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2  # a frame of layer III
    return "mp3" if head.startswith(b"ID3") or sound else ""


# Pictures.


@contextmanager
def opened_picture(file: BinaryIO | Path) -> Iterator[Image.Image]:
    """A picture whose size was looked at before its pixels are. Raises Refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # A library that prints turns this on for the whole process: half a picture is none here.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            image = Image.open(file, formats=tuple(_PICTURES))
            if image.width * image.height > PIXELS_MOST:
                raise Refused(
                    "pixels", actual=round(image.width * image.height / 1e6), limit=PIXELS_MOST // 1_000_000
                )
            with image:
                yield image
    except UnidentifiedImageError:
        raise Refused("unknown") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, MemoryError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("broken") from None


def _picture(file: BinaryIO) -> Found:
    with opened_picture(file) as image:
        frames = getattr(image, "n_frames", 1) if image.format in ("GIF", "PNG", "WEBP", "AVIF") else 1
        if frames * image.width * image.height > MOVING_MOST:
            raise Refused("moving")
        for frame in range(frames):
            if frames > 1:
                image.seek(frame)
            image.load()
        image.seek(0)
        width, height = upright(image).size
        mime = _PICTURES[str(image.format)]
        moves = mime == "image/gif" and frames > 1
        kind = MediaKind.GIF if moves else MediaKind.IMAGE
        return Found(kind=kind, mime=mime, width=width, height=height)


def upright(image: Image.Image) -> Image.Image:
    """The picture as it is to be seen: what the camera noted about how it was held is carried out."""
    return ImageOps.exif_transpose(image)


# What plays. The file is handed over open, with the name of its demuxer: it can make nothing else be read.


def _played(file: BinaryIO, demuxer: str) -> Found:
    try:
        with av.open(file, "r", format=demuxer, metadata_errors="replace") as container:
            if container.streams.video and not _is_cover(container.streams.video[0]):
                return _film(container, demuxer)
            if not container.streams.audio:
                raise Refused("broken")
            next(container.decode(audio=0))
            mime = _PLAYED[demuxer][1]
            return Found(kind=MediaKind.AUDIO, mime=mime, seconds=_seconds(container))
    except (FFmpegError, StopIteration, ValueError, OverflowError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("broken") from None


def _film(container: Any, demuxer: str) -> Found:
    stream = container.streams.video[0]
    if max(stream.width, stream.height) > VIDEO_SIDE_MOST:
        raise Refused("side", limit=VIDEO_SIDE_MOST)
    mime = _PLAYED[demuxer][0]
    if not mime:
        raise Refused("unknown")
    frame = next(container.decode(video=0))
    turned = abs(int(frame.rotation)) % 180 == 90
    width, height = (frame.height, frame.width) if turned else (frame.width, frame.height)
    return Found(kind=MediaKind.VIDEO, mime=mime, width=width, height=height, seconds=_seconds(container))


def _is_cover(stream: Any) -> bool:
    """The sleeve of a song is a picture, not a film."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _seconds(container: Any) -> float | None:
    return round(container.duration / av.time_base, 2) if container.duration else None


def first_picture(path: Path) -> Image.Image:
    """The first picture of a film that is not black, upright, for its poster. Raises Refused."""
    try:
        with path.open("rb") as file, av.open(file, "r", format=_film_demuxer(path)) as container:
            container.streams.video[0].thread_type = "AUTO"
            best: Image.Image | None = None
            for place, frame in enumerate(container.decode(video=0)):
                image = frame.to_image().rotate(frame.rotation, expand=True)
                best = best or image
                if max(high for _low, high in image.convert("RGB").getextrema()) > 40:  # type: ignore[misc]
                    return image
                if place == 60:
                    break
    except (FFmpegError, StopIteration, ValueError):
        raise Refused("broken") from None
    if best is None:
        raise Refused("broken")
    return best


def _film_demuxer(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(64)
    return "mov" if head[4:8] == b"ftyp" else _demuxer(head)
