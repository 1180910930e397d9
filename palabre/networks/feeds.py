"""RSS, RDF, Atom and JSON feeds: the plainest way a site has of saying what is new."""

from datetime import date
from typing import Any

from palabre.networks.answers import ask
from palabre.networks.contract import (
    Capability,
    Cursor,
    Manifest,
    Page,
    RemoteItem,
    Session,
    Suggestion,
    Watch,
    WatchKind,
    Words,
)
from palabre.networks.errors import NetworkError, RateLimited, Rejected, Temporary
from palabre.networks.feed_visits import ACCEPT, MAX_BYTES, as_item, read_answer, visit
from palabre.networks.formats.addresses import site_of, typed_address
from palabre.networks.formats.article import Article, read_article
from palabre.networks.formats.discovery import HtmlPage, common_places
from palabre.networks.formats.encoding import decode
from palabre.networks.formats.xml import says_xml

__all__ = ["MANIFEST", "Article", "connector", "read_article"]

_ENOUGH = 6
"""Feeds offered behind one address."""
_MOST_TRIES = 14
"""Requests spent on one address a person typed."""
_BEGINNING = 10_000
"""Bytes that tell a page from XML."""

MANIFEST = Manifest(
    key="feeds",
    label="RSS",
    icon="rss",
    capabilities=frozenset({Capability.COLLECT}),
    watches=(
        WatchKind(
            key="feed",
            label=Words(fr="Flux d’un site", en="Feed of a site"),
            hint=Words(
                fr="L’adresse d’un site ou de son flux RSS, Atom ou JSON : le flux est trouvé pour vous.",
                en="The address of a site or of its RSS, Atom or JSON feed: the feed is found for you.",
            ),
            placeholder="lemonde.fr",
        ),
    ),
    source="https://www.rssboard.org/rss-specification",
    checked_on=date(2026, 11, 23),
    cannot=(
        Words(
            fr="Un flux ne dit ni les mentions « j’aime », ni les partages, ni ce qui en a été retiré.",
            en="A feed tells neither likes nor shares, nor what was taken out of it.",
        ),
    ),
)


class Feeds:
    """Collects any feed, and finds the feeds behind an address."""

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One visit; see `feed_visits.visit`."""
        return await visit(session, watch.target, cursor)

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """An entry as an article."""
        return as_item(raw, feed_url=watch.target)

    async def suggest(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The feeds at or behind what was typed, the declared ones first, then those in the usual places.

        Raises the `NetworkError` of the address itself when it cannot be read at all, and what is wrong
        with a feed that stands there or that the page declares, when no other is found.
        """
        address = typed_address(typed)
        if not address:
            return ()
        search = _Search(session)
        try:
            page = await search.look(address)
        except (Temporary, Rejected):
            # A bare name was completed with https; some sites still have none.
            if "://" in typed or not address.startswith("https://"):
                raise
            page = await search.look("http://" + address.removeprefix("https://"))
        if page is None:
            return search.found_or_refused()
        declared = page.feeds()
        await search.try_all(declared)
        if not search.found:
            await search.try_all([a for a in common_places(page.url) if a not in declared], first_only=True)
        return search.found_or_refused()


class _Search:
    """The feeds found so far behind one address, and how many requests were spent."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tries = 0
        self._refused: Rejected | None = None
        self._suggestions: dict[str, Suggestion] = {}

    @property
    def found(self) -> tuple[Suggestion, ...]:
        """Best first."""
        return tuple(self._suggestions.values())

    def found_or_refused(self) -> tuple[Suggestion, ...]:
        """What was found. Raises what is wrong with the first feed that cannot be read, if none can."""
        if self._refused and not self._suggestions:
            raise self._refused
        return self.found

    async def look(self, address: str) -> HtmlPage | None:
        """Read an address: a feed is noted, a broken one too, and None returned; anything else is a page."""
        self._tries += 1
        answer = await ask(self._session, "GET", address, headers={"accept": ACCEPT}, max_bytes=MAX_BYTES)
        try:
            document = await read_answer(answer, now=self._session.now())
        except Rejected as error:
            kind = answer.headers.get("content-type", "")
            if says_xml(decode(answer.body[:_BEGINNING], kind), kind):
                self._refused = self._refused or error
                return None
            return HtmlPage(answer.body, content_type=kind, url=answer.url)
        place = answer.moved_to or address
        watch = Watch(kind="feed", target=place)
        self._suggestions.setdefault(
            answer.url, Suggestion(watch=watch, title=document.title or site_of(place))
        )
        return None

    async def try_all(self, addresses: tuple[str, ...] | list[str], *, first_only: bool = False) -> None:
        """Note those that are feeds; one that cannot be read says nothing about the others."""
        for address in addresses:
            full = len(self._suggestions) >= (1 if first_only else _ENOUGH)
            if full or self._tries >= _MOST_TRIES:
                return
            try:
                await self.look(address)
            except RateLimited:
                return
            except NetworkError:
                continue


connector = Feeds()
