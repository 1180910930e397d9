"""Installed once, by one process, in full or not at all."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.live import cache

pytestmark = pytest.mark.live


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PALABRE_TEST_CACHE", str(tmp_path))
    return tmp_path


class Build:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, folder: Path) -> None:
        self.times += 1
        assert not any(folder.iterdir())
        (folder / "thing").write_text("here")


def test_a_version_is_built_once() -> None:
    build = Build()
    folders = {cache.installed("thing", version=["1"], build=build) for _ in range(3)}
    assert build.times == 1 and len(folders) == 1
    assert (folders.pop() / "thing").read_text() == "here"


def test_another_version_is_another_folder() -> None:
    build = Build()
    one, two = (cache.installed("thing", version=[number], build=build) for number in "12")
    assert one != two and build.times == 2


def test_the_parts_of_a_version_do_not_run_together() -> None:
    build = Build()
    cache.installed("thing", version=["ab", "c"], build=build)
    cache.installed("thing", version=["a", "bc"], build=build)
    assert build.times == 2


def test_an_install_that_was_interrupted_is_done_again() -> None:
    def interrupted(folder: Path) -> None:
        (folder / "half").write_text("")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.installed("thing", version=["1"], build=interrupted)
    folder = cache.installed("thing", version=["1"], build=Build())
    assert not (folder / "half").exists() and (folder / "thing").exists()


def test_versions_long_unused_are_removed_and_recent_ones_kept(root: Path) -> None:
    old, recent = (cache.installed("thing", version=[name], build=Build()) for name in ("old", "recent"))
    long_ago = time.time() - 100 * 86_400
    os.utime(old / cache.STAMP, (long_ago, long_ago))
    cache.installed("thing", version=["new"], build=Build())
    assert not old.exists() and recent.exists()


def test_two_processes_build_once(root: Path) -> None:
    code = (
        "from pathlib import Path; from tests.live import cache\n"
        "def build(folder): import time; time.sleep(0.3); open(folder.parent / 'built', 'a').write('x')\n"
        "cache.installed('thing', version=['1'], build=build)"
    )
    here = Path(__file__).parents[2]
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=here) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert (root / "built").read_text() == "x"


def test_a_command_that_fails_is_tried_again_and_then_tells_why(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(cache.time, "sleep", lambda seconds: None)
    command = [sys.executable, "-c", "print('no route to the registry'); raise SystemExit(1)"]
    with pytest.raises(pytest.skip.Exception, match="no route to the registry"):
        cache.run(command, log=root / "log", cwd=root)
    assert (root / "log").read_text().count("try ") == cache.TRIES
