"""YouTube channels and playlists by their public feeds: the fifteen newest videos, no key needed."""

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from palabre.networks.answers import ask
from palabre.networks.contract import (
    Capability,
    Cursor,
    ItemKind,
    Manifest,
    Page,
    RemoteItem,
    Session,
    Suggestion,
    Watch,
    WatchKind,
    Words,
)
from palabre.networks.feed_visits import as_item, visit
from palabre.networks.formats.addresses import typed_address
from palabre.networks.formats.discovery import HtmlPage

_FEED = "https://www.youtube.com/feeds/videos.xml"
_CHANNEL = re.compile(r"UC[\w-]{22}")
_CHANNEL_IN_PAGE = re.compile(rb'"(?:externalId|channelId|browseId)":"(UC[\w-]{22})"')
_HANDLE = re.compile(r"@[\w.·-]{3,30}")
# Without a choice about cookies the European page is a question, not the channel.
_CONSENT = {"cookie": "SOCS=CAI", "accept-language": "en"}

MANIFEST = Manifest(
    key="youtube",
    label="YouTube",
    icon="brand-youtube",
    capabilities=frozenset({Capability.COLLECT}),
    watches=(
        WatchKind(
            key="channel",
            label=Words(fr="Chaîne YouTube", en="YouTube channel"),
            hint=Words(
                fr="L’adresse d’une chaîne, d’une liste de lecture, ou son identifiant @.",
                en="The address of a channel or playlist, or its @ handle.",
            ),
            placeholder="@arte",
        ),
    ),
    source="https://developers.google.com/youtube/v3/guides/push_notifications",
    checked_on=date(2026, 11, 23),
    cannot=(
        Words(
            fr="Sans clé de l’API, ni commentaires ni recherche : seulement les quinze dernières vidéos.",
            en="Without an API key there are neither comments nor search: only the fifteen newest videos.",
        ),
    ),
)


class YouTube:
    """Collects a channel's or playlist's feed, with its views and pictures."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One visit of the channel's feed."""
        return await visit(session, watch.target, cursor)

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """An entry as a video."""
        return as_item(raw, feed_url=watch.target, kind=ItemKind.VIDEO)

    async def suggest(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The channel behind an id, a handle or any of its addresses, when the page tells it."""
        feed = await _feed_of(session, typed.strip())
        if not feed:
            return ()
        page = await visit(session, feed, None)
        return (Suggestion(watch=Watch(kind="channel", target=feed), title=page.title),)


async def _feed_of(session: Session, typed: str) -> str:
    if _CHANNEL.fullmatch(typed):
        return f"{_FEED}?channel_id={typed}"
    address = f"https://www.youtube.com/{quote(typed)}" if _HANDLE.fullmatch(typed) else typed_address(typed)
    parts = urlsplit(address)
    if (parts.hostname or "").removeprefix("www.").removeprefix("m.") not in ("youtube.com", "youtu.be"):
        return ""
    query = parse_qs(parts.query)
    if parts.path == "/feeds/videos.xml" and query:
        return address
    if "list" in query:
        return f"{_FEED}?playlist_id={quote(query['list'][0])}"
    named = re.match(r"/channel/(UC[\w-]{22})", parts.path)
    if named:
        return f"{_FEED}?channel_id={named.group(1)}"
    answer = await ask(session, "GET", address, headers=_CONSENT, max_bytes=6_000_000)
    page = HtmlPage(answer.body, content_type=answer.headers.get("content-type", ""), url=answer.url)
    declared = [feed for feed in page.feeds() if "/feeds/videos.xml" in feed]
    if declared:
        return declared[0]
    told = _CHANNEL.search(page.canonical() + " " + page.meta("channelId", "identifier"))
    if told:
        return f"{_FEED}?channel_id={told.group()}"
    inside = _CHANNEL_IN_PAGE.search(answer.body)
    return f"{_FEED}?channel_id={inside.group(1).decode()}" if inside else ""


connector = YouTube()
