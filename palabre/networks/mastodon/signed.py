"""Calls of an account that signed in at a server of the Mastodon API, and what their refusals mean."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from palabre.kit.http import Answer, HttpFailure
from palabre.networks.answers import accepted, from_failure
from palabre.networks.contract import Session
from palabre.networks.errors import AuthExpired, Problem, RateLimited, Rejected
from palabre.networks.mastodon.calls import reset_of
from palabre.networks.shapes import table, word


async def call(
    session: Session,
    method: str,
    path: str,
    *,
    write: bool = False,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Answer:
    """One exchange with the account's token; options are those of `Http.request`.

    `write`: a lost answer is `OutcomeUnknown`. Raises `AuthExpired` without credentials.
    """
    kept = session.credentials
    if not kept.get("token"):
        raise AuthExpired("sign_in_needed", host=host(session))
    sent = {"Authorization": f"Bearer {kept['token']}", **(headers or {})}
    return await request(session, method, kept["server"] + path, write=write, headers=sent, **options)


async def request(session: Session, method: str, url: str, *, write: bool = False, **options: Any) -> Answer:
    """One exchange; a server says in a sentence why it refuses a content (400 here, 422 there)."""
    try:
        answer = await session.http.request(method, url, **options)
    except HttpFailure as failure:
        raise from_failure(failure, write=write) from None
    reset = reset_of(answer, session.now())
    if answer.status == 429 and reset is not None and "retry-after" not in answer.headers:
        raise RateLimited("too_many_requests", retry_after=reset)
    if answer.status in (400, 422) and method != "GET":
        said = _refusal(answer)
        problem = Problem(field="text", code="refused_by_network", detail=said)
        raise Rejected("content_refused", problems=(problem,), host=urlsplit(url).hostname or "", detail=said)
    return accepted(answer, now=session.now(), write=write)


def host(session: Session) -> str:
    """The name of the account's server."""
    return urlsplit(session.credentials.get("server", "")).hostname or ""


def _refusal(answer: Answer) -> str:
    try:
        told = table(json.loads(answer.body))
    except (ValueError, RecursionError):
        return str(answer.status)
    return word(told.get("error_description") or told.get("error"), most=200) or str(answer.status)
