"""How long `palabre serve` takes to answer, and what it keeps in memory at rest."""

import time

from tests.bench.report import Row
from tests.served import Served

STARTS = 3
REST = 10.0
"""Seconds after which it is at rest: the first jobs are done."""


def run() -> list[Row]:
    """The first start (cluster and tables made), later ones, a stop, the memory."""
    served = Served()
    try:
        first = served.start()
        served.stop()
        later = []
        for _ in range(STARTS):
            later.append(served.start())
            began = time.monotonic()
            served.stop()
            stopping = time.monotonic() - began
        served.start()
        for _ in range(20):
            served.status()
        time.sleep(REST)
        memory = served.memory()
    finally:
        served.close()
    second = sorted(later)[STARTS // 2]
    parts = ", ".join(f"{name} {size:.0f}" for name, size in memory.items())
    return [
        Row(work="first start, database and tables made", figure=first, unit="s", bar="printed"),
        Row(work="start, page answering", figure=second, unit="s", bar="under 5 s", met=second < 5),
        Row(work="clean stop", figure=stopping, unit="s", bar="printed"),
        Row(
            work="memory of the whole at rest",
            figure=sum(memory.values()),
            unit="MB",
            bar="printed",
            note=parts,
        ),
    ]
