"""The files of a content: where they lie, what each becomes on a channel, and how it is handed over."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from palabre.channels.models import Channel
from palabre.channels.sessions import rules_for
from palabre.networks.errors import Problem, Rejected
from palabre.networks.outgoing import Media
from palabre.networks.rules import MediaKind, PostingRules
from palabre.publishing.composing.content import Medium
from palabre.publishing.library.fitting import Fit, fit
from palabre.publishing.library.pictures import fitted
from palabre.publishing.library.probing import Refused
from palabre.publishing.models import Asset

PICTURES = (MediaKind.IMAGE, MediaKind.GIF)


def opened(path: str) -> BinaryIO:
    """A file of the library at its beginning. Raises FileNotFoundError."""
    return (Path(settings.MEDIA_ROOT) / path).open("rb")


def fit_of(asset: Asset, medium: Medium, rules: PostingRules) -> Fit | None:
    """How a picture goes out there; None for what is sent as it is: a film, a sound, a document."""
    if asset.kind not in PICTURES or not asset.width or not asset.height:
        return None
    return fit(
        kind=MediaKind(asset.kind),
        mime=asset.mime,
        width=asset.width,
        height=asset.height,
        crop=medium.crop,
        rules=rules.media,
    )


def foreseen(asset: Asset, medium: Medium, rules: PostingRules) -> Media:
    """A file as the channel will get it, without making it: what the composer's checks look at."""
    alt = medium.alt or asset.alt
    if (done := fit_of(asset, medium, rules)) is None:
        return Media(
            kind=MediaKind(asset.kind),
            mime=asset.mime,
            size=asset.size,
            open=BytesIO,
            name=asset.name,
            alt=alt,
            width=asset.width,
            height=asset.height,
            seconds=asset.seconds,
        )
    size = asset.size if done.max_bytes is None else min(asset.size, done.max_bytes)
    return Media(
        kind=done.kind,
        mime=done.mime,
        size=size,
        open=BytesIO,
        name=asset.name,
        alt=alt,
        width=done.width,
        height=done.height,
    )


def not_allowed(media: Sequence[Medium], assets: dict[int, Asset], day: date) -> list[Problem]:
    """The files that may not be published that day, or are not there any more."""
    found = []
    for place, medium in enumerate(media):
        asset = assets.get(medium.asset)
        if asset is None:
            found.append(Problem(field="media", code="media_lost", place=place))
        elif not asset.may_leave(day):
            found.append(Problem(field="media", code="rights_over", place=place, detail=asset.name))
    return found


def prepared(
    media: Sequence[Medium], *, channel: Channel, rules: PostingRules | None = None
) -> list[dict[str, Any]]:
    """The files as this channel gets them, in order, as JSON: cut, scaled, without the camera's notes.

    `rules` stand in for those of the channel. Raises Rejected for one that is lost, damaged or whose rights
    are over.
    """
    mine = Asset.objects.filter(brand=channel.brand_id)
    assets = mine.in_bulk([medium.asset for medium in media])
    if problems := not_allowed(media, assets, timezone.localdate(timezone=_zone(channel))):
        raise Rejected("problems_found", problems=tuple(problems), count=len(problems))
    rules = rules or rules_for(channel)
    return [_prepared(assets[medium.asset], medium, rules, place) for place, medium in enumerate(media)]


def _prepared(asset: Asset, medium: Medium, rules: PostingRules, place: int) -> dict[str, Any]:
    file = {
        "kind": asset.kind,
        "mime": asset.mime,
        "size": asset.size,
        "path": asset.path,
        "name": asset.name,
        "alt": medium.alt or asset.alt,
        "width": asset.width,
        "height": asset.height,
        "seconds": asset.seconds,
    }
    try:
        if (done := fit_of(asset, medium, rules)) is None:
            (Path(settings.MEDIA_ROOT) / asset.path).stat()
            return file
        made = fitted(asset, done)
    except (FileNotFoundError, Refused):
        lost = Problem(field="media", code="media_lost", place=place)
        raise Rejected("problems_found", problems=(lost,), count=1) from None
    name = f"{asset.name.rpartition('.')[0]}.{made.path.rpartition('.')[2]}"
    return {
        **file,
        "kind": done.kind,
        "mime": made.mime,
        "size": made.size,
        "path": made.path,
        "name": name,
        "width": made.width,
        "height": made.height,
    }


def _zone(channel: Channel) -> ZoneInfo:
    return ZoneInfo(channel.brand.time_zone)
