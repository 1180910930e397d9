"""Bluesky: answers and frames recorded on a real network (see `bluesky.json`), served with its paging."""

import base64
import copy
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from palabre.networks.bluesky.repo import read_frame
from palabre.networks.contract import Watch
from palabre.networks.errors import NotPermitted
from tests.contract.scene import NOW, SECRET, Listening, Reply, Request, Scenes, Unlike, Walk, silent
from tests.shared import SHARED

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text())
FRAMES = [base64.b64decode(frame) for frame in RECORDED["frames"]]

POSTS_OF = "app.bsky.feed.post"
_DID = "did:plc:nxllol4ssswkqfd3rpn7r5r6"
_STRANGER = {
    name: Unlike(error=NotPermitted, reason="nobody is signed in: an account is missing, nothing has expired")
    for name in ("401",)
}


def _uri(rkey: str) -> str:
    return f"at://{_DID}/app.bsky.feed.post/{rkey}"


def _post(rkey: str, text: str, *, hours: int) -> dict[str, Any]:
    """A recorded search hit with another text and time."""
    post = copy.deepcopy(RECORDED["search"][0])
    stamp = (NOW - timedelta(hours=hours)).isoformat().replace("+00:00", ".000Z")
    post |= {"uri": _uri(rkey), "indexedAt": stamp}
    post["record"] = {"$type": "app.bsky.feed.post", "text": text, "createdAt": stamp, "langs": ["fr"]}
    return post


POSTS = [_post(f"3k{number:03}", f"Un café, numéro {number}", hours=number) for number in range(1, 8)]
POSTS += [_post("3kmus", "Le musée est ouvert", hours=3)]


def search(request: Request) -> Reply:
    """`app.bsky.feed.searchPosts`, three posts a page whatever the limit; and who wrote them."""
    if request.path.endswith("getProfiles"):
        return profiles(request)
    sought = request.params["q"].strip('"')
    since = request.params.get("since", "")
    found = [post for post in POSTS if sought in post["record"]["text"] and post["indexedAt"] >= since]
    begin = int(request.params.get("cursor", "0"))
    page: dict[str, Any] = {"posts": found[begin : begin + 3]}
    if begin + 3 < len(found):
        page["cursor"] = str(begin + 3)
    return Reply(body=page)


class _SignedIn:
    """A server that asks for a session, whose tokens are worth one answer each."""

    def __init__(self) -> None:
        self.given = 0

    def __call__(self, request: Request) -> Reply:
        if request.path.endswith(("createSession", "refreshSession")):
            self.given += 1
            return Reply(
                body={"accessJwt": f"{SECRET}-{self.given}", "refreshJwt": f"renew-{SECRET}", "did": _DID}
            )
        if request.headers.get("authorization") != f"Bearer {SECRET}-{self.given}" or self.given < 2:
            return Reply(status=400, body={"error": "ExpiredToken", "message": "Token has expired"})
        return search(request)


def feed(request: Request) -> Reply:
    """`app.bsky.feed.getAuthorFeed`: two entries a page, the last one a repost; and who wrote them."""
    if request.path.endswith("getProfiles"):
        return profiles(request)
    entries: list[dict[str, Any]] = [{"post": post} for post in POSTS[:4]]
    repost = {"$type": "app.bsky.feed.defs#reasonRepost", "indexedAt": POSTS[4]["indexedAt"]}
    entries.append({"post": RECORDED["feed"][0]["post"], "reason": repost})
    begin = int(request.params.get("cursor", "0"))
    page: dict[str, Any] = {"feed": entries[begin : begin + 2]}
    if begin + 2 < len(entries):
        page["cursor"] = str(begin + 2)
    return Reply(body=page)


def _event(number: int, **commit: Any) -> str:
    record = {"$type": "app.bsky.feed.post", "text": f"Vu au café {number}", "langs": ["fr"]}
    record["createdAt"] = "2026-11-23T09:59:00.000Z"
    made = {
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": f"3j{number}",
        "record": record,
    }
    event = {"did": _DID, "time_us": 1_795_000_000_000_000 + number * 4_000_000, "kind": "commit"}
    return json.dumps({**event, "commit": {**made, **commit}})


JETSTREAM = [
    _event(1),
    _event(2),
    json.dumps(
        {
            "did": _DID,
            "time_us": 1_795_000_000_000_000 + 9_000_000,
            "kind": "identity",
            "identity": {"did": _DID, "handle": "ana.test", "seq": 1, "time": "2026-11-23T09:59:01.000Z"},
        }
    ),
    _event(3),
    _event(4, collection="app.bsky.feed.like", record={"$type": "app.bsky.feed.like"}),
    _event(5, operation="delete", rkey="3jold", record=None),
    _event(6),
]


def jetstream(request: Request) -> Iterator[str]:
    """What came since the cursor, five seconds of it again."""
    since = int(request.params.get("cursor", "0"))
    yield from (message for message in JETSTREAM if json.loads(message)["time_us"] >= since)


def repos(request: Request) -> Iterator[bytes]:
    """The recorded frames after the cursor."""
    since = int(parse_qs(urlsplit(request.url).query).get("cursor", ["0"])[0])
    yield from (frame for frame in FRAMES if (read_frame(frame).seq or 0) > since)


def profiles(request: Request) -> Reply:
    """`app.bsky.actor.getProfiles`."""
    return Reply(body={"profiles": RECORDED["profiles"]})


def _shared(name: str, count: int) -> list[Any]:
    """Real events of the public network, where the specification data is there."""
    path = SHARED / "data" / "payloads" / "bluesky" / name
    return [json.loads(line) for line in path.read_text().splitlines()[:count]] if path.exists() else []


_SEARCH = Watch(kind="search", target="", words=("café", "musée"))
_LIVE = Watch(kind="jetstream", target="")
_ALL = (*(_uri(f"3k{number:03}") for number in range(1, 8)), _uri("3kmus"))

SCENES = Scenes(
    key="bluesky",
    walks=(
        Walk(name="search", watch=_SEARCH, answers=search, ids=_ALL, unlike=_STRANGER),
        Walk(
            name="search-signed-in",
            watch=_SEARCH,
            answers=_SignedIn(),
            ids=_ALL,
            credentials={"identifier": "ana.test", "app_password": SECRET},
        ),
        Walk(
            name="search-own-server",
            watch=Watch(
                kind="search",
                target="",
                words=("Un café",),
                options={"server": "https://own.example", "identifier": "@ana.test", "app_password": SECRET},
            ),
            answers=_SignedIn(),
            ids=_ALL[:7],
        ),
        Walk(
            name="author",
            watch=Watch(kind="author", target="@ana.test"),
            answers=feed,
            ids=(*_ALL[:4], RECORDED["feed"][0]["post"]["uri"]),
            unlike=_STRANGER,
        ),
    ),
    listenings=(
        Listening(
            name="jetstream",
            watch=_LIVE,
            messages=jetstream,
            answers=profiles,
            ids=tuple(_uri(f"3j{number}") for number in (1, 2, 3, 6)),
            gone=(_uri("3jold"),),
        ),
        Listening(
            name="repos",
            watch=Watch(kind="repos", target="wss://pds.example"),
            messages=repos,
            answers=profiles,
            ids=tuple(RECORDED["uris"]),
            gone=(RECORDED["uris"][4],),
        ),
        Listening(
            name="repos-without-profiles",
            watch=Watch(kind="repos", target="https://pds.example", words=("nowhere",)),
            messages=repos,
            answers=silent,
            ids=tuple(RECORDED["uris"]),
            gone=(RECORDED["uris"][4],),
        ),
    ),
    raw=(
        *((post, _SEARCH) for post in RECORDED["search"]),
        *((entry, _SEARCH) for entry in RECORDED["feed"]),
        *((event, _LIVE) for event in _shared("jetstream_v1_real.jsonl", 40)),
        *((event, _LIVE) for event in _shared("jetstream_v1_golden.jsonl", 12)),
    ),
    plain_text=True,
)
