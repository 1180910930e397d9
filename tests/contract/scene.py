"""What a network's recorded scenes are made of: who asks what, what is answered, what must come out.

Every registered network has a module `tests/contract/scenes/<key>.py` that exports `SCENES`. The
suite plays it against the connector with every socket shut: what a scene does not answer, fails.
"""

import json
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from palabre.kit.http import Answer, Body, Http, HttpFailure
from palabre.kit.mailbox import Mailboxes
from palabre.kit.uploads import Upload
from palabre.networks.contract import Cursor, Session, Watch
from palabre.networks.errors import NetworkError

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""The clock of every scene."""

SECRET = "s3cr3t-0f-th3-sc3n3"
"""Every credential and secret option of a scene holds this word; the suite looks for it in all it hears."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the connector asked; `params` come from the address and from the call together."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    content: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        """The address without its query."""
        return urlsplit(self.url).path

    @property
    def host(self) -> str:
        """The name asked for."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the network answers; a body that is not text or bytes is sent as JSON."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    moved_to: str | None = None

    def answer(self, url: str) -> Answer:
        """As `Http.request` gives it."""
        body = self.body
        if isinstance(body, str):
            body = body.encode()
        elif not isinstance(body, bytes):
            body = json.dumps(body).encode()
        return Answer(
            status=self.status,
            headers=httpx.Headers(dict(self.headers)),
            body=body,
            url=self.moved_to or url,
            moved_to=self.moved_to,
        )


Answers = Callable[[Request], Reply | HttpFailure]
Messages = Callable[[Request], Iterable[str | bytes | HttpFailure]]


def silent(request: Request) -> HttpFailure:
    """The answers of a scene that asks nothing over HTTP."""
    raise AssertionError(f"nothing answers {request.method} {request.url} in this scene")


def shut(request: Request) -> Iterable[str | bytes | HttpFailure]:
    """The messages of a scene that opens no WebSocket."""
    raise AssertionError(f"no socket answers {request.url} in this scene")


class RecordedHttp(Http):
    """An `Http` that never opens a socket: it plays a scene and remembers what was asked."""

    def __init__(
        self, answers: Answers = silent, messages: Messages = shut, lines: Messages | None = None
    ) -> None:
        super().__init__()
        self._answers = answers
        self._messages = messages
        self._lines = lines
        self.asked: list[Request] = []

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: Body | None = None,
        max_bytes: int = 10_000_000,
    ) -> Answer:
        if isinstance(content, Upload):
            held = b"".join([piece async for piece in content])
            assert len(held) == content.size, "a body is as long as it says"
            content = held
        request = _request(method, url, headers, params, json, form, content)
        self.asked.append(request)
        reply = self._answers(request)
        if isinstance(reply, HttpFailure):
            raise reply
        answer = reply.answer(url)
        if len(answer.body) > max_bytes:
            raise HttpFailure("too_large", request.host, str(max_bytes), sent=True)
        return answer

    async def websocket(
        self, url: str, *, headers: Mapping[str, str] | None = None, **limits: Any
    ) -> AsyncGenerator[str | bytes, None]:
        request = _request("GET", url, headers, None, None, None)
        self.asked.append(request)
        for message in self._messages(request):
            if isinstance(message, HttpFailure):
                raise message
            yield message
        raise HttpFailure("stream_ended", request.host)

    async def lines(
        self, url: str, *, headers: Mapping[str, str] | None = None, **limits: Any
    ) -> AsyncGenerator[str, None]:
        request = _request("GET", url, headers, None, None, None)
        self.asked.append(request)
        for line in (self._lines or shut)(request):
            if isinstance(line, HttpFailure):
                raise line
            yield str(line)
        raise HttpFailure("stream_ended", request.host)


def _request(
    method: str,
    url: str,
    headers: Mapping[str, str] | None,
    params: Mapping[str, str] | None,
    json: Any,
    form: Mapping[str, str] | None,
    content: bytes | None = None,
) -> Request:
    inside = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    lowered = {name.lower(): value for name, value in (headers or {}).items()}
    return Request(
        method=method,
        url=url,
        params=inside | dict(params or {}),
        headers=lowered,
        json=json,
        form=form,
        content=content or b"",
    )


@dataclass(frozen=True, kw_only=True)
class Unlike:
    """A failure that this network rightly tells apart from the shared table, and why."""

    error: type[NetworkError] | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A watch looked at from its beginning until `more` is false: `ids` come out, each once.

    `unlike`: failure name (see `suite.FAILURES`) to what this walk raises instead; `error` None
    means that the answer is a good one here (a page of HTML, for those who read pages).
    `repeats`: ids that a further look from the last cursor may give again.
    """

    name: str
    watch: Watch
    ids: tuple[str, ...]
    answers: Answers = silent
    credentials: Mapping[str, str] = field(default_factory=dict)
    mailboxes: Callable[[], Mailboxes] = Mailboxes
    unlike: Mapping[str, Unlike] = field(default_factory=dict)
    repeats: frozenset[str] = frozenset()

    def session(self, answers: Answers | None = None) -> Session:
        """A fresh session on this scene, or on other answers."""
        return Session(
            http=RecordedHttp(answers or self.answers),
            mailboxes=self.mailboxes(),
            now=lambda: NOW,
            credentials=self.credentials,
        )


@dataclass(frozen=True, kw_only=True)
class Listening:
    """A watch listened to: the messages of one connection, and the ids that come out before it breaks.

    The line is cut after each message and resumed from the cursor reached: what comes then must complete
    `ids`. `messages` sees the request, its cursor included, and answers as the network would; a scene
    that keeps a state makes it anew in `begin`. `gone` are the ids whose removal is asked for.
    """

    name: str
    watch: Watch
    ids: tuple[str, ...]
    messages: Messages = shut
    answers: Answers = silent
    lines: Messages | None = None
    cursor: Cursor | None = None
    credentials: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    begin: Callable[[], None] = lambda: None
    unlike: Mapping[str, Unlike] = field(default_factory=dict)

    def session(self, messages: Messages | None = None) -> Session:
        """A fresh session on this scene, or on other messages."""
        return Session(
            http=RecordedHttp(self.answers, messages or self.messages, self.lines),
            mailboxes=Mailboxes(),
            now=lambda: NOW,
            credentials=self.credentials,
        )

    def cut_after(self, count: int) -> "Listening":
        """The same scene, the line breaking after `count` messages."""

        def cut(request: Request) -> Iterable[str | bytes | HttpFailure]:
            for place, message in enumerate(self.messages(request)):
                if place == count:
                    return
                yield message

        return replace(self, messages=cut)


@dataclass(frozen=True, kw_only=True)
class Scenes:
    """Everything recorded of one network.

    `raw`: answers beyond those of the walks that `normalise` must survive, real ones first, with the
    watch they belong to. `plain_text`: the network's texts are plain, so `<b>` is what somebody typed
    and stays. `impossible`: name of a check (see `suite.CHECKS`) to the reason why it cannot be played.
    """

    key: str
    walks: tuple[Walk, ...] = ()
    listenings: tuple[Listening, ...] = ()
    raw: tuple[tuple[Any, Watch], ...] = ()
    plain_text: bool = False
    impossible: Mapping[str, str] = field(default_factory=dict)
