"""Servers of others as processes: started, waited for, ended with all they started."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PATIENCE = 120.0
"""Seconds a server may take to start on a loaded machine."""


@contextmanager
def process(command: list[str], *, env: dict[str, str], log: Path, cwd: Path) -> Iterator[None]:
    """A server for as long as the block lasts, in a session of its own: what it starts ends with it."""
    with log.open("wb") as out:
        started = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=cwd,
            start_new_session=True,
        )
        try:
            yield
        finally:
            _end(started)


def _end(process: "subprocess.Popen[bytes]") -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(20)
            break
        except subprocess.TimeoutExpired:
            continue


def wait_for(ready: Callable[[], object], log: Path) -> None:
    """Until `ready` is true or gives something; a server that does not answer yet is waited for."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if ready():
                return
        except httpx.TransportError:
            pass
        if time.monotonic() > deadline:
            raise RuntimeError(f"no answer in {PATIENCE} s:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)
