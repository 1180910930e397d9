"""What is said to an account of the sandbox: all that its store was told to make people say.

How a visit goes is planned (`Store.plan` of `account@ear`), or else well.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

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
from palabre.networks.errors import Rejected
from palabre.networks.sandbox.manifest import HOST, MISDEEDS, Behaviour
from palabre.networks.sandbox.publishing import account_of, check_signed_in, store_of
from palabre.networks.sandbox.store import Heard, Post
from palabre.networks.sandbox.world import people
from palabre.networks.shapes import count, moment, rows, table, text, web_address, word

EAR = "talk"
PAGE = 50
PAST, MOST = timedelta(days=30), 200
"""How far back the first visit goes: at most so many things said."""


class Hearing:
    """See the module; cursor: {"place": number}."""

    async def hear(self, session: Session, ear: str, cursor: Cursor | None) -> Page:
        """What was said, changed or taken away since the last visit, oldest first."""
        check_signed_in(session)
        if ear != EAR:
            raise Rejected("unknown_watch", kind=ear)
        store, account = store_of(session), account_of(session)
        behaviour = Behaviour.of({"behaviour": store.planned(f"{account}@ear")})
        if behaviour is Behaviour.SLOW:
            await session.rest(2)
        if behaviour in MISDEEDS:
            raise MISDEEDS[behaviour]()
        since = count(table(cursor).get("place"))
        if since is None:
            since = store.heard_before(account, since=session.now() - PAST, most=MOST)
        if behaviour is Behaviour.OLD_CURSOR:
            since = 0
        found = store.heard(account, since=since, most=PAGE)
        raw = tuple(_raw(one) for one in found)
        if behaviour is Behaviour.REPEATED_PAGE:
            return Page(raw=raw, cursor={"place": since}, more=True)
        if behaviour is Behaviour.DUPLICATES:
            raw = tuple(one for one in raw for _ in range(2))
        last = found[-1].place if found else since
        return Page(raw=raw, cursor={"place": last}, more=len(found) == PAGE)

    def said(self, raw: Any, ear: str, account: str) -> Said | None:
        """One thing that was said, as it stands now."""
        told = table(raw)
        item = _item(told)
        if item is None:
            return None
        above = tuple(filter(None, map(_item, map(table, rows(told.get("above"))))))
        item = _hung(item, above)
        above = tuple(_hung(one, above[:place]) for place, one in enumerate(above))
        return Said(
            item=item,
            address=_address(told, item, above, account),
            above=above,
            held=told.get("held") is True,
            counterpart=_counterpart(told, item, above, account),
        )


def _raw(heard: Heard) -> dict[str, Any]:
    return {**_told(heard.post), "above": [_told(post) for post in heard.above]}


def _told(post: Post) -> dict[str, Any]:
    said = {name: post.said.get(name) for name in ("text", "to", "private", "held", "spam", "address")}
    return {
        **said,
        "id": post.id,
        "by": post.account,
        "reply_to": post.reply_to,
        "at": post.at.isoformat(),
        "deleted": post.deleted,
    }


def _item(told: Mapping[str, Any]) -> RemoteItem | None:
    remote_id, body, by = word(told.get("id")), text(told.get("text")), word(told.get("by"))
    gone, parent = True in (told.get("deleted"), told.get("spam")), word(told.get("reply_to")) or None
    if not remote_id or not by or not (body or gone):
        return None
    return RemoteItem(
        remote_id=remote_id,
        url=web_address(f"https://{HOST}/@{by}/{remote_id}"),
        text="" if gone else body,
        kind=ItemKind.REPLY if parent else ItemKind.POST,
        author=_person(by),
        published_at=moment(told.get("at")),
        outlet=HOST,
        thread_id=remote_id,
        reply_to=parent,
        deleted=gone,
    )


def _hung(item: RemoteItem, above: tuple[RemoteItem, ...]) -> RemoteItem:
    """The same in the thread of what it hangs under."""
    return replace(item, thread_id=above[0].remote_id) if above else item


def _person(handle: str) -> RemoteAuthor:
    known = _known().get(handle, {})
    return RemoteAuthor(
        remote_id=handle,
        handle=handle,
        name=known.get("name") or handle[:1].upper() + handle[1:],
        url=web_address(f"https://{HOST}/@{handle}"),
        followers=known.get("followers"),
    )


@cache
def _known() -> Mapping[str, dict[str, Any]]:
    return {one["handle"]: one for one in people()}


def _address(
    told: Mapping[str, Any], item: RemoteItem, above: tuple[RemoteItem, ...], account: str
) -> Address:
    if _by(item) == account:
        return Address.OURS
    if (named := word(told.get("address"))) in set(Address):
        return Address(named)
    if told.get("private") is True:
        return Address.MESSAGE
    if above and _by(above[0]) == account:
        return Address.COMMENT
    return Address.REPLY if above and _by(above[-1]) == account else Address.MENTION


def _counterpart(
    told: Mapping[str, Any], item: RemoteItem, above: tuple[RemoteItem, ...], account: str
) -> RemoteAuthor | None:
    """Of what the account says: whom it answers, or whom it writes to in private."""
    if _by(item) != account:
        return None
    to = word(told.get("to"))
    if told.get("private") is True and to and to != account:
        return _person(to)
    return above[-1].author if above and _by(above[-1]) != account else None


def _by(item: RemoteItem) -> str:
    return item.author.remote_id if item.author else ""
