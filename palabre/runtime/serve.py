"""`palabre serve`: everything in one command, watched.

    lock of the home → port free? → PostgreSQL → tables up to date → web · worker · listen → the page answers

A child that ends is started again, after a growing pause. Every child has a session of its own, so
that Ctrl-C reaches this process alone, which stops them in order: the three, then PostgreSQL. Should
this process be killed, the kernel tells the children (PR_SET_PDEATHSIG), so a next start is clean.
What the children say goes to `<home>/logs`; the terminal shows one line per event.
"""

import asyncio
import http.client
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from palabre.config.env import Env
from palabre.runtime import tables
from palabre.runtime.lock import HomeLock
from palabre.runtime.logs import rotate, tail
from palabre.runtime.messages import RuntimeFault, text
from palabre.runtime.postgres import Embedded
from palabre.runtime.processes import read_environment

STOP_WITHIN = 8.0
"""Seconds the three get to end by themselves; they give their work 4 (`processes.GRACE`)."""
PAUSE_FIRST, PAUSE_MOST = 0.5, 30.0
STEADY_AFTER = 60.0
"""Seconds after which a child counts as healthy again, and its next pause is the first one."""
GIVE_UP_AFTER = 3
"""Ends in a row before the page ever answered: then something is wrong that waiting will not mend."""
HEAD_START = 20.0
"""Seconds at most that the others wait for the page to answer."""
LOOK_EVERY = 0.25


def main(argv: list[str], before: list[str] | None = None) -> int:
    """Serve until told to stop. `before` is a `palabre` command to run once the tables are there."""
    settings = read_environment()
    with HomeLock(settings.home):
        _check_port(settings)
        return asyncio.run(Supervisor(settings, before or []).run())


@dataclass
class Child:
    """One watched process."""

    name: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = PAUSE_FIRST
    not_before: float = 0.0
    ends: int = 0


@dataclass
class Supervisor:
    """Starts, watches and stops the processes of one home; the lock is held by its caller."""

    settings: Env
    before: list[str]
    children: list[Child] = field(default_factory=lambda: [Child("web"), Child("worker"), Child("listen")])
    embedded: Embedded | None = None
    stops: int = 0
    ready: bool = False

    async def run(self) -> int:
        """The whole life of the service; the exit code."""
        began = time.monotonic()
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(signum, self._asked_to_stop)
        say("starting", home=self.settings.home)
        try:
            await self._prepare()
            self._hold_back()
            greeting = asyncio.create_task(self._greet(began))
            await self._watch()
            greeting.cancel()
        finally:
            await self._stop_all()
        say("stopped")
        return 0

    def _asked_to_stop(self) -> None:
        self.stops += 1
        if self.stops == 1:
            say("stopping")
        elif self.stops == 2:
            say("forced")
            for child in self.children:
                if child.process and child.process.poll() is None:
                    child.process.kill()
            if self.embedded and self.embedded.process:
                self.embedded.process.send_signal(signal.SIGQUIT)

    async def _prepare(self) -> None:
        """The database and its tables. Raises RuntimeFault."""
        home = self.settings.home
        (home / "logs").mkdir(exist_ok=True, mode=0o700)
        url = self.settings.database_url
        if not url:
            self.embedded = Embedded(home)
            self.embedded.start(on_first=lambda: say("initdb"))
            url = self.embedded.url
        else:
            _reach(url)
        if not tables.up_to_date(home, url):
            say("migrating")
            await self._once("migrate")
        if self.before and not self.stops:
            say("preparing")
            await self._once(*self.before)
            print(tail(self._log(self.before[0]), lines=1).strip(), flush=True)

    async def _once(self, *words: str) -> None:
        """Run one command to its end, or until asked to stop."""
        log = self._log(words[0])
        process = self._spawn(list(words), log)
        while process.poll() is None:
            if self.stops:
                process.send_signal(signal.SIGTERM if self.stops == 1 else signal.SIGKILL)
            await asyncio.sleep(0.05)
        if process.returncode and not self.stops:
            raise RuntimeFault("command_failed", command=shlex.join(words), log=log, tail=tail(log))

    def _hold_back(self) -> None:
        """Let the web start alone: on a small machine three at once make the page wait for all of them."""
        for child in self.children:
            if child.name != "web":
                child.not_before = time.monotonic() + HEAD_START

    def _start(self, child: Child) -> None:
        child.process = self._spawn([child.name], self._log(child.name))
        child.started = time.monotonic()

    def _spawn(self, words: list[str], log: Path) -> subprocess.Popen[bytes]:
        # Forked from the main thread, which lives as long as the supervisor: the kernel watches threads.
        # Killed, not asked: the database goes down with them, there is nothing left to finish.
        setpriv = shutil.which("setpriv")
        guard = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603
                [*guard, sys.executable, "-m", "palabre", *words],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    async def _watch(self) -> None:
        """Start again what ends, until asked to stop. Raises RuntimeFault when it is hopeless."""
        next_rotation = 0.0
        while not self.stops:
            now = time.monotonic()
            self._watch_database(now)
            for child in self.children:
                self._watch_child(child, now)
            if now > next_rotation:
                rotate(self.settings.home / "logs")
                next_rotation = now + 30
            await asyncio.sleep(LOOK_EVERY)

    def _watch_database(self, now: float) -> None:
        if self.embedded is None or self.embedded.process is None or self.embedded.process.poll() is None:
            return
        self._say_died("PostgreSQL", self.embedded.process.returncode, 0, self.embedded.log)
        self.embedded.start()

    def _watch_child(self, child: Child, now: float) -> None:
        if child.process is None:
            if now >= child.not_before:
                self._start(child)
            return
        code = child.process.poll()
        if code is None:
            if now - child.started > STEADY_AFTER:
                child.pause, child.ends = PAUSE_FIRST, 0
            return
        child.process = None
        child.ends += 1
        log = self._log(child.name)
        if child.name == "web" and not self.ready and child.ends >= GIVE_UP_AFTER:
            raise RuntimeFault("gave_up", name=child.name, log=log, tail=tail(log))
        self._say_died(child.name, code, child.pause, log)
        child.not_before = now + child.pause
        child.pause = min(child.pause * 2, PAUSE_MOST)

    def _say_died(self, name: str, code: int, delay: float, log: Path) -> None:
        reason = signal.Signals(-code).name if code < 0 else f"code {code}"
        say("died", name=name, reason=reason, delay=f"{delay:g}", log=log)

    async def _greet(self, began: float) -> None:
        """Say the address once the page answers, not before."""
        while not await asyncio.to_thread(answers, self.settings.host, self.settings.port):
            await asyncio.sleep(0.1)
        self.ready = True
        for child in self.children:
            child.not_before = 0.0
        say("ready", url=self.settings.public_url, seconds=f"{time.monotonic() - began:.1f}")

    async def _stop_all(self) -> None:
        """End the three together, then the database; whoever lingers is killed."""
        live = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in live:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        while any(process.poll() is None for process in live) and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        for process in live:
            if process.poll() is None:
                process.kill()
                process.wait()
        if self.embedded:
            await asyncio.to_thread(self.embedded.stop)

    def _log(self, name: str) -> Path:
        return self.settings.home / "logs" / f"{name}.log"


def say(code: str, **params: object) -> None:
    """One line on the terminal; a closed terminal is no reason to end."""
    try:
        print(text(code, **params), flush=True)
    except OSError:
        return


def answers(host: str, port: int) -> bool:
    """Whether the page at host:port answers without a fault of the server's."""
    connection = http.client.HTTPConnection(_near(host), port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _near(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104


def _check_port(settings: Env) -> None:
    """Raises RuntimeFault `port_taken` before anything is started, or `port_refused`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if probe_is_taken(error):
                command = "make run" if os.environ.get("MAKELEVEL") else shlex.join(["palabre", "serve"])
                other = settings.port + 1
                raise RuntimeFault(
                    "port_taken", port=settings.port, host=settings.host, other=other, command=command
                ) from error
            raise RuntimeFault(
                "port_refused", port=settings.port, host=settings.host, why=error.strerror
            ) from error


def probe_is_taken(error: OSError) -> bool:
    """Whether binding failed because somebody else has the port."""
    import errno

    return error.errno == errno.EADDRINUSE


def _reach(url: str) -> None:
    """Raises RuntimeFault `database_absent` when the server of one's own does not answer."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=10).close()
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise RuntimeFault("database_absent", why=str(error).strip()) from error
