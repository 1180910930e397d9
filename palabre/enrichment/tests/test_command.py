"""`palabre text analyse`, as a person at the terminal meets it."""

import argparse
import io
import json
import sys

import pytest

from palabre.enrichment import command


@pytest.fixture
def analyse(monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def call(data: bytes, *words: str) -> tuple[int, list[dict], str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        parser = argparse.ArgumentParser()
        command.arguments(parser)
        code = command.run(parser.parse_args(["analyse", *words]))
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return call


def line(**keys: object) -> bytes:
    return json.dumps(keys).encode() + b"\n"


def test_each_line_keeps_its_keys_and_gains_eight(analyse):
    code, found, err = analyse(line(id=7, text="Merci beaucoup, c’est parfait !", extra=[1]))
    assert (code, err) == (0, "")
    assert list(found[0]) == [
        *("id", "text", "extra", "language", "language_score", "sentiment", "sentiment_scores"),
        *("toxic", "toxicity_score", "spam", "spam_score"),
    ]
    assert found[0]["id"] == 7
    assert found[0]["language"] == "fr"
    assert found[0]["sentiment"] in ("negative", "neutral", "positive")
    assert len(found[0]["sentiment_scores"]) == 3


def test_order_is_kept_over_batches_and_empty_lines_are_passed_over(analyse):
    data = b"\n".join(line(id=n, text=f"texte {n}").strip() + b"\n" for n in range(1200))
    code, found, _ = analyse(data)
    assert code == 0
    assert [item["id"] for item in found] == list(range(1200))


def test_bad_lines_are_named_and_the_rest_goes_on(analyse):
    data = b"".join(
        [
            line(text="un"),
            b"{oops\n",
            b"[1]\n",
            line(title="sans texte"),
            b'{"text": "\xff"}\n',
            line(text="deux"),
        ]
    )
    code, found, err = analyse(data)
    assert code == 1
    assert [item["text"] for item in found] == ["un", "deux"]
    assert [message.split(":")[0] for message in err.splitlines()] == ["Line 2", "Line 3", "Line 4", "Line 5"]


def test_input_without_a_single_good_line_is_refused(analyse):
    code, found, err = analyse(b"not json\n")
    assert (code, found) == (2, [])
    assert "No line could be read" in err


def test_a_missing_file_is_refused_with_its_name(analyse, tmp_path):
    code, _, err = analyse(b"", str(tmp_path / "absent.jsonl"))
    assert code == 2
    assert "absent.jsonl" in err


def test_a_file_a_bom_an_empty_text_and_half_a_surrogate_are_read(analyse, tmp_path):
    file = tmp_path / "items.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + line(text="") + b'{"text": "\\ud83d oui"}\n')
    code, found, err = analyse(b"", str(file))
    assert (code, err) == (0, "")
    assert found[0]["language"] == "und"
    assert found[1]["text"] == "\ud83d oui"


def test_nothing_in_nothing_out(analyse):
    assert analyse(b"") == (0, [], "")


def test_messages_exist_in_both_languages_with_the_same_parameters():
    from string import Formatter

    from palabre.enrichment.messages import MESSAGES

    for code, said in MESSAGES.items():
        names = [{name for _, name, *_ in Formatter().parse(text) if name} for text in said.values()]
        assert set(said) == {"fr", "en"}, code
        assert names[0] == names[1], code
