"""The way in: servers, accounts, refusals of the AT Protocol's calls (XRPC)."""

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from palabre.kit.http import Answer, HttpFailure
from palabre.networks.answers import accepted, from_failure, json_of
from palabre.networks.bluesky.lines import host_of
from palabre.networks.bluesky.manifest import SIGN_IN, VIEW
from palabre.networks.contract import (
    Session,
    Watch,
)
from palabre.networks.errors import (
    AuthExpired,
    Gone,
    Problem,
    RateLimited,
    Rejected,
    UnexpectedAnswer,
)
from palabre.networks.shapes import (
    moment_of,
    table,
    word,
)


@dataclass(frozen=True, kw_only=True)
class Door:
    """An open way to a server; the tokens never show."""

    server: str
    token: str = field(default="", repr=False)
    renewal: str = field(default="", repr=False)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class Doors:
    """Sessions kept between calls: a server allows thirty sign-ins in five minutes, 300 a day."""

    MOST = 200

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str, int], Door] = OrderedDict()

    async def open(self, session: Session, watch: Watch, *, again: bool = False) -> Door:
        """The session of the watch's account, renewed when asked `again`; anonymous without account."""
        identifier = session.credentials.get("identifier") or watch.options.get("identifier") or ""
        password = session.credentials.get("app_password") or watch.options.get("app_password") or ""
        if not (identifier and password):
            return Door(server=server_of(watch))
        server = server_of(watch, otherwise=SIGN_IN)
        place = (server, identifier, hash(password))
        kept = self._open.pop(place, None)
        if kept is None or again:
            kept = await self._renewed(session, kept) or await self._signed_in(
                session, server, identifier.lstrip("@"), password
            )
        self._open[place] = kept
        while len(self._open) > self.MOST:
            self._open.popitem(last=False)
        return kept

    async def _renewed(self, session: Session, door: Door | None) -> Door | None:
        if door is None or not door.renewal:
            return None
        url = f"{door.server}/xrpc/com.atproto.server.refreshSession"
        try:
            answer = await request(session, "POST", url, headers={"Authorization": f"Bearer {door.renewal}"})
        except AuthExpired:
            return None
        return self._door(door.server, json_of(answer))

    async def _signed_in(self, session: Session, server: str, identifier: str, password: str) -> Door:
        url = f"{server}/xrpc/com.atproto.server.createSession"
        answer = await request(session, "POST", url, json={"identifier": identifier, "password": password})
        return self._door(server, json_of(answer))

    @staticmethod
    def _door(server: str, answer: Any) -> Door:
        token, renewal = table(answer).get("accessJwt"), table(answer).get("refreshJwt")
        if not isinstance(token, str) or not token:
            raise UnexpectedAnswer("other_shape", host=host_of(server), excerpt="accessJwt")
        return Door(server=server, token=token, renewal=renewal if isinstance(renewal, str) else "")


async def request(session: Session, method: str, url: str, *, write: bool = False, **options: Any) -> Answer:
    """One exchange; XRPC says with a word in the body what a plain 400 means (`params["name"]`)."""
    try:
        answer = await session.http.request(method, url, **options)
    except HttpFailure as failure:
        raise from_failure(failure, write=write) from None
    return understood(session, answer, host=host_of(url), write=write)


def understood(session: Session, answer: Answer, *, host: str, write: bool = False) -> Answer:
    """The answer itself, or the error that it is."""
    if answer.status < 400:
        return accepted(answer, now=session.now(), write=write)
    name, said = refusal(answer)
    if name in ("ExpiredToken", "InvalidToken", "invalid_token"):
        raise AuthExpired("sign_in_needed", host=host)
    if name in ("AccountTakedown", "AccountDeactivated", "BlockedActor"):
        raise Gone("gone", host=host)
    if name in ("RecordNotFound", "InvalidSwap") or (answer.status == 400 and "not found" in said.lower()):
        raise Rejected("not_found", host=host, name=name)
    if write and name and answer.status == 400:
        problem = Problem(field="text", code="refused_by_network", detail=said)
        raise Rejected("content_refused", problems=(problem,), host=host, name=name, detail=said)
    reset = wait_of(answer, session.now())
    if answer.status == 429 and reset is not None and "retry-after" not in answer.headers:
        raise RateLimited("too_many_requests", retry_after=reset)
    return accepted(answer, now=session.now(), write=write)


def refusal(answer: Answer) -> tuple[str, str]:
    """The word and the sentence of an error, empty where there are none."""
    try:
        told = table(json.loads(answer.body))
    except (ValueError, RecursionError):
        return "", ""
    return word(told.get("error")), word(told.get("message"), most=200)


def wait_of(answer: Answer, now: datetime) -> float | None:
    """Seconds until the budget is whole again, when nothing is left of it."""
    reset = answer.headers.get("ratelimit-reset", "")
    if answer.headers.get("ratelimit-remaining") != "0" or not reset.isdigit():
        return None
    whole = moment_of(int(reset))
    return None if whole is None else min(max((whole - now).total_seconds(), 0.0), 3600.0)


def server_of(watch: Watch, *, otherwise: str = VIEW) -> str:
    typed = (watch.options.get("server") or otherwise).strip().rstrip("/")
    return typed if "://" in typed else f"https://{typed}"


def stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"
