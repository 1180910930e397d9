"""Search for the past, an account's posts."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from palabre.networks.answers import json_of
from palabre.networks.bluesky.heard import Heard
from palabre.networks.bluesky.lines import host_of
from palabre.networks.bluesky.people import People
from palabre.networks.bluesky.posts import DID, HANDLE, from_event, from_heard, from_view, glanced, sighted
from palabre.networks.bluesky.xrpc import Doors, request, server_of, stamp, wait_of
from palabre.networks.contract import (
    Cursor,
    Page,
    RemoteItem,
    Session,
    Sighting,
    Suggestion,
    Watch,
)
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NotPermitted,
    Rejected,
)
from palabre.networks.rounds import Round
from palabre.networks.shapes import (
    list_in,
    moment,
    table,
    word,
)
from palabre.networks.sightings import sighting_of

SEARCH = "app.bsky.feed.searchPosts"

PROFILES = 4
"""Calls for the authors of a page: a hundred hits have at most a hundred."""

OVERLAP = timedelta(minutes=15)
"""A post is searchable some minutes after it was made: each round begins a little before the last one."""


class Reading:
    """See the module; holds open sessions and known profiles, both bounded, in memory alone."""

    def __init__(self) -> None:
        self._doors = Doors()
        self._people = People()

    async def fetch(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        """One page of search hits or of an account's feed; cursor: see `rounds`."""
        if watch.kind == "search":
            return await self._search(session, watch, cursor)
        if watch.kind == "author":
            return await self._author(session, watch, cursor)
        raise Rejected("unknown_watch", kind=watch.kind)

    async def _search(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        if not watch.words:
            raise Rejected("no_words")
        here = Round.of(cursor, watch.words)
        asked = {"q": _quoted(here.word), "sort": "latest", "limit": "100"}
        if here.since:
            asked["since"] = here.since
        if here.page:
            asked["cursor"] = here.page
        answer, wait = await self._ask(session, watch, SEARCH, asked)
        posts = list_in(answer, "posts", host=host_of(server_of(watch)))
        if not posts and " " in asked["q"] and watch.options.get("server"):
            # A server of one's own may have no search engine and take the quotes for text.
            answer, wait = await self._ask(session, watch, SEARCH, {**asked, "q": asked["q"].strip('"')})
            posts = list_in(answer, "posts", host=host_of(server_of(watch)))
        # A server that does not know `since` would walk the whole past again.
        old = bool(here.since) and any(_indexed(post) < str(here.since) for post in posts)
        page = None if old or not posts else _further(answer, here)
        begun = stamp(session.now() - OVERLAP)
        held, more = here.next(page=page, newest=begun)
        return Page(raw=await self._signed(session, watch, posts), cursor=held, more=more, wait=wait)

    async def _author(self, session: Session, watch: Watch, cursor: Cursor | None) -> Page:
        actor = _actor(watch.target)
        if actor is None:
            raise Rejected("bad_account", typed=word(watch.target, most=80))
        here = Round.of(cursor, (actor,))
        asked = {"actor": actor, "limit": "100", "filter": "posts_with_replies"}
        if here.page:
            asked["cursor"] = here.page
        answer, wait = await self._ask(session, watch, "app.bsky.feed.getAuthorFeed", asked)
        feed = list_in(answer, "feed", host=host_of(server_of(watch)))
        fresh = tuple(entry for entry in feed if _entered(entry) > (here.since or ""))
        page = _further(answer, here) if feed and len(fresh) == len(feed) else None
        newest = max([_entered(entry) for entry in feed] + [here.since or ""]) or None
        held, more = here.next(page=page, newest=newest)
        name = word(table(table(table(feed[0]).get("post")).get("author")).get("displayName")) if feed else ""
        posts = await self._signed(session, watch, [table(entry).get("post") for entry in fresh])
        raw = tuple({**table(entry), "post": post} for entry, post in zip(fresh, posts, strict=True))
        return Page(raw=raw, cursor=held, more=more, wait=wait, title=name)

    async def _signed(self, session: Session, watch: Watch, posts: Sequence[Any]) -> tuple[Any, ...]:
        """The posts with their authors' followers: a call for each 25 accounts not met within a day."""
        door = await self._doors.open(session, watch)
        authors = (table(table(post).get("author")).get("did") for post in posts)
        dids = (did for did in authors if isinstance(did, str) and DID.fullmatch(did))
        await self._people.meet(session, door.server, dids, calls=PROFILES, headers=door.headers())
        return tuple(self._people.shown(dict(post)) if isinstance(post, Mapping) else post for post in posts)

    async def _ask(
        self, session: Session, watch: Watch, method: str, asked: Mapping[str, str]
    ) -> tuple[Any, float | None]:
        """The answer of an XRPC query and the advised wait, signed in when the watch has an account."""
        door = await self._doors.open(session, watch)
        url = f"{door.server}/xrpc/{method}"
        try:
            answer = await request(session, "GET", url, headers=door.headers(), params=asked)
        except AuthExpired:
            if not door.token:
                raise NotPermitted("bluesky_account_needed", host=host_of(door.server)) from None
            door = await self._doors.open(session, watch, again=True)
            answer = await request(session, "GET", url, headers=door.headers(), params=asked)
        except NotPermitted:
            if not door.token:
                raise NotPermitted("bluesky_account_needed", host=host_of(door.server)) from None
            raise
        return json_of(answer), wait_of(answer, session.now())

    def normalise(self, raw: Any, watch: Watch) -> RemoteItem | None:
        """A search hit, an entry of a feed (a repost gives the original) or an event of a stream."""
        if isinstance(raw, Heard):
            return from_heard(raw)
        answer = table(raw)
        if "commit" in answer:
            return from_event(answer)
        return from_view(table(answer.get("post")) or answer)

    def sight(self, raw: Any, watch: Watch) -> Sighting | None:
        """An event of a stream without its costly parts; what else there is comes a hundred at a time."""
        if isinstance(raw, Heard):
            return glanced(raw)
        answer = table(raw)
        if "commit" in answer:
            return sighted(answer)
        item = self.normalise(raw, watch)
        return None if item is None else sighting_of(item)

    async def suggest(self, session: Session, typed: str) -> tuple[Suggestion, ...]:
        """The account behind a handle, a DID or the address of a profile."""
        actor = _actor(typed)
        named = typed.strip().startswith(("@", "did:", "https://bsky.app/"))
        if actor is None or not (named or actor.endswith(".bsky.social")):
            return ()
        watch = Watch(kind="author", target=actor)
        try:
            answer, _ = await self._ask(session, watch, "app.bsky.actor.getProfile", {"actor": actor})
        except (Rejected, Gone):
            return ()
        name = word(table(answer).get("displayName")) or actor
        return (Suggestion(watch=watch, title=f"{name} (Bluesky)"),)


def _quoted(words: str) -> str:
    """Several words are looked for side by side, as the topic has them."""
    bare = words.replace('"', " ").strip()
    return f'"{bare}"' if " " in bare else bare


def _further(answer: Any, here: Round) -> str | None:
    cursor = table(answer).get("cursor")
    return cursor if isinstance(cursor, str) and cursor and cursor != here.page else None


def _indexed(post: Any) -> str:
    when = moment(table(post).get("indexedAt"))
    return stamp(when) if when else "9999"


def _entered(entry: Any) -> str:
    """When an entry came into a feed: for a repost, when it was reposted."""
    reason = table(table(entry).get("reason"))
    when = moment(reason.get("indexedAt")) or moment(table(table(entry).get("post")).get("indexedAt"))
    return stamp(when) if when else "0001"


def _actor(typed: str) -> str | None:
    """The handle or DID in what a person typed, None when there is none."""
    name = typed.strip().removeprefix("https://bsky.app/profile/").partition("/")[0].partition("?")[0]
    if DID.fullmatch(name):
        return name
    found = HANDLE.fullmatch(name)
    return found.group(1).lower() if found else None
