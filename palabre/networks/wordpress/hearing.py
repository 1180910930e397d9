"""What is said under the articles of a site: its comments, shown or held back, with what they answer.

A comment has no date of change: one that was approved, edited or binned since is seen when the walk
comes by again; one that was erased, by asking for it. Read on 2026-11-23: https://developer.wordpress.org/rest-api/reference/comments/
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from palabre.networks.answers import json_of
from palabre.networks.contract import (
    Address,
    Cursor,
    ItemKind,
    Page,
    RemoteAuthor,
    RemoteItem,
    Said,
    Session,
)
from palabre.networks.descents import Depth, Descent
from palabre.networks.errors import NotPermitted, Rejected, UnexpectedAnswer
from palabre.networks.formats.plain import one_line, to_text
from palabre.networks.shapes import count, moment, rows, table, text, web_address, word
from palabre.networks.wordpress.recent import Recent, erased
from palabre.networks.wordpress.rest import call, host

EAR = "comments"
DEPTH = Depth(again=timedelta(minutes=65), late=timedelta(days=30))
"""The site compares local dates: the hour that comes twice in autumn is looked at whole."""
_PRIVATE = ("author_email", "author_ip", "author_user_agent", "author_avatar_urls", "_links", "_embedded")
_LINK = re.compile(
    r"""<a\s[^<>]{0,1000}?href\s*=\s*["']?([^"'\s<>]{1,2000})[^<>]{0,1000}>(.{0,1000}?)</a>""", re.I | re.S
)
_PICTURE = re.compile(r"""<img\s[^<>]{0,1000}?src\s*=\s*["']?([^"'\s<>]{1,2000})""", re.I)
_SHOWN = ("approved", "hold")


class Hearing:
    """One ear; cursor: see `descents`, and `recent` for what was heard of late."""

    async def hear(self, session: Session, ear: str, cursor: Cursor | None) -> Page:
        """A hundred comments at most, newest first, whatever their state."""
        if ear != EAR:
            raise Rejected("unknown_watch", kind=ear)
        here = Descent.of(cursor, session.now(), DEPTH)
        asked = {"status": "any", "order": "desc", "_embed": "up"}
        if here.page:
            asked["before"], _, seen = here.page.partition("|")
            asked |= {"exclude": seen} if seen else {}
        found, total = await comments(session, asked)
        times = [when for when in map(_when, found) if when is not None]
        oldest = min(times, default=None)
        further = _further(here.page, found, oldest) if total > len(found) else ""
        held, more = here.next(len(found), oldest, further)
        fresh = [comment for comment in found if (_when(comment) or here.until) >= here.until]
        known = {count(comment.get("id")): comment for comment in found}
        known |= await _missing(session, fresh, known)
        server = session.credentials.get("server", "")
        raw = tuple(
            {
                **_kept(comment, server),
                "article": _article(comment),
                "above": _kept(known[parent], server)
                if (parent := count(comment.get("parent"))) and parent in known
                else None,
            }
            for comment in fresh
        )
        recent = Recent.of(cursor).with_more(fresh)
        gone: list[int] = []
        if not more and here.late == here.top:
            gone = await _erased(session, recent, {count(comment.get("id")) for comment in fresh})
        lost = tuple({"deleted": number, "post": recent.comments[number]} for number in gone)
        held["recent"] = recent.without(gone).marks()
        return Page(raw=(*raw, *lost), cursor=held, more=more)

    def said(self, raw: Any, ear: str, account: str) -> Said | None:
        """One comment."""
        told = table(raw)
        server = account.rpartition("#")[0]
        if (number := count(told.get("deleted"))) and (page := count(told.get("post"))) and server:
            place = comment_id(server, page, number)
            lost = RemoteItem(remote_id=place, url=web_address(place), text="", deleted=True)
            return Said(item=lost, address=Address.COMMENT)
        item = _item(told, server)
        if item is None or not server:
            return None
        article, parent = _page_of(told, server), _item(table(told.get("above")), server)
        ours = item.author is not None and item.author.remote_id == account
        counterpart = parent.author if ours and parent is not None else None
        return Said(
            item=item,
            address=Address.OURS if ours else Address.COMMENT,
            above=tuple(one for one in (article, parent) if one is not None),
            held=told.get("status") == "hold",
            counterpart=None if counterpart == item.author else counterpart,
        )


async def comments(session: Session, asked: Mapping[str, str]) -> tuple[list[Mapping[str, Any]], int]:
    """A page of comments with all that a moderator sees, and how many there are in all."""
    params = {"context": "edit", "per_page": "100", **asked}
    try:
        answer = await call(session, "GET", "/wp/v2/comments", params=params)
    except NotPermitted as error:
        if error.code != "scope_missing":
            raise
        raise NotPermitted("scope_missing", host=host(session), scope="moderate_comments") from None
    found = json_of(answer)
    if not isinstance(found, list):
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="comments")
    total = answer.headers.get("x-wp-total", "")
    return [table(comment) for comment in found], int(total) if total.isdigit() else len(found)


async def _missing(
    session: Session, fresh: Sequence[Mapping[str, Any]], known: Mapping[int | None, Mapping[str, Any]]
) -> dict[int | None, Mapping[str, Any]]:
    """The comments that are answered and were not on the page."""
    parents = {count(comment.get("parent")) for comment in fresh} - {None, 0} - set(known)
    if not parents:
        return {}
    asked = {"status": "any", "include": ",".join(str(number) for number in sorted(filter(None, parents)))}
    found, _ = await comments(session, asked)
    return {count(comment.get("id")): comment for comment in found}


async def _erased(session: Session, recent: Recent, seen: set[int | None]) -> list[int]:
    """The comments of late that are gone; `seen` were met just now."""
    wanted = [number for number in recent.comments if number not in seen]
    if not wanted:
        return []
    found, _ = await comments(session, {"status": "any", "include": ",".join(map(str, wanted))})
    shown = {count(comment.get("id")) for comment in found}
    return await erased(session, [number for number in wanted if number not in shown])


def _further(page: str, found: Sequence[Mapping[str, Any]], oldest: datetime | None) -> str:
    """Where the next page begins: in the second where this one ended, without those that were on it."""
    if oldest is None:
        return ""
    edge = (oldest + timedelta(seconds=1)).isoformat()
    seen = [str(count(comment.get("id")) or "") for comment in found if _when(comment) == oldest]
    if page.partition("|")[0] == edge:
        seen += page.partition("|")[2].split(",")
    further = f"{edge}|{','.join(filter(None, seen))}"
    return further if len(further) <= 400 else oldest.isoformat()


def _kept(comment: Mapping[str, Any], server: str) -> dict[str, Any]:
    """The comment without what a reader has no need of: the e-mail address becomes a name for its author."""
    mail = word(comment.get("author_email")).casefold()
    known = mail or word(comment.get("author_name")).casefold()
    digest = sha256(f"{server}\n{known}".encode()).hexdigest()[:24] if known else ""
    return {name: part for name, part in comment.items() if name not in _PRIVATE} | {"author_key": digest}


def _article(comment: Mapping[str, Any]) -> dict[str, Any]:
    """What the site embeds of the page that is commented."""
    up = rows(table(comment.get("_embedded")).get("up"))
    page = table(up[0]) if up else {}
    return {name: page.get(name) for name in ("id", "title", "link", "date")}


def _item(told: Mapping[str, Any], server: str) -> RemoteItem | None:
    number, page = count(told.get("id")), count(told.get("post"))
    gone = told.get("status") not in _SHOWN
    said = "" if gone else _plain(told.get("content"))
    if not number or not page or not (said or gone) or not isinstance(told.get("status"), str):
        return None
    parent = count(told.get("parent"))
    return RemoteItem(
        remote_id=comment_id(server, page, number),
        url=web_address(told.get("link")),
        text=said,
        kind=ItemKind.COMMENT,
        author=_author(told, server),
        published_at=moment(word(told.get("date_gmt"))),
        outlet=_outlet(server),
        thread_id=page_id(server, page),
        reply_to=comment_id(server, page, parent) if parent else page_id(server, page),
        deleted=gone,
    )


def _page_of(told: Mapping[str, Any], server: str) -> RemoteItem | None:
    """The article; of one that a reader cannot see only its place is known."""
    number, page = count(told.get("post")), table(told.get("article"))
    title = one_line(text(table(page.get("title")).get("rendered")))
    if not number or page.get("id") != number or not title:
        return None
    return RemoteItem(
        remote_id=page_id(server, number),
        url=web_address(page.get("link")),
        text="",
        title=title,
        kind=ItemKind.ARTICLE,
        outlet=_outlet(server),
        thread_id=page_id(server, number),
    )


def _author(told: Mapping[str, Any], server: str) -> RemoteAuthor | None:
    user, key = count(told.get("author")), word(told.get("author_key"))
    if not user and not key:
        return None
    return RemoteAuthor(
        remote_id=f"{server}#{user or key}",
        name=one_line(word(told.get("author_name"))),
        url=web_address(told.get("author_url")),
    )


def _plain(content: object) -> str:
    """What was written, lines kept, where its links lead said."""
    told = table(content)
    raw = told.get("raw")
    html = text(raw).replace("\n", "<br>") if isinstance(raw, str) else text(told.get("rendered"))
    said = text(to_text(_LINK.sub(_spelled, html)))
    return said or "\n".join(filter(None, map(web_address, _PICTURE.findall(html))))


def _spelled(link: re.Match[str]) -> str:
    address, shown = link.groups()
    return shown if address in shown else f"{shown} ({address})"


def page_id(server: str, page: int) -> str:
    """The id of an article, the same that publishing it gave."""
    return f"{server}/?p={page}"


def comment_id(server: str, page: int, number: int) -> str:
    """The id of a comment: an address that leads to it."""
    return f"{page_id(server, page)}#comment-{number}"


def _outlet(server: str) -> str:
    return server.partition("://")[2].partition("/")[0]


def _when(comment: Mapping[str, Any]) -> datetime | None:
    return moment(word(comment.get("date_gmt")))
