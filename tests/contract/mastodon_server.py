"""A Mastodon server in memory: enough of its API to be read, paged, searched and listened to.

What it answers is checked against the official description and by an independent client in
`palabre/networks/tests/test_mastodon.py`.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlencode

from tests.contract.scene import NOW, Reply, Request


class MastodonServer:
    """Statuses in the order they were made; `arriving` are made one by one while somebody listens."""

    def __init__(
        self,
        *,
        host: str = "tilleul.example",
        token: str = "",
        closed: bool = False,
        disabled: bool = False,
        base: str = "",
    ) -> None:
        self.host, self.token, self.closed, self.disabled = host, token, closed, disabled
        self.base = base or f"https://{host}"
        self.statuses: list[dict[str, Any]] = []
        self.arriving: list[dict[str, Any]] = []
        self.removed: list[str] = []

    def account(self, name: str = "ana") -> dict[str, Any]:
        """An account of this server."""
        picture = f"{self.base}/avatars/{name}.png"
        return {
            "id": f"01ACC{name.upper()}",
            "username": name,
            "acct": name,
            "display_name": f"{name.capitalize()} Tamaris &amp; Cie",
            "locked": False,
            "bot": False,
            "group": False,
            "discoverable": True,
            "indexable": True,
            "created_at": "2024-01-01T00:00:00.000Z",
            "note": "<p>Un compte inventé</p>",
            "url": f"{self.base}/@{name}",
            "uri": f"{self.base}/users/{name}",
            "avatar": picture,
            "avatar_static": picture,
            "header": picture,
            "header_static": picture,
            "followers_count": 321,
            "following_count": 12,
            "statuses_count": 99,
            "last_status_at": "2026-11-23",
            "emojis": [],
            "fields": [],
        }

    def status(self, number: int, content: str, *, name: str = "ana", **more: Any) -> dict[str, Any]:
        """A status; its id is text that orders otherwise than its number."""
        at: datetime = NOW - timedelta(hours=10) + timedelta(minutes=number)
        place = f"01JD{number:04}X{'ZA'[number % 2]}"
        return {
            "id": place,
            "created_at": at.isoformat().replace("+00:00", ".000Z"),
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "language": "fr",
            "uri": f"{self.base}/users/{name}/statuses/{place}",
            "url": f"{self.base}/@{name}/{place}",
            "replies_count": 1,
            "reblogs_count": 2,
            "favourites_count": 3,
            "edited_at": None,
            "content": content,
            "reblog": None,
            "account": self.account(name),
            "media_attachments": [],
            "mentions": [],
            "tags": [],
            "emojis": [],
            "card": None,
            "poll": None,
            **more,
        }

    def answer(self, request: Request) -> Reply:
        """As the server would."""
        path = unquote(request.path)
        if path == "/api/v2/instance":
            return Reply(body=self.instance())
        signed = bool(self.token) and request.headers.get("authorization") == f"Bearer {self.token}"
        if request.headers.get("authorization") and not signed:
            return Reply(status=401, body={"error": "The access token is invalid"})
        if (self.closed or path == "/api/v2/search") and not signed:
            return Reply(status=422, body={"error": "This method requires an authenticated user"})
        if path == "/api/v1/accounts/lookup":
            known = {status["account"]["acct"] for status in self.statuses}
            name = request.params["acct"]
            return Reply(body=self.account(name)) if name in known else _missing()
        if path == "/api/v2/search":
            return Reply(body={"accounts": [], "hashtags": [], "statuses": self._found(request)})
        found = self._timeline(path, request)
        return _missing() if found is None else self._paged(request, [] if self.disabled else found)

    def instance(self) -> dict[str, Any]:
        """What the server says of itself, in the parts that are read."""
        access = "disabled" if self.disabled else "authenticated" if self.closed else "public"
        feeds = {"local": access, "remote": access}
        streaming = self.base.replace("http", "ws", 1)
        return {
            "domain": self.host,
            "title": "Tilleul",
            "version": "4.5.0",
            "configuration": {
                "urls": {"streaming": streaming},
                "timelines_access": {"live_feeds": feeds, "hashtag_feeds": feeds},
            },
        }

    def _timeline(self, path: str, request: Request) -> list[dict[str, Any]] | None:
        head, _, last = path.rpartition("/")
        if path == "/api/v1/timelines/public":
            here = f"{self.base}/"
            local = request.params.get("local") == "true"
            return [s for s in self.statuses if not local or s["uri"].startswith(here)]
        if head == "/api/v1/timelines/tag":
            return [s for s in self.statuses if last.lower() in {tag["name"] for tag in s["tags"]}]
        if last == "statuses":
            owner = head.rpartition("/")[2]
            return [s for s in self.statuses if s["account"]["id"] == owner]
        return None

    def _paged(self, request: Request, found: list[dict[str, Any]]) -> Reply:
        """Newest first; `min_id` gives what is just above an id, `max_id` what is just below."""
        limit = min(int(request.params.get("limit", "20")), 40)
        order = [status["id"] for status in self.statuses]
        if (least := request.params.get("min_id")) in order:
            page = [s for s in found if order.index(s["id"]) > order.index(least)][:limit]
        else:
            most = request.params.get("max_id")
            page = [s for s in found if most not in order or order.index(s["id"]) < order.index(str(most))][
                -limit:
            ]
        page = page[::-1]
        headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "299"}
        headers["X-RateLimit-Reset"] = (NOW + timedelta(minutes=5)).isoformat()
        if page:
            base = request.url.partition("?")[0]
            older, newer = urlencode({"max_id": page[-1]["id"]}), urlencode({"min_id": page[0]["id"]})
            headers["Link"] = f'<{base}?{older}>; rel="next", <{base}?{newer}>; rel="prev"'
        return Reply(body=page, headers=headers)

    def _found(self, request: Request) -> list[dict[str, Any]]:
        order = [status["id"] for status in self.statuses]
        least = request.params.get("min_id")
        above = order.index(least) + 1 if least in order else 0
        sought = request.params["q"].strip('"')
        found = [status for status in self.statuses[above:] if sought in status["content"]][::-1]
        offset = int(request.params.get("offset", "0"))
        return found[offset : offset + int(request.params.get("limit", "20"))]

    def events(self) -> Iterator[tuple[str, str]]:
        """What somebody who listens hears from now on: what was made before is never told again."""
        while self.arriving or self.removed:
            if self.arriving:
                status = self.arriving.pop(0)
                edited = status["edited_at"] is not None
                self.statuses = [other for other in self.statuses if other["id"] != status["id"]]
                self.statuses.append(status)
                self.statuses.sort(key=lambda made: str(made["created_at"]))
                yield ("status.update" if edited else "update"), json.dumps(status)
            else:
                gone = self.removed.pop(0)
                self.statuses = [status for status in self.statuses if status["id"] != gone]
                yield "delete", gone

    def messages(self, request: Request) -> Iterator[str]:
        """The events over a WebSocket."""
        for name, payload in self.events():
            yield json.dumps({"stream": [request.params["stream"]], "event": name, "payload": payload})

    def lines(self, request: Request) -> Iterator[str]:
        """The events as server-sent events."""
        yield ":)"
        for name, payload in self.events():
            yield from (f"event: {name}", f"data: {payload}", "", ":thump")


def _missing() -> Reply:
    return Reply(status=404, body={"error": "Record not found"})
