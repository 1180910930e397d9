"""A homeserver of Matrix in memory: enough of its client interface for one account and two rooms.

It answers as the real one does in `tests/live/matrix`, which plays the same scenes.
"""

import json
from typing import Any

from tests.contract.scene import NOW, SECRET, Reply, Request
from tests.contract.stage import Standing

SERVER = "https://matrix.tilleuls.com"
ME, GUEST = "@cafe:tilleuls.com", "@zoe:tilleuls.com"
ROOM, ALIAS = "!comptoir:tilleuls.com", "#comptoir:tilleuls.com"
CLIENT = "/_matrix/client/v3"


class MatrixServer:
    """Events in the order they came; a token of `/sync` or `/messages` is a place between them."""

    def __init__(self) -> None:
        self.token, self.password = f"syt_{SECRET}", f"{SECRET} pass"
        self.alive = self.moderates = True
        self.events: list[dict[str, Any]] = []
        self.marks: dict[str, str] = {}
        self.members = {ME: "join", GUEST: "join"}
        self.made = 0

    def answer(self, request: Request) -> Reply:
        """As the homeserver would."""
        path = request.path
        if path == "/.well-known/matrix/client":
            return Reply(body={"m.homeserver": {"base_url": SERVER}})
        if path == "/_matrix/client/versions":
            return Reply(body={"versions": ["v1.11"]})
        if path == f"{CLIENT}/login":
            return self._login(request)
        if request.headers.get("authorization") != f"Bearer {self.token}" or not self.alive:
            return _refused(401, "M_UNKNOWN_TOKEN")
        if path.startswith("/_matrix/media/v3/upload"):
            return Reply(body={"content_uri": f"mxc://tilleuls.com/{self._next()}"})
        rest = [_whole(part) for part in path.partition("/_matrix/client/")[2].split("/")[1:]]
        match rest:
            case ["account", "whoami"]:
                return Reply(body={"user_id": ME})
            case ["profile", _]:
                return Reply(body={"displayname": "Le café des Tilleuls"})
            case ["media", "config"]:
                return Reply(body={"m.upload.size": 50_000_000})
            case ["join", name]:
                known = name in (ROOM, ALIAS)
                return Reply(body={"room_id": ROOM}) if known else _refused(404, "M_NOT_FOUND")
            case ["logout"]:
                self.alive = False
                return Reply(body={})
            case ["sync"]:
                return self._sync(request)
            case ["rooms", room, *inside] if room == ROOM:
                return self._room(request, inside)
            case ["rooms", *_]:
                return _refused(403, "M_FORBIDDEN")
        return _refused(404, "M_UNRECOGNIZED")

    def _login(self, request: Request) -> Reply:
        said = request.json
        if said["identifier"]["user"] == "cafe" and said["password"] == self.password:
            return Reply(body={"access_token": self.token, "user_id": ME, "device_id": "PALABRE"})
        return _refused(403, "M_FORBIDDEN")

    def _sync(self, request: Request) -> Reply:
        limit = json.loads(request.params["filter"])["room"]["timeline"]["limit"]
        since = int(request.params.get("since", "s0").removeprefix("s"))
        fresh = [n for n in range(since, len(self.events)) if self._heard(n)]
        shown = fresh[-limit:]
        body: dict[str, Any] = {"next_batch": f"s{len(self.events)}", "rooms": {}}
        if shown:
            timeline = {
                "events": [self.events[n] for n in shown],
                "limited": len(shown) < len(fresh),
                "prev_batch": f"t{shown[0]}",
            }
            joined = {"timeline": timeline, "state": {"events": self._people()}}
            body["rooms"] = {"join": {ROOM: joined}}
        return Reply(body=body)

    def _room(self, request: Request, inside: list[str]) -> Reply:
        match inside:
            case ["messages"]:
                return self._messages(request)
            case ["event", known]:
                event = self.event(known)
                return Reply(body=event) if event else _refused(404, "M_NOT_FOUND")
            case ["state", "m.room.name"]:
                return Reply(body={"name": "Le comptoir"})
            case ["state", "m.room.canonical_alias"]:
                return Reply(body={"alias": ALIAS})
            case ["state", "m.room.member", user]:
                if user not in self.members:
                    return _refused(404, "M_NOT_FOUND")
                return Reply(body={"membership": self.members[user], "displayname": _NAMES[user]})
            case ["relations", known, "m.annotation", "m.reaction"]:
                return Reply(body={"chunk": [one for one in self.events if _annotates(one, known)]})
            case ["send", kind, mark]:
                return self._send(kind, mark, request.json)
            case ["redact", known, _]:
                return self._redact(known)
            case [("kick" | "ban" | "unban") as act]:
                if not self.moderates:
                    return _refused(403, "M_FORBIDDEN")
                self.members[request.json["user_id"]] = "ban" if act == "ban" else "leave"
                return Reply(body={})
        return _refused(404, "M_UNRECOGNIZED")

    def _messages(self, request: Request) -> Reply:
        start = int(request.params.get("from", f"t{len(self.events)}")[1:])
        end = int(request.params.get("to", "s0")[1:])
        before = [n for n in range(end, start) if self._heard(n)][::-1]
        page = before[: int(request.params["limit"])]
        body: dict[str, Any] = {"chunk": [self.events[n] for n in page], "state": self._people()}
        if len(page) < len(before):
            body["end"] = f"t{page[-1]}"
        return Reply(body=body)

    def _send(self, kind: str, mark: str, content: dict[str, Any]) -> Reply:
        if mark in self.marks:
            return Reply(body={"event_id": self.marks[mark]})
        if not self.moderates and kind == "m.reaction":
            return _refused(403, "M_FORBIDDEN")
        event = self.put(ME, kind, content)
        relation = content.get("m.relates_to", {})
        if relation.get("rel_type") == "m.replace" and (first := self.event(relation["event_id"])):
            first["unsigned"] = {"m.relations": {"m.replace": {"sender": ME, "content": content}}}
        self.marks[mark] = event["event_id"]
        return Reply(body={"event_id": event["event_id"]})

    def _redact(self, known: str) -> Reply:
        event = self.event(known)
        if event is None:
            return _refused(404, "M_NOT_FOUND")
        if event["sender"] != ME and not self.moderates:
            return _refused(403, "M_FORBIDDEN")
        return Reply(body={"event_id": self.empty(known, ME)})

    def put(self, sender: str, kind: str, content: dict[str, Any], **more: Any) -> dict[str, Any]:
        """An event, as if somebody had sent it."""
        self.members[sender] = "join"
        stamp = int(NOW.timestamp() * 1000)
        event = {
            "event_id": f"$event{self._next()}", "sender": sender, "type": kind, "room_id": ROOM,
            "origin_server_ts": stamp, "content": content, **more,
        }  # fmt: skip
        self.events.append(event)
        return event

    def empty(self, known: str, by: str) -> str:
        """What redacting leaves."""
        event = self.event(known)
        assert event is not None
        event["content"] = {}
        made = self.put(by, "m.room.redaction", {"redacts": known}, redacts=known)
        event["unsigned"] = {"redacted_because": made}
        return str(made["event_id"])

    def event(self, known: str) -> dict[str, Any] | None:
        """The event of this id."""
        return next((event for event in self.events if event["event_id"] == known), None)

    def standing(self) -> list[Standing]:
        """Every message that still says something, with its latest words."""
        changed = {}
        for event in self.events:
            relation = event["content"].get("m.relates_to", {})
            if relation.get("rel_type") == "m.replace":
                changed[relation["event_id"]] = event["content"]["m.new_content"]["body"]
        return [
            Standing(
                id=f"{ROOM}/{event['event_id']}",
                text=changed.get(event["event_id"], event["content"]["body"]),
                above=_above(event),
            )
            for event in self.events
            if event["type"] == "m.room.message"
            and event["content"]
            and event["content"].get("m.relates_to", {}).get("rel_type") != "m.replace"
        ]

    def _heard(self, place: int) -> bool:
        return self.events[place]["type"] in ("m.room.message", "m.room.redaction")

    def _people(self) -> list[dict[str, Any]]:
        return [
            {"type": "m.room.member", "state_key": user, "content": {"displayname": name}}
            for user, name in _NAMES.items()
        ]

    def _next(self) -> int:
        self.made += 1
        return self.made


_NAMES = {ME: "Le café des Tilleuls", GUEST: "Zoé"}


def _above(event: dict[str, Any]) -> str:
    answered = event["content"].get("m.relates_to", {}).get("m.in_reply_to", {}).get("event_id", "")
    return f"{ROOM}/{answered}" if answered else ""


def _annotates(event: dict[str, Any], known: str) -> bool:
    relation = event["content"].get("m.relates_to", {})
    return bool(event["type"] == "m.reaction" and relation.get("event_id") == known)


def _whole(part: str) -> str:
    from urllib.parse import unquote

    return unquote(part)


def _refused(status: int, code: str) -> Reply:
    return Reply(status=status, body={"errcode": code, "error": "refused"})
