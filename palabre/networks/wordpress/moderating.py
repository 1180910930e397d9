"""Acts on comments: approve, hold back, spam, bin, other words. What stands is looked at first.

The site itself takes a state twice for a failure of its own. Who may edit an article may do all of it to
the comments below, but for changing their words: that needs the right to moderate.
Read on 2026-11-23: https://developer.wordpress.org/rest-api/reference/comments/
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from palabre.networks.answers import gone_where_missing, json_of
from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import AuthExpired, Gone, NotPermitted, Rejected, UnexpectedAnswer
from palabre.networks.shapes import count, table, word
from palabre.networks.wordpress.commenting import TARGET, html_of
from palabre.networks.wordpress.rest import call, host

_ASKED: Mapping[Act, str] = {
    Act.APPROVE: "approved",
    Act.HOLD: "hold",
    Act.SPAM: "spam",
    Act.UNSPAM: "unspam",
    Act.RESTORE: "untrash",
}
_REACHED = {Act.APPROVE: "approved", Act.HOLD: "hold", Act.SPAM: "spam", Act.DELETE: "trash"}
_LEFT = {Act.UNSPAM: "spam", Act.RESTORE: "trash"}
"""The state an act leaves: where it leads is whatever the site remembers."""


class Moderating:
    """See the module."""

    async def moderate(self, session: Session, order: Order) -> Mapping[str, str]:
        """The comment in the state that is asked for, or with other words."""
        with _understood(session):
            comment = await _comment(session, order)
            if _stands(comment, order):
                return {}
            path = f"/wp/v2/comments/{count(comment.get('id'))}"
            if order.act is Act.DELETE:
                json_of(await call(session, "DELETE", path))
                return {}
            if order.act is not Act.REWRITE:
                json_of(await call(session, "POST", path, json={"status": _ASKED[order.act]}))
                return {}
            if not _words(order):
                raise Rejected("words_missing")
            json_of(await call(session, "POST", path, json={"content": _words(order)}))
            return {"raw": _raw(comment)}

    async def standing(self, session: Session, order: Order) -> bool | None:
        """As the site says."""
        with _understood(session):
            return _stands(await _comment(session, order), order)


@contextmanager
def _understood(session: Session) -> Iterator[None]:
    """Refusals of the site, named after what is missing: the comment, or the right."""
    try:
        with gone_where_missing("message_gone", host=host(session)):
            yield
    except NotPermitted as error:
        if error.code != "scope_missing":
            raise
        raise NotPermitted("moderation_missing", host=host(session), scope="moderate_comments") from None


async def _comment(session: Session, order: Order) -> Mapping[str, Any]:
    """The comment as it stands; what is in the bin is there for the acts about the bin alone."""
    if order.act not in (*_ASKED, Act.DELETE, Act.REWRITE):
        raise Rejected("act_unknown", host=host(session))
    place = TARGET.fullmatch(order.target.remote_id)
    if not session.credentials.get("app_password"):
        raise AuthExpired("sign_in_needed", host=host(session))
    if place is None or not place["comment"] or place["server"] != session.credentials["server"]:
        raise Gone("message_gone", host=host(session))
    asked = {"context": "edit"} if order.act is Act.REWRITE else {}
    told = json_of(await call(session, "GET", f"/wp/v2/comments/{place['comment']}", params=asked))
    comment: Mapping[str, Any] = table(told)
    if not count(comment.get("id")) or not word(comment.get("status")):
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="comment")
    binned = comment.get("status") == "trash" and order.act not in (Act.DELETE, Act.RESTORE)
    if binned or count(comment.get("post")) != int(place["page"]):
        raise Gone("message_gone", host=host(session))
    return comment


def _stands(comment: Mapping[str, Any], order: Order) -> bool:
    if order.act is Act.REWRITE:
        return _raw(comment).strip() == _words(order)
    status = word(comment.get("status"))
    return status == _REACHED[order.act] if order.act in _REACHED else status != _LEFT[order.act]


def _words(order: Order) -> str:
    """What is to be shown, as the site keeps it: plain words of ours, or what stood there before."""
    return (order.given.get("raw") or html_of(order.text)).strip()


def _raw(comment: Mapping[str, Any]) -> str:
    raw = table(comment.get("content")).get("raw")
    return raw if isinstance(raw, str) else ""
