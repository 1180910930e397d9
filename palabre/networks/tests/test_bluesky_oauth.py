"""Signing in at Bluesky by OAuth: pushed requests, proofs of possession, nonces, and answers of others."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from palabre.kit.mailbox import Mailboxes
from palabre.networks.bluesky import connector as bluesky
from palabre.networks.contract import Session, SignIn
from palabre.networks.errors import AuthExpired, NotPermitted, Rejected
from palabre.networks.outgoing import Outgoing, Part
from tests.contract.bluesky_server import DID, HANDLE, BlueskyServer
from tests.contract.scene import NOW, SECRET, RecordedHttp, Reply, Request
from tests.contract.stage import drive


def outgoing(key: str = "delivery-1") -> Outgoing:
    return Outgoing(key=key, begun_at=NOW, parts=(Part(text="Bonjour"),))


class AuthorisationServer:
    """PAR, tokens bound to a key, a nonce that must be repeated."""

    def __init__(self) -> None:
        self.nonce = "nonce-1"
        self.pushed: dict[str, str] = {}
        self.home = BlueskyServer()
        self.proofs: list[dict[str, Any]] = []

    def answer(self, request: Request) -> Reply:
        """As an account server that is its own authorisation server."""
        base = "https://pds.example"
        match request.path.rpartition("/")[2]:
            case "oauth-protected-resource":
                return Reply(body={"resource": base, "authorization_servers": [base]})
            case "oauth-authorization-server":
                ends = {
                    "authorization_endpoint": f"{base}/oauth/authorize",
                    "token_endpoint": f"{base}/oauth/token",
                    "pushed_authorization_request_endpoint": f"{base}/oauth/par",
                    "revocation_endpoint": f"{base}/oauth/revoke",
                }
                return Reply(body={"issuer": base, **ends})
            case "par" | "token" | "revoke" as name:
                return self._proven(request) or getattr(self, f"_{name}")(request.form)
        if request.path.startswith("/xrpc/com.atproto.identity"):
            return self.home.answer(request)
        refused = self._proven(request)
        if refused is not None:
            return refused
        token = request.headers["authorization"].removeprefix("DPoP ")
        self.home.tokens.add(token)
        return self.home.answer(
            replace(request, headers={**request.headers, "authorization": f"Bearer {token}"})
        )

    def _proven(self, request: Request) -> Reply | None:
        claims = proved(request.headers["dpop"])
        self.proofs.append(claims)
        assert claims["htm"] == request.method and claims["htu"] == request.url.partition("?")[0]
        token = request.headers.get("authorization", "").removeprefix("DPoP ")
        if token:
            assert claims["ath"] == encoded(sha256(token.encode()).digest())
        if claims.get("nonce") == self.nonce:
            return None
        headers = {"DPoP-Nonce": self.nonce}
        return Reply(status=401 if token else 400, body={"error": "use_dpop_nonce"}, headers=headers)

    def _par(self, form: dict[str, str]) -> Reply:
        self.pushed = dict(form)
        return Reply(status=201, body={"request_uri": "urn:request:1", "expires_in": 60})

    def _token(self, form: dict[str, str]) -> Reply:
        if form["grant_type"] == "authorization_code":
            challenge = encoded(sha256(form["code_verifier"].encode()).digest())
            if form["code"] != SECRET or challenge != self.pushed["code_challenge"]:
                return Reply(status=400, body={"error": "invalid_grant"})
        elif form["refresh_token"] != f"refresh-{SECRET}":
            return Reply(status=400, body={"error": "invalid_grant"})
        told = {
            "access_token": f"access-{SECRET}",
            "refresh_token": f"refresh-{SECRET}",
            "token_type": "DPoP",
        }
        return Reply(body={**told, "sub": DID, "expires_in": 3600, "scope": "atproto transition:generic"})

    def _revoke(self, form: dict[str, str]) -> Reply:
        return Reply(body={})


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def proved(proof: str) -> dict[str, Any]:
    """The claims of a proof, its signature checked by the key it shows."""
    head, claims, signature = proof.split(".")
    shown = json.loads(decoded(head))
    assert (
        shown["typ"] == "dpop+jwt"
        and shown["alg"] == "ES256"
        and set(shown["jwk"]) == {"kty", "crv", "x", "y"}
    )
    x, y = (int.from_bytes(decoded(shown["jwk"][name]), "big") for name in ("x", "y"))
    raw = decoded(signature)
    sealed = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    key.verify(sealed, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return dict(json.loads(decoded(claims)))


def session(answers: Callable[[Request], Any], **credentials: str) -> Session:
    return Session(
        http=RecordedHttp(answers), mailboxes=Mailboxes(), now=lambda: NOW, credentials=credentials
    )


OAUTH = SignIn(
    kind="oauth",
    fields={"identifier": f"@{HANDLE}", "server": "pds.example"},
    redirect_uri="https://palabre.example/back",
    state="state",
    registration={"client_id": "https://palabre.example/client.json"},
)


async def test_oauth_pushes_its_request_and_its_tokens_are_bound_to_a_key() -> None:
    server = AuthorisationServer()
    page = await bluesky.authorise_url(session(server.answer), OAUTH)
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"client_id": ["https://palabre.example/client.json"], "request_uri": ["urn:request:1"]}
    assert server.pushed["login_hint"] == HANDLE and server.pushed["code_challenge_method"] == "S256"
    back = {"code": SECRET, "state": "state", "iss": "https://pds.example"}
    grant = await bluesky.exchange(session(server.answer), OAUTH, page.pending, back)
    assert grant.expires_at == NOW + timedelta(hours=1) and grant.scopes == ("atproto", "transition:generic")
    assert SECRET not in repr(grant) + repr(page)
    signed = replace(session(server.answer), credentials=grant.credentials)
    (account,) = await bluesky.accounts(signed)
    assert account.remote_id == DID
    published = await drive(bluesky, replace(signed, account=DID), outgoing())
    assert published.complete and len(server.home.records) == 1
    server.nonce = "nonce-2"  # asked for a new nonce in the middle, a write is sent once
    again = await drive(bluesky, replace(signed, account=DID), outgoing("delivery-2"))
    assert again.complete and len(server.home.records) == 2
    assert len({proof["jti"] for proof in server.proofs}) == len(server.proofs)
    renewed = await bluesky.refresh(signed)
    assert renewed.credentials["dpop_key"] == grant.credentials["dpop_key"]
    with pytest.raises(AuthExpired):
        await bluesky.refresh(replace(signed, credentials={**grant.credentials, "refresh": "dead"}))
    await bluesky.revoke(signed)


@pytest.mark.parametrize(
    ("back", "error"),
    [
        ({"error": "access_denied", "state": "state", "iss": "https://pds.example"}, NotPermitted),
        ({"code": SECRET, "state": "other", "iss": "https://pds.example"}, Rejected),
        ({"code": SECRET, "state": "state", "iss": "https://evil.example"}, Rejected),
        ({"code": "wrong", "state": "state", "iss": "https://pds.example"}, AuthExpired),
    ],
)
async def test_oauth_takes_no_answer_that_is_not_its_own(
    back: dict[str, str], error: type[Exception]
) -> None:
    server = AuthorisationServer()
    page = await bluesky.authorise_url(session(server.answer), OAUTH)
    with pytest.raises(error):
        await bluesky.exchange(session(server.answer), OAUTH, page.pending, back)


async def test_oauth_refuses_tokens_of_another_account() -> None:
    server = AuthorisationServer()
    page = await bluesky.authorise_url(session(server.answer), OAUTH)
    pending = {**page.pending, "did": "did:plc:somebodyelse"}
    with pytest.raises(Rejected):
        back = {"code": SECRET, "state": "state", "iss": "https://pds.example"}
        await bluesky.exchange(session(server.answer), OAUTH, pending, back)


def test_the_document_of_the_client_names_its_own_address() -> None:
    told = bluesky.client_document("https://p.example/c.json", "https://p.example/back")
    assert told["client_id"] == "https://p.example/c.json" and told["redirect_uris"] == [
        "https://p.example/back"
    ]
    assert told["dpop_bound_access_tokens"] is True and told["client_uri"] == "https://p.example"
