"""Sites that list their pages: new ones are found in the sitemap, and read on the site."""

import asyncio
import base64
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

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
from palabre.networks.errors import NetworkError, Rejected
from palabre.networks.formats.addresses import site_of, typed_address, without_tracking
from palabre.networks.formats.plain import one_line
from palabre.networks.formats.rhythm import gap, next_visit
from palabre.networks.formats.sitemap import NotASitemap, Place, Sitemap, read_sitemap, title_from
from palabre.networks.shapes import language, moment, table, web_address

MAX_BYTES = 50_000_000
MAX_SEEN = 5000
"""Pages remembered as known, the newest first."""
MAX_LISTS = 8
"""Further lists read in one round."""
MAX_NEW = 200
"""New pages given at a time; more at once is a site that moved, not news."""
FIRST_DAYS = timedelta(days=3)
"""How far back the first look goes: older pages are known, not new."""
_OVERLAP = timedelta(days=2)
_USUAL_PLACES = ("/sitemap_news.xml", "/news-sitemap.xml", "/sitemap.xml", "/sitemap_index.xml")

MANIFEST = Manifest(
    key="sitemap",
    label="Sitemap",
    icon="sitemap",
    capabilities=frozenset({Capability.COLLECT}),
    watches=(
        WatchKind(
            key="sitemap",
            label=Words(fr="Nouvelles pages d’un site", en="New pages of a site"),
            hint=Words(
                fr="L’adresse d’un site sans flux : ses nouvelles pages sont trouvées dans son plan.",
                en="The address of a site without a feed: its new pages are found in its sitemap.",
            ),
            placeholder="exemple.fr",
        ),
    ),
    source="https://www.sitemaps.org/protocol.html",
    checked_on=date(2026, 11, 23),
    cannot=(
        Words(
            fr="Un plan de site ne dit pas si une page est nouvelle ou seulement modifiée.",
            en="A sitemap does not tell a new page from one that was only changed.",
        ),
    ),
)


class Sitemaps:
    """Collects the new pages of a sitemap, one list a call."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One list; `more` while further lists of the same round wait. Known pages are not given again.

        The cursor holds the lists still to read, the newest date of the last round, and short marks
        of the pages that round may show again.
        """
        known = dict(cursor or {})
        waiting = [str(place) for place in known.get("lists") or ()]
        now = session.now()
        sitemap, moved_to = await _read(session, waiting[0] if waiting else watch.target)
        since = moment(known.get("since"))
        raw: tuple[dict[str, Any], ...] = ()
        rest = waiting[1:]
        if sitemap.index:
            if not waiting:
                rest = [place.url for place in _recent_lists(sitemap.places, since)]
        else:
            raw = self._news(sitemap.places, known, since, now)
        known["lists"] = rest
        if not rest:
            known["since"] = known.pop("newest", None) or known.get("since") or (now - FIRST_DAYS).isoformat()
        return Page(
            raw=raw,
            cursor=known,
            more=bool(rest),
            wait=_wait(sitemap, now),
            moved_to=moved_to if not waiting else None,
            title=site_of(watch.target),
        )

    def _news(
        self, places: Iterable[Place], known: dict[str, Any], since: datetime | None, now: datetime
    ) -> tuple[dict[str, Any], ...]:
        """The pages not met before, newest first; `known` learns them."""
        horizon = since - _OVERLAP if since else now - FIRST_DAYS
        seen = list(_split(str(known.get("seen") or "")))
        old = set(seen)
        fresh: list[Place] = []
        marks: list[str] = []
        undated = 0
        for place in places:
            if place.moment is not None and place.moment < horizon:
                continue
            undated += place.moment is None
            mark = _mark(place.url)
            marks.append(mark)
            # At first sight an undated page may be years old: it is known, not new.
            if mark not in old and (place.moment is not None or since is not None):
                fresh.append(place)
            old.add(mark)
        if undated > MAX_SEEN:
            raise Rejected("sitemap_undated", count=undated)
        known["seen"] = "".join(list(dict.fromkeys([*marks, *seen]))[:MAX_SEEN])
        newest = max((p.moment for p in fresh if p.moment), default=None)
        before = moment(known.get("newest")) or since
        if newest and (before is None or newest > before):
            known["newest"] = newest.isoformat()
        fresh.sort(key=lambda place: place.moment or now, reverse=True)
        return tuple(_raw(place) for place in fresh[:MAX_NEW])

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """A page as an article whose text is still to be read."""
        place = table(raw)
        url = web_address(place.get("url"))
        if not url:
            return None
        title = place.get("title")
        return RemoteItem(
            remote_id=url[:400],
            url=url,
            title=one_line(title if isinstance(title, str) and title.strip() else title_from(url))[:1000],
            text="",
            kind=ItemKind.ARTICLE,
            published_at=moment(place.get("published")),
            language=language(place.get("language")),
            outlet=site_of(url),
            summary_only=True,
        )

    async def suggest(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The sitemaps an address, its robots.txt or the usual places give; at most four."""
        address = typed_address(typed)
        if not address:
            return ()
        parts = urlsplit(address)
        root = f"{parts.scheme}://{parts.netloc}"
        places = [address] if parts.path.endswith((".xml", ".gz", ".txt")) else []
        places += await _from_robots(session, root)
        places += [root + path for path in _USUAL_PLACES]
        found: list[Suggestion] = []
        for place in list(dict.fromkeys(places))[:10]:
            try:
                await _read(session, place)
            except NetworkError:
                continue
            watch = Watch(kind="sitemap", target=place)
            found.append(Suggestion(watch=watch, title=site_of(place), second_best=place != address))
            if len(found) == 4:
                break
        return tuple(found)


async def _read(session: Session, url: str) -> tuple[Sitemap, str | None]:
    answer = await ask(
        session, "GET", url, headers={"accept": "application/xml,*/*;q=0.5"}, max_bytes=MAX_BYTES
    )
    kind, now = answer.headers.get("content-type", ""), session.now()
    try:
        read = await asyncio.to_thread(read_sitemap, answer.body, content_type=kind, now=now)
    except NotASitemap as error:
        raise Rejected(error.reason, host=site_of(answer.url)) from None
    return read, answer.moved_to


async def _from_robots(session: Session, root: str) -> list[str]:
    try:
        answer = await ask(session, "GET", root + "/robots.txt", max_bytes=500_000)
    except NetworkError:
        return []
    lines = (line.partition(":") for line in answer.body.decode("utf-8", "replace").splitlines())
    named = [typed_address(value) for name, _, value in lines if name.strip().lower() == "sitemap"]
    return sorted(filter(None, named), key=lambda place: "news" not in place.lower())


def _recent_lists(places: Iterable[Place], since: datetime | None) -> list[Place]:
    """The lists that may hold something new: of news first, then by date; undated ones, the last first."""
    worth = [p for p in places if since is None or p.moment is None or p.moment > since - _OVERLAP]
    dated = sorted((p for p in worth if p.moment), key=lambda p: p.moment or datetime.min, reverse=True)
    ordered = [*dated, *reversed([p for p in worth if p.moment is None])]
    return sorted(ordered, key=lambda place: "news" not in place.url.lower())[:MAX_LISTS]


def _raw(place: Place) -> dict[str, Any]:
    return {
        "url": without_tracking(place.url),
        "title": place.title,
        "published": place.moment.isoformat() if place.moment else None,
        "language": place.language,
    }


def _wait(sitemap: Sitemap, now: datetime) -> float:
    moments = [place.moment for place in sitemap.places]
    newest = max((m for m in moments if m is not None), default=None)
    return next_visit(now=now, usual_gap=gap(moments), newest=newest, calm=0, asked=900.0)


def _mark(url: str) -> str:
    return base64.urlsafe_b64encode(blake2b(url.encode("utf-8", "replace"), digest_size=6).digest()).decode()


def _split(marks: str) -> Iterable[str]:
    return (marks[place : place + 8] for place in range(0, len(marks), 8))


connector = Sitemaps()
