"""Calls of a homeserver's client interface, and what its refusals mean.

Read on 2026-11-23: https://spec.matrix.org/v1.16/client-server-api/#standard-error-response
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from palabre.kit.http import Answer, HttpFailure
from palabre.networks.answers import accepted, from_failure, json_of
from palabre.networks.contract import Session
from palabre.networks.errors import AuthExpired, RateLimited, Rejected
from palabre.networks.shapes import table, word

API = "/_matrix/client/v3"


async def call(
    session: Session, method: str, path: str, *, write: bool = False, base: str = API, **options: Any
) -> Answer:
    """One exchange with the account's token; options are those of `Http.request`.

    `write`: a lost answer is `OutcomeUnknown`. Raises `AuthExpired` without credentials.
    """
    kept = session.credentials
    if not (kept.get("server") and kept.get("token")):
        raise AuthExpired("sign_in_needed", host=host(session))
    headers = {"Authorization": f"Bearer {kept['token']}", **options.pop("headers", {})}
    try:
        answer = await session.http.request(
            method, f"{kept['server']}{base}{path}", headers=headers, **options
        )
    except HttpFailure as failure:
        raise from_failure(failure, write=write) from None
    return understood(session, answer, write=write)


async def asked(session: Session, method: str, path: str, **options: Any) -> Mapping[str, Any]:
    """As `call`: the object that is answered. Raises `UnexpectedAnswer` for anything else than JSON."""
    return table(json_of(await call(session, method, path, **options)))


def understood(session: Session, answer: Answer, *, write: bool = False) -> Answer:
    """The answer itself, or the error that its code names."""
    if answer.status < 400:
        return accepted(answer, now=session.now(), write=write)
    code, told = refusal(answer)
    if code in ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED"):
        raise AuthExpired("sign_in_needed", host=host(session))
    if code == "M_LIMIT_EXCEEDED" and isinstance(wait := told.get("retry_after_ms"), int):
        raise RateLimited("too_many_requests", retry_after=wait / 1000)
    if code == "M_UNRECOGNIZED":
        raise Rejected("not_found", host=host(session))
    return accepted(answer, now=session.now(), write=write)


def refusal(answer: Answer) -> tuple[str, Mapping[str, Any]]:
    """The code of an error and all it says; nothing where the answer is none of a homeserver."""
    try:
        told = table(json.loads(answer.body))
    except (ValueError, RecursionError):
        return "", {}
    return word(told.get("errcode")), told


def of(name: str) -> str:
    """An id or an alias as a part of a path."""
    return quote(name, safe="")


def host(session: Session) -> str:
    """The name of the account's homeserver."""
    return urlsplit(session.credentials.get("server", "")).hostname or ""
