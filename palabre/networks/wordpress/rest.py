"""Calls of the REST interface of a site, and what its refusals mean.

Read on 2026-11-23: https://developer.wordpress.org/rest-api/
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from palabre.kit.http import Answer, HttpFailure
from palabre.networks.answers import accepted, from_failure
from palabre.networks.contract import Session
from palabre.networks.errors import AuthExpired, NotPermitted, Problem, RateLimited, Rejected
from palabre.networks.servers import safe_server
from palabre.networks.shapes import table, word

_TARGETS = {
    "rest_comment_invalid_post_id": "reply_target_missing",
    "rest_comment_trash_post": "reply_target_missing",
    "rest_comment_draft_post": "reply_target_missing",
    "rest_comment_closed": "replies_closed",
}
"""Why a page takes no comment: the problem that it is."""


async def call(
    session: Session,
    method: str,
    path: str,
    *,
    write: bool = False,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Answer:
    """One exchange with the account's application password; options are those of `Http.request`.

    `write`: a lost answer is `OutcomeUnknown`. Raises `AuthExpired` without credentials.
    """
    kept = session.credentials
    if not (kept.get("api") and kept.get("app_password")):
        raise AuthExpired("sign_in_needed", host=host(session))
    spoken = b64encode(f"{kept['user']}:{kept['app_password']}".encode()).decode()
    sent = {"Authorization": f"Basic {spoken}", **(headers or {})}
    try:
        answer = await session.http.request(method, kept["api"] + path, headers=sent, **options)
    except HttpFailure as failure:
        raise from_failure(failure, write=write) from None
    return understood(session, answer, host=host(session), write=write, asked=method)


def understood(
    session: Session, answer: Answer, *, host: str, write: bool = False, asked: str = "GET"
) -> Answer:
    """The answer itself, or the error that its code names."""
    if answer.status < 400:
        return accepted(answer, now=session.now(), write=write)
    code, said = refusal(answer)
    if code in ("incorrect_password", "invalid_username", "rest_not_logged_in", "invalid_email"):
        raise AuthExpired("sign_in_needed", host=host)
    if code == "rest_invalid_param" and _as_stranger(answer):
        raise AuthExpired("sign_in_needed", host=host)
    if code == "rest_no_route":
        raise Rejected("site_has_no_api", host=host, name=code)
    if code == "rest_forbidden_context" or code.startswith("rest_cannot_"):
        raise NotPermitted("scope_missing", host=host, scope=code.removeprefix("rest_cannot_"))
    if code == "rest_trash_not_supported":
        raise Rejected("no_bin", host=host)
    if code == "comment_flood":
        raise RateLimited("too_many_requests", retry_after=15.0)
    if code in _TARGETS and asked == "POST":
        problem = Problem(field="reply_to", code=_TARGETS[code])
        raise Rejected("problems_found", problems=(problem,), count=1)
    if answer.status in (400, 409) and code and asked != "GET":
        problem = Problem(field=_field(answer), code="refused_by_network", detail=said)
        raise Rejected("content_refused", problems=(problem,), host=host, name=code, detail=said)
    return accepted(answer, now=session.now(), write=write)


def refusal(answer: Answer) -> tuple[str, str]:
    """The code and the sentence of an error, empty where there are none."""
    try:
        told = table(json.loads(answer.body))
    except (ValueError, RecursionError):
        return "", ""
    return word(told.get("code")), word(told.get("message"), most=200)


def _as_stranger(answer: Answer) -> bool:
    """Whether a parameter was refused because nobody was signed in: a dead password shows so in a search."""
    details = table(table(table(json.loads(answer.body)).get("data")).get("details"))
    return any(table(table(told).get("data")).get("status") == 401 for told in details.values())


def _field(answer: Answer) -> str:
    """Which field a refusal is about, as far as the site says."""
    params = table(table(table(json.loads(answer.body)).get("data")).get("params"))
    names = {"content": "text", "date_gmt": "publish_at", "featured_media": "media"}
    first = next(iter(params), "text")
    return names.get(first, first if first in ("title", "slug", "excerpt", "categories", "tags") else "text")


def host(session: Session) -> str:
    """The name of the account's site."""
    return urlsplit(session.credentials.get("server", "")).hostname or ""


def site(typed: str) -> str:
    """The address of a site, also where that of its dashboard is typed; raises as `safe_server`."""
    return safe_server(typed).removesuffix("/wp-admin").removesuffix("/wp-login.php").rstrip("/")
