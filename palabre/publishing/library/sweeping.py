"""What nothing needs any more goes for good: files put away, pictures made of them."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from palabre.agency.audit import record
from palabre.agency.models import Brand
from palabre.publishing.models import Asset, Delivery, PageCard, Post, Recurring, Variant

KEPT_DAYS = 30
"""Days a file that was put away can be brought back."""
INCOMING = timedelta(days=1)
"""What came in and was never taken in was cut off."""
IN_HAND: list[Callable[[], set[str]]] = []
"""Rooms above hand over files of the library too: the paths of what leaves, asked in the brand's scope."""
FINAL = ("published", "deleted", "cancelled")


def sweep_files(*, brand: Brand, now: datetime) -> int:
    """Delete for good what was put away long ago and no content shows; how many files of the library went.

    Pictures made of files go too once they are old: they are made again when somebody asks.
    """
    gone = _sweep_assets(brand, now)
    root = Path(settings.MEDIA_ROOT) / str(brand.pk)
    before = (now - timedelta(days=KEPT_DAYS)).timestamp()
    kept = set(Asset.objects.values_list("digest", flat=True))
    leaving = _handed_over()
    for file in _files(root / "made"):
        digest, _dash, name = file.name.partition("-")
        tile = name.startswith("small.") and digest in kept
        handed = str(file.relative_to(settings.MEDIA_ROOT)) in leaving
        if not tile and not handed and (digest not in kept or file.stat().st_mtime < before):
            file.unlink(missing_ok=True)
    shown = {card.image["path"] for card in PageCard.objects.only("image") if card.image}
    for file in _files(root / "cards"):
        path = str(file.relative_to(settings.MEDIA_ROOT))
        if path not in shown | leaving and file.stat().st_mtime < (now - INCOMING).timestamp():
            file.unlink(missing_ok=True)
    return gone


@transaction.atomic
def _sweep_assets(brand: Brand, now: datetime) -> int:
    due = Asset.objects.filter(deleted_at__lt=now - timedelta(days=KEPT_DAYS))
    old = list(due.select_for_update(of=("self",)))
    needed = _shown({asset.pk for asset in old})
    going = [asset for asset in old if asset.pk not in needed]
    Asset.objects.filter(pk__in=[asset.pk for asset in going]).delete()
    paths = {asset.path for asset in going}
    # The same file may have been added again: then its bytes stay.
    paths -= set(Asset.objects.filter(path__in=paths).values_list("path", flat=True)) | _handed_over()
    if going:
        record(brand=brand, by=None, act="asset.sweep", subject=str(len(going)))
    transaction.on_commit(lambda: _unlink(paths))
    return len(going)


def _unlink(paths: set[str]) -> None:
    for path in paths:
        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)


def _shown(assets: set[int]) -> set[int]:
    """Those that a content which was not put away shows, as a whole or on one account, or a series."""
    if not assets:
        return set()
    shows = Q(deleted_at=None) | Q(variants__deliveries__in=Delivery.objects.exclude(state__in=FINAL))
    posts = Post.objects.filter(shows).distinct()
    found = {medium.asset for post in posts.iterator(chunk_size=500) for medium in post.said.media}
    own = Variant.objects.filter(post__in=posts.values("pk"), changes__has_key="media")
    found |= {one["asset"] for variant in own for one in variant.changes["media"]}
    return assets & found.union(*(series.files() for series in Recurring.objects.all()))


def _handed_over() -> set[str]:
    """The files of what is leaving, as it was handed over."""
    rows = Delivery.objects.filter(outgoing__isnull=False).exclude(state__in=FINAL)
    own = {path for outgoing in rows.values_list("outgoing", flat=True) for path in _paths(outgoing)}
    return own.union(*(paths() for paths in IN_HAND))


def _paths(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(path := value.get("path"), str):
            yield path
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from _paths(each)


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in list(folder.rglob("*")) if file.is_file())


def sweep_left_behind(*, now: datetime) -> None:
    """What was cut off on its way in, and the files of brands that are gone."""
    root = Path(settings.MEDIA_ROOT)
    for file in _files(root / "incoming"):
        if file.stat().st_mtime < (now - INCOMING).timestamp():
            file.unlink(missing_ok=True)
    alive = {str(pk) for pk in Brand.objects.values_list("pk", flat=True)}
    for folder in root.glob("*"):
        if folder.is_dir() and folder.name.isdigit() and folder.name not in alive:
            shutil.rmtree(folder, ignore_errors=True)
