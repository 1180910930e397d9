"""`palabre feed`: lines of JSON, or exit code 2 and the reason in the reader's language."""

import argparse
import io
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from palabre.networks.command import arguments, run

FEED = (
    "<rss><channel><item><guid>g</guid><title>Été</title><link>https://e.fr/1</link>"
    "<author>Anne</author><pubDate>Sat, 21 Nov 2026 10:00:00 +0100</pubDate>"
    "<description>&lt;b&gt;Un&lt;/b&gt;</description></item>"
    "<item><title>Sans date</title></item></channel></rss>"
).encode()


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    arguments(parser)
    return run(parser.parse_args(words))


@pytest.fixture
def served() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(FEED)

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/feed"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_entries_of_a_file_are_lines_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "feed.xml").write_bytes(FEED)
    assert command(str(tmp_path / "feed.xml")) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {
        "id": "g",
        "url": "https://e.fr/1",
        "title": "Été",
        "author": "Anne",
        "published": "2026-11-21T09:00:00Z",
        "text": "Un",
    }
    assert second["published"] is None and second["id"]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FEED)))
    assert command("-") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_feed_that_breaks_off_before_its_first_entry_says_at_which_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    (tmp_path / "casse.xml").write_text("<?xml version='1.0'?>\n<rss><channel>\n<title>Casse</titre>")
    assert command(str(tmp_path / "casse.xml")) == 2
    assert "at line 3 one element is closed by another" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "words"), [("fr_FR.UTF-8", "page web"), ("en_GB.UTF-8", "web page")])
def test_what_cannot_be_read_says_why(
    tmp_path: Path,
    language: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    (tmp_path / "page.html").write_text("<html><body>Bonjour</body></html>")
    assert command(str(tmp_path / "page.html")) == 2
    heard = capsys.readouterr()
    assert words in heard.err and heard.out == ""
    assert command(str(tmp_path / "missing")) == 2
    assert command(str(tmp_path)) == 2


def test_this_machine_is_read_only_when_asked(served: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(served) == 2
    assert "127.0.0.1" in capsys.readouterr().err
    assert command("--allow-private", served) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
