"""The guide to the query language tells the truth: every example in it is run."""

import re
from pathlib import Path

import pytest

from palabre.query import Document, QueryError, matches, parse

GUIDE = Path(__file__).parents[3] / "docs" / "guide"
LANGUAGES = {"fr": "query.md", "en": "query.en.md"}


def rows(language: str, columns: int) -> list[list[str]]:
    """The cells of the guide's tables of so many columns, headings left out."""
    lines = (GUIDE / LANGUAGES[language]).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if len(row) == columns and row[0].startswith("`")]


def code(cell: str) -> str:
    found = re.fullmatch(r"`(.+)`", cell)
    assert found, cell
    return found[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_find_what_they_say(language: str) -> None:
    examples = [row for row in rows(language, 3) if not row[0].endswith(":`")]
    assert len(examples) > 20
    for query, found, not_found in examples:
        parsed = parse(code(query))
        for text, expected in ((found, True), (not_found, False)):
            assert matches(parsed, Document(text=code(text), lang=language)) is expected, (query, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_is_described_with_an_example_that_can_be_read(language: str) -> None:
    fields = [row for row in rows(language, 3) if row[0].endswith(":`")]
    assert {code(row[0]) for row in fields} == {
        "title:", "author:", "site:", "url:", "lang:", "network:", "country:",
    }  # fmt: skip
    for field, _, example in fields:
        assert code(example).startswith(code(field))
        parse(code(example))


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_say_what_the_guide_says(language: str) -> None:
    refusals = rows(language, 2)
    assert refusals
    for query, message in refusals:
        with pytest.raises(QueryError) as refusal:
            parse(code(query))
        assert refusal.value.message(language).replace("\u00a0", " ") == message.replace("\u00a0", " ")
