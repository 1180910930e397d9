"""Posts of an account on the AT Protocol: a record whose key we choose, so that sending twice is one post.

Read on 2026-11-23: https://github.com/bluesky-social/atproto/tree/main/lexicons/com/atproto/repo
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from palabre.networks.answers import written
from palabre.networks.bluesky.facets import facets, handles
from palabre.networks.bluesky.files import embed
from palabre.networks.bluesky.lines import host_of
from palabre.networks.bluesky.posts import DID, POSTS, post_uri
from palabre.networks.bluesky.signed import call
from palabre.networks.bluesky.xrpc import stamp
from palabre.networks.checks import problems
from palabre.networks.contract import Session
from palabre.networks.errors import Gone, Problem, Rejected, UnexpectedAnswer
from palabre.networks.outgoing import COMMENT, Figures, Outgoing, Part, Published, Sent, after, next_step
from palabre.networks.rules import PostingRules, answering, rules_of
from palabre.networks.shapes import count, list_in, moment, table, word

_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_GONE = Problem(field="reply_to", code="reply_target_missing")
_AT_ONCE = 25
"""Posts one call tells the figures of."""


class Publishing:
    """One record a step; replies hang the parts of a thread together."""

    async def limits(self, session: Session) -> Mapping[str, Any]:
        """The lexicons are the same everywhere."""
        return {}

    async def check(self, session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
        """The rules, and whether what is answered is still there."""
        found = problems(outgoing, _rules(session, outgoing))
        if outgoing.reply_to is not None:
            try:
                await _parent(session, outgoing.reply_to.remote_id)
            except Rejected as error:
                found += error.problems
        return found

    async def publish(self, session: Session, outgoing: Outgoing, done: tuple[Sent, ...] = ()) -> Published:
        """The next part as a new record; one that is there under its key is taken as sent."""
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        refused = problems(outgoing, _rules(session, outgoing))
        if refused:
            raise Rejected("problems_found", problems=refused, count=len(refused))
        key = record_key(outgoing, len(done))
        try:
            record = await _record(session, outgoing, step, done)
        except Rejected as error:
            # What is answered may have been taken away after our answer went out.
            there = await _standing(session, key) if _GONE in error.problems else None
            if there is None:
                raise
            return after(outgoing, done, _sent(session, step, there))
        asked = {
            "repo": _did(session),
            "collection": POSTS,
            "rkey": key,
            "record": record,
            "swapRecord": None,  # only where nothing is yet
        }
        try:
            with written(_host(session)):
                told = await call(session, "POST", "com.atproto.repo.putRecord", json=asked, write=True)
                return after(outgoing, done, _sent(session, step, {**table(told), "value": record}))
        except Rejected as error:
            if error.params.get("name") != "InvalidSwap":
                raise
            there = await _standing(session, key)
            if there is None:
                raise
            return after(outgoing, done, _sent(session, step, there))

    async def find(
        self,
        session: Session,
        outgoing: Outgoing,
        done: tuple[Sent, ...] = (),
        taken: frozenset[str] = frozenset(),
    ) -> Published | None:
        """The record under the key of the next step."""
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        there = await _standing(session, record_key(outgoing, len(done)))
        return None if there is None else after(outgoing, done, _sent(session, step, there))

    async def delete(self, session: Session, sent: tuple[Sent, ...]) -> None:
        """Each record, last first; deleting what is gone is no fault for the server."""
        for one in reversed(sent):
            asked = {"repo": _did(session), "collection": POSTS, "rkey": one.remote_id.rpartition("/")[2]}
            await call(session, "POST", "com.atproto.repo.deleteRecord", json=asked, write=True)

    async def measure(self, session: Session, sent: tuple[Sent, ...]) -> Mapping[str, Figures]:
        """Likes, reposts, quotes and replies; a post the view does not show is looked for at its home."""
        found: dict[str, Figures] = {}
        for start in range(0, len(sent), _AT_ONCE):
            some = [one.remote_id for one in sent[start : start + _AT_ONCE]]
            query = "&".join(f"uris={uri}" for uri in some)
            told = await call(session, "GET", f"app.bsky.feed.getPosts?{query}")
            for post in list_in(told, "posts", host=_host(session)):
                found[word(table(post).get("uri"))] = Figures(
                    likes=count(table(post).get("likeCount")),
                    reposts=count(table(post).get("repostCount")),
                    quotes=count(table(post).get("quoteCount")),
                    replies=count(table(post).get("replyCount")),
                )
            for uri in some:
                if uri not in found:
                    there = await _standing(session, uri.rpartition("/")[2])
                    found[uri] = Figures(gone=there is None)
        return found


def record_key(outgoing: Outgoing, place: int) -> str:
    """The key of a step's record: a TID of the moment the delivery began, its last digits those of its key.

    The same delivery always has the same; two of one second differ by thirty bits.
    """
    digest = int.from_bytes(sha256(outgoing.key.encode()).digest()[:8], "big")
    micros = int(outgoing.begun_at.timestamp()) * 1_000_000 + digest % 900_000 + place * 50
    number = (micros << 10) | (digest >> 40) % 1024
    return "".join(_SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))


async def _record(session: Session, outgoing: Outgoing, step: str, done: tuple[Sent, ...]) -> dict[str, Any]:
    part = Part(text=outgoing.first_comment) if step == COMMENT else outgoing.parts[len(done)]
    made = outgoing.begun_at + timedelta(milliseconds=len(done))
    record: dict[str, Any] = {"$type": POSTS, "text": part.text, "createdAt": stamp(made)}
    if outgoing.language:
        record["langs"] = [outgoing.language]
    people = {handle: did for handle in handles(part.text) if (did := await _person(session, handle))}
    if marked := facets(part.text, people):
        record["facets"] = marked
    if shown := await embed(session, part):
        record["embed"] = shown
    if reply := await _reply(session, outgoing, step, done):
        record["reply"] = reply
    return record


async def _reply(
    session: Session, outgoing: Outgoing, step: str, done: tuple[Sent, ...]
) -> dict[str, Any] | None:
    if done:
        above = done[0] if step == COMMENT else done[-1]
        root = {"uri": above.extra["root_uri"], "cid": above.extra["root_cid"]}
        return {"root": root, "parent": {"uri": above.remote_id, "cid": above.extra["cid"]}}
    if outgoing.reply_to is None:
        return None
    return await _parent(session, outgoing.reply_to.remote_id)


async def _parent(session: Session, uri: str) -> dict[str, Any]:
    """The references a reply needs. Raises `Rejected` when the post is gone, or takes no reply of ours.

    A record would be taken all the same, and shown to nobody.
    """
    if post_uri(uri) is None:
        raise Rejected("problems_found", problems=(_GONE,), count=1)
    try:
        told = await call(session, "GET", f"app.bsky.feed.getPosts?uris={uri}")
    except (Rejected, Gone):
        raise Rejected("problems_found", problems=(_GONE,), count=1) from None
    posts = list_in(told, "posts", host=_host(session))
    if not posts:
        raise Rejected("problems_found", problems=(_GONE,), count=1)
    post = table(posts[0])
    if table(post.get("viewer")).get("replyDisabled") is True:
        closed = Problem(field="reply_to", code="replies_closed")
        raise Rejected("problems_found", problems=(closed,), count=1)
    parent = {"uri": uri, "cid": word(post.get("cid"))}
    root = table(table(table(post.get("record")).get("reply")).get("root"))
    above = {"uri": word(root.get("uri")), "cid": word(root.get("cid"))} if root else parent
    return {"root": above, "parent": parent}


async def _person(session: Session, handle: str) -> str:
    """The id behind a handle, "" for nobody."""
    try:
        told = await call(session, "GET", "com.atproto.identity.resolveHandle", params={"handle": handle})
    except (Rejected, Gone):
        return ""
    did = word(table(told).get("did"), most=300)
    return did if DID.fullmatch(did) else ""


async def _standing(session: Session, rkey: str) -> Mapping[str, Any] | None:
    """The record under a key, as its home has it; None when there is none."""
    asked = {"repo": _did(session), "collection": POSTS, "rkey": rkey}
    try:
        return table(await call(session, "GET", "com.atproto.repo.getRecord", params=asked))
    except Rejected as error:
        if error.params.get("name") == "RecordNotFound":
            return None
        raise


def _sent(session: Session, step: str, told: Mapping[str, Any]) -> Sent:
    uri, cid = word(told.get("uri")), word(told.get("cid"))
    if not uri or not cid:
        raise UnexpectedAnswer("other_shape", host=_host(session), excerpt="uri")
    value = table(told.get("value"))
    root = table(table(value.get("reply")).get("root")) or {"uri": uri, "cid": cid}
    name = session.credentials.get("handle") or _did(session)
    return Sent(
        step=step,
        remote_id=uri,
        url=f"https://bsky.app/profile/{name}/post/{uri.rpartition('/')[2]}",
        at=_made(value),
        extra={"cid": cid, "root_uri": word(root.get("uri")), "root_cid": word(root.get("cid"))},
    )


def _made(value: Mapping[str, Any]) -> datetime | None:
    return moment(value.get("createdAt"))


def _rules(session: Session, outgoing: Outgoing) -> PostingRules:
    rules = session.rules or rules_of("bluesky")
    return rules if outgoing.reply_to is None else answering(rules) or rules


def _did(session: Session) -> str:
    return session.account or session.credentials.get("did", "")


def _host(session: Session) -> str:
    return host_of(session.credentials.get("server", ""))
