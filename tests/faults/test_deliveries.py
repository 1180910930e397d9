"""A thousand deliveries, senders killed with -9 at every step, a network that lies, a database that goes.

None is published twice, none is lost without a word.
"""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from palabre.runtime.postgres import Embedded
from tests.faults.senders import ROOT, run, told

SENDER = "tests.faults.delivering"
DELIVERIES = 1_000
KILLED = 16
"""Senders that die at some step, one after the other; the last one is left to finish."""
INTERRUPTED = (2, 6)
"""Before these lives, the database goes under a sender that is at work."""
PATIENCE = 120
"""Seconds for a sender to publish anything at all."""


def interrupt(database: Embedded, store: str) -> None:
    """The database goes and comes back with what was committed; the sender goes on by itself."""
    words = [sys.executable, "-m", SENDER, "work", store, "unharmed"]
    with subprocess.Popen(words, cwd=ROOT, env={**os.environ, "DATABASE_URL": database.url}) as sender:
        try:
            wait_for_more(store)
            database.stop(grace=0.1)
            database.start()
            wait_for_more(store)
        finally:
            sender.kill()


def wait_for_more(store: str) -> None:
    """Until something more stands at the network."""
    before, until = standing(store), time.monotonic() + PATIENCE
    while standing(store) == before:
        assert time.monotonic() < until, "nothing leaves any more"
        time.sleep(0.02)


def standing(store: str) -> int:
    with contextlib.closing(sqlite3.connect(store, timeout=30)) as base:
        (count,) = base.execute("select count(*) from post").fetchone()
    return int(count)


def test_nothing_is_published_twice_and_nothing_is_lost(database: Embedded, tmp_path: Path) -> None:
    store = str(tmp_path / "network.sqlite")
    told(run(database, SENDER, "seed", store, str(DELIVERIES)))
    for life in range(KILLED):
        if life in INTERRUPTED:
            interrupt(database, store)
        assert run(database, SENDER, "work", store, str(life)).returncode == -9
    told(run(database, SENDER, "work", store, "unharmed"))
    found: dict[str, Any] = json.loads(told(run(database, SENDER, "report", store)))
    assert found["twice"] == []
    assert found["absent"] == []
    assert found["unproved"] == 0
    assert found["states"] == {"published": DELIVERIES}
