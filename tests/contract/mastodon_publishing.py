"""A server of the Mastodon API that one signs in to and posts at: Mastodon itself, or one of its family.

The family ignores `Idempotency-Key`, knows no source of a status and no version 2, and has its own
limits: as seen on a GoToSocial 0.20.
"""

import re
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.contract.mastodon_server import MastodonServer
from tests.contract.mastodon_talk import NAME, Talk
from tests.contract.scene import NOW, SECRET, Reply, Request
from tests.contract.stage import Standing


class MastodonHome(MastodonServer):
    """The account of the scenes is `tilleuls`; `family`: not Mastodon itself."""

    def __init__(self, *, family: bool = False, base: str = "") -> None:
        super().__init__(token=f"jeton-{SECRET}", base=base)
        self.family = family
        self.alive = {self.token}
        self.keys: dict[str, dict[str, Any]] = {}
        self.sources: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.polled: set[str] = set()
        self.now = NOW
        self.made = 0
        self.talk = Talk(self)

    def answer(self, request: Request) -> Reply:
        """As the server would."""
        path = unquote(request.path)
        if path in ("/api/v1/apps", "/oauth/token", "/oauth/revoke"):
            return self._door(path, request)
        if path == "/api/v2/instance" and self.family:
            return _no()
        if path in ("/api/v1/instance", "/api/v2/instance"):
            return Reply(body=self.instance())
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.alive:
            return Reply(status=401, body={"error": "The access token is invalid"})
        if path == "/api/v1/accounts/verify_credentials":
            return Reply(body=self.account(NAME))
        if path in ("/api/v1/media", "/api/v2/media") and request.method == "POST":
            return _no() if self.family and "v2" in path else self._upload(request)
        if path.startswith("/api/v1/media/"):
            return self._file(path.rpartition("/")[2])
        if (told := self.talk.answer(path, request)) is not None:
            return told
        if path == "/api/v1/statuses":
            return self._post(request)
        if match := re.fullmatch(r"/api/v1/statuses/(\w+)(/source)?", path):
            return self._one(request, match[1], source=bool(match[2]))
        if path == "/api/v1/accounts/search":
            return Reply(body=[self.account(n) for n in ("zoe", NAME) if n.startswith(request.params["q"])])
        if path == "/api/v2/search":
            sought = request.params["q"]
            found = [status for status in self.statuses if sought in (status["uri"], status["url"])]
            people = [one for one in map(self.account, ("zoe", NAME)) if one["url"] == sought]
            return Reply(body={"accounts": people, "hashtags": [], "statuses": found})
        return super().answer(request)

    def instance(self) -> dict[str, Any]:
        """What the server says it takes."""
        statuses = {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23}
        files = {
            "supported_mime_types": ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"],
            "description_limit": 1500,
            "image_size_limit": 16777216,
            "image_matrix_limit": 33177600,
            "video_size_limit": 103809024,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8294400,
        }
        if self.family:
            statuses = {"max_characters": 5000, "max_media_attachments": 6, "characters_reserved_per_url": 25}
        told = super().instance()
        told["configuration"] |= {"statuses": statuses, "media_attachments": files}
        return told

    def _door(self, path: str, request: Request) -> Reply:
        if path == "/api/v1/apps":
            if self.family and ":" in request.json["scopes"]:
                return Reply(status=422, body={"error": "invalid scopes"})
            client = {"name": "Palabre", "client_id": "client", "client_secret": f"secret-{SECRET}"}
            return Reply(body={"id": "1", **client, "redirect_uri": request.json["redirect_uris"]})
        form = request.form or {}
        if path == "/oauth/revoke":
            self.alive.discard(form["token"])
            return Reply(body={})
        if form["code"] != SECRET or form["client_secret"] != f"secret-{SECRET}":
            return Reply(status=400, body={"error": "invalid_grant", "error_description": "Not valid"})
        scope = form["scope"]
        token = {"access_token": self.token, "token_type": "Bearer", "scope": scope, "created_at": 1}
        return Reply(body=token)

    def _upload(self, request: Request) -> Reply:
        assert request.headers["content-type"].startswith("multipart/form-data")
        self.made += 1
        number = f"01FILE{self.made:04}"
        found = re.search(rb'name="description"\r\n\r\n(.*?)\r\n--', request.content, re.DOTALL)
        self.files[number] = found[1].decode() if found else ""
        status = 200 if self.family else 202
        return Reply(status=status, body=self._attachment(number, ready=self.family))

    def _file(self, number: str) -> Reply:
        first = number not in self.polled
        self.polled.add(number)
        return Reply(status=206 if first else 200, body=self._attachment(number, ready=not first))

    def _attachment(self, number: str, *, ready: bool = True) -> dict[str, Any]:
        address = f"{self.base}/files/{number}.png"
        return {
            "id": number,
            "type": "image",
            "url": address if ready else None,
            "preview_url": address,
            "remote_url": None,
            "meta": {},
            "description": self.files[number] or None,
            "blurhash": None,
        }

    def _post(self, request: Request) -> Reply:
        asked = request.json or {
            name: values[0] for name, values in parse_qs(request.content.decode()).items()
        }
        key = request.headers.get("idempotency-key", "")
        if key in self.keys and not self.family:
            return Reply(body=self.keys[key])
        most = self.instance()["configuration"]["statuses"]["max_characters"]
        if len(asked.get("status", "")) > most + 400:
            return Reply(status=422, body={"error": f"Validation failed: Text limit of {most} exceeded"})
        if asked.get("in_reply_to_id") and not self._known(asked["in_reply_to_id"]):
            return Reply(
                status=404, body={"error": "The post you are trying to reply to does not appear to exist."}
            )
        self.made += 1
        above = self._known(asked.get("in_reply_to_id", ""))
        made = self.status(
            1000 + self.made,
            _as_page(asked.get("status", "")),
            name=NAME,
            in_reply_to_id=asked.get("in_reply_to_id"),
            in_reply_to_account_id=above["account"]["id"] if above else None,
            mentions=[self.talk.mention("zoe")] if "@zoe" in asked.get("status", "") else [],
            visibility=asked.get("visibility", "public"),
            spoiler_text=asked.get("spoiler_text", ""),
            media_attachments=[self._attachment(number) for number in asked.get("media_ids", [])],
            replies_count=0,
        )
        made["created_at"] = (self.now + timedelta(milliseconds=self.made)).isoformat().replace("+00:00", "Z")
        self.statuses.append(made)
        self.sources[made["id"]] = asked.get("status", "")
        self.keys[key] = made
        return Reply(body=made)

    def _known(self, number: str) -> dict[str, Any] | None:
        return next((status for status in self.statuses if status["id"] == number), None)

    def _one(self, request: Request, number: str, *, source: bool) -> Reply:
        status = self._known(number)
        if status is None or (source and self.family):
            return _no()
        if source:
            return Reply(body={"id": number, "text": self.sources[number], "spoiler_text": ""})
        if request.method == "DELETE":
            self.talk.forget(status)
        if request.method == "PUT":
            status |= {"content": _as_page(request.json["status"]), "edited_at": "2026-11-23T10:00:00.000Z"}
            self.sources[number] = request.json["status"]
        return Reply(body=status)

    def say(self, text: str) -> str:
        """Somebody else says something."""
        status = self.status(900, _as_page(text), name="zoe")
        self.statuses.append(status)
        self.sources[status["id"]] = text
        return str(status["uri"])

    def standing(self) -> list[Standing]:
        """What the account has published."""
        uris = {status["id"]: status["uri"] for status in self.statuses}
        return [
            Standing(
                id=status["uri"],
                text=self.sources[status["id"]].removeprefix("@zoe "),
                above=uris.get(status["in_reply_to_id"], ""),
                alts=tuple(file["description"] for file in status["media_attachments"]),
            )
            for status in self.statuses
            if status["account"]["acct"] == NAME
        ]


def _as_page(text: str) -> str:
    """What such a server makes of a text: paragraphs, links cut short for the eye."""
    said = escape(text, quote=False)
    said = re.sub(
        r"https?://([^\s<]+)",
        lambda link: (
            f'<a href="{link[0]}" rel="nofollow noopener"><span class="invisible">https://</span>'
            f'<span class="ellipsis">{link[1][:12]}</span><span class="invisible">{link[1][12:]}</span></a>'
        ),
        said,
    )
    return f"<p>{said}</p>"


def _no() -> Reply:
    return Reply(status=404, body={"error": "Record not found"})
