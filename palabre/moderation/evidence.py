"""What a decision was taken on, kept as it was: words, author, time, and the pictures with their bytes.

The words are kept in the transaction of the decision, the pictures are fetched soon after, by the only way
out, with its guard and its limits. What the network loses later is still here; who asks to be forgotten is
not (`records`).
"""

from collections.abc import Callable
from datetime import datetime

from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from django_scopes import scopes_disabled

from palabre.channels.sessions import way_out
from palabre.inbox.models import Message
from palabre.kit.http import HttpFailure
from palabre.moderation.models import Decision, Evidence, Picture

PICTURES = 8
"""Pictures of one message that are kept."""
LARGEST = 8_000_000
"""Bytes of one picture."""
AT_ONCE = 20

Clock = Callable[[], datetime]
SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
"""How the files that are kept begin: what an answer says of itself is not believed."""


def keep(*, decision: Decision, message: Message) -> Evidence:
    """Keep what a message says now, in the caller's transaction."""
    item, author = message.item, message.item.author
    kept: Evidence = Evidence.objects.create(
        brand_id=decision.brand_id,
        decision=decision,
        title=item.title,
        text=item.text,
        url=item.url,
        author_name=author.name if author else "",
        author_handle=author.handle if author else "",
        author_url=author.url if author else "",
        language=item.language,
        said_at=message.at,
    )
    Picture.objects.bulk_create(
        Picture(brand_id=decision.brand_id, evidence=kept, url=url) for url in item.image_urls[:PICTURES]
    )
    return kept


async def fetch_pictures(clock: Clock) -> int:
    """Fetch the pictures that are still only an address; how many were tried. Crosses brands on purpose."""
    rows = await sync_to_async(_to_fetch)()
    if rows:
        async with way_out() as http:
            for row in rows:
                fault, body = "", b""
                try:
                    answer = await http.request("GET", row.url, max_bytes=LARGEST)
                    body = answer.body
                    fault = f"status_{answer.status}" if answer.status != 200 else ""
                except HttpFailure as failure:
                    fault = failure.reason
                await sync_to_async(_put_down)(row, body, fault, now=clock())
    return len(rows)


def _to_fetch() -> list[Picture]:
    with scopes_disabled():
        return list(Picture.objects.filter(fetched_at=None, fault="").order_by("pk")[:AT_ONCE])


def _put_down(row: Picture, body: bytes, fault: str, *, now: datetime) -> None:
    mime = mime_of(body)
    if not fault and not mime:
        fault = "no_picture"
    kept = {"content": body, "mime": mime} if not fault else {}
    with scopes_disabled(), transaction.atomic():
        Picture.objects.filter(pk=row.pk).update(fetched_at=now, fault=fault[:60], **kept)


def mime_of(body: bytes) -> str:
    """What kind of picture this is by its first bytes, "" for none that is kept."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for sign, mime in SIGNS if body.startswith(sign)), "")


class Unfetched(Exception):
    """A picture cannot be shown: nothing came, or it is none."""


def fetch_one(url: str) -> tuple[bytes, str]:
    """A picture's bytes and its kind, for a page that asked. Raises Unfetched."""

    async def fetched() -> bytes:
        async with way_out() as http:
            answer = await http.request("GET", url, max_bytes=LARGEST)
            return answer.body if answer.status == 200 else b""

    try:
        body = async_to_sync(fetched)()
    except HttpFailure as failure:
        raise Unfetched(failure.reason) from failure
    mime = mime_of(body)
    if not mime:
        raise Unfetched("no_picture")
    return body, mime
