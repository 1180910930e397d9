"""A file of contents as another tool or a spreadsheet wrote it, read as rows; first step of a bulk import.

Pure: bytes in, rows out, one at a time however long the file is. The encoding, the separator and the
columns are found; what cannot be known (does 03/04/2027 begin with the day?) is left to a person.
"""

import codecs
import csv
import io
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO

from charset_normalizer import from_bytes

from palabre.kit.text import fold

SAMPLE = 256 * 1024
"""Bytes looked at to find the encoding, the separator and the columns."""
LINE_MOST = 1_000_000
"""Characters of one line: more is no table, and is cut so that memory stays bounded."""
COLUMNS_MOST = 100
SEPARATORS = (",", ";", "\t", "|")
WESTERN = ("cp1252", "mac_roman")
"""What Excel writes in western Europe where it does not write Unicode: on Windows, on a Mac."""
EIGHT_BITS = [*WESTERN, "cp1250", "cp1251", "cp1254"]
_USUAL = frozenset("àâäçèéêëîïôöùûüÿœæñáíóúßÀÂÇÈÉÊËÎÏÔÖÙÛÜŒ«»’‘“”–—…€° \u00a0")
"""What is above ASCII in a western text, far more often than anything else."""


class Layout(StrEnum):
    """Whose columns the file has."""

    HOOTSUITE = "hootsuite"
    SPROUT = "sprout"
    PALABRE = "palabre"


class NotATable(ValueError):
    """The file is no text in columns: `code` is "empty", "binary" or "no_columns"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


NAMES: dict[str, tuple[str, ...]] = {
    "date": ("date", "day", "jour", "date and time", "date et heure", "datetime"),
    "time": ("time", "time_24hr", "hour", "heure"),
    "text": ("text", "message_text", "message", "texte"),
    "link": ("link", "link_url", "url", "lien"),
    "image": ("image", "images", "image_url", "media", "fichier", "file"),
    "alt": ("alt", "alt_text", "alternative text", "texte alternatif"),
    "labels": ("labels", "etiquettes"),
    "tags": ("tags", "tag", "mots-cles"),
    "title": ("title", "titre"),
    "comment": ("first_comment", "first comment", "comment", "premier commentaire"),
    "accounts": ("accounts", "account", "comptes", "compte"),
    "campaign": ("campaign", "campagne"),
    "pillar": ("pillar", "rubrique"),
    "name": ("name", "nom"),
    "note": ("note", "notes"),
}
"""What each column may be called in a first line, folded: English, French, and what other tools say."""
_COLUMN = {fold(name): column for column, names in NAMES.items() for name in names}
HOOTSUITE_COLUMNS = ("date", "text", "link")
"""Hootsuite's file has no first line of names, but these three columns in this order."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """How a file is to be read. `columns` are names of `NAMES` by place, "" for what is not used."""

    encoding: str
    separator: str
    layout: Layout
    columns: tuple[str, ...]
    headed: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: `line` is where it begins in the file, from 1. `fault` says why it cannot be read, if so."""

    line: int
    cells: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """The cells of a row by what they mean, trimmed; lists are split."""

    line: int
    date: str = ""
    time: str = ""
    text: str = ""
    link: str = ""
    images: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    title: str = ""
    comment: str = ""
    accounts: tuple[str, ...] = ()
    campaign: str = ""
    pillar: str = ""
    name: str = ""
    note: str = ""
    faults: tuple[str, ...] = field(default=())


def recognise(sample: bytes, *, whole: bool) -> Table:
    """How the file that begins with `sample` is to be read; `whole` when that is all of it.

    Raises NotATable.
    """
    if not sample.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise NotATable("empty")
    encoding = encoding_of(sample, whole=whole)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    if "\x00" in text or text.startswith(("PK\x03\x04", "%PDF", "{\\rtf", "\xd0\xcf")):
        raise NotATable("binary")
    # The last line may be cut in the middle: it would only mislead.
    cut = text if whole else text[: text.rfind("\n") + 1] or text
    separator = _separator(cut)
    first = next((row.cells for row in rows_of(io.StringIO(cut, newline=""), separator) if row.cells), ())
    named = tuple(_COLUMN.get(fold(cell.strip()), "") for cell in first)
    if "text" in named:
        sprout = any(fold(cell.strip()) in ("time_24hr", "message_text") for cell in first)
        # Sprout's tags sort its reports and are never shown: a blog must not print them.
        columns = tuple("labels" if sprout and name == "tags" else name for name in named)
        layout = Layout.SPROUT if sprout else Layout.PALABRE
        return Table(encoding=encoding, separator=separator, layout=layout, columns=columns, headed=True)
    if len(first) < 2:
        raise NotATable("no_columns")
    headed = bool(first) and "date" in fold(first[0])
    return Table(
        encoding=encoding,
        separator=separator,
        layout=Layout.HOOTSUITE,
        columns=HOOTSUITE_COLUMNS,
        headed=headed,
    )


def encoding_of(sample: bytes, *, whole: bool) -> str:
    """The encoding's Python name: the mark at the beginning, else UTF-8 if it is, else the likeliest."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        if _wide(sample):
            return _wide(sample)
        western = max(WESTERN, key=lambda name: _likely(sample, name))
        if _likely(sample, western) >= 0.9:
            return western
        best = from_bytes(sample, cp_isolation=EIGHT_BITS, enable_fallback=False).best()
        return best.encoding if best else western
    return _wide(sample) or "utf-8"


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: every second byte of a Latin text is zero."""
    begin = sample[:4096]
    if begin.count(0) <= len(begin) // 4:
        return ""
    return "utf-16-le" if begin[1::2].count(0) > begin[::2].count(0) else "utf-16-be"


def _likely(sample: bytes, encoding: str) -> float:
    """The share of what is above ASCII that a western text would have there."""
    high = [char for char in sample.decode(encoding, "replace") if char > "\x7f"]
    return sum(char in _USUAL for char in high) / len(high) if high else 1.0


def _separator(text: str) -> str:
    """The one with which most rows have as many cells as the first, and at least two."""

    def fit(separator: str) -> tuple[float, int]:
        counts = Counter(len(row.cells) for row in rows_of(io.StringIO(text, newline=""), separator))
        common, times = counts.most_common(1)[0] if counts else (0, 0)
        first = next(iter(rows_of(io.StringIO(text, newline=""), separator)), Row(line=1)).cells
        named = sum(fold(cell.strip()) in _COLUMN for cell in first)
        regular = times / counts.total() if common > 1 else 0.0
        return named + regular, common

    return max(SEPARATORS, key=fit)


def opened(binary: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """The file as text; what the encoding does not know shows as U+FFFD and is told at its row."""
    return io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="")


def rows_of(text: IO[str], separator: str) -> Iterator[Row]:
    """Every row that is not empty. A row that cannot be read is a `fault`; the next line begins anew.

    A quotation mark that is never closed would swallow the rest of the file: its line alone is lost.
    """
    lines = _Lines(text)
    while True:
        lines.forget()
        reader = csv.reader(lines, delimiter=separator, strict=True)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            alone, line = lines.alone, lines.back_to_second()
            yield Row(line=line, fault="too_long" if alone and "limit" in str(error) else "quotes")
            continue
        if any(cell.strip() for cell in cells):
            yield Row(line=lines.first, cells=tuple(cells[:COLUMNS_MOST]))


class _Lines:
    """Lines with their numbers, which can be gone back to within one row."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(LINE_MOST)
        if not line:
            raise StopIteration
        self._taken.append(line)
        self._number += 1
        return line

    @property
    def first(self) -> int:
        """Where the row in hand began."""
        return self._number - len(self._taken) + 1

    @property
    def alone(self) -> bool:
        """Whether the row in hand has one line."""
        return len(self._taken) == 1

    def forget(self) -> None:
        """The row is read."""
        self._taken.clear()

    def back_to_second(self) -> int:
        """Hand out again all but the first line of the row in hand; that line's number."""
        first = self.first
        self._again.extendleft(reversed(self._taken[1:]))
        self._number = first
        self._taken.clear()
        return first


def typed_rows(text: IO[str], table: Table) -> Iterator[Typed]:
    """Every row after the names, by what its cells mean."""
    rows = rows_of(text, table.separator)
    if table.headed:
        next(rows, None)
    for row in rows:
        yield _typed(row, table)


def _typed(row: Row, table: Table) -> Typed:
    if row.fault:
        return Typed(line=row.line, faults=(row.fault,))
    cells: dict[str, str] = {}
    for name, cell in zip(table.columns, row.cells, strict=False):
        if name and name not in cells:
            cells[name] = cell.strip().replace("\r\n", "\n").replace("\r", "\n")
    faults = []
    extra = row.cells[len(table.columns) :]
    if any(cell.strip() for cell in extra):
        # A comma in a text that nobody put between quotation marks: half of it would be lost.
        faults.append("columns_over")
    if any("�" in cell for cell in cells.values()):
        faults.append("characters")
    if any("\x00" in cell for cell in cells.values()):
        faults.append("characters")
        cells = {name: cell.replace("\x00", "") for name, cell in cells.items()}
    return Typed(
        line=row.line,
        date=cells.get("date", ""),
        time=cells.get("time", ""),
        text=cells.get("text", ""),
        link=cells.get("link", ""),
        images=_listed(cells.get("image", ""), "|\n"),
        alts=tuple(part.strip() for part in cells.get("alt", "").split("|")),
        tags=_listed(cells.get("tags", ""), ",;|"),
        labels=_listed(cells.get("labels", ""), ",;|"),
        title=cells.get("title", ""),
        comment=cells.get("comment", ""),
        accounts=_listed(cells.get("accounts", ""), ",;|\n"),
        campaign=cells.get("campaign", ""),
        pillar=cells.get("pillar", ""),
        name=cells.get("name", ""),
        note=cells.get("note", ""),
        faults=tuple(dict.fromkeys(faults)),
    )


def _listed(cell: str, separators: str) -> tuple[str, ...]:
    for separator in separators[1:]:
        cell = cell.replace(separator, separators[0])
    return tuple(dict.fromkeys(part.strip() for part in cell.split(separators[0]) if part.strip()))


def written(rows: Iterable[Sequence[str]], *, separator: str) -> str:
    """Rows as a spreadsheet opens them, with the mark that tells Excel it is UTF-8."""
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=separator).writerows(rows)
    return "\ufeff" + sink.getvalue()
