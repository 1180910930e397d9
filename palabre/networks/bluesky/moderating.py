"""Acts on posts and on people: the thread gate of a post of ours, mutes, blocks, reports, likes and reposts.

What an account did stands as a record at its own server, which knows it at once; the view learns of it a
moment later. Each record of ours has a key made of what it is about, so that acting twice makes one.
Read on 2026-11-23: https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from palabre.networks.answers import gone_where_missing, written
from palabre.networks.bluesky.lines import host_of
from palabre.networks.bluesky.posts import DID, post_uri
from palabre.networks.bluesky.records import record_at
from palabre.networks.bluesky.signed import call
from palabre.networks.bluesky.xrpc import stamp
from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import Gone, Rejected, Temporary, UnexpectedAnswer
from palabre.networks.shapes import list_in, rows, table, word

GATES, BLOCKS = "app.bsky.feed.threadgate", "app.bsky.graph.block"
HIDDEN_MOST = 300
_GESTURES: Mapping[Act, tuple[str, str, bool]] = {
    Act.LIKE: ("app.bsky.feed.like", "like", True),
    Act.UNLIKE: ("app.bsky.feed.like", "like", False),
    Act.REPOST: ("app.bsky.feed.repost", "repost", True),
    Act.UNREPOST: ("app.bsky.feed.repost", "repost", False),
}
"""The collection of its record, how the view names it, and whether it is to stand."""
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_TRIES = 3


class Moderating:
    """See the module."""

    async def moderate(self, session: Session, order: Order) -> Mapping[str, str]:
        """The act; a record gives its address back."""
        with gone_where_missing("message_gone", host=_host(session)):
            return await _done(session, order)

    async def standing(self, session: Session, order: Order) -> bool | None:
        """As the account's own server has it; of a mute, as the view does; of a report nothing is told."""
        match order.act:
            case Act.HIDE | Act.UNHIDE:
                root = await _root(session, order)
                _, gate = await _gate(session, root)
                return (order.target.remote_id in _hides(gate)) is (order.act is Act.HIDE)
            case Act.MUTE | Act.UNMUTE:
                profile = await _profile(session, _author(session, order))
                return (table(profile.get("viewer")).get("muted") is True) is (order.act is Act.MUTE)
            case Act.BLOCK | Act.UNBLOCK:
                return bool(await _block(session, _author(session, order))) is (order.act is Act.BLOCK)
            case Act.LIKE | Act.UNLIKE | Act.REPOST | Act.UNREPOST:
                wanted = _GESTURES[order.act][2]
                await _post(session, order)
                return bool(await _made(session, order)) is wanted
            case Act.REPORT:
                return None
        raise Rejected("act_unknown", host=_host(session))


async def _done(session: Session, order: Order) -> Mapping[str, str]:
    match order.act:
        case Act.HIDE | Act.UNHIDE:
            return await _hidden(session, order)
        case Act.MUTE | Act.UNMUTE:
            name = "muteActor" if order.act is Act.MUTE else "unmuteActor"
            asked = {"actor": _author(session, order)}
            with gone_where_missing("author_gone", host=_host(session)):
                await call(session, "POST", f"app.bsky.graph.{name}", json=asked)
            return {}
        case Act.BLOCK:
            return await _blocked(session, _author(session, order))
        case Act.UNBLOCK:
            await _erased(session, await _block(session, _author(session, order)))
            return {}
        case Act.REPORT:
            return await _reported(session, order)
        case Act.LIKE | Act.REPOST:
            return await _gesture(session, order)
        case Act.UNLIKE | Act.UNREPOST:
            await _erased(session, await _made(session, order))
            return {}
    raise Rejected("act_unknown", host=_host(session))


# The thread gate of a post of ours.


async def _hidden(session: Session, order: Order) -> Mapping[str, str]:
    """The reply among those the gate hides, or no more; the gate's other rules stay as they are."""
    root = await _root(session, order)
    reply, hide = order.target.remote_id, order.act is Act.HIDE
    for _ in range(_TRIES):
        cid, gate = await _gate(session, root)
        hidden = _hides(gate)
        if (reply in hidden) is hide:
            return {}
        hidden = [*hidden, reply] if hide else [one for one in hidden if one != reply]
        if len(hidden) > HIDDEN_MOST:
            raise Rejected("hidden_full", host=_host(session), limit=HIDDEN_MOST)
        record = {"$type": GATES, "post": root, "createdAt": stamp(session.now()), **gate}
        record["hiddenReplies"] = hidden
        try:
            await _put(session, GATES, root.rpartition("/")[2], record, swap=cid)
        except Rejected as error:
            if error.params.get("name") != "InvalidSwap":
                raise
        else:
            return {}
    raise Temporary("server_trouble", host=_host(session), status=409)


async def _root(session: Session, order: Order) -> str:
    """The post of ours that the message hangs under. Raises `Rejected` where it is another's."""
    post = await _post(session, order)
    root = word(table(table(table(post.get("value")).get("reply")).get("root")).get("uri"), most=1000)
    if not root.startswith(f"at://{_did(session)}/") or post_uri(root) is None:
        raise Rejected("not_our_thread", host=_host(session))
    return root


async def _gate(session: Session, root: str) -> tuple[str | None, Mapping[str, Any]]:
    """The gate of a thread of ours and its version; None and nothing where there is none."""
    there = await record_at(session, f"at://{_did(session)}/{GATES}/{root.rpartition('/')[2]}")
    return (None, {}) if there is None else (word(there.get("cid")) or None, table(there.get("value")))


def _hides(gate: Mapping[str, Any]) -> list[str]:
    return [one for one in rows(gate.get("hiddenReplies")) if isinstance(one, str)]


# Records of ours about a post or a person.


async def _blocked(session: Session, did: str) -> Mapping[str, str]:
    if there := await _block(session, did):
        return {"uri": there}
    return await _kept(session, BLOCKS, did, subject=did)


async def _block(session: Session, did: str) -> str:
    """The address of the record that blocks somebody, "" where none does."""
    profile = await _profile(session, did)
    shown = word(table(profile.get("viewer")).get("blocking"), most=1000)
    return await _ours(session, BLOCKS, did, shown)


async def _gesture(session: Session, order: Order) -> Mapping[str, str]:
    collection, _, _ = _GESTURES[order.act]
    post = await _post(session, order)
    if there := await _made(session, order):
        return {"uri": there}
    about = order.target.remote_id
    return await _kept(session, collection, about, subject={"uri": about, "cid": word(post.get("cid"))})


async def _made(session: Session, order: Order) -> str:
    """The address of the record of a gesture, "" where there is none: made here or in another client."""
    collection, name, _ = _GESTURES[order.act]
    uri = order.target.remote_id
    if post_uri(uri) is None:
        raise Gone("message_gone", host=_host(session))
    posts = list_in(await _view(session, uri), "posts", host=_host(session))
    viewer = table(table(posts[0]).get("viewer")) if posts else {}
    return await _ours(session, collection, uri, word(viewer.get(name), most=1000))


async def _ours(session: Session, collection: str, about: str, shown: str) -> str:
    """Which of these stands: the record under the key of our own, or the one that the view shows."""
    own = f"at://{_did(session)}/{collection}/"
    wanted = dict.fromkeys((own + key_about(about), *([shown] if shown.startswith(own) else [])))
    for uri in wanted:
        if await record_at(session, uri) is not None:
            return uri
    return ""


async def _kept(session: Session, collection: str, about: str, *, subject: Any) -> Mapping[str, str]:
    """A record of ours; one that was made in between is as good."""
    record = {"$type": collection, "subject": subject, "createdAt": stamp(session.now())}
    try:
        return await _put(session, collection, key_about(about), record)
    except Rejected as error:
        if error.params.get("name") != "InvalidSwap":
            raise
        return {"uri": f"at://{_did(session)}/{collection}/{key_about(about)}"}


async def _erased(session: Session, uri: str) -> None:
    """A record of ours taken away; what is gone already is no fault."""
    if uri:
        collection, rkey = uri.split("/")[3:5]
        asked = {"repo": _did(session), "collection": collection, "rkey": rkey}
        told = await call(session, "POST", "com.atproto.repo.deleteRecord", json=asked)
        if not isinstance(told, dict):
            raise UnexpectedAnswer("other_shape", host=_host(session), excerpt="deleteRecord")


async def _put(
    session: Session, collection: str, key: str, record: Mapping[str, Any], *, swap: str | None = None
) -> Mapping[str, str]:
    """The record, where the version `swap` stands (None: where nothing does); gives its address."""
    asked = {
        "repo": _did(session),
        "collection": collection,
        "rkey": key,
        "record": record,
        "swapRecord": swap,
    }
    told = await call(session, "POST", "com.atproto.repo.putRecord", json=asked)
    uri = word(table(told).get("uri"), most=1000)
    if not uri:
        raise UnexpectedAnswer("other_shape", host=_host(session), excerpt="uri")
    return {"uri": uri}


def key_about(subject: str) -> str:
    """The key of our record about a post or a person: shaped as a TID, the same each time."""
    number = int.from_bytes(sha256(subject.encode()).digest()[:8], "big") >> 1
    return "".join(_SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))


# What is there.


async def _reported(session: Session, order: Order) -> Mapping[str, str]:
    post = await _post(session, order)
    subject = {
        "$type": "com.atproto.repo.strongRef",
        "uri": order.target.remote_id,
        "cid": word(post.get("cid")),
    }
    asked: dict[str, Any] = {"reasonType": "com.atproto.moderation.defs#reasonOther", "subject": subject}
    if order.text:
        asked["reason"] = order.text[:2000]
    with written(_host(session)):
        told = await call(session, "POST", "com.atproto.moderation.createReport", json=asked, write=True)
        if not table(told).get("id"):
            raise UnexpectedAnswer("other_shape", host=_host(session), excerpt="id")
    return {"report": str(table(told).get("id"))}


async def _post(session: Session, order: Order) -> Mapping[str, Any]:
    """The record of the message, also of one that is shown to nobody of ours. Raises `Gone`."""
    there = await record_at(session, order.target.remote_id) if post_uri(order.target.remote_id) else None
    if there is None or not word(there.get("cid")):
        raise Gone("message_gone", host=_host(session))
    return there


async def _view(session: Session, uri: str) -> Any:
    with gone_where_missing("message_gone", host=_host(session)):
        return await call(session, "GET", f"app.bsky.feed.getPosts?uris={uri}")


async def _profile(session: Session, did: str) -> Mapping[str, Any]:
    with gone_where_missing("author_gone", host=_host(session)):
        told = table(await call(session, "GET", "app.bsky.actor.getProfile", params={"actor": did}))
    if not told.get("did"):
        raise UnexpectedAnswer("other_shape", host=_host(session), excerpt="profile")
    return told


def _author(session: Session, order: Order) -> str:
    """Who is acted on; the address of a message tells it where the order does not."""
    did = order.author_id or order.target.remote_id.removeprefix("at://").partition("/")[0]
    if DID.fullmatch(did) is None:
        raise Gone("author_gone", host=_host(session))
    if did == _did(session):
        raise Rejected("not_yourself", host=_host(session))
    return did


def _did(session: Session) -> str:
    return session.account or session.credentials.get("did", "")


def _host(session: Session) -> str:
    return host_of(session.credentials.get("server", ""))
