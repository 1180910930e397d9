"""One visit to a feed, and one entry as an item: what every network that speaks in feeds shares."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from palabre.kit.http import Answer
from palabre.networks.answers import ask
from palabre.networks.contract import Cursor, ItemKind, Page, RemoteAuthor, RemoteItem, Session
from palabre.networks.errors import Rejected
from palabre.networks.formats.addresses import site_of, without_tracking
from palabre.networks.formats.feed import FeedDocument, FeedEntry, NotAFeed, read_feed
from palabre.networks.formats.plain import clean, to_text
from palabre.networks.formats.rhythm import gap, max_age, next_visit
from palabre.networks.shapes import count, language, moment, table, web_address

ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
MAX_BYTES = 10_000_000
MAX_SEEN = 600
"""Entries remembered as known; more than nearly every feed holds at a time."""
MAX_PAGES = 5
"""Older pages (RFC 5005) read on the first visit."""
_THREAD_FROM = 200_000
"""Bytes from which reading would hold the event loop for too long."""


async def visit(session: Session, url: str, cursor: Cursor | None) -> Page:
    """One conditional request; new and changed entries alone as raw, and when to come back.

    The cursor holds the validators, a hash of the body, short hashes of the known entries and the
    rhythm. On the first visit older pages are walked too (`more`). Raises `NetworkError`.
    """
    known = dict(cursor or {})
    older = str(known.get("older") or "")
    answer = await _asked(session, older or url, known)
    now = session.now()
    digest = blake2b(answer.body, digest_size=12).hexdigest()
    if answer.status == 304 or (not older and digest == known.get("hash")):
        known["calm"] = int(known.get("calm") or 0) + 1
        return Page(raw=(), cursor=known, unchanged=True, wait=_wait(known, now), moved_to=answer.moved_to)
    document = await read_answer(answer, now=now, trust_ids=not known.get("by_address"))
    seen: list[str] = [str(mark) for mark in known.get("seen") or ()]
    fresh, marks = _news(document.entries, set(seen))
    if document.unreliable_ids:
        known["by_address"] = True
    known["seen"] = [*marks, *(mark for mark in seen if mark not in marks)][:MAX_SEEN]
    if not older:
        _remember(known, document, answer, digest, calm=not fresh)
    depth = int(known.pop("depth", 0) or 0)
    known.pop("older", None)
    follow = _older_page(document, answer.url) if (cursor is None or older) and fresh else ""
    if follow and depth + 1 < MAX_PAGES:
        known["older"], known["depth"] = follow, depth + 1
    return Page(
        raw=tuple(as_raw(entry) for entry in fresh),
        cursor=known,
        more="older" in known,
        wait=_wait(known, now),
        moved_to=answer.moved_to if not older else None,
        title=document.title,
    )


async def read_answer(answer: Answer, *, now: datetime, trust_ids: bool = True) -> FeedDocument:
    """The feed in an answer. Raises `Rejected` with what was found instead."""

    def read() -> FeedDocument:
        kind = answer.headers.get("content-type", "")
        return read_feed(answer.body, content_type=kind, url=answer.url, now=now, trust_ids=trust_ids)

    try:
        return await asyncio.to_thread(read) if len(answer.body) > _THREAD_FROM else read()
    except NotAFeed as error:
        raise Rejected(error.reason, host=site_of(answer.url), found=error.found, line=error.line) from None


def as_raw(entry: FeedEntry) -> dict[str, Any]:
    """An entry as JSON, its text already plain."""
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "author": entry.author,
        "author_url": entry.author_url,
        "published": entry.published.isoformat() if entry.published else None,
        "updated": entry.updated.isoformat() if entry.updated else None,
        "text": entry.text,
        "language": entry.language,
        "image": entry.image,
        "enclosure": entry.enclosure,
        "views": entry.views,
        "comments": entry.comments,
        "reply_to": entry.reply_to,
        "summary_only": entry.summary_only,
        "tags": list(entry.tags),
    }


def as_item(raw: object, *, feed_url: str, kind: ItemKind = ItemKind.ARTICLE) -> RemoteItem | None:
    """An entry's raw form as an item; None for an entry that says nothing."""
    entry = table(raw)
    title, text = _line(_string(entry, "title"))[:1000], _plain(_string(entry, "text"))
    url = web_address(without_tracking(_string(entry, "url")))
    identity = _string(entry, "id").strip()
    if not identity or not (title or text):
        return None
    site = site_of(url) or site_of(feed_url)
    name = _line(_string(entry, "author"))[:200]
    image = web_address(_string(entry, "image"))
    published = moment(entry.get("published")) or moment(entry.get("updated"))
    return RemoteItem(
        remote_id=unique_id(identity, feed_url),
        url=url,
        title=title,
        text=text,
        kind=kind,
        author=RemoteAuthor(
            remote_id=f"{site}/{name.casefold()}",
            name=name,
            url=web_address(_string(entry, "author_url")),
        )
        if name
        else None,
        published_at=published,
        language=language(entry.get("language")),
        outlet=site,
        reply_to=_string(entry, "reply_to") or None,
        replies=count(entry.get("comments")),
        views=count(entry.get("views")),
        image_urls=(image,) if image else (),
        summary_only=entry.get("summary_only") is True,
    )


def unique_id(identity: str, feed_url: str) -> str:
    """An id unique among all feeds: addresses and tags are, anything else belongs to its site alone."""
    if identity.startswith(("http://", "https://", "tag:", "urn:uuid:")):
        whole = identity
    else:
        whole = f"{site_of(feed_url)}|{identity}"
    whole = clean(whole).replace("\n", " ").strip()
    if len(whole) <= 400:
        return whole
    return whole[:360] + "#" + blake2b(whole.encode("utf-8", "replace"), digest_size=16).hexdigest()


async def _asked(session: Session, url: str, known: Mapping[str, Any]) -> Answer:
    headers = {"accept": ACCEPT}
    if not known.get("older"):
        if known.get("etag"):
            headers["if-none-match"] = str(known["etag"])
        if known.get("modified"):
            headers["if-modified-since"] = str(known["modified"])
    return await ask(session, "GET", url, headers=headers, max_bytes=MAX_BYTES)


def _news(entries: Iterable[FeedEntry], seen: set[str]) -> tuple[list[FeedEntry], list[str]]:
    """The entries not seen yet in this form, and the marks of all of them."""
    fresh, marks = [], []
    for entry in entries:
        form = "\n".join((entry.id, entry.title, entry.html, entry.url))
        mark = blake2b(form.encode("utf-8", "replace"), digest_size=6).hexdigest()
        marks.append(mark)
        if mark not in seen:
            fresh.append(entry)
    return fresh, marks


def _remember(
    known: dict[str, Any], document: FeedDocument, answer: Answer, digest: str, *, calm: bool
) -> None:
    moments = [entry.published or entry.updated for entry in document.entries]
    newest = max((m for m in moments if m is not None), default=None)
    known.update(
        hash=digest,
        etag=answer.headers.get("etag", "")[:500],
        modified=answer.headers.get("last-modified", "")[:100],
        gap=gap(moments),
        newest=newest.isoformat() if newest else None,
        asked=max(document.every or 0.0, max_age(answer.headers)),
        rest=sorted(document.skip_hours),
        calm=int(known.get("calm") or 0) + 1 if calm else 0,
    )


def _wait(known: Mapping[str, Any], now: datetime) -> float:
    return next_visit(
        now=now,
        usual_gap=known.get("gap"),
        newest=moment(known.get("newest")),
        calm=int(known.get("calm") or 0),
        asked=float(known.get("asked") or 0.0),
        skip_hours=frozenset(known.get("rest") or ()),
    )


def _older_page(document: FeedDocument, here: str) -> str:
    """The next page of a feed, if it is on the same site and another page."""
    there = document.next_page
    return there if there and there != here and urlsplit(there).netloc == urlsplit(here).netloc else ""


def _string(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _line(text: str) -> str:
    return _plain(text).replace("\n", " ")


def _plain(text: str) -> str:
    """What the reader made plain stays so; markup that slipped through is taken out."""
    return to_text(text) if "</" in text or "<script" in text.lower() or "onerror" in text else clean(text)
