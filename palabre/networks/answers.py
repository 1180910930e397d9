"""From what came back over HTTP to the exact error type: the one table every connector shares."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO

import httpx

from palabre.kit.http import Answer, Body, HttpFailure
from palabre.kit.uploads import Upload
from palabre.networks.contract import Session
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    NotPermitted,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
    UnexpectedAnswer,
)

DEFAULT_WAIT = 60.0
"""Seconds to wait when a server says "too many" and not for how long."""
LONGEST_WAIT = 86_400.0
# The address itself is at fault: nothing changes until a person edits it.
_REFUSED_HERE = frozenset(("bad_url", "bad_scheme", "forbidden_port", "forbidden_address"))
# A write that got one of these may have been carried out behind the proxy that answered.
_UNSURE = frozenset((500, 502, 504, 520, 522, 524))
_TEMPORARY = frozenset((408, 421, 423, 425, 500, 502, 503, 504, 507, 508, 509))


async def ask(
    session: Session,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    content: Body | None = None,
    max_bytes: int = 10_000_000,
    write: bool = False,
) -> Answer:
    """One exchange: an answer of 2xx or 304, or the `NetworkError` that says what to do.

    `write`: the request changes something, so a lost answer is `OutcomeUnknown`.
    """
    try:
        answer = await session.http.request(
            method,
            url,
            headers=headers,
            params=params,
            json=json,
            form=form,
            content=content,
            max_bytes=max_bytes,
        )
    except HttpFailure as failure:
        raise from_failure(failure, write=write) from None
    return accepted(answer, now=session.now(), write=write)


async def ask_json(session: Session, method: str, url: str, **options: Any) -> Any:
    """As `ask`, and the body parsed as JSON."""
    return json_of(await ask(session, method, url, **options))


def from_failure(failure: HttpFailure, *, write: bool = False) -> NetworkError:
    """The error behind a request that got no answer; its code is the failure's reason."""
    if write and failure.sent:
        return OutcomeUnknown("outcome_unknown", host=failure.host)
    if failure.reason in _REFUSED_HERE:
        return Rejected(failure.reason, host=failure.host, detail=failure.detail)
    if failure.reason == "stream_refused" and failure.detail:
        status = int(failure.detail)
        refused = from_status(status, host=failure.host)
        return refused or UnexpectedAnswer("unexpected_status", status=status, host=failure.host)
    return Temporary(failure.reason, host=failure.host, detail=failure.detail)


def accepted(answer: Answer, *, now: datetime, write: bool = False) -> Answer:
    """The answer itself when it is 2xx or 304, else raises the error of its status."""
    wait = retry_after(answer.headers.get("retry-after"), now=now)
    host = _host(answer.url)
    error = from_status(answer.status, wait=wait, write=write, host=host)
    if error is not None:
        raise error
    return answer


def from_status(
    status: int, *, wait: float | None = None, write: bool = False, host: str = ""
) -> NetworkError | None:
    """The error a status means, None for a success; `wait` is the server's Retry-After in seconds."""
    if 200 <= status < 300 or status == 304:
        return None
    if status == 401:
        return AuthExpired("sign_in_needed", host=host)
    if status == 402:
        return NotPermitted("payment_needed", host=host)
    if status in (403, 451):
        return NotPermitted("forbidden" if status == 403 else "legally_blocked", host=host)
    if status == 404:
        return Rejected("not_found", host=host)
    if status == 410:
        return Gone("gone", host=host)
    if status == 429:
        return RateLimited("too_many_requests", retry_after=DEFAULT_WAIT if wait is None else wait)
    if write and status in _UNSURE:
        return OutcomeUnknown("outcome_unknown", host=host)
    if status in _TEMPORARY or status >= 500:
        return Temporary("server_trouble", retry_after=wait, status=status, host=host)
    if 400 <= status < 500:
        return Rejected("request_refused", status=status, host=host)
    return UnexpectedAnswer("unexpected_status", status=status, host=host)


def json_of(answer: Answer) -> Any:
    """The body as JSON. Raises `UnexpectedAnswer` with a short excerpt of what came instead."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise UnexpectedAnswer("not_json", host=_host(answer.url), excerpt=excerpt(answer.body)) from None


@contextmanager
def written(host: str) -> Iterator[None]:
    """Reading the answer to a write that was accepted: what cannot be read leaves its outcome unknown."""
    try:
        yield
    except UnexpectedAnswer:
        raise OutcomeUnknown("outcome_unknown", host=host) from None


@contextmanager
def gone_where_missing(code: str, *, host: str) -> Iterator[None]:
    """Speaking of one thing by its id: "not found" says that it is gone."""
    try:
        yield
    except Rejected as error:
        if error.code != "not_found":
            raise
        raise Gone(code, host=host) from None


def excerpt(body: bytes, *, limit: int = 120) -> str:
    """The first characters of an answer on one line, anything that could be a secret left out."""
    words = body[: limit * 8].decode("utf-8", "replace").split()
    # A token is one long word: prose, markup names and field names are not.
    return " ".join(word if len(word) <= 30 else "…" for word in words)[:limit]


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds to wait as a Retry-After header says it (a number or a date), within a day; None if unclear."""
    if not value:
        return None
    text = value.strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except (TypeError, ValueError, IndexError):
            return None
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        seconds = (when - now).total_seconds()
    if seconds != seconds:
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2][:253]


def multipart(
    fields: Mapping[str, str], *, name: str, file: str, mime: str, content: Callable[[], BinaryIO]
) -> tuple[str, Upload]:
    """A form with one file, which comes last: its Content-Type and its body, read as it leaves."""
    built = httpx.Request("POST", "http://form", data=dict(fields), files={name: (file, b"", mime)})
    kind = built.headers["content-type"]
    after = f"\r\n--{kind.partition('boundary=')[2]}--\r\n".encode()
    return kind, Upload.of(content, before=built.read().removesuffix(after), after=after)
