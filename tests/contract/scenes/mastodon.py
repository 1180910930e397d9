"""Mastodon: a server in memory whose answers are checked against the official description."""

import json
from typing import Any

from palabre.kit.http import HttpFailure
from palabre.networks.contract import Watch
from palabre.networks.errors import NotPermitted
from tests.contract.mastodon_server import MastodonServer
from tests.contract.scene import SECRET, Listening, Scenes, Unlike, Walk
from tests.shared import SHARED

_LINK = (
    '<p>Au <strong>café</strong> des Tilleuls &amp; ailleurs&nbsp;: <a href="https://tilleuls.example/une-page">'
    '<span class="invisible">https://</span><span class="ellipsis">tilleuls.example/une</span>'
    '<span class="invisible">-page</span></a><br />avec <span class="h-card"><a class="u-url mention" '
    'href="https://tilleul.example/@ben">@<span>ben</span></a></span> <a class="mention hashtag" '
    'href="https://tilleul.example/tags/cafe">#<span>cafe</span></a></p><p>À bientôt.</p>'
)
_TAGGED = {"tags": [{"name": "cafe", "url": "https://tilleul.example/tags/cafe"}]}


def _server(**options: Any) -> MastodonServer:
    server = MastodonServer(**options)
    for number in range(1, 46):
        server.statuses.append(server.status(number, _LINK, **_TAGGED))
    image = {
        "id": "1",
        "type": "image",
        "url": f"{server.base}/1.png",
        "description": "Une tasse <b>bleue</b>",
    }
    poll_like = {"spoiler_text": "Avis &amp; goûts", "media_attachments": [image], **_TAGGED}
    server.statuses.append(
        server.status(46, "<p>Un musée</p>", name="ben", in_reply_to_id="01X", **poll_like)
    )
    other = MastodonServer(host="loin.example").status(47, "<p>De loin, un musée</p>", name="zoe")
    other["account"]["acct"] = "zoe@loin.example"
    server.statuses.append({**other, **_TAGGED})
    server.statuses.append(server.status(48, "", name="ben", reblog={**other, "reblog": None}))
    return server


OPEN = _server()
MEMBERS = _server(token=SECRET, closed=True)
_URIS = tuple(status["uri"] for status in OPEN.statuses[:47])
_HERE = tuple(uri for uri in _URIS if uri.startswith("https://tilleul.example/"))
_BOOSTED = _URIS[46]

_STRANGER = {
    name: Unlike(error=NotPermitted, reason="nobody is signed in, so the server keeps this for its members")
    for name in ("401", "422")
}
_UNHEARD = {"401": _STRANGER["401"]}


class _Live:
    """A server that goes on talking: begun anew for each run."""

    def __init__(self, *, token: str = "", by_lines: bool = False) -> None:
        self.token, self.by_lines = token, by_lines
        self.server = MastodonServer(token=token)
        self.begin()

    def begin(self) -> None:
        self.server.__init__(token=self.token)  # type: ignore[misc]
        made = [self.server.status(number, f"<p>Numéro {number}</p>", **_TAGGED) for number in range(1, 7)]
        self.server.statuses = made[:1]
        edited = {**made[2], "content": "<p>Numéro 3, corrigé</p>", "edited_at": "2026-11-23T09:00:00.000Z"}
        self.server.arriving = [*made[1:4], edited, *made[4:]]
        self.server.removed = [made[3]["id"]]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(f"{self.server.base}/users/ana/statuses/{number}" for number in self._numbers(1))

    def _numbers(self, begin: int) -> list[str]:
        return [self.server.status(number, "")["id"] for number in range(1 + begin, 7)]

    def listening(self, name: str, watch: Watch, **more: Any) -> Listening:
        """A scene on this server, from the status that was there before."""

        def messages(request: Any) -> Any:
            if self.by_lines:
                return [HttpFailure("stream_refused", "tilleul.example", "404")]
            return self.server.messages(request)

        return Listening(
            name=name,
            watch=watch,
            messages=messages,
            lines=self.server.lines,
            answers=self.server.answer,
            cursor={"newest": self.server.status(1, "")["id"]},
            ids=self.ids,
            gone=(self.ids[2],),
            begin=self.begin,
            **more,
        )


def _shared() -> list[Any]:
    """Every status in the real exchanges, where the specification data is there."""
    found: list[Any] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if "content" in value and "uri" in value:
                found.append(value)
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    for path in sorted((SHARED / "data" / "payloads" / "mastodon" / "exchanges").glob("*status*.json")):
        walk([exchange["response"]["body"] for exchange in json.loads(path.read_text())])
    return found[:30]


_TAG = Watch(kind="tag", target="#Cafe", options={"server": "tilleul.example"})

SCENES = Scenes(
    key="mastodon",
    walks=(
        Walk(
            name="tag",
            watch=_TAG,
            answers=OPEN.answer,
            ids=_URIS,
            unlike=_STRANGER,
        ),
        Walk(
            name="public",
            watch=Watch(kind="public", target="https://tilleul.example/explore"),
            answers=OPEN.answer,
            ids=(*_URIS, _BOOSTED),
            unlike=_STRANGER,
        ),
        Walk(
            name="local",
            watch=Watch(kind="local", target="tilleul.example"),
            answers=OPEN.answer,
            ids=(*_HERE, _BOOSTED),
            unlike=_STRANGER,
        ),
        Walk(
            name="local-of-members",
            watch=Watch(kind="local", target="tilleul.example", options={"token": SECRET}),
            answers=MEMBERS.answer,
            ids=(*_HERE, _BOOSTED),
        ),
        Walk(
            name="search",
            watch=Watch(
                kind="search", target="", words=("musée", "Tilleuls"), options={"server": "tilleul.example"}
            ),
            credentials={"token": SECRET},
            answers=MEMBERS.answer,
            ids=_URIS,
        ),
        Walk(
            name="account",
            watch=Watch(kind="account", target="@ben@tilleul.example"),
            answers=OPEN.answer,
            ids=(_URIS[45], _BOOSTED),
            unlike=_STRANGER,
        ),
    ),
    listenings=(
        _Live().listening("live", Watch(kind="live", target="tilleul.example"), unlike=_UNHEARD),
        _Live().listening("live-local", Watch(kind="live_local", target="tilleul.example"), unlike=_UNHEARD),
        _Live(token=SECRET).listening(
            "live-tag",
            Watch(kind="live_tag", target="cafe", options={"server": "tilleul.example", "token": SECRET}),
        ),
        _Live(by_lines=True).listening(
            "live-lines", Watch(kind="live", target="tilleul.example"), unlike=_UNHEARD
        ),
    ),
    raw=tuple((status, _TAG) for status in _shared()),
)
