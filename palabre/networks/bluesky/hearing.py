"""What is said to an account: its notifications with the posts they hang under, and its own posts.

Both lists come newest first, at the hours when things were written: what the network learnt of late
stands further down. Its own mark of what was read is not asked for: it is often wrong.
Read on 2026-11-23: https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky/notification
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from palabre.networks.bluesky.lines import host_of
from palabre.networks.bluesky.people import People
from palabre.networks.bluesky.posts import DID, from_view, post_uri, quoted_post
from palabre.networks.bluesky.signed import call
from palabre.networks.contract import Address, Cursor, Page, RemoteAuthor, RemoteItem, Said, Session
from palabre.networks.descents import Depth, Descent
from palabre.networks.errors import Rejected
from palabre.networks.shapes import list_in, moment, rows, table, word

REASONS = ("reply", "mention", "quote")
AT_ONCE = 25
"""Posts or profiles that one call gives."""
PAGE = {"notifications": 50, "own": 100}
DEPTH = Depth(again=timedelta(minutes=15), late=timedelta(days=2))
NOTICES = "app.bsky.notification.listNotifications"


class Hearing:
    """Two ears; cursor: see `descents`."""

    _people: People

    async def hear(self, session: Session, ear: str, cursor: Cursor | None) -> Page:
        """One page, newest first."""
        here = Descent.of(cursor, session.now(), DEPTH)
        asked = {"limit": str(PAGE.get(ear, AT_ONCE)), **({"cursor": here.page} if here.page else {})}
        if ear == "notifications":
            reasons = "&".join(f"reasons={reason}" for reason in REASONS)
            told = await call(session, "GET", f"{NOTICES}?{reasons}", params=asked)
        elif ear == "own":
            asked |= {"actor": session.account, "filter": "posts_with_replies"}
            told = await call(session, "GET", "app.bsky.feed.getAuthorFeed", params=asked)
        else:
            raise Rejected("unknown_watch", kind=ear)
        entries = list_in(told, "feed" if ear == "own" else ear, host=_host(session))
        times = [when for when in map(_when, entries) if when is not None]
        page = word(table(told).get("cursor")) if entries else ""
        held, more = here.next(len(entries), min(times, default=None), page)
        fresh = [table(entry) for entry in entries if (_when(entry) or here.until) >= here.until]
        if ear == "notifications":
            fresh = await self._joined(session, [one for one in fresh if one.get("reason") in REASONS])
        return Page(raw=tuple(fresh), cursor=held, more=more)

    async def _joined(
        self, session: Session, notices: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """The notices with the posts around them, and how many follow their authors."""
        wanted: dict[str, None] = {}
        for notice in notices:
            wanted |= dict.fromkeys(_around(notice))
        views = await _views(session, list(wanted))
        authors = (word(table(notice.get("author")).get("did")) for notice in notices)
        dids = (did for did in authors if DID.fullmatch(did))
        server = session.credentials.get("server", "")
        await self._people.meet(session, server, dids, calls=2, ask=partial(call, session, "GET"))
        return [
            {
                **self._people.shown(dict(notice)),
                "around": [views[uri] for uri in _around(notice) if uri in views],
            }
            for notice in notices
        ]

    def said(self, raw: Any, ear: str, account: str) -> Said | None:
        """A notification with its posts, or an entry of the account's own feed."""
        told = table(raw)
        return _own(told, account) if ear == "own" else _noticed(told, account)


async def _views(session: Session, uris: Sequence[str]) -> dict[str, Any]:
    """The posts that are there; an address that somebody made up does not keep the others from coming."""
    if len(uris) > AT_ONCE:
        first = await _views(session, uris[:AT_ONCE])
        return first | await _views(session, uris[AT_ONCE:])
    if not uris:
        return {}
    query = "&".join(f"uris={uri}" for uri in uris)
    try:
        told = await call(session, "GET", f"app.bsky.feed.getPosts?{query}")
    except Rejected:
        middle = len(uris) // 2
        if not middle:
            return {}
        return await _views(session, uris[:middle]) | await _views(session, uris[middle:])
    posts = list_in(told, "posts", host=_host(session))
    return {word(table(post).get("uri"), most=1000): post for post in posts}


def _noticed(told: Mapping[str, Any], account: str) -> Said | None:
    around = {one.remote_id: one for one in map(_rooted, rows(told.get("around"))) if one is not None}
    bare = _rooted(told)
    item = around.get(word(told.get("uri"), most=1000)) or bare
    reason = told.get("reason")
    if item is None or reason not in REASONS or _by(item) == account:
        return None
    if bare is not None:
        item = replace(item, author=bare.author)  # a notice tells more of them than a post does
    root, parent, quoted = _ties(told)
    return Said(
        item=item,
        address=_address(str(reason), root, parent, quoted, account),
        above=_above(around, root, parent) if parent else _above(around, quoted, None),
    )


def _own(told: Mapping[str, Any], account: str) -> Said | None:
    """A repost says nothing of one's own."""
    post = table(told.get("post"))
    item = _rooted(post)
    if item is None or _by(item) != account or told.get("reason"):
        return None
    hung = (_rooted(table(told.get("reply")).get(end)) for end in ("root", "parent"))
    around = {one.remote_id: one for one in hung if one is not None}
    root, parent, _ = _ties(post)
    counterpart = None
    if parent and _did(parent) != account:
        there = around.get(parent)
        counterpart = (there and there.author) or RemoteAuthor(remote_id=_did(parent))
    return Said(item=item, address=Address.OURS, above=_above(around, root, parent), counterpart=counterpart)


def _rooted(view: Any) -> RemoteItem | None:
    """A post in the thread of its root: one that quotes another begins a thread of its own."""
    item = from_view(table(view))
    if item is None:
        return None
    root, parent, _ = _ties(table(view))
    return replace(item, thread_id=root or parent or item.remote_id)


def _ties(view: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """The root and the parent of a reply, and what is quoted."""
    record = table(view.get("record"))
    reply = table(record.get("reply"))
    root, parent = (post_uri(table(reply.get(end)).get("uri")) for end in ("root", "parent"))
    return root, parent, quoted_post(table(record.get("embed")))


def _around(notice: Mapping[str, Any]) -> list[str]:
    """The posts to ask for: those it hangs under, and its own where it shows more than words."""
    shown = post_uri(notice.get("uri")) if table(notice.get("record")).get("embed") else None
    return list(dict.fromkeys(filter(None, (*_ties(notice), shown))))


def _above(around: Mapping[str, RemoteItem], root: str | None, parent: str | None) -> tuple[RemoteItem, ...]:
    wanted = dict.fromkeys(filter(None, (root, parent)))
    return tuple(around[uri] for uri in wanted if uri in around)


def _address(reason: str, root: str | None, parent: str | None, quoted: str | None, account: str) -> Address:
    """By what it hangs under, for the same post may come with several reasons."""
    if root and _did(root) == account:
        return Address.COMMENT
    if parent and _did(parent) == account:
        return Address.REPLY
    if quoted and _did(quoted) == account:
        return Address.QUOTE
    return Address(reason)


def _when(entry: Any) -> datetime | None:
    """When an entry came into its list: for a repost, when it was reposted."""
    told = table(entry)
    return (
        moment(table(told.get("reason")).get("indexedAt"))
        or moment(table(told.get("post")).get("indexedAt"))
        or moment(told.get("indexedAt"))
    )


def _did(uri: str) -> str:
    return uri.removeprefix("at://").partition("/")[0]


def _by(item: RemoteItem) -> str:
    return item.author.remote_id if item.author else ""


def _host(session: Session) -> str:
    return host_of(session.credentials.get("server", ""))
