"""One read of a server, and the addresses of servers, accounts and hashtags."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from palabre.kit.http import Answer, HttpFailure
from palabre.networks.answers import accepted, from_failure, json_of
from palabre.networks.contract import (
    Cursor,
    Page,
    Session,
    Watch,
)
from palabre.networks.errors import (
    NotPermitted,
    RateLimited,
    Rejected,
    UnexpectedAnswer,
)
from palabre.networks.mastodon.statuses import host_of
from palabre.networks.shapes import count, moment, table, word

LIMIT = 40
"""Statuses a page: the most every server gives."""
FIRST_PAGES = 5
"""Pages of the past on the first look at a timeline."""

_TIMELINES = {"public": {}, "local": {"local": "true"}, "live": {}, "live_local": {"local": "true"}}


async def walk(
    session: Session,
    watch: Watch,
    cursor: Cursor | None,
    path: str,
    asked: Mapping[str, str],
    *,
    base: str = "",
) -> Page:
    """One page of a timeline: down from the top the first time, then up from the newest known id."""
    kept = table(cursor)
    newest, older, walked = word(kept.get("newest")), word(kept.get("older")), count(kept.get("walked")) or 0
    asked = {**asked, "limit": str(LIMIT)}
    if older:
        asked["max_id"] = older
    elif newest:
        asked["min_id"] = newest
    base = base or base_of(watch)
    answer = await call(session, watch, base, path, asked)
    found = list_of(json_of(answer), base)
    links = links_of(answer.headers.get("link", ""))
    first, last = (word(table(found[place]).get("id")) if found else "" for place in (0, -1))
    top, bottom = links.get("prev") or first, links.get("next") or last
    wait = wait_of(answer, session.now())
    full = len(found) >= LIMIT // 2  # a server may hide some statuses of a full page
    if newest and not older:
        held = {"newest": top or newest}
        return Page(raw=tuple(found), cursor=held, more=full and held["newest"] != newest, wait=wait)
    begun = {"newest": newest or top} if newest or top else {}
    if full and bottom and bottom != older and walked + 1 < FIRST_PAGES:
        held_down = {**begun, "older": bottom, "walked": walked + 1}
        return Page(raw=tuple(found), cursor=held_down, more=True, wait=wait)
    return Page(raw=tuple(found), cursor=begun, wait=wait)


async def call(session: Session, watch: Watch, base: str, path: str, asked: Mapping[str, str]) -> Answer:
    """One read; what a server refuses to strangers is told apart from a token that no longer works."""
    token = token_of(session, watch)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = await session.http.request("GET", base + path, headers=headers, params=asked)
    except HttpFailure as failure:
        raise from_failure(failure) from None
    if not token and answer.status in (401, 403, 422):
        raise NotPermitted("mastodon_closed", host=host_of(base))
    reset = reset_of(answer, session.now())
    if answer.status == 429 and reset is not None and "retry-after" not in answer.headers:
        raise RateLimited("too_many_requests", retry_after=reset)
    return accepted(answer, now=session.now())


def token_of(session: Session, watch: Watch) -> str:
    return session.credentials.get("token") or watch.options.get("token") or ""


def timeline(watch: Watch) -> tuple[str, Mapping[str, str]]:
    if watch.kind in ("tag", "live_tag"):
        return f"/api/v1/timelines/tag/{quote(tag_of(watch), safe='')}", {}
    if watch.kind in _TIMELINES:
        return "/api/v1/timelines/public", _TIMELINES[watch.kind]
    raise Rejected("unknown_watch", kind=watch.kind)


def tag_of(watch: Watch) -> str:
    tag = watch.target.strip().lstrip("#＃")
    if not tag or not re.fullmatch(r"[\w·]+", tag):
        raise Rejected("bad_tag", typed=word(watch.target, most=80))
    return tag


def base_of(watch: Watch) -> str:
    """The server's address without a path; http is only kept when typed."""
    typed = watch.options.get("server") or ""
    if watch.kind not in ("tag", "live_tag", "search"):
        typed = watch.target or typed
    return origin_of(typed or "mastodon.social")


def origin_of(typed: str) -> str:
    try:
        parts = urlsplit(typed.strip() if "://" in typed else f"https://{typed.strip()}")
        if parts.hostname and parts.scheme in ("http", "https"):
            return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    except ValueError:
        pass
    raise Rejected("bad_url")


def address_of(typed: str) -> tuple[str, str]:
    """The account's name on its server, and the server. Raises `Rejected` for anything else."""
    found = re.fullmatch(r"(?:acct:)?@?(\w[\w.-]*)@([\w.-]+(?::\d+)?)", typed.strip())
    if found:
        return found[1], origin_of(found[2])
    found = re.match(r"(https?://[\w.:-]+)/(?:@|users/)(\w[\w.-]*)(?:@([\w.-]+))?/?$", typed.strip())
    if found:
        return found[2], origin_of(found[3] or found[1])
    raise Rejected("bad_account", typed=word(typed, most=80))


def list_of(value: object, base: str) -> list[Any]:
    if not isinstance(value, list):
        raise UnexpectedAnswer("other_shape", host=host_of(base), excerpt="statuses")
    return value


def links_of(header: str) -> dict[str, str]:
    """The ids in a Link header by relation; its addresses are never followed, only read."""
    found = {}
    for address, relation in re.findall(r'<([^<>]*)>\s*;[^,<]*?rel="?(\w+)"?', header):
        asked = dict(parse_qsl(urlsplit(address).query))
        names = ("max_id",) if relation == "next" else ("min_id", "since_id")
        if any(name in asked for name in names):
            found[relation] = word(next(asked[name] for name in names if name in asked))
    return found


def wait_of(answer: Answer, now: datetime) -> float | None:
    """Seconds until calls are allowed again, when none is left."""
    return reset_of(answer, now) if answer.headers.get("x-ratelimit-remaining") == "0" else None


def reset_of(answer: Answer, now: datetime) -> float | None:
    when = moment(answer.headers.get("x-ratelimit-reset"))
    return None if when is None else min(max((when - now).total_seconds(), 0.0), 3600.0)
