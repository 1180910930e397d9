"""The card of a linked page: its title, its words, its picture, read once through the guarded way out."""

import hashlib
import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import lxml.html
from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone
from lxml.etree import ParserError
from PIL import Image

from palabre.agency.models import Brand
from palabre.channels.sessions import USER_AGENT
from palabre.kit.http import Http, HttpFailure, Limits
from palabre.networks.formats.encoding import decode
from palabre.networks.outgoing import Card, Media
from palabre.networks.rules import MediaKind
from palabre.publishing.composing.models import PageCard
from palabre.publishing.library.pictures import jpeg_within
from palabre.publishing.library.probing import Refused, opened_picture, upright

QUICK = Limits(connect=4.0, read=6.0, total=10.0)
PAGE_MOST, PICTURE_MOST = 2_000_000, 10_000_000
LIGHT = 900_000
"""Bytes of the picture of a card: below what any network asks for one."""
WIDE = 1200


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a page says of itself; `image` is an address."""

    title: str = ""
    description: str = ""
    image: str = ""


def told(html: str, url: str) -> Told:
    """What a page's head says (Open Graph first, then Twitter's names, then plain HTML). Pure."""
    try:
        tree = lxml.html.document_fromstring(html[:PAGE_MOST])
    except (ParserError, ValueError):
        return Told()
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        named.setdefault(name, " ".join((meta.get("content") or "").split()))

    def first(*names: str) -> str:
        return next((named[name] for name in names if named.get(name)), "")

    title = first("og:title", "twitter:title") or " ".join((tree.findtext(".//title") or "").split())
    image = first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    return Told(
        title=title[:300],
        description=first("og:description", "twitter:description", "description")[:1000],
        image=urljoin(url, image) if image else "",
    )


def card_of(brand: Brand, url: str) -> PageCard | None:
    """The card that was read, None where none was."""
    return PageCard.objects.filter(brand=brand, digest=_digest(url)).first()


def read_card(*, brand: Brand, url: str) -> PageCard:
    """Read the page behind an address, again if it was read before. At most ten seconds."""
    said, picture = async_to_sync(_fetch)(url)
    card, _made = PageCard.objects.update_or_create(
        brand=brand,
        digest=_digest(url),
        defaults={
            "url": url,
            "title": said.title,
            "description": said.description,
            "image": _kept(brand, url, picture) if picture else None,
            "told": bool(said.title),
            "read_at": timezone.now(),
        },
    )
    return card


async def _fetch(url: str) -> tuple[Told, bytes]:
    said, picture = Told(), b""
    async with Http(allow=settings.ENV.allowed_networks, user_agent=USER_AGENT, limits=QUICK) as http:
        with suppress(HttpFailure):  # a card that cannot be had is a link without a card, and is told so
            page = await http.request("GET", url, headers={"accept": "text/html"}, max_bytes=PAGE_MOST)
            kind = page.headers.get("content-type", "")
            if page.status < 400 and "html" in kind:
                said = told(decode(page.body, kind), page.url)
            if said.image:
                answer = await http.request("GET", said.image, max_bytes=PICTURE_MOST)
                picture = answer.body if answer.status < 400 else b""
    return said, picture


def _kept(brand: Brand, url: str, picture: bytes) -> dict[str, Any] | None:
    try:
        with opened_picture(io.BytesIO(picture)) as opened:
            image: Image.Image = upright(opened)
            image.thumbnail((WIDE, WIDE))
            content, size = jpeg_within(image, LIGHT), image.size
    except Refused:
        return None
    path = f"{brand.pk}/cards/{_digest(url)}.jpg"
    place = Path(settings.MEDIA_ROOT) / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return {
        "path": path,
        "mime": "image/jpeg",
        "size": len(content),
        "width": size[0],
        "height": size[1],
    }


def frozen_card(brand: Brand, url: str) -> dict[str, Any] | None:
    """The card as a delivery keeps it, None where there is none."""
    return kept_card(card_of(brand, url)) if url else None


def kept_card(card: PageCard | None) -> dict[str, Any] | None:
    """A card that was read, as a delivery keeps it."""
    if card is None or not card.told:
        return None
    return {"title": card.title, "description": card.description, "image": card.image}


def thawed_card(url: str, kept: Mapping[str, Any] | None) -> Card | None:
    """The card as a network gets it; the address alone where nothing is known of the page."""
    if not url:
        return None
    if not kept:
        return Card(url=url)
    return Card(
        url=url,
        title=kept["title"],
        description=kept["description"],
        image=_picture(kept["image"]) if kept.get("image") else None,
    )


def _picture(file: Mapping[str, Any]) -> Media:
    return Media(
        kind=MediaKind.IMAGE,
        mime=file["mime"],
        size=file["size"],
        open=lambda: (Path(settings.MEDIA_ROOT) / file["path"]).open("rb"),
        width=file["width"],
        height=file["height"],
    )


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
