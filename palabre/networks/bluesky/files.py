"""What hangs on a post: images, one video, or the card of a page, uploaded before the post is written.

Read on 2026-11-23: https://docs.bsky.app/docs/tutorials/video
"""

from typing import Any
from urllib.parse import urlencode, urlsplit

from palabre.networks.answers import ask_json, json_of
from palabre.networks.bluesky.lines import host_of
from palabre.networks.bluesky.signed import call
from palabre.networks.bluesky.xrpc import request
from palabre.networks.contract import Session
from palabre.networks.errors import Problem, Rejected, Temporary, UnexpectedAnswer
from palabre.networks.outgoing import Card, Media, Part
from palabre.networks.rules import MediaKind
from palabre.networks.shapes import table, word

VIDEO = "https://video.bsky.app"
_TRIES, _PAUSE = 60, 2.0
"""How often, and after how many seconds, a video being prepared is asked about."""


async def embed(session: Session, part: Part) -> dict[str, Any] | None:
    """The embed of a part, everything in it uploaded; files come before a card."""
    videos = [place for place, file in enumerate(part.media) if file.kind is MediaKind.VIDEO]
    if videos:
        file = part.media[videos[0]]
        shown = {"$type": "app.bsky.embed.video", "video": await _video(session, file), "alt": file.alt}
        return shown | _shape(file)
    if part.media:
        images = [
            {"image": await _blob(session, file, place), "alt": file.alt} | _shape(file)
            for place, file in enumerate(part.media)
        ]
        return {"$type": "app.bsky.embed.images", "images": images}
    return None if part.card is None else await _card(session, part.card)


def _shape(file: Media) -> dict[str, Any]:
    if not (file.width and file.height):
        return {}
    return {"aspectRatio": {"width": file.width, "height": file.height}}


async def _card(session: Session, card: Card) -> dict[str, Any]:
    external: dict[str, Any] = {"uri": card.url, "title": card.title, "description": card.description}
    if card.image is not None:
        external["thumb"] = await _blob(session, card.image, None)
    return {"$type": "app.bsky.embed.external", "external": external}


async def _blob(session: Session, file: Media, place: int | None) -> Any:
    """The reference of an uploaded file; the same bytes twice are one file there."""
    try:
        told = await call(
            session,
            "POST",
            "com.atproto.repo.uploadBlob",
            content=file.body(),
            headers={"Content-Type": file.mime},
        )
    except Rejected as error:
        detail = str(error.params.get("name") or error.params.get("status") or "")
        problem = Problem(field="media", code="file_refused", place=place, detail=detail)
        raise Rejected("problems_found", problems=(problem,), count=1) from None
    blob = table(told).get("blob")
    if not isinstance(blob, dict):
        raise UnexpectedAnswer("other_shape", host=host_of(session.credentials["server"]), excerpt="blob")
    return blob


async def _video(session: Session, file: Media) -> Any:
    """By the network's own video service; a server of one's own takes it as any file."""
    server = session.credentials["server"]
    host = urlsplit(server).hostname or ""
    if not host.endswith((".bsky.network", "bsky.social")):
        return await _blob(session, file, 0)
    grant = {"aud": f"did:web:{host}", "lxm": "com.atproto.repo.uploadBlob"}
    token = word(
        table(await call(session, "GET", "com.atproto.server.getServiceAuth", params=grant)).get("token"),
        most=5000,
    )
    asked = urlencode({"did": session.credentials.get("did", ""), "name": file.name or "video.mp4"})
    headers = {"Authorization": f"Bearer {token}", "Content-Type": file.mime}
    url = f"{VIDEO}/xrpc/app.bsky.video.uploadVideo?{asked}"
    told = table(json_of(await request(session, "POST", url, content=file.body(), headers=headers)))
    job = word(told.get("jobId") or table(told.get("jobStatus")).get("jobId"), most=300)
    for _ in range(_TRIES):
        status = table(
            table(
                await ask_json(
                    session, "GET", f"{VIDEO}/xrpc/app.bsky.video.getJobStatus", params={"jobId": job}
                )
            ).get("jobStatus")
        )
        if isinstance(status.get("blob"), dict):
            return status["blob"]
        if status.get("state") == "JOB_STATE_FAILED":
            problem = Problem(
                field="media", code="file_refused", place=0, detail=word(status.get("error"), most=80)
            )
            raise Rejected("problems_found", problems=(problem,), count=1)
        await session.rest(_PAUSE)
    raise Temporary("media_not_ready", host=host_of(VIDEO))
