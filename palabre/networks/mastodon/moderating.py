"""Acts on statuses and people: mute, block, report, favourite, boost. A server takes each of them twice.

The account's own server is asked for its ids first: what others call a status or a person by is an address.
Read on 2026-11-23: https://docs.joinmastodon.org/methods/accounts/, https://docs.joinmastodon.org/methods/reports/
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from palabre.networks.answers import gone_where_missing, json_of, written
from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import AuthExpired, Gone, NotPermitted, Rejected, UnexpectedAnswer
from palabre.networks.mastodon.answering import account_at, status_at
from palabre.networks.mastodon.signed import call, host
from palabre.networks.shapes import rows, table, web_address, word

_ON_AUTHOR: Mapping[Act, tuple[str, str, bool, str]] = {
    Act.MUTE: ("mute", "muting", True, "write:mutes"),
    Act.UNMUTE: ("unmute", "muting", False, "write:mutes"),
    Act.BLOCK: ("block", "blocking", True, "write:blocks"),
    Act.UNBLOCK: ("unblock", "blocking", False, "write:blocks"),
}
_ON_STATUS: Mapping[Act, tuple[str, str, bool, str]] = {
    Act.LIKE: ("favourite", "favourited", True, "write:favourites"),
    Act.UNLIKE: ("unfavourite", "favourited", False, "write:favourites"),
    Act.REPOST: ("reblog", "reblogged", True, "write:statuses"),
    Act.UNREPOST: ("unreblog", "reblogged", False, "write:statuses"),
}
"""The call, what the server says of it afterwards and how that is to stand, the permission it takes."""
COMMENT_MOST = 1000


class Moderating:
    """See the module."""

    async def moderate(self, session: Session, order: Order) -> Mapping[str, str]:
        """The act; gives the server's own id of whom or what it was done to."""
        _known(session, order)
        try:
            if order.act in _ON_AUTHOR:
                return await _to_author(session, order)
            return await (_reported if order.act is Act.REPORT else _to_status)(session, order)
        except NotPermitted as error:
            if error.code != "forbidden":
                raise
            scope = {**_ON_AUTHOR, **_ON_STATUS}.get(order.act, ("", "", True, "write:reports"))[3]
            raise NotPermitted("scope_missing", host=host(session), scope=scope) from None

    async def standing(self, session: Session, order: Order) -> bool | None:
        """As the server says; of a report nothing is told."""
        _known(session, order)
        if order.act is Act.REPORT:
            return None
        if order.act in _ON_STATUS:
            _, name, wanted, _ = _ON_STATUS[order.act]
            return (await _status(session, order)).get(name) is wanted
        _, name, wanted, _ = _ON_AUTHOR[order.act]
        local = await _author(session, order)
        with gone_where_missing("author_gone", host=host(session)):
            path = f"/api/v1/accounts/relationships?id%5B%5D={quote(local, safe='')}"
            told = rows(json_of(await call(session, "GET", path)))
        if not told or not isinstance(table(told[0]).get(name), bool):
            raise UnexpectedAnswer("other_shape", host=host(session), excerpt="relationships")
        return table(told[0]).get(name) is wanted


def _known(session: Session, order: Order) -> None:
    if not session.credentials.get("token"):
        raise AuthExpired("sign_in_needed", host=host(session))
    if order.act not in (*_ON_AUTHOR, *_ON_STATUS, Act.REPORT):
        raise Rejected("act_unknown", host=host(session))


async def _to_author(session: Session, order: Order) -> Mapping[str, str]:
    verb, name, wanted, _ = _ON_AUTHOR[order.act]
    local = await _author(session, order)
    with gone_where_missing("author_gone", host=host(session)):
        path = f"/api/v1/accounts/{quote(local, safe='')}/{verb}"
        told = table(json_of(await call(session, "POST", path)))
    if told.get(name) is not wanted:
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt=name)
    return {"account": local}


async def _to_status(session: Session, order: Order) -> Mapping[str, str]:
    verb = _ON_STATUS[order.act][0]
    local = word((await _status(session, order)).get("id"))
    with gone_where_missing("message_gone", host=host(session)):
        path = f"/api/v1/statuses/{quote(local, safe='')}/{verb}"
        told = table(json_of(await call(session, "POST", path)))
    if not told.get("id"):
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt=verb)
    return {"status": local}


async def _reported(session: Session, order: Order) -> Mapping[str, str]:
    status = await _status(session, order)
    author = table(status.get("account"))
    away = urlsplit(web_address(author.get("url"))).hostname not in ("", None, host(session))
    asked = {
        "account_id": word(author.get("id")),
        "status_ids": [word(status.get("id"))],
        "comment": order.text[:COMMENT_MOST],
        "category": "other",
        "forward": away,
    }
    with gone_where_missing("message_gone", host=host(session)), written(host(session)):
        told = table(json_of(await call(session, "POST", "/api/v1/reports", json=asked, write=True)))
        if not told.get("id"):
            raise UnexpectedAnswer("other_shape", host=host(session), excerpt="report")
    return {"report": word(told.get("id"))}


async def _status(session: Session, order: Order) -> Mapping[str, Any]:
    """The message as the account's server has it. Raises `Gone`."""
    with gone_where_missing("message_gone", host=host(session)):
        status = await status_at(session, order.target.remote_id, order.target.url, missing_is_nothing=False)
    if not status:
        raise Gone("message_gone", host=host(session))
    return status


async def _author(session: Session, order: Order) -> str:
    """The server's id of the author: kept from before, that of the message, or found by their address."""
    local = order.given.get("account", "")
    if not local:
        with gone_where_missing("author_gone", host=host(session)):
            local = word((await account_at(session, order.author_id)).get("id"))
            if not local and not order.author_id:
                local = word(table((await _status(session, order)).get("account")).get("id"))
    if not local:
        raise Gone("author_gone", host=host(session))
    if local == session.account:
        raise Rejected("not_yourself", host=host(session))
    return local
