"""A real homeserver: Synapse from its wheel with SQLite, on loopback, that speaks with no other server."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from palabre.networks.matrix.places import message_id, place_of
from palabre.networks.outgoing import Target
from tests.contract.stage import Standing
from tests.live.cache import installed, run
from tests.live.ports import free_ports
from tests.live.serving import PATIENCE, process, wait_for

VERSION = "matrix-synapse==1.163.2"
NAME = "tilleuls.test"
SECRET = "registration of a test"
_numbers = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody with a token of their own, who calls without any code of Palabre."""

    server: str
    user: str
    name: str
    password: str = field(repr=False)
    token: str = field(repr=False)

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A plain call of the client interface."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.server}/_matrix/client/v3{path}"
        return httpx.request(method, url, headers=headers, timeout=60, **options)

    def done(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """A call that succeeds."""
        answer = self.call(method, path, **options)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        return told


@dataclass(frozen=True)
class Homeserver:
    """Where it listens."""

    address: str

    def person(self, name: str) -> Person:
        """Somebody new."""
        base = f"{self.address}/_synapse/admin/v1/register"
        nonce = httpx.get(base, timeout=60).json()["nonce"]
        user, password = f"{name.lower()}{next(_numbers)}", "un mot de passe"
        parts = "\0".join((nonce, user, password, "notadmin")).encode()
        mac = hmac.new(SECRET.encode(), parts, hashlib.sha1).hexdigest()
        asked = {"nonce": nonce, "username": user, "password": password, "displayname": name, "mac": mac}
        made = httpx.post(base, json=asked, timeout=60).json()
        return Person(self.address, made["user_id"], user, password, made["access_token"])


@contextmanager
def running() -> Iterator[Homeserver]:
    """The homeserver, installed once, started and stopped."""
    python = installed("synapse", version=[VERSION, sys.version], build=_build) / "venv" / "bin" / "python"
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="palabre-synapse-") as folder:
        home = Path(folder)
        log = home / "synapse.log"
        (home / "homeserver.yaml").write_text(json.dumps(_settings(home, port)))  # JSON is YAML
        command = [str(python), "-m", "synapse.app.homeserver", "-c", str(home / "homeserver.yaml")]
        env = {**os.environ, "SYNAPSE_CACHE_FACTOR": "0.1"}
        subprocess.run(
            [*command, "--generate-keys"], check=True, capture_output=True, env=env, timeout=PATIENCE
        )
        with process(command, env=env, log=log, cwd=home):
            address = f"http://127.0.0.1:{port}"
            wait_for(
                lambda: httpx.get(f"{address}/_matrix/client/versions", timeout=60).status_code == 200, log
            )
            yield Homeserver(address)


def _build(folder: Path) -> None:
    log = folder / "install.log"
    run([sys.executable, "-m", "venv", folder / "venv"], log=log, cwd=folder)
    pip = [folder / "venv" / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]
    run([*pip, VERSION], log=log, cwd=folder)


def _settings(home: Path, port: int) -> dict[str, Any]:
    """Nobody else is reached, and nobody is slowed down."""
    free = {"per_second": 10_000, "burst_count": 10_000}
    resources = [{"names": ["client"], "compress": False}]
    listener = {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"], "resources": resources}
    return {
        "server_name": NAME,
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": str(home / "homeserver.db")}},
        "media_store_path": str(home / "media"),
        "signing_key_path": str(home / "signing.key"),
        "registration_shared_secret": SECRET,
        "macaroon_secret_key": SECRET,
        "form_secret": SECRET,
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "url_preview_enabled": False,
        "presence": {"enabled": False},
        "bcrypt_rounds": 4,
        # It gives the same answer to the same question for two minutes: a scene asks again sooner.
        "caches": {"sync_response_cache_duration": "0s"},
        "rc_message": free,
        "rc_registration": free,
        "rc_login": {"address": free, "account": free, "failed_attempts": free},
        "rc_joins": {"local": free, "remote": free},
        "rc_invites": {"per_room": free, "per_user": free, "per_issuer": free},
        "rc_admin_redaction": free,
    }


@dataclass(frozen=True)
class Room:
    """A room that `host` moderates for its owner, and in which a guest speaks."""

    id: str
    alias: str
    owner: Person
    host: Person
    guest: Person

    @classmethod
    def of(cls, owner: Person, host: Person, guest: Person) -> "Room":
        """A new one, open to everybody, which `host` moderates; its owner can take that right away."""
        alias = f"comptoir-{next(_numbers)}"
        asked = {
            "name": "Le comptoir",
            "preset": "public_chat",
            "room_alias_name": alias,
            "room_version": "11",  # in later ones nobody has a say over who opened the room
            "power_level_content_override": {"users": {owner.user: 100, host.user: 90}},
        }
        room = owner.done("POST", "/createRoom", json=asked)["room_id"]
        for person in (host, guest):
            person.done("POST", f"/join/{quote(room)}", json={})
        return cls(room, f"#{alias}:{NAME}", owner, host, guest)

    @classmethod
    def between(cls, host: Person, guest: Person) -> "Room":
        """A private one without a name, of the newest kind, opened by the guest."""
        asked = {"preset": "trusted_private_chat", "is_direct": True, "invite": [host.user]}
        room = guest.done("POST", "/createRoom", json=asked)["room_id"]
        host.done("POST", f"/join/{quote(room)}", json={})
        return cls(room, "", guest, host, guest)

    def moderated(self) -> bool:
        """Whether the host has the right to moderate."""
        told = self.owner.done("GET", f"/rooms/{quote(self.id)}/state/m.room.power_levels")
        return int(told["users"].get(self.host.user, 0)) >= 50

    def let_moderate(self, allowed: bool) -> None:
        """Give the host the right to moderate and to react, or take it away."""
        path = f"/rooms/{quote(self.id)}/state/m.room.power_levels"
        told = self.owner.done("GET", path)
        users = {**told["users"], self.host.user: 90 if allowed else 0}
        self.owner.done(
            "PUT", path, json={**told, "users": users, "events": {**told["events"], "m.reaction": 50}}
        )

    async def speak(self, text: str, above: str = "") -> Target:
        """The guest says something; who was put out comes back first."""
        self.guest.call("POST", f"/join/{quote(self.id)}", json={})
        said: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if above:
            said["m.relates_to"] = {"m.in_reply_to": {"event_id": place_of(above)[1]}}
        return Target(remote_id=message_id(self.id, self.put(self.guest, "m.room.message", said)))

    def put(self, by: Person, kind: str, content: dict[str, Any]) -> str:
        """The id of a new event."""
        path = f"/rooms/{quote(self.id)}/send/{kind}/test-{next(_numbers)}"
        return str(by.done("PUT", path, json=content)["event_id"])

    async def unsay(self, target: Target) -> None:
        """The guest takes it back."""
        event = quote(place_of(target.remote_id)[1], safe="")
        path = f"/rooms/{quote(self.id)}/redact/{event}/test-{next(_numbers)}"
        self.guest.done("PUT", path, json={})

    def events(self) -> list[dict[str, Any]]:
        """Everything that happened, oldest first."""
        path, start, found = f"/rooms/{quote(self.id)}/messages", "", []
        while True:
            params = {"dir": "b", "limit": "100"} | ({"from": start} if start else {})
            told = self.host.done("GET", path, params=params)
            found += told["chunk"]
            start = told.get("end", "")
            if not start:
                return found[::-1]

    def standing(self) -> list[Standing]:
        """Every message that still says something, with its latest words."""
        said = [one for one in self.events() if one["type"] == "m.room.message" and one["content"]]
        relations = {one["event_id"]: one["content"].get("m.relates_to", {}) for one in said}
        changed = {
            relations[one["event_id"]]["event_id"]: one["content"]["m.new_content"]["body"]
            for one in said
            if relations[one["event_id"]].get("rel_type") == "m.replace"
        }
        found = []
        for one in said:
            relation = relations[one["event_id"]]
            if relation.get("rel_type") == "m.replace":
                continue
            above = relation.get("m.in_reply_to", {}).get("event_id", "")
            text = changed.get(one["event_id"], one["content"]["body"])
            found.append(
                Standing(
                    id=message_id(self.id, one["event_id"]),
                    text=text,
                    above=message_id(self.id, above) if above else "",
                )
            )
        return found
