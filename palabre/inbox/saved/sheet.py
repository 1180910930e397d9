"""Saved replies as a spreadsheet: one row a wording, out and in again, nothing taken in by halves."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from palabre.agency.models import Brand, User
from palabre.inbox.models import SavedReply
from palabre.inbox.saved import rules
from palabre.inbox.saved.keeping import Draft, Wording, save
from palabre.inbox.saved.selectors import of
from palabre.inbox.saved.words import unknown_words
from palabre.kit.text import fold
from palabre.publishing.importing.formats import SAMPLE, opened, recognise, rows_of

COLUMNS = ("title", "shortcut", "category", "shared", "language", "tone", "text")
_ALSO = {
    "titre": "title", "raccourci": "shortcut", "categorie": "category", "partage": "shared",
    "langue": "language", "ton": "tone", "texte": "text",
}  # fmt: skip
_NO = frozenset(("no", "non", "0", "false", "faux", "private", "prive", "privee"))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula (OWASP, CSV injection)."""
BYTES_MOST = 4_000_000
ROWS_MOST = 5_000
FAULTS_SHOWN = 30


class Unreadable(ValueError):
    """Nothing was taken in: `faults` say why, each at its line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass
class _Found:
    title: str
    shortcut: str
    category: str
    shared: bool
    wordings: dict[tuple[str, str], str] = field(default_factory=dict)


def as_csv(rows: Iterable[SavedReply]) -> Iterator[str]:
    """The heading, then one line a wording; what a spreadsheet would run stays text."""
    yield "\ufeff" + _line(COLUMNS)
    for saved in rows:
        shared = "yes" if saved.private_to_id is None else "no"
        for text in saved.texts.all():
            yield _line(
                [saved.title, saved.shortcut, saved.category, shared, text.language, text.tone, text.text]
            )


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)
    return buffer.getvalue()


@transaction.atomic
def take_in(*, brand: Brand, by: User, file: IO[bytes], now: datetime) -> tuple[int, int]:
    """Take every reply of a file in: how many are new, how many were changed.

    One with the shortcut, else the title, of a reply that is there takes its place. Raises Unreadable,
    and NotATable of `publishing.importing.formats`.
    """
    found = _read(file)
    known = list(of(by))
    new = changed = 0
    for one in found:
        saved = _known(known, one, by)
        draft = Draft(
            title=one.title,
            shortcut=one.shortcut,
            category=one.category,
            shared=one.shared,
            wordings=[
                Wording(language=language, tone=tone, text=text)
                for (language, tone), text in one.wordings.items()
            ],
        )
        save(brand=brand, by=by, draft=draft, now=now, saved=saved)
        new, changed = (new, changed + 1) if saved else (new + 1, changed)
    return new, changed


def _known(known: list[SavedReply], one: _Found, by: User) -> SavedReply | None:
    owner = None if one.shared else by.pk
    alike = [saved for saved in known if saved.private_to_id == owner]
    if one.shortcut:
        return next((saved for saved in alike if saved.shortcut == one.shortcut), None)
    return next((saved for saved in alike if fold(saved.title) == fold(one.title)), None)


def _read(file: IO[bytes]) -> list[_Found]:
    sample = file.read(SAMPLE)
    table = recognise(sample, whole=len(sample) < SAMPLE)
    file.seek(0)
    rows = rows_of(opened(file, table.encoding), table.separator)
    heading = next(rows, None)
    columns = [_column(cell) for cell in heading.cells] if heading else []
    if "title" not in columns or "text" not in columns:
        raise Unreadable([_("The first line names the columns; “title” and “text” have to be there.")])
    found: dict[tuple[str, bool], _Found] = {}
    faults: list[str] = []
    for count, row in enumerate(rows):
        if count >= ROWS_MOST:
            faults.append(_("More than %(n)d lines: cut the file in two.") % {"n": ROWS_MOST})
            break
        cells = dict(zip(columns, (_bare(cell) for cell in row.cells), strict=False))
        why = _("a quotation mark is not closed") if row.fault else _fault(cells, found)
        if why:
            faults.append(_("Line %(line)d: %(why)s") % {"line": row.line, "why": why})
    if faults:
        more = len(faults) - FAULTS_SHOWN
        told = [_("… and %(n)d others.") % {"n": more}] if more > 0 else []
        raise Unreadable([*faults[:FAULTS_SHOWN], *told])
    return list(found.values())


def _column(cell: str) -> str:
    name = fold(cell.strip().lstrip("\ufeff"))
    return _ALSO.get(name, name)


def _bare(cell: str) -> str:
    """A cell as it was before it was made harmless for spreadsheets."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _fault(cells: dict[str, str], found: dict[tuple[str, bool], _Found]) -> str:
    """Why a line cannot be taken in, "" once it is put where it belongs."""
    title, text = " ".join(cells.get("title", "").split()), cells.get("text", "").strip()
    language, tone = cells.get("language", "").strip().lower()[:2], cells.get("tone", "").strip().lower()
    category = " ".join(cells.get("category", "").split())
    if not title or len(title) > 80:
        return _("a title has between one and 80 characters.")
    if not text or len(text) > 10_000:
        return _("a text has between one and 10,000 characters.")
    if len(category) > 60:
        return _("a category has at most 60 characters.")
    if tone and tone not in rules.TONES:
        return _("the tone “%(tone)s” is none of %(all)s.") % {"tone": tone, "all": ", ".join(rules.TONES)}
    if language and not (language.isascii() and language.isalpha() and len(language) == 2):
        return _("a language has two letters: fr, en…")
    if unknown := rules.unknown(text):
        return unknown_words(unknown[0])
    shared = fold(cells.get("shared", "").strip()) not in _NO
    shortcut = rules.shortcut(cells.get("shortcut", ""))
    one = found.setdefault(
        (shortcut or fold(title), shared),
        _Found(title=title, shortcut=shortcut, category=category, shared=shared),
    )
    if (language, tone or rules.TONES[0]) in one.wordings:
        return _("“%(title)s” has this language and tone already.") % {"title": title}
    one.wordings[language, tone or rules.TONES[0]] = text
    return ""
