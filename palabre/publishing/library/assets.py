"""The brand's library: files taken in by what they are, found again, put in order, put away."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from palabre.agency.audit import record
from palabre.agency.models import Brand, User
from palabre.kit.text import fold
from palabre.publishing.delivery.states import PLANNED
from palabre.publishing.library.probing import LARGEST, Found, Refused, probe
from palabre.publishing.models import Asset, Delivery, Folder, Post, Recurring, Variant

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/avif": "avif",
    "image/tiff": "tiff",
    "image/bmp": "bmp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/ogg": "ogv",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/webm": "weba",
    "application/pdf": "pdf",
}
"""What a file is called when it is handed out, whatever it was called when it came."""
_UNTOLD = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a person says of a file. `tags` each once; the rights end after `expires_on`."""

    name: str
    alt: str = ""
    folder: Folder | None = None
    tags: tuple[str, ...] = ()
    rights: str = ""
    expires_on: date | None = None


def take_in(
    *, brand: Brand, by: User | None, name: str, chunks: Iterable[bytes], folder: Folder | None = None
) -> Asset:
    """Put a file in the library; the one that is there already comes back as it is. Raises Refused."""
    part, digest = _written(chunks)
    try:
        if known := Asset.objects.filter(digest=digest, deleted_at=None).first():
            return known
        found = probe(part)
        path = f"{brand.pk}/{digest[:2]}/{digest}.{ENDINGS[found.mime]}"
        place = Path(settings.MEDIA_ROOT) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return _put_down(brand, by, name, digest, found, path, place.stat().st_size, folder)


@transaction.atomic
def _put_down(
    brand: Brand,
    by: User | None,
    name: str,
    digest: str,
    found: Found,
    path: str,
    size: int,
    folder: Folder | None,
) -> Asset:
    asset, _made = Asset.objects.get_or_create(
        brand=brand,
        digest=digest,
        deleted_at=None,
        defaults={
            "name": told_name(name, found.mime),
            "kind": found.kind,
            "mime": found.mime,
            "path": path,
            "size": size,
            "width": found.width,
            "height": found.height,
            "seconds": found.seconds,
            "folder": folder,
            "added_by": by,
            "folded": fold(name),
        },
    )
    return asset


def told_name(name: str, mime: str) -> str:
    """The name a file came with, made harmless, with the ending of what it is."""
    stem = _UNTOLD.sub(" ", name).strip(" .")
    stem = stem.rsplit(".", 1)[0].strip() if "." in stem[-6:] else stem
    return f"{stem[:200] or ENDINGS[mime]}.{ENDINGS[mime]}"


def _written(chunks: Iterable[bytes]) -> tuple[Path, str]:
    """The bytes on disk and their digest; given up as soon as they are too many."""
    incoming = Path(settings.MEDIA_ROOT) / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=incoming)
    summed, size = hashlib.sha256(), 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise Refused("heavy", actual=round(size / 1e6), limit=LARGEST // 1_000_000)
                summed.update(chunk)
                file.write(chunk)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name), summed.hexdigest()


@transaction.atomic
def describe(*, asset: Asset, facts: Facts) -> Asset:
    """Say what a file is, whose it is and where it lies."""
    asset.name = told_name(facts.name, asset.mime)
    asset.alt, asset.folder, asset.rights = facts.alt, facts.folder, facts.rights
    asset.tags, asset.expires_on = list(facts.tags), facts.expires_on
    asset.folded = fold(" ".join([asset.name, asset.alt, asset.rights, *asset.tags]))
    asset.save()
    return asset


@transaction.atomic
def put_away(*, assets: Sequence[Asset], by: User) -> list[Asset]:
    """Take files out of the library; those that planned contents need stay, and are handed back."""
    needed = needed_by_plans({asset.pk for asset in assets})
    for asset in assets:
        if asset.pk not in needed:
            asset.deleted_at = timezone.now()
            asset.save(update_fields=["deleted_at"])
            record(brand=asset.brand, by=by, act="asset.delete", subject=asset.name)
    return [asset for asset in assets if asset.pk in needed]


def bring_back(*, asset: Asset) -> None:
    """Undo `put_away`; nothing if the same file was added again meanwhile."""
    if not Asset.objects.filter(digest=asset.digest, deleted_at=None).exists():
        Asset.objects.filter(pk=asset.pk).update(deleted_at=None)


def needed_by_plans(assets: set[int]) -> set[int]:
    """Those of the files that a planned delivery, or what a series makes next, is to take along."""
    waiting = Delivery.objects.filter(state__in=PLANNED).select_related("variant__post")
    shown = {medium.asset for delivery in waiting for medium in delivery.variant.said.media}
    return assets & shown.union(*(series.files() for series in Recurring.objects.exclude(state="ended")))


def found(
    *, words: str = "", folder: str = "", kind: str = "", tag: str = "", rights: str = ""
) -> "QuerySet[Asset]":
    """The files that match, newest first. `folder` is a key or "none"; `rights` "over" or "soon"."""
    rows = Asset.objects.filter(deleted_at=None).select_related("folder")
    for word in fold(words).split():
        rows = rows.filter(folded__contains=word)
    if folder == "none":
        rows = rows.filter(folder=None)
    elif folder.isdigit():
        rows = rows.filter(folder=int(folder))
    if kind:
        rows = rows.filter(kind__in=["image", "gif"] if kind == "image" else [kind])
    if tag:
        rows = rows.filter(tags__contains=[tag])
    today = timezone.localdate()
    if rights == "over":
        rows = rows.filter(expires_on__lt=today)
    elif rights == "soon":
        rows = rows.filter(expires_on__gte=today, expires_on__lte=today + timedelta(days=30))
    return rows


def folders() -> "QuerySet[Folder]":
    """The drawers, each with how many files lie in it (`held`)."""
    return Folder.objects.annotate(held=Count("assets", filter=Q(assets__deleted_at=None)))


def tags() -> list[str]:
    """Every tag in use, by name."""
    lists = Asset.objects.filter(deleted_at=None).exclude(tags=[]).values_list("tags", flat=True)
    return sorted({tag for row in lists for tag in row}, key=fold)


def used_in(asset: Asset) -> list[Post]:
    """The contents that show a file, newest first."""
    shown: dict[str, Any] = {"media": [{"asset": asset.pk}]}
    own = Variant.objects.filter(changes__contains=shown).values("post")
    rows = Post.objects.filter(Q(content__contains=shown) | Q(pk__in=own), deleted_at=None)
    return list(rows.select_related("author").order_by("-changed_at")[:50])
