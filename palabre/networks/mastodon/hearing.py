"""What is said to an account: its notifications, its private conversations, and its own statuses.

Each list is climbed from the newest known mark; what was heard of late is asked for again, since nothing
tells of an edit or of a deletion. Ids and marks are opaque text. Read on 2026-11-23:
https://docs.joinmastodon.org/methods/notifications/, https://docs.joinmastodon.org/methods/conversations/
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from palabre.networks.answers import json_of
from palabre.networks.contract import Address, Cursor, Page, RemoteAuthor, RemoteItem, Said, Session
from palabre.networks.errors import Gone, NotPermitted, Rejected
from palabre.networks.mastodon.calls import LIMIT, links_of, list_of, wait_of
from palabre.networks.mastodon.climbing import Climb
from palabre.networks.mastodon.recent import Recent, look
from palabre.networks.mastodon.signed import call, host
from palabre.networks.mastodon.statuses import author_of, item_of, quoted_by
from palabre.networks.shapes import moment, rows, table, web_address, word

TYPES = ("mention", "status", "quote")
ABOVE_MOST = 20
"""Statuses above one that are kept: the root, and the last ones."""


class Hearing:
    """Three ears; cursor: see `climbing` and `recent`."""

    async def hear(self, session: Session, ear: str, cursor: Cursor | None) -> Page:
        """One page, newest first; what has changed of what was heard comes with the last one."""
        paths = {
            "notifications": "/api/v1/notifications?" + "&".join(f"types%5B%5D={kind}" for kind in TYPES),
            "conversations": "/api/v1/conversations",
            "own": f"/api/v1/accounts/{quote(session.account, safe='')}/statuses?exclude_reblogs=true",
        }
        if ear not in paths:
            raise Rejected("unknown_watch", kind=ear)
        climb, recent = Climb.of(cursor, session.now()), Recent.of(cursor, session.now())
        scope = "read:notifications" if ear == "notifications" else "read:statuses"
        try:
            answer = await call(session, "GET", paths[ear], params={"limit": str(LIMIT // 2), **climb.asked})
        except NotPermitted as error:
            if error.code != "forbidden":
                raise
            raise NotPermitted("scope_missing", host=host(session), scope=scope) from None
        found = [table(entry) for entry in list_of(json_of(answer), session.credentials["server"])]
        marks, links = [_mark(entry, ear) for entry in found], links_of(answer.headers.get("link", ""))
        times = [when for when in map(_when, found) if when is not None]
        climbed, more = climb.next(marks, links, oldest=min(times, default=None), page=LIMIT // 2)
        told = [entry for entry in _heard(found, ear) if word(entry["status"].get("id"))]
        gone: list[str] = []
        if not more:
            changed, gone, recent = await look(session, recent)
            told += [{"kind": ear, "status": status} for status in changed]
        await _hang(session, told)
        recent = recent.with_more([entry["status"] for entry in told if entry["kind"] != "status"])
        raw = (*told, *({"deleted": address} for address in gone))
        wait = wait_of(answer, session.now())
        return Page(raw=raw, cursor={**climbed, **recent.cursor()}, more=more, wait=wait)

    def said(self, raw: Any, ear: str, account: str) -> Said | None:
        """A status that was said to the account, or by it."""
        told = table(raw)
        if gone := web_address(told.get("deleted")):
            lost = RemoteItem(remote_id=gone, url=gone, text="", deleted=True)
            return Said(item=lost, address=Address.OURS if ear == "own" else Address.MENTION)
        status = table(told.get("status"))
        item = None if status.get("reblog") else _item(status, account)
        if item is None:
            return None
        parents = [table(one) for one in rows(told.get("above"))]
        known = [(one, made) for one in parents if (made := _item(one, account)) is not None]
        root = known[0][1].remote_id if known else item.remote_id
        addresses = {word(one.get("id")): made.remote_id for one, made in known}
        above = tuple(_hung(made, one, root, addresses) for one, made in known)
        address = _address(told, status, [one for one, _ in known], account)
        if address is None:
            return None
        return Said(
            item=_hung(item, status, root, addresses),
            address=address,
            above=above or _quoted(status, account),
            counterpart=_counterpart(status, above, account) if address is Address.OURS else None,
        )


def _mark(entry: Mapping[str, Any], ear: str) -> str:
    """What a server counts a list by: conversations stand where their last status does."""
    return word(table(entry.get("last_status")).get("id") if ear == "conversations" else entry.get("id"))


def _when(entry: Mapping[str, Any]) -> Any:
    return moment(entry.get("created_at")) or moment(table(entry.get("last_status")).get("created_at"))


def _heard(found: Sequence[Mapping[str, Any]], ear: str) -> list[dict[str, Any]]:
    """The statuses of a page with what they came as; an older server gives likes and follows too."""
    if ear == "own":
        return [{"kind": ear, "status": entry} for entry in found]
    if ear == "conversations":
        return [{"kind": ear, "status": table(entry.get("last_status"))} for entry in found]
    return [
        {"kind": entry.get("type"), "status": table(entry.get("status"))}
        for entry in found
        if entry.get("type") in TYPES
    ]


async def _hang(session: Session, told: Sequence[dict[str, Any]]) -> None:
    """Put what each status hangs under beside it, as far as the server knows it: one call a parent."""
    known: dict[str, list[Any]] = {}
    for entry in told:
        parent = word(entry["status"].get("in_reply_to_id"))
        if not parent:
            continue
        if parent not in known:
            path = f"/api/v1/statuses/{quote(word(entry['status'].get('id')), safe='')}/context"
            try:
                context = table(json_of(await call(session, "GET", path)))
            except (Rejected, Gone):
                context = {}  # taken away since, or shown to the account no more
            known[parent] = list(rows(context.get("ancestors")))
        ancestors = known[parent]
        entry["above"] = [*ancestors[:1], *ancestors[1:][-ABOVE_MOST:]]


def _item(status: Mapping[str, Any], account: str) -> RemoteItem | None:
    """A status, the account's own under the id that the account has here."""
    item = item_of(status)
    if item is not None and item.author is not None and _by(status) == account:
        return replace(item, author=replace(item.author, remote_id=account))
    return item


def _hung(item: RemoteItem, status: Mapping[str, Any], root: str, addresses: Mapping[str, str]) -> RemoteItem:
    """The same in its thread: one that quotes another begins a thread of its own."""
    parent = addresses.get(word(status.get("in_reply_to_id")))
    return replace(item, thread_id=root, reply_to=parent or item.reply_to)


def _address(
    told: Mapping[str, Any], status: Mapping[str, Any], above: Sequence[Mapping[str, Any]], account: str
) -> Address | None:
    """By what it hangs under; None for what somebody the account follows says to others."""
    if _by(status) == account:
        return Address.OURS
    if status.get("visibility") in ("direct", "limited", "list"):
        return Address.MESSAGE
    if above and _by(above[0]) == account:
        return Address.COMMENT
    if account in (status.get("in_reply_to_account_id"), *(_by(one) for one in above[-1:])):
        return Address.REPLY
    if account == _by(quoted_by(status)):
        return Address.QUOTE
    named = account in [word(table(one).get("id")) for one in rows(status.get("mentions"))]
    return Address.MENTION if named or told.get("kind") != "status" else None


def _quoted(status: Mapping[str, Any], account: str) -> tuple[RemoteItem, ...]:
    item = _item(quoted_by(status), account)
    return () if item is None else (replace(item, thread_id=item.remote_id),)


def _counterpart(status: Mapping[str, Any], above: Sequence[RemoteItem], account: str) -> RemoteAuthor | None:
    """Whom the account answers, or writes to in private."""
    parent = above[-1].author if above else None
    if parent is not None:
        return parent if parent.remote_id != account else None
    people = [table(one) for one in rows(status.get("mentions"))]
    spoken_to = status.get("in_reply_to_account_id")
    for person in people:
        if person.get("id") == spoken_to or status.get("visibility") == "direct":
            return author_of(person)
    return None


def _by(status: Mapping[str, Any]) -> str:
    return word(table(status.get("account")).get("id"))
