"""What a server of the Mastodon API allows, from its own description: never assumed.

Read on 2026-11-23: https://docs.joinmastodon.org/entities/Instance/; other servers say it in version 1.
"""

from collections.abc import Mapping
from typing import Any

from palabre.networks.answers import json_of
from palabre.networks.contract import Session
from palabre.networks.errors import NotPermitted, Rejected
from palabre.networks.mastodon.signed import call
from palabre.networks.rules import MediaKind
from palabre.networks.shapes import count, rows, table, word


async def limits(session: Session) -> dict[str, Any]:
    """The narrowing for `rules.narrowed`: what the server says, and nothing about the rest."""
    try:
        answer = await call(session, "GET", "/api/v2/instance")
    except (Rejected, NotPermitted):
        answer = await call(session, "GET", "/api/v1/instance")
    return read(table(json_of(answer)))


def read(instance: Mapping[str, Any]) -> dict[str, Any]:
    """Pure: a description of a server, of either version, to a narrowing."""
    configuration = table(instance.get("configuration"))
    statuses = table(configuration.get("statuses"))
    files = table(configuration.get("media_attachments"))
    told = {
        "text_max": count(statuses.get("max_characters")) or count(instance.get("max_toot_chars")),
        "link_cost": count(statuses.get("characters_reserved_per_url")),
        "media_max": count(statuses.get("max_media_attachments")),
        "alt_max": count(files.get("description_limit")),
    }
    found: dict[str, Any] = {name: value for name, value in told.items() if value}
    if media := _media(files, most=told["media_max"]):
        found["media"] = media
    return found


def _media(files: Mapping[str, Any], *, most: int | None) -> dict[str, dict[str, Any]]:
    types = [word(name) for name in rows(files.get("supported_mime_types")) if word(name)]
    of_kind = {
        MediaKind.IMAGE: [name for name in types if name.startswith("image/") and name != "image/gif"],
        MediaKind.GIF: [name for name in types if name == "image/gif"],
        MediaKind.VIDEO: [name for name in types if name.startswith("video/")],
        MediaKind.AUDIO: [name for name in types if name.startswith("audio/")],
    }
    found: dict[str, dict[str, Any]] = {}
    for kind, names in of_kind.items():
        still = kind in (MediaKind.IMAGE, MediaKind.GIF)
        size = count(files.get("image_size_limit" if still else "video_size_limit"))
        pixels = count(files.get("image_matrix_limit" if still else "video_matrix_limit"))
        limits: dict[str, Any] = {}
        if names:
            limits["types"] = names
        if size:
            limits["max_bytes"] = size
        if pixels and kind is not MediaKind.AUDIO:
            limits["pixels"] = pixels
        if most and kind is MediaKind.IMAGE:
            limits["most"] = most
        if limits:
            found[kind] = limits
    return found
