"""The command finds its sub-commands and imports nothing it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

from palabre.runtime.cli import COMMANDS, main


def test_an_unknown_command_is_a_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly"]) == 2
    assert "fly" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_options_stand_anywhere_among_the_words(
    place: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "items.jsonl"
    lines.write_text('{"id": "1", "text": "un baobab"}\n')
    words = ["baobab", str(lines)]
    words.insert(place, "--explain")
    assert main(["query", *words]) == 0
    assert "matched_terms" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["fr_FR.UTF-8", "en_US.UTF-8"])
def test_help_speaks_the_language_of_the_terminal(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    main(["help"])
    assert ("Usage :" in capsys.readouterr().out) == language.startswith("fr")


@pytest.mark.parametrize("name", ["query", "text", "feed", "bursts"])
def test_a_room_command_does_not_import_django(name: str) -> None:
    program = (
        "import sys; from palabre.runtime.cli import main\n"
        f"try: main([{name!r}, '--help'])\n"
        "except SystemExit: pass\n"
        "assert 'django' not in sys.modules, 'django was imported'"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_reader_who_leaves_is_no_fault() -> None:
    done = subprocess.run(
        f"{sys.executable} -m palabre help | head -c 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
