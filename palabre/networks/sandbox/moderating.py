"""Acts on what others said at the sandbox: all of them, kept in its store, where one can look at them.

How an act goes is planned (`Store.plan` of `account@acts`), or else well. Who is muted, blocked or banned
is heard no more.
"""

from collections.abc import Mapping

from palabre.networks.contract import Act, Order, Session
from palabre.networks.errors import Gone, OutcomeUnknown, Rejected, Temporary
from palabre.networks.moderating import acting
from palabre.networks.sandbox.manifest import HOST, MANIFEST, MISDEEDS, Behaviour
from palabre.networks.sandbox.publishing import account_of, check_signed_in, store_of
from palabre.networks.sandbox.store import Post, Store

_SAID: Mapping[Act, tuple[str, bool]] = {
    Act.APPROVE: ("held", False),
    Act.HOLD: ("held", True),
    Act.SPAM: ("spam", True),
    Act.UNSPAM: ("spam", False),
}
"""What an act writes into what a post says."""
_MARKED: Mapping[Act, tuple[Act, bool]] = {
    Act.HIDE: (Act.HIDE, True),
    Act.UNHIDE: (Act.HIDE, False),
    Act.REPORT: (Act.REPORT, True),
    Act.LIKE: (Act.LIKE, True),
    Act.UNLIKE: (Act.LIKE, False),
    Act.REPOST: (Act.REPOST, True),
    Act.UNREPOST: (Act.REPOST, False),
}
"""What an act marks a post with, or takes off it."""
_ON_AUTHOR: Mapping[Act, tuple[Act, bool]] = {
    Act.MUTE: (Act.MUTE, True),
    Act.UNMUTE: (Act.MUTE, False),
    Act.BLOCK: (Act.BLOCK, True),
    Act.UNBLOCK: (Act.BLOCK, False),
    Act.BAN: (Act.BAN, True),
    Act.UNBAN: (Act.BAN, False),
}


class Moderating:
    """See the module."""

    async def moderate(self, session: Session, order: Order) -> Mapping[str, str]:
        """The act, done once."""
        _check(session, order)
        store, account = store_of(session), account_of(session)
        behaviour = Behaviour.of({"behaviour": store.planned(f"{account}@acts")})
        if behaviour is Behaviour.SLOW:
            await session.rest(2)
        if behaviour is Behaviour.OUTCOME_UNKNOWN:
            raise _lost(order)
        if behaviour in MISDEEDS:
            raise MISDEEDS[behaviour]()
        if order.act in _ON_AUTHOR:
            given = _on_author(session, order)
        else:
            given = _on_message(store, account, _post(store, order), order)
        if behaviour is Behaviour.CUT_AFTER:
            raise _lost(order)
        return given

    async def standing(self, session: Session, order: Order) -> bool | None:
        """As the store has it, unless the sign-in cannot tell."""
        _check(session, order)
        if Behaviour.of(session.credentials) is Behaviour.CANNOT_TELL:
            return None
        store, account = store_of(session), account_of(session)
        if order.act in _ON_AUTHOR:
            mark, wanted = _ON_AUTHOR[order.act]
            return store.marked(account, mark, _author(session, order), session.now()) is wanted
        post = _post(store, order)
        if order.act in _MARKED:
            mark, wanted = _MARKED[order.act]
            return store.marked(account, mark, post.id, session.now()) is wanted
        if order.act in _SAID:
            name, wanted = _SAID[order.act]
            return bool(post.said.get(name)) is wanted
        if order.act is Act.REWRITE:
            return bool(post.said["text"] == order.given.get("text", order.text))
        return post.deleted is (order.act is Act.DELETE)


def _check(session: Session, order: Order) -> None:
    check_signed_in(session)
    if acting(MANIFEST.acts, order.act) is None:
        raise Rejected("act_unknown", host=HOST)


def _on_message(store: Store, account: str, post: Post, order: Order) -> Mapping[str, str]:
    if order.act in _MARKED:
        mark, wanted = _MARKED[order.act]
        if wanted:
            store.mark(account, mark, post.id, text=order.text)
        else:
            store.unmark(account, mark, post.id)
    elif order.act in _SAID:
        name, wanted = _SAID[order.act]
        if bool(post.said.get(name)) is not wanted:
            store.change(post.account, post.id, {**post.said, name: wanted})
    elif order.act is Act.REWRITE:
        words = order.given.get("text", order.text)
        if not words.strip():
            raise Rejected("words_missing")
        if post.said["text"] != words:
            store.rewrite(post.account, post.id, words)
            return {"text": str(post.said["text"])}
    elif order.act is Act.DELETE and not post.deleted:
        store.remove(post.account, post.id)
    elif order.act is Act.RESTORE and post.deleted:
        store.restore(post.account, post.id)
    return {}


def _on_author(session: Session, order: Order) -> Mapping[str, str]:
    author, (mark, wanted) = _author(session, order), _ON_AUTHOR[order.act]
    store, account = store_of(session), account_of(session)
    if author == account:
        raise Rejected("not_yourself", host=HOST)
    if wanted:
        store.mark(account, mark, author, until=order.until)
    else:
        store.unmark(account, mark, author)
    return {}


def _author(session: Session, order: Order) -> str:
    """Who is acted on; a message tells where the order does not."""
    return order.author_id or _post(store_of(session), order).account


def _post(store: Store, order: Order) -> Post:
    """The message; what is in the bin is there for the two acts about the bin alone."""
    post = store.ever(order.target.remote_id)
    if post is None or (post.deleted and order.act not in (Act.DELETE, Act.RESTORE)):
        raise Gone("message_gone", host=HOST)
    return post


def _lost(order: Order) -> Temporary | OutcomeUnknown:
    if order.act is Act.REPORT:
        return OutcomeUnknown("outcome_unknown", host=HOST)
    return Temporary("server_trouble", status=504, host=HOST)
