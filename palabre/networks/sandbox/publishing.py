"""Signing in, publishing, editing, deleting and counting at a network that is not there.

How a write goes is planned (`Store.plan`), asked for by the sign-in (`behaviour`), or else well.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from palabre.networks.checks import problems
from palabre.networks.contract import Account, Authorisation, Grant, RemoteAuthor, Session, SignIn
from palabre.networks.errors import AuthExpired, NotPermitted, OutcomeUnknown, Problem, Rejected, Temporary
from palabre.networks.outgoing import COMMENT, Figures, Media, Outgoing, Published, Sent, after, next_step
from palabre.networks.rules import PostingRules, answering, rules_of
from palabre.networks.sandbox.manifest import HOST, MISDEEDS, Behaviour
from palabre.networks.sandbox.store import Post, Store
from palabre.networks.sandbox.world import people
from palabre.networks.shapes import word

TOKEN_LIFE = timedelta(hours=2)


class Connecting:
    """Two ways in: a name that is typed, and a page that sends one straight back."""

    async def authorise_url(self, session: Session, sign_in: SignIn) -> Authorisation:
        """Palabre's own address: this network has no page to say yes on."""
        joint = "&" if "?" in sign_in.redirect_uri else "?"
        url = f"{sign_in.redirect_uri}{joint}code=yes&state={quote(sign_in.state)}"
        return Authorisation(url=url, pending={"state": sign_in.state})

    async def exchange(
        self, session: Session, sign_in: SignIn, pending: Mapping[str, str], answer: Mapping[str, str]
    ) -> Grant:
        """Any name but "nobody" is let in."""
        if sign_in.kind not in ("name", "page"):
            raise Rejected("sign_in_kind_unknown", kind=sign_in.kind)
        if sign_in.kind == "page":
            if answer.get("error"):
                raise NotPermitted("sign_in_cancelled", host=HOST)
            if answer.get("state") != pending.get("state") or not answer.get("code"):
                raise Rejected("sign_in_mismatch", host=HOST)
        name = word(sign_in.fields.get("name"), most=40) or "tilleuls"
        if name == "nobody":
            raise AuthExpired("sign_in_refused", host=HOST)
        kept = {key: sign_in.fields[key] for key in ("behaviour", "store") if sign_in.fields.get(key)}
        return self._grant(session, {"name": name, **kept}, number=0)

    async def refresh(self, session: Session) -> Grant:
        """A new token; the old one dies."""
        if Behaviour.of(session.credentials) is Behaviour.SIGNED_OUT:
            raise AuthExpired("sign_in_needed", host=HOST)
        number = int(session.credentials.get("token", "-0").rpartition("-")[2]) + 1
        kept = {key: value for key, value in session.credentials.items() if key != "token"}
        store_of(session).kill(session.credentials.get("token", ""))
        return self._grant(session, kept, number=number)

    def _grant(self, session: Session, kept: Mapping[str, str], *, number: int) -> Grant:
        token = f"{kept['name']}-{number}"
        _opened(kept.get("store", "")).grant(token, kept["name"])
        return Grant(
            credentials={**kept, "token": token},
            scopes=("read", "write"),
            expires_at=session.now() + TOKEN_LIFE,
        )

    async def accounts(self, session: Session) -> tuple[Account, ...]:
        """The one account of that name."""
        check_signed_in(session)
        name = session.credentials["name"]
        return (
            Account(
                remote_id=name,
                handle=name,
                name=name[:1].upper() + name[1:],
                url=f"https://{HOST}/@{name}",
                server=HOST,
            ),
        )

    async def people(self, session: Session, typed: str) -> tuple[RemoteAuthor, ...]:
        """The invented people of the sandbox."""
        check_signed_in(session)
        sought = typed.strip().lstrip("@").lower()
        if not sought:
            return ()
        found = [one for one in people() if one["handle"].startswith(sought)]
        return tuple(
            RemoteAuthor(remote_id=one["handle"], handle=one["handle"], name=one["name"], url=one["url"])
            for one in found[:10]
        )

    async def revoke(self, session: Session) -> None:
        """The token dies."""
        store_of(session).kill(session.credentials.get("token", ""))


class Publishing:
    """Every step of a content, each in the store once; see `Behaviour` for what can go wrong."""

    def store(self, path: str = "") -> Store:
        """What stands at the network, to look at or to plan: that of memory, or of a file."""
        return _opened(path)

    async def limits(self, session: Session) -> Mapping[str, Any]:
        """As the rules say."""
        check_signed_in(session)
        return {}

    async def check(self, session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
        """The rules, and whether what is answered is still there."""
        check_signed_in(session)
        return (*problems(outgoing, _rules(session, outgoing)), *_target(session, outgoing))

    async def publish(self, session: Session, outgoing: Outgoing, done: tuple[Sent, ...] = ()) -> Published:
        """The next step; the same key and step again are one post, unless it was told to forget."""
        check_signed_in(session)
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        refused = problems(outgoing, _rules(session, outgoing))
        if not done and not store_of(session).keyed(account_of(session), outgoing.key, step):
            refused += _target(session, outgoing)
        if refused:
            raise Rejected("problems_found", problems=refused, count=len(refused))
        behaviour = await _behaviour(session)
        if behaviour in MISDEEDS:
            raise MISDEEDS[behaviour]()
        if behaviour is Behaviour.EXPIRES and session.credentials.get("token", "").endswith("-0"):
            store_of(session).kill(session.credentials.get("token", ""))
            raise AuthExpired("sign_in_needed", host=HOST)
        if behaviour is Behaviour.HALF_THREAD and done:
            raise Temporary("server_trouble", status=503, host=HOST)
        sent = self._sent(session, outgoing, done, step, once=behaviour is not Behaviour.FORGETFUL)
        if behaviour is Behaviour.CUT_AFTER:
            raise OutcomeUnknown("outcome_unknown", host=HOST)
        return after(outgoing, done, sent)

    def _sent(
        self, session: Session, outgoing: Outgoing, done: tuple[Sent, ...], step: str, *, once: bool
    ) -> Sent:
        above = outgoing.reply_to.remote_id if outgoing.reply_to else ""
        if done:
            above = (done[0] if step == COMMENT else done[-1]).remote_id
        post = Post(
            id="",
            account=account_of(session),
            key=outgoing.key,
            step=step,
            reply_to=above,
            said={**_said(outgoing, step), **_private(session, above)},
            at=session.now(),
        )
        return _as_sent(store_of(session).add(post, once=once))

    async def find(
        self,
        session: Session,
        outgoing: Outgoing,
        done: tuple[Sent, ...] = (),
        taken: frozenset[str] = frozenset(),
    ) -> Published | None:
        """By the key, which the sandbox keeps."""
        check_signed_in(session)
        if Behaviour.of(session.credentials) is Behaviour.CANNOT_TELL:
            raise OutcomeUnknown("cannot_tell", host=HOST)
        step = next_step(outgoing, done)
        if step is None:
            return after(outgoing, done)
        there = store_of(session).keyed(account_of(session), outgoing.key, step)
        there = [post for post in there if post.id not in taken]
        return after(outgoing, done, _as_sent(there[0])) if there else None

    async def edit(self, session: Session, outgoing: Outgoing, sent: tuple[Sent, ...]) -> tuple[Sent, ...]:
        """Each step says what the content says now."""
        check_signed_in(session)
        refused = problems(outgoing, _rules(session, outgoing))
        if refused:
            raise Rejected("problems_found", problems=refused, count=len(refused))
        for one in sent:
            there = store_of(session).post(one.remote_id)
            said = {**_said(outgoing, one.step), **_private(session, there.reply_to if there else "")}
            if not store_of(session).change(account_of(session), one.remote_id, said):
                raise Rejected("not_found", host=HOST)
        return sent

    async def delete(self, session: Session, sent: tuple[Sent, ...]) -> None:
        """Last first."""
        check_signed_in(session)
        for one in reversed(sent):
            store_of(session).remove(account_of(session), one.remote_id)

    async def measure(self, session: Session, sent: tuple[Sent, ...]) -> Mapping[str, Figures]:
        """Invented figures that grow for two days."""
        check_signed_in(session)
        there = {post.id: post for post in store_of(session).of(account_of(session))}
        return {
            one.remote_id: _figures(there[one.remote_id], session.now())
            if one.remote_id in there
            else Figures(gone=True)
            for one in sent
        }


@cache
def _opened(path: str) -> Store:
    return Store(path)


def store_of(session: Session) -> Store:
    return _opened(session.credentials.get("store", ""))


def account_of(session: Session) -> str:
    return session.account or session.credentials.get("name", "")


def _rules(session: Session, outgoing: Outgoing) -> PostingRules:
    rules = session.rules or rules_of("sandbox")
    return rules if outgoing.reply_to is None else answering(rules) or rules


def _target(session: Session, outgoing: Outgoing) -> tuple[Problem, ...]:
    """What is wrong with the post that is answered."""
    if outgoing.reply_to is None or store_of(session).post(outgoing.reply_to.remote_id):
        return ()
    return (Problem(field="reply_to", code="reply_target_missing"),)


def _private(session: Session, above: str) -> dict[str, Any]:
    """What answers a private message is private too."""
    parent = store_of(session).post(above) if above else None
    if parent is None or not parent.said.get("private"):
        return {}
    return {"private": True, "to": parent.account}


def check_signed_in(session: Session) -> None:
    token = session.credentials.get("token", "")
    if not token or not store_of(session).works(token):
        raise AuthExpired("sign_in_needed", host=HOST)


async def _behaviour(session: Session) -> Behaviour:
    planned = store_of(session).planned(account_of(session))
    behaviour = Behaviour.of({"behaviour": planned}) if planned else Behaviour.of(session.credentials)
    if behaviour is Behaviour.SLOW:
        await session.rest(2)
    return behaviour


def _said(outgoing: Outgoing, step: str) -> dict[str, Any]:
    if step == COMMENT:
        return {"text": outgoing.first_comment}
    part = outgoing.parts[int(step.rpartition("-")[2])]
    return {
        "text": part.text,
        "media": [_file(file) for file in part.media],
        "visibility": outgoing.visibility,
        "language": outgoing.language,
        "warning": outgoing.warning,
    }


def _file(file: Media) -> dict[str, str]:
    return {"alt": file.alt, "mime": file.mime, "sha256": file.digest()}


def _as_sent(post: Post) -> Sent:
    return Sent(
        step=post.step,
        remote_id=post.id,
        url=f"https://{HOST}/@{post.account}/{post.id}",
        at=post.at,
    )


def _figures(post: Post, now: datetime) -> Figures:
    age = min(max((now - post.at) / timedelta(hours=48), 0.0), 1.0)
    luck = int(sha256(f"{post.account}-{post.key}".encode()).hexdigest()[:4], 16) / 0xFFFF
    views = int((40 + 900 * luck) * age**0.5)
    return Figures(
        likes=views // 14, reposts=views // 60, quotes=views // 400, replies=views // 90, views=views
    )
