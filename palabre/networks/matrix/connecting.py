"""Signing in at a homeserver: with name and password, of which the token alone is kept, or with a token.

Read on 2026-11-23: https://spec.matrix.org/v1.16/client-server-api/#login
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from palabre.networks.answers import ask, json_of
from palabre.networks.contract import Account, Authorisation, Grant, Session, SignIn
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    Problem,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)
from palabre.networks.matrix.calls import API, asked, call, host, of
from palabre.networks.matrix.places import PERSON, ROOM, address
from palabre.networks.servers import safe_server
from palabre.networks.shapes import table, web_address, word


class Connecting:
    """Two ways in; see the module."""

    async def authorise_url(self, session: Session, sign_in: SignIn) -> Authorisation:
        """No way in leads over a page of the server."""
        raise Rejected("sign_in_kind_unknown", kind=sign_in.kind)

    async def exchange(
        self, session: Session, sign_in: SignIn, pending: Mapping[str, str], answer: Mapping[str, str]
    ) -> Grant:
        """The token, once the room was entered with it."""
        if sign_in.kind not in ("password", "token"):
            raise Rejected("sign_in_kind_unknown", kind=sign_in.kind)
        room = sign_in.fields.get("room", "").strip()
        if not ROOM.fullmatch(room):
            raise Rejected("room_unknown", room=room[:100])
        server = await _homeserver(session, sign_in.fields.get("server", ""))
        token = sign_in.fields.get("token", "").strip()
        if sign_in.kind == "password":
            token = await _token(session, server, sign_in.fields)
        signed = replace(session, credentials={"server": server, "token": token})
        try:
            entered = word((await asked(signed, "POST", f"/join/{of(room)}", json={})).get("room_id"))
        except AuthExpired:
            raise AuthExpired("sign_in_refused", host=host(signed)) from None
        except (NotPermitted, Rejected, Gone):
            raise Rejected("room_unknown", room=room[:100]) from None
        if not entered:
            raise UnexpectedAnswer("other_shape", host=host(signed), excerpt="room_id")
        return Grant(credentials={**signed.credentials, "room": entered})

    async def refresh(self, session: Session) -> Grant:
        """A token that was refused asks for a person."""
        raise AuthExpired("sign_in_needed", host=host(session))

    async def accounts(self, session: Session) -> tuple[Account, ...]:
        """Whom the token belongs to."""
        user = word((await asked(session, "GET", "/account/whoami")).get("user_id"))
        if not PERSON.fullmatch(user):
            raise UnexpectedAnswer("other_shape", host=host(session), excerpt="user_id")
        try:
            profile = await asked(session, "GET", f"/profile/{of(user)}")
        except (Rejected, Gone, NotPermitted):
            profile = {}
        name = word(profile.get("displayname"))
        return (
            Account(
                remote_id=user,
                handle=user.removeprefix("@"),
                name=name or user.removeprefix("@").partition(":")[0],
                url=address(user),
                server=host(session),
            ),
        )

    async def revoke(self, session: Session) -> None:
        """The device that Palabre was is signed out."""
        try:
            await call(session, "POST", "/logout", json={})
        except (AuthExpired, NotPermitted, Rejected):
            return  # dead already


async def _homeserver(session: Session, typed: str) -> str:
    """Where a homeserver answers: what a person types may be the name at the end of their id."""
    server = safe_server(typed)
    try:
        told = json_of(await ask(session, "GET", f"{server}/.well-known/matrix/client"))
        said = web_address(table(table(told).get("m.homeserver")).get("base_url"))
    except Temporary:
        raise
    except NetworkError:
        said = ""  # many servers say nothing and answer at their own name
    server = safe_server(said) if said else server
    try:
        versions = table(json_of(await ask(session, "GET", f"{server}/_matrix/client/versions")))
    except (Rejected, NotPermitted, UnexpectedAnswer, Gone):
        versions = {}
    if not isinstance(versions.get("versions"), list):
        raise Rejected("no_homeserver", host=urlsplit(server).hostname or "")
    return server


async def _token(session: Session, server: str, fields: Mapping[str, str]) -> str:
    """A token for a device of its own, named so that a person knows it again among theirs."""
    said: dict[str, Any] = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": fields.get("name", "").strip()},
        "password": fields.get("password", ""),
        "initial_device_display_name": "Palabre",
    }
    name = urlsplit(server).hostname or ""
    try:
        told = table(json_of(await ask(session, "POST", f"{server}{API}/login", json=said)))
    except (AuthExpired, NotPermitted):
        raise AuthExpired("sign_in_refused", host=name) from None
    except Rejected:
        problem = Problem(field="password", code="password_not_taken")
        raise Rejected("password_not_taken", host=name, problems=(problem,)) from None
    token = word(told.get("access_token"), most=2000)
    if not token:
        raise UnexpectedAnswer("other_shape", host=name, excerpt="access_token")
    return token
