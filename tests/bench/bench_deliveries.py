"""Five thousand deliveries due in one minute, and what one costs the database that has stored a million.

They leave by one worker, as `palabre worker` is, for a server on loopback that takes 300 ms to answer;
all are due at the same second. The alternative is the bare calls: as many at once, by httpx, nothing
read and nothing kept. Lateness is counted from the hour that was planned to the moment at which the
server took the content.

The cost is the processor time of the database's own process for a delivery, claimed, begun and kept,
over a network that answers at once. A look at what is due, when nothing is, is held against the same
look that reads every delivery.
"""

import asyncio
import json
import os
import random
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from typing import Any
from unittest.mock import patch

import httpx

from tests.bench import planned
from tests.bench.database import own_database
from tests.bench.report import Row
from tests.live.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
DELIVERIES, ANSWER = 5_000, 0.3
LATEST = 60.0
"""Seconds: what is due in one minute has left before the next one ends."""
PATIENCE = 900.0
KILLS = 8
STORED = (1_000, 100_000, 1_000_000)
MEASURED, TIMES = 1_500, 3
"""Deliveries sent for one measure of their cost, and measures, of which the least counts."""
LOOKS = 20
"""Looks at what is due for one measure of what a look costs."""
GROWS = 1.2


def run() -> list[Row]:
    """The rush, the same with workers killed, and the cost of one beside 1,000, 100,000 and 1,000,000.

    Each in a process of its own: a process of Django's knows one database in its life.
    """
    rows: list[Row] = []
    for part in (_rush, _killed, _costs):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            rows += process.submit(part).result()
    return rows


def _rush() -> list[Row]:
    with own_database(), _network() as server:
        from palabre.publishing.delivery.sending import AT_ONCE

        planned.settle(server)
        with _worker() as process:
            told = _sent(server, after=30.0, worker=process.pid)
        before = time.process_time()
        bare = asyncio.run(_bare(server, AT_ONCE))
        bare_busy = time.process_time() - before
    late = told.lateness
    cuts = quantiles(late, n=100)
    return [
        Row(
            work=f"{DELIVERIES:,} deliveries due in one minute: the last one sent",
            figure=late[-1],
            unit="s",
            alternative=f"the bare calls, {AT_ONCE} at once",
            alternative_figure=bare,
            ratio=late[-1] / bare,
            bar="all, once each",
            met=told.published == DELIVERIES == len(late) and not told.twice,
            note=f"{told.published:,} published, {len(late):,} taken by the server, {told.twice} twice; "
            f"the first one left {late[0]:.1f} s after the hour",
        ),
        Row(
            work="processor time of the worker for one of them",
            figure=1000 * told.busy / DELIVERIES,
            unit="ms",
            alternative="of the bare call",
            alternative_figure=1000 * bare_busy / DELIVERIES,
            ratio=told.busy / bare_busy,
        ),
        Row(work="their lateness, p50", figure=cuts[49], unit="s", bar="printed"),
        Row(
            work="their lateness, p99",
            figure=cuts[98],
            unit="s",
            bar=f"≤ {LATEST:.0f} s",
            met=cuts[98] <= LATEST,
        ),
    ]


async def _bare(server: str, at_once: int) -> float:
    """Seconds for as many calls as there are deliveries, and nothing else.

    A client of one connection for each that is under way: what httpx's pool does for one call grows with
    the square of its connections, and one that lies idle for as long as the server keeps it (five seconds,
    both of them) is hung up on just as it is used again.
    """
    left = iter(range(DELIVERIES))
    tls = ssl.create_default_context()

    async def lane() -> None:
        async with httpx.AsyncClient(verify=tls, timeout=60, trust_env=False) as client:
            for n in left:
                said = {"status": f"Bare {n}"}
                headers = {"authorization": f"Bearer bare-{n % 100}"}
                answer = await client.post(f"{server}/api/v1/statuses", json=said, headers=headers)
                answer.raise_for_status()

    began = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(at_once)))
    return time.perf_counter() - began


def _costs() -> list[Row]:
    """What a delivery costs the database, with more and more stored beside it."""
    from django.db import connection
    from django.utils import timezone

    rows: list[Row] = []
    with own_database():
        planned.settle("http://127.0.0.1:9")
        _planned_cost(MEASURED)  # the first one fills caches that all later ones find full
        stored, least = 0, 0.0
        for count in STORED:
            planned.published(count - stored, at=timezone.now())
            stored = count
            cost, statements = min(_planned_cost(MEASURED) for _ in range(TIMES))
            least = least or cost
            more = count > STORED[0]
            rows.append(
                Row(
                    work=f"processor time of the database for a delivery, {count:,} posts stored",
                    figure=1000 * cost,
                    unit="ms",
                    alternative=f"{STORED[0]:,} stored" if more else "",
                    alternative_figure=1000 * least if more else None,
                    ratio=cost / least if more else None,
                    bar=f"≤ {GROWS} ×" if more else "",
                    met=cost <= GROWS * least if more else None,
                    note=f"{statements:.2f} statements a delivery",
                )
            )
        look = _look()
        with connection.cursor() as cursor:
            cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off")
        bare = _look()
        rows.append(
            Row(
                work=f"the same for a look at what is due, when nothing is, {stored:,} stored",
                figure=1000 * look,
                unit="ms",
                alternative="by reading every delivery",
                alternative_figure=1000 * bare,
                ratio=look / bare,
            )
        )
    return rows


def _look() -> float:
    """Seconds of the database for one look at what is due, when nothing is."""
    from django.utils import timezone

    from palabre.publishing.delivery.claims import claim_due

    claim_due(now=timezone.now(), most=1)
    before = _spent()
    for _ in range(LOOKS):
        claim_due(now=timezone.now(), most=1)
    return sum(spent - before.get(process, 0.0) for process, spent in _spent().items()) / LOOKS


def _planned_cost(count: int) -> tuple[float, float]:
    """Plan so many for now, and `_cost`."""
    from django.utils import timezone

    planned.planned(count, at=timezone.now())
    return _cost(count)


def _cost(count: int) -> tuple[float, float]:
    """Send what is due, by a network that answers at once: seconds of the database and statements each."""
    from asgiref.sync import async_to_sync
    from django.db import connection

    from palabre.publishing.delivery import sending
    from palabre.publishing.tests.scripted import Scripted

    asked = 0

    def counted(execute: Any, *statement: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*statement)

    network = Scripted()
    with patch.object(sending, "connector", lambda key: network), connection.execute_wrapper(counted):
        before = _spent()
        sent = async_to_sync(sending.send_due)()
        spent = sum(seconds - before.get(process, 0.0) for process, seconds in _spent().items())
    if sent != count or len(list(network.texts())) != count:
        raise RuntimeError(f"{sent} of {count} were sent")
    return spent / count, asked / count


def _spent() -> dict[int, float]:
    """Seconds each of the database’s processes that serve us was on a processor, however loaded it is."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        places = {process: Path(f"/proc/{process}/schedstat") for (process,) in cursor.fetchall()}
    return {process: int(place.read_text().split()[0]) / 1e9 for process, place in places.items()}


def _busy(process: int) -> float:
    """Seconds all threads of a process were on a processor, by the clock’s ticks."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _killed() -> list[Row]:
    """The same with every worker killed after a moment, `KILLS` of them; then one is left to finish."""
    dice = random.Random(7)
    with own_database(), _network() as server:
        planned.settle(server)
        told = _sent(server, after=1.0, kills=[dice.uniform(0.2, 3.0) for _ in range(KILLS)])
    lost = DELIVERIES - told.published
    return [
        Row(
            work=f"the same, {KILLS} workers killed with -9 while they send: lost or sent twice",
            figure=lost + told.twice,
            unit=f"of {DELIVERIES:,}",
            bar="0",
            met=not lost and not told.twice and len(told.lateness) == DELIVERIES,
            note=f"{told.died} died; {told.looked:,} outcomes were looked for; the last of all was sent "
            f"{told.lateness[-1]:.0f} s after the hour (leases of some seconds, so that this ends soon)",
        )
    ]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of all: seconds after the hour, in order; what stands twice; what is proved.

    `busy`: the seconds the worker was on a processor meanwhile.
    """

    lateness: list[float] = field(repr=False)
    twice: int
    published: int
    looked: int = 0
    died: int = 0
    busy: float = 0.0


def _sent(server: str, *, after: float, kills: Sequence[float] = (), worker: int = 0) -> Told:
    """Plan all for `after` seconds from now, and wait until they have left."""
    from django.utils import timezone

    from palabre.publishing.delivery.nudge import nudge
    from palabre.publishing.models import Delivery, Step

    at = timezone.now() + timedelta(seconds=after)
    planned.planned(DELIVERIES, at=at)
    nudge(at)
    if timezone.now() > at and not kills:
        raise RuntimeError("the machine was too slow to plan in time")
    _until(lambda: timezone.now() >= at, time.monotonic() + after)
    before = _busy(worker) if worker else 0.0
    died = sum(_die(seconds) for seconds in kills)
    deadline = time.monotonic() + PATIENCE
    published = Delivery._base_manager.filter(state="published")
    if kills:
        with _worker(hasty=True):
            _until(lambda: published.count() == DELIVERIES, deadline)
    else:
        _until(lambda: published.count() == DELIVERIES, deadline)
    with urllib.request.urlopen(f"{server}/report", timeout=30) as answer:
        report = json.load(answer)
    looked = Step._base_manager.filter(act="interrupted").count()
    return Told(
        lateness=[taken - at.timestamp() for taken in report["taken"]],
        twice=report["twice"],
        published=published.count(),
        looked=looked,
        died=died,
        busy=_busy(worker) - before if worker else 0.0,
    )


def _die(seconds: float) -> bool:
    """A worker, killed so long after it began to send; whether it was killed at work."""
    from palabre.publishing.models import Delivery

    begun = Delivery._base_manager.exclude(begun_at=None)
    with _worker(hasty=True) as process:
        before = begun.count()
        _until(lambda: begun.count() > before, time.monotonic() + 60)
        time.sleep(seconds)
        process.kill()
        return process.wait() == -signal.SIGKILL


def _until(done: Any, deadline: float) -> None:
    """Ask twice a second; what is left when patience ends is told by the figures."""
    while not done() and time.monotonic() < deadline:
        time.sleep(0.5)


@contextmanager
def _network() -> Iterator[str]:
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "tests.bench.slow_network", str(port), str(ANSWER)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _until(lambda: _answers(port), time.monotonic() + 60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/report", timeout=5):
            return True
    except OSError:
        return False


@contextmanager
def _worker(*, hasty: bool = False) -> Iterator["subprocess.Popen[bytes]"]:
    """`palabre worker`; a hasty one does not wait for minutes before it looks after the dead."""
    words = ["-m", "tests.bench.hasty_worker"] if hasty else ["-m", "palabre", "worker"]
    env = {**os.environ, "PALABRE_ALLOWED_NETWORKS": "127.0.0.0/8"}
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=env)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
