"""The files of a content: where they lie, and how a channel is given them."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from palabre.channels.models import Channel
from palabre.publishing.content import Medium
from palabre.publishing.models import Asset


def opened(path: str) -> bytes:
    """The bytes of a file of the library. Raises FileNotFoundError."""
    return (settings.MEDIA_ROOT / path).read_bytes()


def prepared(media: Sequence[Medium], *, channel: Channel) -> list[dict[str, Any]]:
    """The files as this channel gets them, in order, as JSON. Raises Asset.DoesNotExist."""
    assets = Asset.objects.in_bulk([medium.asset for medium in media])
    if lost := [medium.asset for medium in media if medium.asset not in assets]:
        raise Asset.DoesNotExist(lost)
    return [
        {
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
        for medium in media
        for asset in [assets[medium.asset]]
    ]
