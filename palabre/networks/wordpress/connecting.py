"""Signing in at a site: an application password that is typed, or one the site makes and hands back.

Read on 2026-11-23: https://make.wordpress.org/core/2020/11/05/application-passwords-integration-guide/
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from palabre.networks.answers import ask, json_of
from palabre.networks.contract import Account, Authorisation, Grant, Session, SignIn
from palabre.networks.errors import AuthExpired, NotPermitted, Rejected, UnexpectedAnswer
from palabre.networks.shapes import table, text, web_address, word
from palabre.networks.wordpress.rest import call, host, site


class Connecting:
    """Two ways in; see the module."""

    async def authorise_url(self, session: Session, sign_in: SignIn) -> Authorisation:
        """The page of the site where the person says yes."""
        server = site(sign_in.fields.get("server", ""))
        api, root = await _root(session, server)
        ways = table(table(root.get("authentication")).get("application-passwords"))
        page = web_address(table(ways.get("endpoints")).get("authorization"))
        if not page:
            raise NotPermitted("forbidden", host=server.partition("://")[2])
        joint = "&" if "?" in sign_in.redirect_uri else "?"
        back = f"{sign_in.redirect_uri}{joint}{urlencode({'state': sign_in.state})}"
        asked = urlencode({"app_name": "Palabre", "success_url": back, "reject_url": back})
        pending = {"state": sign_in.state, "server": server, "api": api}
        return Authorisation(url=f"{page}?{asked}", pending=pending)

    async def exchange(
        self, session: Session, sign_in: SignIn, pending: Mapping[str, str], answer: Mapping[str, str]
    ) -> Grant:
        """The grant, after one call that proves it."""
        if sign_in.kind == "application_password":
            server = site(sign_in.fields.get("server", ""))
            api, _ = await _root(session, server)
            user, password = sign_in.fields.get("user", ""), sign_in.fields.get("app_password", "")
        elif sign_in.kind == "page":
            server, api = pending["server"], pending["api"]
            user, password = answer.get("user_login", ""), answer.get("password", "")
            if answer.get("state") != pending.get("state"):
                raise Rejected("sign_in_mismatch", host=server.partition("://")[2])
            if not password:
                raise NotPermitted("sign_in_cancelled", host=server.partition("://")[2])
        else:
            raise Rejected("sign_in_kind_unknown", kind=sign_in.kind)
        kept = {"server": server, "api": api, "user": user.strip(), "app_password": password.strip()}
        grant = Grant(credentials=kept)
        try:
            await _me(_with(session, grant))
        except AuthExpired:
            raise AuthExpired("sign_in_refused", host=server.partition("://")[2]) from None
        return grant

    async def refresh(self, session: Session) -> Grant:
        """An application password does not end by itself: one that was refused asks for a person."""
        raise AuthExpired("sign_in_needed", host=host(session))

    async def accounts(self, session: Session) -> tuple[Account, ...]:
        """The person on the site; the name is the site's."""
        me = await _me(session)
        server = session.credentials["server"]
        _, root = await _root(session, server)
        return (
            Account(
                remote_id=f"{server}#{me.get('id')}",
                handle=word(me.get("slug")) or word(me.get("name")),
                name=word(text(root.get("name"))) or host(session),
                url=server,
                avatar_url=web_address(table(me.get("avatar_urls")).get("96")),
                server=host(session),
            ),
        )

    async def revoke(self, session: Session) -> None:
        """The password that was used is removed from the person's profile."""
        try:
            answer = await call(session, "GET", "/wp/v2/users/me/application-passwords/introspect")
            known = word(table(json_of(answer)).get("uuid"))
            await call(session, "DELETE", f"/wp/v2/users/me/application-passwords/{known}")
        except (AuthExpired, NotPermitted, Rejected):
            return  # dead already, or the site keeps it from us


async def _root(session: Session, server: str) -> tuple[str, Mapping[str, Any]]:
    """Where the interface of a site begins, and what it says of itself; plain addresses need no rewriting."""
    for api in (f"{server}/wp-json", f"{server}/?rest_route="):
        try:
            told = table(json_of(await ask(session, "GET", f"{api}/")))
        except (Rejected, NotPermitted, UnexpectedAnswer):
            continue
        if "wp/v2" in (told.get("namespaces") or ()):
            return api, told
    raise Rejected("site_has_no_api", host=server.partition("://")[2])


async def _me(session: Session) -> Mapping[str, Any]:
    """Who the password belongs to, with what they may do."""
    told = table(json_of(await call(session, "GET", "/wp/v2/users/me", params={"context": "edit"})))
    if not told.get("id"):
        raise UnexpectedAnswer("other_shape", host=host(session), excerpt="id")
    return told


def _with(session: Session, grant: Grant) -> Session:
    return replace(session, credentials=grant.credentials)
