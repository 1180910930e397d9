"""Processes of the fault suites, one after the other, on one database."""

import os
import subprocess
import sys
from pathlib import Path

from palabre.runtime.postgres import Embedded

ROOT = Path(__file__).resolve().parents[2]
Done = subprocess.CompletedProcess[str]


def run(database: Embedded, module: str, *words: str) -> Done:
    """One process to its end, whatever that is."""
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database.url},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def told(done: Done) -> str:
    """What it said, where it ended well."""
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
