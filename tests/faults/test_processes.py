"""`palabre serve` loses a child, its own life, its port: what then."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.served import ROOT, Served


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    installation = Served()
    yield installation
    installation.close()


def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process still runs; one that ended and that nobody has taken note of yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_starts_says_where_and_answers(served: Served) -> None:
    served.start()
    assert f"Palabre is ready: {served.url}" in served.heard()
    assert served.status() == 200
    until(lambda: set(served.children()) == {"postgres", "web", "worker", "listen"}, "all of them run")


def test_nothing_dies_by_itself(served: Served) -> None:
    assert "ended" not in served.heard(), served.logs()


def test_a_second_one_on_the_same_home_says_so(served: Served) -> None:
    other = subprocess.run(
        [sys.executable, "-m", "palabre", "serve"],
        cwd=ROOT, env=served.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert other.returncode == 1
    assert "already running" in other.stderr and str(served.process.pid) in other.stderr  # type: ignore[union-attr]
    assert served.status() == 200


def test_a_port_that_is_taken_is_named(served: Served) -> None:
    other = Served()
    other.environment["PALABRE_PORT"] = str(served.port)
    try:
        assert other.launch().wait(30) == 1
        assert f"Port {served.port} is already taken" in other.heard()
        assert "PALABRE_PORT=" in other.heard()
    finally:
        other.close()


@pytest.mark.parametrize("name", ["web", "worker", "listen", "postgres"])
def test_a_child_that_is_killed_comes_back(served: Served, name: str) -> None:
    before = served.children()[name]
    os.kill(before, signal.SIGKILL)
    until(lambda: served.children().get(name, before) != before, f"{name} is started again")
    until(lambda: served.status() == 200, "the page answers again")
    assert "ended (SIGKILL)" in served.heard()


def test_ctrl_c_stops_everything_in_seconds(served: Served) -> None:
    pids = served.children().values()
    began = time.monotonic()
    assert served.stop(signal.SIGINT) == 0
    assert time.monotonic() - began < 20
    assert not any(alive(pid) for pid in pids)
    assert "Palabre has stopped" in served.heard()
    assert not (served.home / "postgres" / "data" / "postmaster.pid").exists()


def test_it_starts_again_without_touching_the_tables(served: Served) -> None:
    said = len(served.heard())
    served.start()
    assert "Updating the tables" not in served.heard()[said:]


def test_its_death_leaves_nothing_behind_and_the_next_start_is_clean(served: Served) -> None:
    pids = list(served.children().values())
    assert served.process is not None
    served.process.kill()
    served.process.wait()
    until(lambda: not any(alive(pid) for pid in pids), "the children follow", 30)
    served.start()
    assert served.status() == 200


def test_a_second_ctrl_c_does_not_wait(served: Served) -> None:
    assert served.process is not None
    until(lambda: "worker" in served.children(), "the worker runs")
    # A child that does not listen any more: stopped, it cannot even be asked to end.
    os.kill(served.children()["worker"], signal.SIGSTOP)
    served.process.send_signal(signal.SIGINT)
    until(lambda: "Stopping" in served.heard().rsplit("Palabre is ready", 1)[1], "it was heard")
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(6) == 0
    assert "Forced stop" in served.heard()


def test_it_recovers_after_a_forced_stop(served: Served) -> None:
    served.start()
    assert served.status() == 200


def test_a_backup_brings_back_what_was_deleted(served: Served) -> None:
    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "palabre", *words],
            cwd=ROOT, env=served.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    file = served.home / "backup.tar"
    photograph = served.home / "media" / "1" / "ab" / "ab.jpg"
    photograph.parent.mkdir(parents=True)
    photograph.write_bytes(b"a photograph")
    (served.home / "media" / "incoming").mkdir(exist_ok=True)
    (served.home / "media" / "incoming" / "half").write_bytes(b"cut off")
    add = "from django.contrib.sessions.models import Session as S; from django.utils.timezone import now; "
    served.manage("shell", "-c", add + "S.objects.create(session_key='kept', expire_date=now())")
    done = command("db", "backup", str(file))
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    assert command("db", "restore", str(file)).returncode == 1, "not while it is running"
    served.manage("shell", "-c", add + "S.objects.all().delete()")
    served.stop()
    photograph.unlink()
    (served.home / "media" / "1" / "later.jpg").write_bytes(b"not in the copy")
    restored = command("db", "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert photograph.read_bytes() == b"a photograph"
    kept = {path.name for path in (served.home / "media").rglob("*") if path.is_file()}
    assert kept == {"ab.jpg"}, "as it was: what came later and what was only coming in is not there"
    assert not list(served.home.glob(".restore-*"))
    assert "1" in served.manage("shell", "-c", add + "print(S.objects.filter(session_key='kept').count())")
    served.start()
    assert served.status() == 200
