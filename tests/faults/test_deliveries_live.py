"""Deliveries to a real Bluesky and a real WordPress, by senders that die, over a line that misbehaves.

None stands there twice, none is lost without a word: the servers themselves are asked.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from palabre.runtime.postgres import Embedded
from tests.contract.wordpress_server import plain
from tests.faults.proxy import Proxy, misbehaving
from tests.live.bluesky.network import Account, Network
from tests.live.wordpress.site import Site

pytestmark = pytest.mark.live

ROOT = Path(__file__).resolve().parents[2]
DELIVERIES = 100
DEATHS = (7, 90, 31, 64)
"""At which step each sender is killed. Together fewer than the least that all deliveries take, six each."""
QUIET = 60.0
"""Seconds in which a server ends what the killed one asked for, on a loaded machine."""
PERSONS = {"unknown", "rejected", "failed", "missed"}
"""States in which a person is told and decides; nothing leaves one by itself."""


@pytest.fixture
def sender(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Sender"]:
    home = tmp_path_factory.mktemp("sender")
    server = Embedded(home, durable=True)
    server.start()
    yield Sender(home, server)
    server.stop(grace=5)


class Sender:
    """Processes that send, one after the other, from one database."""

    def __init__(self, home: Path, database: Embedded) -> None:
        self.environment = {
            **os.environ,
            "PALABRE_HOME": str(home),
            "DATABASE_URL": database.url,
            "PALABRE_ALLOWED_NETWORKS": "127.0.0.0/8,::1/128",
        }
        self.run("migrate", module="palabre")

    def run(
        self, *words: str, module: str = "tests.faults.live_delivering", told: Any = None, ends: int = 0
    ) -> str:
        """One process to its end, which is known."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=ROOT, env=self.environment, input=json.dumps(told), capture_output=True, text=True,
            timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == ends, done.stderr[-3000:]
        return done.stdout

    def send_all(self, network: str, server: str, *, write: bytes, sign_in: Any) -> list[dict[str, Any]]:
        """Send, be killed, send again; what became of each delivery."""
        with misbehaving(server, write=write) as proxy:
            self.run("seed", network, str(DELIVERIES), proxy.address, told=sign_in)
            for step in DEATHS:
                self.run("work", network, str(step), ends=-9)
                wait_for_quiet(proxy)
            self.run("work", network, "unharmed")
            assert min(proxy.done[way] for way in ("slow", "busy", "cut before", "cut after")) > 0
        found: list[dict[str, Any]] = json.loads(self.run("report"))
        return found


def wait_for_quiet(proxy: Proxy) -> None:
    """Until the server has answered all that was asked, though nobody waits for it any more."""
    until = time.monotonic() + QUIET
    while proxy.under_way:
        assert time.monotonic() < until, "the server does not answer any more"
        time.sleep(0.05)


def check(deliveries: list[dict[str, Any]], standing: Counter[str]) -> None:
    """Once each, whole, and said to be so; or in a person's hands."""
    assert {text: times for text, times in standing.items() if times > 1} == {}
    assert len(deliveries) == DELIVERIES
    for one in deliveries:
        assert one["state"] == "published" or one["state"] in PERSONS, one
        if one["state"] == "published":
            assert [standing[text] for text in one["texts"]] == [1] * len(one["texts"]), one
            assert len(one["ids"]) == len(one["texts"]) and all(one["ids"])
    assert {one["state"] for one in deliveries} == {"published"}, "these two can always be looked at"


def test_to_a_real_bluesky(bluesky_network: Network, sender: Sender) -> None:
    ana: Account = bluesky_network.account(f"senda{random.randrange(1000)}")
    fields = {"identifier": ana.handle, "app_password": ana.app_password(), "server": bluesky_network.pds}
    found = sender.send_all(
        "bluesky",
        bluesky_network.pds,
        write=b"com.atproto.repo.putRecord",
        sign_in={"kind": "app_password", "fields": fields},
    )
    asked = {"repo": ana.did, "collection": "app.bsky.feed.post", "limit": 100}
    records, cursor = [], ""
    while True:
        page = ana.call("com.atproto.repo.listRecords", **asked, **({"cursor": cursor} if cursor else {}))
        records += page["records"]
        cursor = page.get("cursor", "")
        if not cursor:
            break
    check(found, Counter(record["value"]["text"] for record in records))


def test_to_a_real_wordpress(wordpress_site: Site, sender: Sender) -> None:
    fields = {
        "server": wordpress_site.address,
        "user": wordpress_site.user,
        "app_password": wordpress_site.password,
    }
    found = sender.send_all(
        "wordpress",
        wordpress_site.address,
        write=b"/wp/v2/posts",
        sign_in={"kind": "application_password", "fields": fields},
    )
    asked = {"status": "publish,future,draft,pending,private", "context": "edit", "per_page": "100"}
    first = wordpress_site.call("GET", "/wp/v2/posts", params=asked)
    posts = first.json()
    for page in range(2, int(first.headers["X-WP-TotalPages"]) + 1):
        posts += wordpress_site.call("GET", "/wp/v2/posts", params=asked | {"page": str(page)}).json()
    said = [plain(post["content"]["raw"]) for post in posts]
    check(found, Counter(text for text in said if text.startswith("Contenu ")))
