"""Google Alerts delivered as a feed: there is no API, a person pastes the feed's address."""

import re
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from palabre.networks.contract import (
    Capability,
    Cursor,
    Manifest,
    Page,
    Reach,
    RemoteItem,
    Session,
    Suggestion,
    Watch,
    WatchKind,
    Words,
)
from palabre.networks.feed_visits import as_item, visit
from palabre.networks.formats.addresses import site_of, typed_address, unwrapped
from palabre.networks.shapes import table

_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?")
_FEED_PATH = re.compile(r"/alerts/feeds/\d+/\d+/?")
# The name of the product stands before the first dash of the title, in every language.
_PREFIX = re.compile(r"^[^-–—]{0,40}\bgoogle\b[^-–—]{0,40}?\s*[-–—:]\s*", re.IGNORECASE)
_CUT = re.compile(r"\s*(?:\.\.\.|…)$")

MANIFEST = Manifest(
    key="google_alerts",
    label="Google Alerts",
    icon="brand-google",
    capabilities=frozenset({Capability.COLLECT}),
    watches=(
        WatchKind(
            key="alert",
            label=Words(fr="Flux d’une alerte Google", en="Feed of a Google alert"),
            hint=Words(
                fr="Dans Google Alertes, choisissez « Envoyer à : flux RSS », puis collez l’adresse du flux.",
                en="In Google Alerts choose “Deliver to: RSS feed”, then paste the address of the feed.",
            ),
            placeholder="https://www.google.com/alerts/feeds/…",
            reach=Reach.RADAR,
        ),
    ),
    source="https://support.google.com/websearch/answer/4815696",
    checked_on=date(2026, 11, 23),
    cannot=(
        Words(
            fr="Google ne donne qu’un extrait de chaque article : le texte entier est lu sur le site.",
            en="Google gives only an excerpt of each article: the whole text is read on the site.",
        ),
    ),
)


class GoogleAlerts:
    """Collects the feed of one alert; items are the articles themselves, not Google's redirects."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One visit; the title is the alert's query."""
        page = await visit(session, watch.target, cursor)
        return replace(page, title=query_of(page.title))

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """An entry as the article it points to: same article, same id, whichever alert found it."""
        item = as_item(raw, feed_url=watch.target)
        if item is None:
            return None
        entry = table(raw)
        address = entry.get("url")
        url = unwrapped(address) if isinstance(address, str) else ""
        if not url.startswith(("http://", "https://")):
            url = item.url
        site = site_of(url)
        return replace(
            item,
            remote_id=url[:400] if url else item.remote_id,
            url=url,
            outlet=site,
            author=None,
            title=_CUT.sub("…", item.title),
            text=_CUT.sub("…", item.text),
            summary_only=bool(url),
        )

    async def suggest(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The alert whose feed's address was pasted, read once for its query."""
        address = typed_address(typed)
        if not is_alert(address):
            return ()
        page = await self.fetch(session, Watch(kind="alert", target=address), None)
        return (Suggestion(watch=Watch(kind="alert", target=address), title=page.title),)


def is_alert(address: str) -> bool:
    """Whether an address is the feed of a Google alert."""
    parts = urlsplit(address)
    google = _GOOGLE.fullmatch(parts.hostname or "")
    return google is not None and _FEED_PATH.fullmatch(parts.path) is not None


def query_of(title: str) -> str:
    """The query of an alert from its feed's title (`Google Alert - x`, `Alerte Google – x`)."""
    return _PREFIX.sub("", title, count=1) or title


connector = GoogleAlerts()
