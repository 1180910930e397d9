"""A real WordPress site of Debian's packages: PHP's own server over a MariaDB of its own, on loopback.

The site and its database are made once and copied for each run; nothing of the machine's own services
is used. It calls nobody: WordPress is told to block all that goes out.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.live.ports import free_ports
from tests.live.serving import PATIENCE, process, wait_for
from tests.needs import absent, program

SHARE = Path("/usr/share/wordpress")
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Site:
    """Where it listens; `password` is an application password of its administrator."""

    address: str
    password: str = field(repr=False)
    writer: str = field(repr=False)
    user: str = "admin"

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A plain call of the REST interface, without any code of Palabre."""
        return httpx.request(
            method,
            f"{self.address}/wp-json{path}",
            auth=(self.user, self.password),
            timeout=60,
            **options,
        )


@contextmanager
def running() -> Iterator[Site]:
    """The site, installed, started and stopped."""
    php = program("php", package="php-cli")
    daemon = program("mariadbd", package="mariadb-server")
    install = program("mariadb-install-db", package="mariadb-server")
    if not (SHARE / "wp-load.php").exists():
        absent("WordPress is not installed (Debian package wordpress)")
    web_port, base_port = free_ports(2)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="palabre-wordpress-")))
        scratch.chmod(0o711)
        stack.enter_context(_database(scratch, daemon, install, base_port))
        site = scratch / "site"
        address = f"http://127.0.0.1:{web_port}"
        _lay_out(site, base_port)
        made = _php(php, [str(HERE / "install.php")], site, address)
        password, writer = made.stdout.split()[-2:]
        command = [
            php, "-d", "upload_max_filesize=20M", "-d", "post_max_size=25M",
            "-S", f"127.0.0.1:{web_port}", "-t", str(site), str(HERE / "router.php"),
        ]  # fmt: skip
        env = {**os.environ, "PHP_CLI_SERVER_WORKERS": "4"}
        stack.enter_context(process(command, env=env, log=scratch / "php.log", cwd=site))
        wait_for(lambda: httpx.get(f"{address}/wp-json/", timeout=60).status_code == 200, scratch / "php.log")
        yield Site(address, password, writer)


@contextmanager
def _database(scratch: Path, daemon: str, install: str, port: int) -> Iterator[None]:
    folder = scratch / "maria"
    folder.mkdir()
    account = "mysql" if os.geteuid() == 0 else str(os.environ.get("USER") or os.geteuid())
    if os.geteuid() == 0:
        shutil.chown(folder, "mysql", "mysql")
    place = [f"--datadir={folder}/data", f"--user={account}"]
    _run([install, "--no-defaults", *place, "--auth-root-authentication-method=normal", "--skip-test-db"])
    socket, log = folder / "s.sock", scratch / "maria.log"
    serve = [
        daemon, "--no-defaults", *place, f"--socket={socket}", "--bind-address=127.0.0.1", f"--port={port}",
        f"--pid-file={folder}/pid", "--innodb-flush-log-at-trx-commit=0",
    ]  # fmt: skip
    with process(serve, env=dict(os.environ), log=log, cwd=folder):
        client = [program("mariadb", package="mariadb-client"), "--no-defaults", "-S", str(socket), "-uroot"]
        wait_for(lambda: socket.exists() and _run([*client, "-e", "select 1"], check=False), log)
        _run([
            *client, "-e",
            "create database wp; create user wp@127.0.0.1 identified by 'wp'; "
            "grant all on wp.* to wp@127.0.0.1",
        ])  # fmt: skip
        yield


def _lay_out(site: Path, base_port: int) -> None:
    """The package's files with a configuration of our own; its folder of contents is a copy."""
    shutil.copytree(SHARE, site, symlinks=False, ignore_dangling_symlinks=True)
    shutil.rmtree(site / "wp-content", ignore_errors=True)
    content = Path("/var/lib/wordpress/wp-content")
    if content.exists():
        shutil.copytree(content, site / "wp-content", symlinks=False, ignore_dangling_symlinks=True)
    (site / "wp-content" / "uploads").mkdir(parents=True, exist_ok=True)
    own = site / "wp-content" / "mu-plugins"
    own.mkdir(exist_ok=True)
    # All visitors of a test sit behind one address, where a site lets one of them speak each 15 seconds.
    (own / "crowd.php").write_text("<?php add_filter('wp_is_comment_flood', '__return_false', 100);\n")
    settings = {
        "DB_NAME": "wp", "DB_USER": "wp", "DB_PASSWORD": "wp", "DB_HOST": f"127.0.0.1:{base_port}",
        "DB_CHARSET": "utf8mb4", "WP_ENVIRONMENT_TYPE": "local",
    }  # fmt: skip
    for name in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE"):
        settings |= {f"{name}_KEY": f"{name} of a test", f"{name}_SALT": f"{name} salt of a test"}
    switches = ("WP_HTTP_BLOCK_EXTERNAL", "AUTOMATIC_UPDATER_DISABLED", "DISABLE_WP_CRON")
    lines = [f"define('{name}', '{value}');" for name, value in settings.items()]
    lines += [f"define('{name}', true);" for name in switches]
    lines += ["$table_prefix = 'wp_';", "if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');"]
    lines += ["require_once ABSPATH . 'wp-settings.php';"]
    configuration = site / "wp-config.php"
    configuration.unlink(missing_ok=True)
    configuration.write_text("<?php\n" + "\n".join(lines) + "\n")


def _php(php: str, words: list[str], site: Path, address: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "SITE": str(site), "ADDRESS": address}
    done = subprocess.run(
        [php, *words], env=env, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    if done.returncode:
        raise RuntimeError(f"php failed: {done.stdout[-1500:]} {done.stderr[-1500:]}")
    return done


def _run(command: Sequence[str], *, check: bool = True) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    if check and done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout[-800:]} {done.stderr[-800:]}")
    return done.returncode == 0
