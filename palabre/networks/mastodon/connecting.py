"""Signing in at any server of the Mastodon API: Palabre is registered there first, then the person accepts.

Read on 2026-11-23: https://docs.joinmastodon.org/methods/apps/, https://docs.joinmastodon.org/methods/oauth/
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlencode, urlsplit

from palabre.networks.answers import json_of
from palabre.networks.contract import Account, Authorisation, Grant, RemoteAuthor, Session, SignIn
from palabre.networks.errors import AuthExpired, NotPermitted, Rejected, UnexpectedAnswer
from palabre.networks.mastodon.calls import origin_of
from palabre.networks.mastodon.manifest import SCOPES
from palabre.networks.mastodon.signed import call, host, request
from palabre.networks.shapes import rows, table, text, web_address, word

COARSE = "read write"
"""What servers that know no finer permissions understand."""


class Connecting:
    """See the module; a token that a person made by hand is a way in too."""

    async def register(self, session: Session, server: str, redirect_uri: str) -> Mapping[str, str]:
        """Palabre's client id and secret at a server. Raises `NotPermitted` where no application may come."""
        base = origin_of(server)
        asked = {"client_name": "Palabre", "redirect_uris": redirect_uri, "website": _site(redirect_uri)}
        for scopes in (" ".join(SCOPES), COARSE):
            try:
                answer = await request(
                    session, "POST", f"{base}/api/v1/apps", json={**asked, "scopes": scopes}
                )
            except Rejected as error:
                if error.code == "content_refused" and scopes != COARSE:
                    continue
                raise NotPermitted("server_closed", host=urlsplit(base).hostname or "") from None
            except (AuthExpired, NotPermitted):
                raise NotPermitted("server_closed", host=urlsplit(base).hostname or "") from None
            told = table(json_of(answer))
            client, secret = word(told.get("client_id")), word(told.get("client_secret"))
            if not client or not secret:
                raise UnexpectedAnswer("other_shape", host=urlsplit(base).hostname or "", excerpt="client_id")
            return {"server": base, "client_id": client, "client_secret": secret, "scopes": scopes}
        raise AssertionError("the second round returns or raises")

    def outgrown(self, registration: Mapping[str, str]) -> bool:
        """Whether it was made for fewer permissions than are asked for today."""
        made = set(registration.get("scopes", "").split())
        return made != set(COARSE.split()) and not made >= set(SCOPES)

    async def authorise_url(self, session: Session, sign_in: SignIn) -> Authorisation:
        """The page of the server where the person says yes."""
        kept = sign_in.registration
        verifier = token_urlsafe(48)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": kept["client_id"],
            "redirect_uri": sign_in.redirect_uri,
            "response_type": "code",
            "scope": kept["scopes"],
            "state": sign_in.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        pending = {"state": sign_in.state, "verifier": verifier}
        return Authorisation(url=f"{kept['server']}/oauth/authorize?{urlencode(asked)}", pending=pending)

    async def exchange(
        self, session: Session, sign_in: SignIn, pending: Mapping[str, str], answer: Mapping[str, str]
    ) -> Grant:
        """The token of the way back, or the one that was typed."""
        if sign_in.kind == "token":
            base = origin_of(sign_in.fields.get("server", ""))
            token = sign_in.fields.get("token", "").strip()
            if not token:
                raise AuthExpired("sign_in_refused", host=urlsplit(base).hostname or "")
            return Grant(credentials={"server": base, "token": token})
        if sign_in.kind != "oauth":
            raise Rejected("sign_in_kind_unknown", kind=sign_in.kind)
        kept = sign_in.registration
        server = urlsplit(kept["server"]).hostname or ""
        if answer.get("error"):
            raise NotPermitted("sign_in_cancelled", host=server)
        if not answer.get("code") or answer.get("state") != pending.get("state"):
            raise Rejected("sign_in_mismatch", host=server)
        asked = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "client_id": kept["client_id"],
            "client_secret": kept["client_secret"],
            "redirect_uri": sign_in.redirect_uri,
            "scope": kept["scopes"],
            "code_verifier": pending["verifier"],
        }
        try:
            got = await request(session, "POST", f"{kept['server']}/oauth/token", form=asked)
        except Rejected:
            raise AuthExpired("sign_in_mismatch", host=server) from None
        told = table(json_of(got))
        access = told.get("access_token")
        if not isinstance(access, str) or not access:
            raise UnexpectedAnswer("other_shape", host=server, excerpt="access_token")
        names = ("server", "client_id", "client_secret")
        credentials = {**{name: kept[name] for name in names}, "token": access}
        return Grant(credentials=credentials, scopes=tuple(word(told.get("scope")).split()))

    async def refresh(self, session: Session) -> Grant:
        """These tokens do not end by themselves: one that was refused asks for a person."""
        raise AuthExpired("sign_in_needed", host=host(session))

    async def accounts(self, session: Session) -> tuple[Account, ...]:
        """The one account of the token."""
        answer = await call(session, "GET", "/api/v1/accounts/verify_credentials")
        told = table(json_of(answer))
        local, name, here = word(told.get("id")), word(told.get("acct")), host(session)
        if not local:
            raise UnexpectedAnswer("other_shape", host=here, excerpt="account")
        return (
            Account(
                remote_id=local,
                handle=f"{name}@{here}",
                name=word(text(told.get("display_name"))) or name,
                url=web_address(told.get("url")),
                avatar_url=web_address(told.get("avatar")),
                server=here,
            ),
        )

    async def people(self, session: Session, typed: str) -> tuple[RemoteAuthor, ...]:
        """By the beginning of a name, among those the server knows, whatever their own server."""
        sought = word(typed, most=80).lstrip("@")
        if not sought:
            return ()
        answer = await call(session, "GET", "/api/v1/accounts/search", params={"q": sought, "limit": "10"})
        return tuple(
            RemoteAuthor(
                remote_id=web_address(told.get("url")) or word(told.get("acct")),
                handle=word(told.get("acct")),
                name=word(text(told.get("display_name"))),
                url=web_address(told.get("url")),
                avatar_url=web_address(told.get("avatar")),
            )
            for told in map(table, rows(json_of(answer))[:10])
        )

    async def revoke(self, session: Session) -> None:
        """The token dies; one typed by hand is removed in the server's settings."""
        kept = session.credentials
        if not kept.get("client_secret"):
            return
        asked = {
            "client_id": kept["client_id"],
            "client_secret": kept["client_secret"],
            "token": kept["token"],
        }
        try:
            await request(session, "POST", f"{kept['server']}/oauth/revoke", form=asked)
        except (AuthExpired, NotPermitted, Rejected):
            return  # dead already


def _site(redirect_uri: str) -> str:
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}://{parts.netloc}"
