"""`palabre query` at the terminal."""

import argparse
import io
import json
from pathlib import Path

import pytest

from palabre.query.command import arguments, run

LINES = (
    b'{"id": "1", "text": "Le caf\xc3\xa9 de l\xe2\x80\x99\xc3\x89toile", "lang": "fr"}\n'
    b'{"id": 2, "text": "rien", "title": null, "extra": [1]}\n'
    b"\n"
    b'{"id": "3", "title": "Cafe", "url": "https://x.fr/a"}\n'
)


class Terminal:
    """Runs the command on given input and keeps what it wrote."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        self.monkeypatch, self.capture = monkeypatch, capsysbinary

    def __call__(self, *words: str, given: bytes = LINES, language: str = "en") -> tuple[int, str, str]:
        self.monkeypatch.setenv("LC_ALL", language)
        self.monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        parser = argparse.ArgumentParser()
        arguments(parser)
        code = run(parser.parse_args(words))
        out, err = self.capture.readouterr()
        return code, out.decode(), err.decode()


@pytest.fixture
def palabre_query(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Terminal:
    return Terminal(monkeypatch, capsysbinary)


def test_matching_lines_come_out_as_they_went_in(palabre_query: Terminal) -> None:
    code, out, err = palabre_query("cafe", "-")
    assert (code, err) == (0, "")
    assert out.encode().splitlines() == [LINES.splitlines()[0], LINES.splitlines()[3]]


def test_explain_adds_what_matched_and_where(palabre_query: Terminal) -> None:
    code, out, _ = palabre_query("etoile OR cafe", "--explain")
    first = json.loads(out.splitlines()[0])
    assert code == 0
    assert first["matched_terms"] == [
        {"field": "text", "start": 3, "end": 7, "term": "cafe"},
        {"field": "text", "start": 13, "end": 19, "term": "etoile"},
    ]
    assert first["text"][13:19] == "Étoile"


def test_many_queries_give_pairs(palabre_query: Terminal, tmp_path: Path) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_text("b\tcafé\na\tetoile\n\nc\tsite:x.fr\n", encoding="utf-8-sig")
    posts = tmp_path / "posts.jsonl"
    posts.write_bytes(LINES)
    assert palabre_query("--many", str(queries), str(posts)) == (0, "1\tb\n1\ta\n3\tb\n3\tc\n", "")


def test_a_bad_line_is_named_and_the_rest_goes_on(palabre_query: Terminal) -> None:
    given = (
        b'{"text": "a"}\nnot json\n[1]\n{"text": 5}\n'
        + b"[" * 100_000
        + b'\n\xff\xfe\n{"text": "a", "id": 9}\n'
    )
    code, out, err = palabre_query("a", given=given)
    assert code == 1
    assert out == '{"text": "a"}\n{"text": "a", "id": 9}\n'
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
        "line 6",
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_bad_query_is_pointed_at(palabre_query: Terminal, language: str) -> None:
    code, out, err = palabre_query("café AND OR thé", language=language)
    message, query, carets = err.splitlines()
    assert (code, out) == (2, "")
    assert "OR" in message
    assert query.index("OR") == carets.index("^^")


def test_a_long_bad_query_is_shown_around_its_error(palabre_query: Terminal) -> None:
    _, _, err = palabre_query("mot " * 500 + "東京 OR OR b " + "mot " * 500)
    _, query, carets = err.splitlines()
    assert len(query) < 80
    assert carets.index("^^") == query.index("OR OR") + 3 + 2  # two wide characters before


def test_a_bad_query_among_many_is_named(palabre_query: Terminal, tmp_path: Path) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_text("7\t(a")
    code, _, err = palabre_query("--many", str(queries))
    assert code == 2
    assert err.startswith("query 7: ")


@pytest.mark.parametrize("words", [(), ("a", "/nowhere.jsonl"), ("NOT a",), ("--many", "/nowhere.tsv")])
def test_what_cannot_be_done_is_refused(palabre_query: Terminal, words: tuple[str, ...]) -> None:
    code, out, err = palabre_query(*words)
    assert (code, out) == (2, "")
    assert err


def test_a_query_that_can_match_everything_needs_a_yes(palabre_query: Terminal) -> None:
    assert palabre_query("NOT cafe", "--yes")[:2] == (0, LINES.decode().splitlines(keepends=True)[1])


def test_a_line_with_half_a_character_can_be_explained(palabre_query: Terminal) -> None:
    code, out, _ = palabre_query("a", "--explain", given=b'{"text": "a \\ud800"}\n')
    assert code == 0
    assert json.loads(out)["matched_terms"]
