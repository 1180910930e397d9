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
from palabre.networks.bluesky.posts import DID, from_view, post_uri, quoted_post, taken_away
from palabre.networks.bluesky.records import AT_ONCE, Recent, chain, gone_since, views
from palabre.networks.bluesky.signed import call
from palabre.networks.contract import Address, Cursor, Page, RemoteAuthor, RemoteItem, Said, Session
from palabre.networks.descents import Depth, Descent
from palabre.networks.errors import Rejected
from palabre.networks.shapes import list_in, moment, rows, table, word

REASONS = ("reply", "mention", "quote")
THREADS, BETWEEN = 10, 20
"""Of so many notices a page, so many posts between the root and the parent are fetched."""
PAGE = {"notifications": 50, "own": 100}
DEPTH = Depth(again=timedelta(minutes=15), late=timedelta(days=2))
NOTICES = "app.bsky.notification.listNotifications"


class Hearing:
    """Two ears; cursor: see `descents`, and `records` for what was heard of late."""

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
        seen = [uri for entry in fresh if not entry.get("reason") or ear != "own" if (uri := _uri(entry))]
        recent, gone = Recent.of(cursor), list[str]()
        if not more:
            gone = await gone_since(session, recent, seen=seen, whole=here.late == here.top)
            recent = replace(recent, uris=tuple(uri for uri in recent.uris if uri not in gone))
        held |= {"recent": list(recent.with_more(seen).uris)}
        raw = (*fresh, *({"deleted": uri} for uri in gone))
        return Page(raw=raw, cursor=held, more=more)

    async def _joined(
        self, session: Session, notices: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """The notices with the posts around them, and how many follow their authors."""
        wanted: dict[str, None] = {}
        for notice in notices:
            wanted |= dict.fromkeys(_around(notice))
        around = await views(session, list(wanted))
        for notice in notices[:THREADS]:
            between = await _between(session, notice, around)
            around |= {word(table(post).get("uri"), most=1000): post for post in between}
        authors = (word(table(notice.get("author")).get("did")) for notice in notices)
        dids = (did for did in authors if DID.fullmatch(did))
        server = session.credentials.get("server", "")
        await self._people.meet(session, server, dids, calls=2, ask=partial(call, session, "GET"))
        return [
            {
                **self._people.shown(dict(notice)),
                "around": _thread(notice, around),
            }
            for notice in notices
        ]

    def said(self, raw: Any, ear: str, account: str) -> Said | None:
        """A notification with its posts, or an entry of the account's own feed."""
        told = table(raw)
        if (gone := post_uri(told.get("deleted"))) is not None:
            address = Address.OURS if ear == "own" else Address.MENTION
            return Said(item=taken_away(gone), address=address)
        return _own(told, account) if ear == "own" else _noticed(told, account)


async def _between(session: Session, notice: Mapping[str, Any], around: Mapping[str, Any]) -> list[Any]:
    """What lies between the root and the parent of a reply, where the two do not meet."""
    root, parent, _ = _ties(notice)
    if not root or not parent or parent == root:
        return []
    _, above, _ = _ties(table(around.get(parent)))
    if above is None or above == root or above in around:
        return []
    return await chain(session, parent, most=BETWEEN)


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


def _thread(notice: Mapping[str, Any], around: Mapping[str, Any]) -> list[Any]:
    """The posts around a notice that are there, with those between its root and its parent."""
    root, parent, _ = _ties(notice)
    wanted = dict.fromkeys(_around(notice))
    while parent and parent != root and len(wanted) < BETWEEN + AT_ONCE:
        wanted[parent] = None
        _, above, _ = _ties(table(around.get(parent)))
        parent = None if above in wanted else above
    return [around[uri] for uri in wanted if uri in around]


def _above(around: Mapping[str, RemoteItem], root: str | None, parent: str | None) -> tuple[RemoteItem, ...]:
    """The root, what is known between, the parent."""
    climbed: dict[str, RemoteItem] = {}
    here = parent
    while here and here not in climbed and here in around:
        climbed[here] = around[here]
        here = around[here].reply_to
    apart = (around[root],) if root and root in around and root not in climbed else ()
    return (*apart, *reversed(climbed.values()))


def _address(reason: str, root: str | None, parent: str | None, quoted: str | None, account: str) -> Address:
    """By what it hangs under, for the same post may come with several reasons."""
    if root and _did(root) == account:
        return Address.COMMENT
    if parent and _did(parent) == account:
        return Address.REPLY
    if quoted and _did(quoted) == account:
        return Address.QUOTE
    return Address(reason)


def _uri(entry: Mapping[str, Any]) -> str | None:
    """The address of the post of a notice, or of an entry of a feed."""
    return post_uri(entry.get("uri") or table(entry.get("post")).get("uri"))


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
