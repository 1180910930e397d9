"""Calls of an account that signed in: with its bearer token, or with a proof of possession (DPoP).

Read on 2026-11-23: https://atproto.com/specs/xrpc, https://atproto.com/specs/oauth, RFC 9449.
"""

import json
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from palabre.kit.http import Answer, HttpFailure
from palabre.networks.answers import from_failure, json_of
from palabre.networks.bluesky.lines import host_of
from palabre.networks.bluesky.xrpc import refusal, understood
from palabre.networks.contract import Session
from palabre.networks.errors import AuthExpired

_NONCES_KEPT = 500
_nonces: OrderedDict[str, str] = OrderedDict()
"""The last nonce of each server: public, and only worth a round trip."""


async def call(session: Session, method: str, name: str, *, write: bool = False, **options: Any) -> Any:
    """The JSON of an XRPC call at the account's own server; options are those of `Http.request`.

    `write`: a lost answer is `OutcomeUnknown`. Raises `AuthExpired` without credentials.
    """
    kept = session.credentials
    if not kept.get("access"):
        raise AuthExpired("sign_in_needed", host=host_of(kept.get("server", "")))
    url = f"{kept['server']}/xrpc/{name}"
    answer = await proven(session, method, url, token=kept["access"], write=write, **options)
    checked = understood(session, answer, host=host_of(url), write=write)
    return json_of(checked) if checked.body else {}


async def proven(
    session: Session,
    method: str,
    url: str,
    *,
    token: str = "",
    key: str = "",
    write: bool = False,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Answer:
    """One request with its token; asked for a new nonce, it is sent once more: nothing was done."""
    key = key or session.credentials.get("dpop_key", "")
    for last in (False, True):
        sent = dict(headers or {})
        if key:
            proof = dpop_proof(
                key, method, url, now=session.now(), nonce=_nonces.get(_origin(url), ""), token=token
            )
            sent["DPoP"] = proof
        if token:
            sent["Authorization"] = f"{'DPoP' if key else 'Bearer'} {token}"
        try:
            answer = await session.http.request(method, url, headers=sent, **options)
        except HttpFailure as failure:
            raise from_failure(failure, write=write) from None
        nonce = answer.headers.get("dpop-nonce", "")
        if nonce:
            _nonces.pop(_origin(url), None)
            _nonces[_origin(url)] = nonce
            if len(_nonces) > _NONCES_KEPT:
                _nonces.popitem(last=False)
        if last or not key or answer.status not in (400, 401) or not _wants_nonce(answer):
            return answer
    raise AssertionError("two rounds at most")


def _wants_nonce(answer: Answer) -> bool:
    return refusal(answer)[0] == "use_dpop_nonce" or "use_dpop_nonce" in answer.headers.get(
        "www-authenticate", ""
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def new_key() -> str:
    """A private key for proofs, as PEM: it belongs to one sign-in and is as secret as its token."""
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def dpop_proof(key: str, method: str, url: str, *, now: datetime, nonce: str = "", token: str = "") -> str:
    """The signed statement that goes beside one request: a JWT of one use."""
    private = serialization.load_pem_private_key(key.encode(), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise AuthExpired("sign_in_needed", host=host_of(url))
    public = private.public_key().public_numbers()
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": encoded(public.x.to_bytes(32, "big")),
        "y": encoded(public.y.to_bytes(32, "big")),
    }
    claims: dict[str, Any] = {
        "jti": token_urlsafe(16),
        "htm": method,
        "htu": url.partition("?")[0].partition("#")[0],
        "iat": int(now.timestamp()),
    }
    if nonce:
        claims["nonce"] = nonce
    if token:
        claims["ath"] = encoded(sha256(token.encode()).digest())
    head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}
    signed = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
    r, s = decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def encoded(raw: bytes) -> str:
    """Base64 for addresses, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
