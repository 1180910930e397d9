"""A real `palabre serve`, in a home of its own, for the tests that look at it from outside."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tests.live.ports import free_ports

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0
"""Seconds a first start may take on a loaded machine."""


class Served:
    """One installation: start it, ask it, break it, stop it."""

    def __init__(self, home: Path | None = None, environment: Mapping[str, str] | None = None) -> None:
        self.home = home or Path(tempfile.mkdtemp(prefix="palabre-served-"))
        self.home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "PALABRE_HOME": str(self.home),
            "PALABRE_PORT": str(self.port),
            "PALABRE_ALLOWED_NETWORKS": "127.0.0.0/8",
            "LC_ALL": "en_US.UTF-8",
            **(environment or {}),
        }
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.process: subprocess.Popen[bytes] | None = None
        self.said = self.home / "said.txt"

    def launch(self, *words: str) -> subprocess.Popen[bytes]:
        """Start `palabre serve` (or other words) without waiting for it."""
        with self.said.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "palabre", *(words or ("serve",))],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.process

    def start(self, *words: str) -> float:
        """Start and wait until it says it is ready; the seconds that took. Raises TimeoutError."""
        before = self.heard().count("Palabre is ready")
        began = time.monotonic()
        process = self.launch(*words)
        while self.heard().count("Palabre is ready") == before:
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise TimeoutError(f"palabre serve did not start:\n{self.heard()}\n{self.logs()}")
            time.sleep(0.02)
        return time.monotonic() - began

    def stop(self, signum: int = signal.SIGTERM, patience: float = 30) -> int:
        """Ask it to stop and wait; its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signum)
        return self.process.wait(patience)

    def close(self) -> None:
        """Stop it if need be, and forget its home."""
        if self.process is not None:
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def manage(self, *words: str) -> str:
        """Run one of Django's commands on it; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "palabre", "manage", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self, path: str = "/") -> int:
        """The HTTP status of a page; 0 when nothing answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def children(self) -> dict[str, int]:
        """The pids of the supervised processes by name, PostgreSQL among them."""
        assert self.process is not None
        found = {}
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for pid in listing.split():
            try:
                words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            except OSError:
                continue
            name = "postgres" if words[0].endswith("/postgres") else words[3] if len(words) > 3 else ""
            found[name] = int(pid)
        return found

    def memory(self) -> dict[str, float]:
        """Megabytes of each process (proportional set size, so that nothing shared counts twice)."""
        assert self.process is not None
        sizes = {"supervisor": _megabytes(self.process.pid)}
        for name, pid in self.children().items():
            sizes[name] = sum(_megabytes(one) for one in [pid, *_descendants(pid)])
        return sizes

    def heard(self) -> str:
        """All it said on the terminal."""
        return self.said.read_text(errors="replace") if self.said.exists() else ""

    def logs(self) -> str:
        """The ends of its logs."""
        parts = []
        for log in sorted((self.home / "logs").glob("*.log")):
            parts.append(f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:]))
        return "\n".join(parts)


def _descendants(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(path.parent.name)
            found += [child, *_descendants(child)]
    return found


def _megabytes(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    match = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(match.group(1)) / 1024 if match else 0.0
