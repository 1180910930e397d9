"""Records of the AT Protocol as their home has them, and the posts of late that are no longer there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from palabre.networks.bluesky.lines import host_of
from palabre.networks.bluesky.posts import post_uri
from palabre.networks.bluesky.signed import call
from palabre.networks.contract import Cursor, Session
from palabre.networks.errors import Gone, Rejected, UnexpectedAnswer
from palabre.networks.shapes import list_in, rows, table, word

AT_ONCE = 25
"""Posts that one call gives; so many of late are looked at at each visit."""
MOST = 100
"""Posts that are remembered, and all looked at once an hour."""
ALONE = 10
"""Posts of which a visit asks their home whether they are gone."""


@dataclass(frozen=True, kw_only=True)
class Recent:
    """The addresses of the posts that an ear heard of late, newest first."""

    uris: tuple[str, ...] = ()

    @classmethod
    def of(cls, cursor: Cursor | None) -> "Recent":
        """What `cursor` remembers."""
        return cls(uris=tuple(filter(None, map(post_uri, rows(table(cursor).get("recent"))))))

    def with_more(self, uris: Sequence[str]) -> "Recent":
        """With what was heard now; keys of posts are in the order of their moments."""
        found = sorted({*self.uris, *uris}, key=lambda uri: uri.rpartition("/")[2], reverse=True)
        return replace(self, uris=tuple(found[:MOST]))


async def gone_since(session: Session, recent: Recent, *, seen: Sequence[str], whole: bool) -> list[str]:
    """Those that are gone; `seen` were met just now. `whole`: look at all of them.

    The view also leaves out who is blocked: only the home of a post can say that it is gone.
    """
    wanted = [uri for uri in recent.uris if uri not in seen][: MOST if whole else AT_ONCE]
    shown = await views(session, wanted)
    doubtful = [uri for uri in wanted if uri not in shown][:ALONE]
    return [uri for uri in doubtful if await _is_gone(session, uri)]


async def _is_gone(session: Session, uri: str) -> bool:
    try:
        return await record_at(session, uri) is None
    except Gone:
        return True
    except Rejected:
        return False  # its home says something else: not for us to conclude


async def record_at(session: Session, uri: str) -> Mapping[str, Any] | None:
    """A record of anybody with its version; None when it is gone. Raises `Gone` when its author is."""
    did, collection, rkey = uri.removeprefix("at://").split("/")
    asked = {"repo": did, "collection": collection, "rkey": rkey}
    server = host_of(session.credentials.get("server", ""))
    try:
        told = table(await call(session, "GET", "com.atproto.repo.getRecord", params=asked))
    except Rejected as error:
        if error.params.get("name") == "RecordNotFound":
            return None
        if error.code == "not_found":
            raise Gone("message_gone", host=server) from None
        raise
    if not isinstance(told.get("value"), Mapping):
        raise UnexpectedAnswer("other_shape", host=server, excerpt="value")
    return told


async def views(session: Session, uris: Sequence[str]) -> dict[str, Any]:
    """The posts that are shown; an address that somebody made up does not keep the others from coming."""
    if len(uris) > AT_ONCE:
        first = await views(session, uris[:AT_ONCE])
        return first | await views(session, uris[AT_ONCE:])
    if not uris:
        return {}
    query = "&".join(f"uris={uri}" for uri in uris)
    try:
        told = await call(session, "GET", f"app.bsky.feed.getPosts?{query}")
    except Rejected:
        middle = len(uris) // 2
        if not middle:
            return {}
        return await views(session, uris[:middle]) | await views(session, uris[middle:])
    posts = list_in(told, "posts", host=host_of(session.credentials.get("server", "")))
    return {word(table(post).get("uri"), most=1000): post for post in posts}


async def chain(session: Session, uri: str, *, most: int) -> list[Any]:
    """The posts that one hangs under, the nearest first, as far as they are shown: at most so many."""
    asked = {"uri": uri, "depth": "0", "parentHeight": str(most)}
    try:
        told = table(await call(session, "GET", "app.bsky.feed.getPostThread", params=asked))
    except (Rejected, Gone):
        return []  # taken away since
    found: list[Any] = []
    above = table(table(told.get("thread")).get("parent"))
    while above.get("post") and len(found) < most:
        found.append(above.get("post"))
        above = table(above.get("parent"))
    return found
