"""Signing in at Bluesky: by app password, or by OAuth on the account's own server.

Read on 2026-11-23: https://atproto.com/specs/oauth, https://docs.bsky.app/docs/advanced-guides/oauth-client
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from palabre.networks.answers import ask_json, json_of
from palabre.networks.bluesky.lines import host_of
from palabre.networks.bluesky.manifest import SCOPE, SIGN_IN, VIEW
from palabre.networks.bluesky.posts import DID, HANDLE
from palabre.networks.bluesky.signed import call, encoded, new_key, proven
from palabre.networks.bluesky.xrpc import refusal, request, understood
from palabre.networks.contract import Account, Authorisation, Grant, RemoteAuthor, Session, SignIn
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    Rejected,
    UnexpectedAnswer,
)
from palabre.networks.shapes import count, rows, table, web_address, word

DIRECTORY = "https://plc.directory"
ACCESS_LIFE = timedelta(hours=1, minutes=50)
"""An access token of an app password lives two hours."""


class Connecting:
    """Two ways in; see the module."""

    async def authorise_url(self, session: Session, sign_in: SignIn) -> Authorisation:
        """The page of the account's server: found by the handle, or by the server that was typed."""
        typed = word(sign_in.fields.get("identifier"), most=300)
        did, server = "", _typed_server(sign_in)
        if typed:
            did = await _did(session, typed, server or VIEW)
            server = server or await _home(session, did)
        issuer = await _issuer(session, server or SIGN_IN)
        terms = await _terms(session, issuer)
        verifier, key = token_urlsafe(48), new_key()
        asked = {
            "client_id": _client_id(sign_in),
            "redirect_uri": sign_in.redirect_uri,
            "response_type": "code",
            "scope": SCOPE,
            "state": sign_in.state,
            "code_challenge": encoded(sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        if typed:
            asked["login_hint"] = typed.lstrip("@")
        url = terms["pushed_authorization_request_endpoint"]
        pushed = await _form(session, url, asked, key=key)
        place = pushed.get("request_uri")
        if not isinstance(place, str):
            raise UnexpectedAnswer("other_shape", host=host_of(url), excerpt="request_uri")
        page = f"{terms['authorization_endpoint']}?" + urlencode(
            {"client_id": asked["client_id"], "request_uri": place}
        )
        pending = {
            "issuer": issuer,
            "token_endpoint": terms["token_endpoint"],
            "revocation_endpoint": terms.get("revocation_endpoint", ""),
            "verifier": verifier,
            "dpop_key": key,
            "state": sign_in.state,
            "did": did,
            "server": server or "",
        }
        return Authorisation(url=page, pending=pending)

    async def exchange(
        self, session: Session, sign_in: SignIn, pending: Mapping[str, str], answer: Mapping[str, str]
    ) -> Grant:
        """The grant of an app password, or of the way back from the server's page."""
        if sign_in.kind == "app_password":
            return await _by_password(
                session,
                _typed_server(sign_in) or SIGN_IN,
                word(sign_in.fields.get("identifier"), most=300).lstrip("@"),
                sign_in.fields.get("app_password", "").strip(),
            )
        if sign_in.kind != "oauth":
            raise Rejected("sign_in_kind_unknown", kind=sign_in.kind)
        host = host_of(pending.get("issuer", ""))
        if answer.get("error"):
            raise NotPermitted("sign_in_cancelled", host=host)
        same_issuer = answer.get("iss") == pending.get("issuer")
        if not answer.get("code") or answer.get("state") != pending.get("state") or not same_issuer:
            raise Rejected("sign_in_mismatch", host=host)
        asked = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": sign_in.redirect_uri,
            "client_id": _client_id(sign_in),
            "code_verifier": pending["verifier"],
        }
        told = await _form(session, pending["token_endpoint"], asked, key=pending["dpop_key"])
        did = word(told.get("sub"), most=300)
        if pending.get("did") and did != pending["did"]:
            raise Rejected("sign_in_mismatch", host=host)
        # The server that answered may only speak for accounts that name it as theirs.
        server = pending.get("server") if pending.get("did") else ""
        server = server or await _home(session, did)
        if not pending.get("did") and await _issuer(session, server) != pending["issuer"]:
            raise Rejected("sign_in_mismatch", host=host)
        kept = {name: pending[name] for name in ("issuer", "token_endpoint", "dpop_key")}
        kept |= {"did": did, "server": server, "client_id": asked["client_id"]}
        kept["revocation_endpoint"] = pending.get("revocation_endpoint", "")
        return _oauth_grant(session.now(), kept, told)

    async def refresh(self, session: Session) -> Grant:
        """By the refresh token; an app password also signs in anew when that one is dead."""
        kept = session.credentials
        if kept.get("dpop_key"):
            asked = {
                "grant_type": "refresh_token",
                "refresh_token": kept.get("refresh", ""),
                "client_id": kept["client_id"],
            }
            told = await _form(session, kept["token_endpoint"], asked, key=kept["dpop_key"])
            return _oauth_grant(session.now(), dict(kept), told)
        home = kept.get("server", SIGN_IN)
        try:
            url = f"{home}/xrpc/com.atproto.server.refreshSession"
            headers = {"Authorization": f"Bearer {kept.get('refresh', '')}"}
            answer = await request(session, "POST", url, headers=headers)
            return _password_grant(session.now(), dict(kept), json_of(answer))
        except (AuthExpired, Rejected):
            return await _by_password(
                session, kept.get("entry", home), kept.get("identifier", ""), kept.get("app_password", "")
            )

    async def accounts(self, session: Session) -> tuple[Account, ...]:
        """The one account, its profile where the server can show it."""
        told = table(await call(session, "GET", "com.atproto.server.getSession"))
        did, handle = word(told.get("did"), most=300), word(told.get("handle"), most=300)
        if not did:
            raise UnexpectedAnswer("other_shape", host=host_of(session.credentials["server"]), excerpt="did")
        try:
            asked = {"actor": did}
            profile = table(await call(session, "GET", "app.bsky.actor.getProfile", params=asked))
        except (NetworkError, Gone):
            profile = {}  # a server without a view still publishes
        return (
            Account(
                remote_id=did,
                handle=handle,
                name=word(profile.get("displayName")) or handle,
                url=f"https://bsky.app/profile/{handle or did}",
                avatar_url=web_address(profile.get("avatar")),
                server=host_of(session.credentials["server"]),
            ),
        )

    async def people(self, session: Session, typed: str) -> tuple[RemoteAuthor, ...]:
        """By the beginning of a handle or a name."""
        sought = word(typed, most=80).lstrip("@")
        if not sought:
            return ()
        asked = {"q": sought, "limit": "10"}
        told = table(await call(session, "GET", "app.bsky.actor.searchActorsTypeahead", params=asked))
        return tuple(
            RemoteAuthor(
                remote_id=word(actor.get("did"), most=300),
                handle=word(actor.get("handle"), most=300),
                name=word(actor.get("displayName")),
                url=f"https://bsky.app/profile/{word(actor.get('handle'), most=300)}",
                avatar_url=web_address(actor.get("avatar")),
            )
            for actor in map(table, rows(told.get("actors"))[:10])
        )

    async def revoke(self, session: Session) -> None:
        """The session ends; an app password itself is removed in the network's settings."""
        kept = session.credentials
        try:
            if kept.get("dpop_key") and kept.get("revocation_endpoint"):
                asked = {"token": kept.get("refresh", ""), "client_id": kept["client_id"]}
                await _form(session, kept["revocation_endpoint"], asked, key=kept["dpop_key"])
            elif kept.get("refresh"):
                url = f"{kept['server']}/xrpc/com.atproto.server.deleteSession"
                await request(session, "POST", url, headers={"Authorization": f"Bearer {kept['refresh']}"})
        except (AuthExpired, Rejected):
            return  # dead already

    def client_document(self, address: str, redirect_uri: str) -> Mapping[str, Any]:
        """Palabre as its authorisation servers want to read it."""
        parts = urlsplit(address)
        return {
            "client_id": address,
            "client_name": "Palabre",
            "client_uri": f"{parts.scheme}://{parts.netloc}",
            "redirect_uris": [redirect_uri],
            "scope": SCOPE,
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "application_type": "web",
            "dpop_bound_access_tokens": True,
        }


# By app password.


async def _by_password(session: Session, server: str, identifier: str, password: str) -> Grant:
    if not (identifier and password):
        raise AuthExpired("sign_in_refused", host=host_of(server))
    url = f"{server}/xrpc/com.atproto.server.createSession"
    try:
        answer = await request(session, "POST", url, json={"identifier": identifier, "password": password})
    except AuthExpired:
        raise AuthExpired("sign_in_refused", host=host_of(server)) from None
    kept = {"server": server, "entry": server, "identifier": identifier, "app_password": password}
    return _password_grant(session.now(), kept, json_of(answer))


def _password_grant(now: datetime, kept: dict[str, str], answer: Any) -> Grant:
    told = table(answer)
    access, renewal = told.get("accessJwt"), told.get("refreshJwt")
    if not isinstance(access, str) or not isinstance(renewal, str):
        raise UnexpectedAnswer("other_shape", host=host_of(kept["server"]), excerpt="accessJwt")
    kept |= {"access": access, "refresh": renewal}
    for name in ("did", "handle"):
        kept[name] = word(told.get(name), most=300)
    kept["server"] = _service(told.get("didDoc")) or kept["server"]
    return Grant(credentials=kept, expires_at=now + ACCESS_LIFE, ends_at=None)


# By OAuth.


def _oauth_grant(now: datetime, kept: dict[str, str], told: Mapping[str, Any]) -> Grant:
    access, renewal = told.get("access_token"), told.get("refresh_token")
    if not isinstance(access, str) or told.get("token_type") != "DPoP":
        raise UnexpectedAnswer("other_shape", host=host_of(kept["issuer"]), excerpt="access_token")
    kept |= {"access": access, "refresh": renewal if isinstance(renewal, str) else kept.get("refresh", "")}
    life = count(told.get("expires_in"))
    scopes = tuple(word(told.get("scope"), most=500).split())
    return Grant(credentials=kept, scopes=scopes, expires_at=now + timedelta(seconds=life) if life else None)


async def _form(session: Session, url: str, asked: Mapping[str, str], *, key: str) -> Mapping[str, Any]:
    answer = await proven(session, "POST", url, key=key, form=asked)
    if answer.status in (400, 401) and refusal(answer)[0] in ("invalid_grant", "invalid_token"):
        raise AuthExpired("sign_in_needed", host=host_of(url))
    checked = understood(session, answer, host=host_of(url))
    return table(json_of(checked)) if checked.body else {}


def _client_id(sign_in: SignIn) -> str:
    """The address of our document; on this machine alone the protocol's own stand-in for one."""
    if sign_in.registration.get("client_id"):
        return sign_in.registration["client_id"]
    return "http://localhost?" + urlencode({"redirect_uri": sign_in.redirect_uri, "scope": SCOPE})


def _typed_server(sign_in: SignIn) -> str:
    typed = sign_in.fields.get("server", "").strip().rstrip("/")
    return typed if not typed or "://" in typed else f"https://{typed}"


async def _did(session: Session, typed: str, server: str) -> str:
    name = typed.lstrip("@")
    if DID.fullmatch(name):
        return name
    if HANDLE.fullmatch(name) is None:
        raise Rejected("bad_account", typed=typed[:80])
    url = f"{server}/xrpc/com.atproto.identity.resolveHandle"
    try:
        told = table(json_of(await request(session, "GET", url, params={"handle": name})))
    except Rejected:
        raise Rejected("bad_account", typed=typed[:80]) from None
    found = word(told.get("did"), most=300)
    if not DID.fullmatch(found):
        raise UnexpectedAnswer("other_shape", host=host_of(url), excerpt="did")
    return found


async def _home(session: Session, did: str) -> str:
    """The server of an account, as its identity document says."""
    if did.startswith("did:web:"):
        url = f"https://{did.removeprefix('did:web:')}/.well-known/did.json"
    else:
        url = f"{DIRECTORY}/{quote(did, safe=':')}"
    home = _service(await ask_json(session, "GET", url))
    if not home:
        raise UnexpectedAnswer("other_shape", host=host_of(url), excerpt="service")
    return home


def _service(document: object) -> str:
    for service in rows(table(document).get("service")):
        if str(table(service).get("id", "")).endswith("#atproto_pds"):
            return web_address(table(service).get("serviceEndpoint")).rstrip("/")
    return ""


async def _issuer(session: Session, server: str) -> str:
    url = f"{server}/.well-known/oauth-protected-resource"
    named = rows(table(await ask_json(session, "GET", url)).get("authorization_servers"))
    issuer = web_address(named[0]) if named else ""
    if not issuer:
        raise UnexpectedAnswer("other_shape", host=host_of(url), excerpt="authorization_servers")
    return issuer.rstrip("/")


async def _terms(session: Session, issuer: str) -> dict[str, str]:
    url = f"{issuer}/.well-known/oauth-authorization-server"
    told = table(await ask_json(session, "GET", url))
    needed = ("authorization_endpoint", "token_endpoint", "pushed_authorization_request_endpoint")
    found = {name: web_address(told.get(name)) for name in (*needed, "revocation_endpoint")}
    if told.get("issuer") != issuer or not all(found[name] for name in needed):
        raise UnexpectedAnswer("other_shape", host=host_of(url), excerpt="issuer")
    return found
