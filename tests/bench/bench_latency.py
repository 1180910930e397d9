"""From a post's arrival to its alert: what the work takes, and what the clocks make it wait.

A post is handed to the way in and committed here; a worker, a process of its own, then gathers the
instant rule and posts to a receiver on loopback. What comes before is printed apart: a stream's posts
wait for their page, a feed's article for the next visit.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from typing import Any

from tests.bench.database import own_database
from tests.bench.report import Row

POSTS, WARM = 100, 5
PATIENCE = 60.0
"""Seconds after which an alert is given up for lost; the worker starts within them."""
PULL, TICK = 15.0, 10.0
"""Seconds between two looks at which feeds are due, and between two rounds of the alerts' own clock."""


def run() -> list[Row]:
    """p50 and p99 of a stream and of a feed, from a page to the alert; then the waits of the clocks."""
    os.environ["PALABRE_ALLOWED_NETWORKS"] = "127.0.0.0/8"
    with own_database(), _receiver() as (address, heard):
        from django_scopes import scopes_disabled

        with scopes_disabled():
            sources = _settle(address)
            worker = subprocess.Popen([sys.executable, "-m", "palabre", "worker"])
            try:
                ways = {network: _seconds(source, heard) for network, source in sources.items()}
            finally:
                worker.terminate()
                worker.wait()
    return [*_rows("stream, its page to alert", ways["bluesky"]),
            *_rows("feed, its page to alert", ways["feeds"]), *_clocks()]  # fmt: skip


def _rows(work: str, seconds: list[float]) -> list[Row]:
    ordered = sorted(seconds)
    return [
        Row(work=f"{work}, p{part}", figure=ordered[len(ordered) * part // 100] * 1e3, unit="ms",
            bar="printed", note=note)
        for part, note in ((50, f"{len(ordered)} posts, one by one; a worker is told"), (99, ""))
    ]  # fmt: skip


def _clocks() -> list[Row]:
    from palabre.intake.pull import USUAL_WAIT
    from palabre.networks.batches import SECONDS

    return [
        Row(work="stream, wait for its page, at most", figure=SECONDS, unit="s", bar="printed"),
        Row(work="feed, wait for its next visit, at most", figure=USUAL_WAIT * 1.1 + PULL, unit="s",
            bar="printed", note=f"every {USUAL_WAIT:.0f} s unless the feed’s own pace advises another wait, "
            f"± 10 %, looked at every {PULL:.0f} s; half of it on average"),
        Row(work="alert, wait for the clock if no worker was told, at most", figure=TICK, unit="s",
            bar="printed"),
    ]  # fmt: skip


def _settle(address: str) -> dict[str, Any]:
    from palabre.agency.models import Brand, Organisation
    from palabre.alerts.models import Frequency, Rule
    from palabre.listening.models import Source, Topic
    from palabre.listening.sources import SourceDraft, add_source

    organisation = Organisation.objects.create(name="Bench")
    brand = Brand.objects.create(organisation=organisation, name="B", slug="b")
    Topic.objects.create(brand=brand, name="T", query="baobab", revision=1)
    secret = "whsec_" + "QUJD" * 8
    Rule.objects.create(brand=brand, name="R", frequency=Frequency.INSTANT, webhook_url=address,
                        webhook_secret=secret)  # fmt: skip
    places = {"bluesky": ("jetstream", ""), "feeds": ("feed", "https://gazette.example/rss")}
    sources = {
        network: add_source(
            brand=brand, by=None, draft=SourceDraft(network=network, kind=kind, target=target)
        )
        for network, (kind, target) in places.items()
    }
    # The worker, who pulls too, is to leave the feed alone.
    Source.objects.update(next_at=datetime.now(UTC) + timedelta(days=1))
    return sources


def _seconds(source: Any, heard: "Queue[float]") -> list[float]:
    """What each post takes from here to the receiver, but the first ones: the worker is starting then."""
    from palabre.intake.pipeline import Batch, take_in
    from palabre.listening.matching import Matcher
    from palabre.networks.contract import RemoteItem

    matcher, took = Matcher(), []
    for n in range(WARM + POSTS):
        item = RemoteItem(
            remote_id=f"{source.network}-{n}",
            url=f"https://gazette.example/{n}",
            text=f"Ce matin, file d’attente numéro {n} devant le café Baobab, quelle honte !",
        )
        began = time.perf_counter()
        at = datetime.now(UTC)
        batch = Batch(
            network=source.network, sources=[source], items=[item], cursor={"n": n}, wait=86_400.0, at=at
        )
        take_in(batch, matcher)
        took.append(heard.get(timeout=PATIENCE) - began)
    return took[WARM:]


@contextmanager
def _receiver() -> Iterator[tuple[str, "Queue[float]"]]:
    """A receiver of webhooks: its address, and when each message came."""
    heard: Queue[float] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.put(time.perf_counter())
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", heard
    finally:
        server.shutdown()
        server.server_close()
