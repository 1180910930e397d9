"""The files of a content as fields of the composer: one row a file, its words, its frame, its place.

A row is `medium` (the file's key), `alt`, `shape`, `near`, `across`, `down`; rows are sent in their
order, a channel's own under the prefix `own-<id>-`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from palabre.publishing.composing.content import Medium
from palabre.publishing.composing.media import PICTURES
from palabre.publishing.library.fitting import SHAPES, Frame, framed
from palabre.publishing.models import Asset

MOST = 40
_FIELDS = ("medium", "alt", "shape", "near", "across", "down")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One file in the composer."""

    asset: Asset
    alt: str
    frame: Frame

    @property
    def framed(self) -> bool:
        """Whether a part of it can be chosen."""
        return self.asset.kind == "image" and bool(self.asset.width)

    @property
    def picture(self) -> bool:
        """Whether it has a little picture to show."""
        return self.asset.kind in (*PICTURES, "video")

    @property
    def medium(self) -> Medium:
        """As the content keeps it."""
        width, height = self.asset.width, self.asset.height
        crop = self.frame.crop(width, height) if self.framed and width and height else None
        return Medium(asset=self.asset.pk, alt=self.alt.strip(), crop=crop)


def typed(data: QueryDict, prefix: str = "") -> list[Row]:
    """The rows that were sent; files that are not in the library any more are left out."""
    keys = [int(key) if key.isdigit() else 0 for key in data.getlist(f"{prefix}medium")[:MOST]]
    lists = {name: data.getlist(f"{prefix}{name}") for name in _FIELDS[1:]}

    def at(name: str, place: int) -> str:
        return lists[name][place] if place < len(lists[name]) else ""

    assets = Asset.objects.in_bulk(keys)
    return [
        Row(
            asset=assets[key],
            alt=at("alt", place)[:5000],
            frame=Frame(
                shape=at("shape", place) if at("shape", place) in SHAPES else "",
                near=_within(at("near", place), 100, 400, 100),
                across=_within(at("across", place), 0, 100, 50),
                down=_within(at("down", place), 0, 100, 50),
            ),
        )
        for place, key in enumerate(keys)
        if key in assets
    ]


def stored(media: Sequence[Medium]) -> list[Row]:
    """The rows of a content as it was saved."""
    assets = Asset.objects.in_bulk([medium.asset for medium in media])
    return [
        Row(asset=asset, alt=medium.alt, frame=framed(medium.crop, asset.width or 1, asset.height or 1))
        for medium in media
        if (asset := assets.get(medium.asset))
    ]


def add(data: QueryDict, assets: Sequence[int], prefix: str = "") -> None:
    """Put files at the end of the rows, each once."""
    there = set(data.getlist(f"{prefix}medium"))
    for key in dict.fromkeys(map(str, assets)):
        if key not in there:
            fill(data, [Row(asset=Asset(pk=int(key)), alt="", frame=Frame())], prefix, more=True)


def fill(data: QueryDict, rows: Sequence[Row], prefix: str = "", *, more: bool = False) -> None:
    """Make the form hold these rows."""
    for name in _FIELDS:
        values = [_value(row, name) for row in rows]
        data.setlist(f"{prefix}{name}", [*(data.getlist(f"{prefix}{name}") if more else ()), *values])


def shift(data: QueryDict, verb: str, place: int, prefix: str = "") -> None:
    """Move a row `up` or `down`, or `drop` it."""
    for name in _FIELDS:
        values = data.getlist(f"{prefix}{name}")
        if place >= len(values):
            continue
        value = values.pop(place)
        if verb != "drop":
            values.insert(max(0, place + (-1 if verb == "up" else 1)), value)
        data.setlist(f"{prefix}{name}", values)


def _value(row: Row, name: str) -> str:
    if name == "medium":
        return str(row.asset.pk)
    return row.alt if name == "alt" else str(getattr(row.frame, name))


def _within(typed: str, least: int, most: int, otherwise: int) -> int:
    return min(most, max(least, int(typed))) if typed.isdigit() and len(typed) < 9 else otherwise
