"""Lists in and out, in Discourse's shapes: a word a line, or CSV `word,replacement,match_case`. Pure."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from palabre.moderation.wordlists.rules import Entry, WordError, read

MOST_ENTRIES = 2_000
"""Entries of a list, as in Discourse."""
_HEADS = frozenset(("word", "words", "mot", "mots"))
_SECOND_HEADS = frozenset(("replacement", "remplacement"))
_YES = frozenset(("1", "t", "true", "y", "yes", "oui", "vrai", "case_sensitive"))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One entry of a list: `replacement` is what stands in its place, or the address it links to."""

    text: str
    replacement: str = ""
    cased: bool = False


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A line that is no entry: its number from 1, what it says, and the code of `WordError`."""

    line: int
    text: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What a file holds: each entry once, in its order, and what it says that is no entry."""

    rows: tuple[Row, ...]
    refused: tuple[Refused, ...] = ()


def bring(text: str, *, replaces: bool = False) -> Brought:
    """Read a list; `replaces`: every entry has to say what stands in its place (code `bare`).

    Commas or semicolons separate, the last column may say that capitals count. Code `full` past MOST_ENTRIES.
    """
    rows: dict[tuple[str, bool], Row] = {}
    refused: list[Refused] = []
    for line, fields in _lines(text):
        row = Row(text=fields[0], replacement=fields[1], cased=fields[2].casefold() in _YES)
        code = _fault(row, replaces=replaces)
        if not code and (row.text, row.cased) not in rows and len(rows) >= MOST_ENTRIES:
            code = "full"
        if code:
            refused.append(Refused(line=line, text=row.text[:100], code=code))
        else:
            rows.setdefault((row.text, row.cased), row)
    return Brought(rows=tuple(rows.values()), refused=tuple(refused[:100]))


def _lines(text: str) -> Iterable[tuple[int, tuple[str, str, str]]]:
    lines = text.removeprefix("\ufeff").replace("\x00", "").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("//"):
            continue
        comma, semicolon = line.find(","), line.find(";")
        delimiter = ";" if semicolon >= 0 and (comma < 0 or semicolon < comma) else ","
        try:
            fields = next(csv.reader([line[:2000]], delimiter=delimiter, strict=False), [])
        except csv.Error:
            fields = [line]
        cells = [re.sub(r"\s+", " ", field).strip() for field in fields] + ["", "", ""]
        if cells[0].casefold() in _HEADS and cells[1].casefold() in _SECOND_HEADS:
            continue
        yield number, (cells[0], cells[1], cells[2])


def _fault(row: Row, *, replaces: bool) -> str:
    try:
        read(Entry(text=row.text, cased=row.cased))
    except WordError as error:
        return error.code
    return "bare" if replaces and not row.replacement else ""


def as_text(rows: Iterable[Row]) -> str:
    """A word a line, as Discourse takes them in."""
    return "".join(f"{row.text}\n" for row in rows)


def as_csv(rows: Iterable[Row]) -> str:
    """`word,replacement,case_sensitive`, as Discourse gives them out."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow([row.text, row.replacement, *(["true"] if row.cased else [])])
    return out.getvalue()
