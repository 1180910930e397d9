"""Texts made ready for a page: highlights, quotation marks, the colours of a query, a browser's name."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from palabre.ui import typography
from palabre.ui.typography import NBSP


def quote(text: str) -> str:
    """Text between the language's own quotation marks, inside which nothing breaks."""
    return f"«{NBSP}{text}{NBSP}»" if typography.french() else f"“{text}”"


def highlight(text: str, spans: Iterable[Sequence[int]]) -> SafeString:
    """Text with the given (start, end) character spans marked; everything is escaped."""
    out: list[str] = []
    at = 0
    for start, end in sorted((int(span[0]), int(span[1])) for span in spans):
        start = max(start, at)
        if end <= start or start >= len(text):
            continue
        out += [conditional_escape(text[at:start]), "<mark>", conditional_escape(text[start:end]), "</mark>"]
        at = min(end, len(text))
    out.append(conditional_escape(text[at:]))
    return mark_safe("".join(out))  # noqa: S308 - every piece is escaped above


# What the query editor calls the kinds of pieces, in classes of the sheet.
QUERY_CLASSES = {
    "operator": "q-op",
    "phrase": "q-phrase",
    "field": "q-field",
    "prefix": "q-form",
    "mark": "q-form",
    "tag": "q-tag",
    "paren": "q-paren",
    "error": "q-error",
}
REFUSALS = {"NOT", "SAUF", "-"}


def query_cells(
    source: str, pieces: Iterable[Any], *, start: int | None, length: int
) -> list[tuple[str, str]]:
    """A query as (class, text) in order, every character kept; `start` and `length` place an error."""
    wrong = range(start, start + max(length, 1)) if start is not None else range(0)
    cells: list[tuple[str, str]] = []
    at = 0
    for piece in sorted(pieces, key=lambda piece: piece.start):
        text = source[piece.start : piece.end]
        css = "q-not" if text in REFUSALS else QUERY_CLASSES.get(piece.kind, "q-word")
        cells += [("", source[at : piece.start]), (css, text)]
        at = piece.end
    cells.append(("", source[at:]))
    return _underlined(cells, wrong)


def _underlined(cells: list[tuple[str, str]], wrong: range) -> list[tuple[str, str]]:
    """The same cells, cut where an error begins and ends, its part underlined."""
    out = []
    at = 0
    for css, text in cells:
        edges = {edge - at for edge in (wrong.start, wrong.stop) if 0 < edge - at < len(text)}
        for left, right in pairwise(sorted({0, len(text), *edges})):
            out.append((f"{css} q-error".strip() if wrong and at + left in wrong else css, text[left:right]))
        at += len(text)
    return out


# In order: each of them also claims to be one of those after it.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser(agent: str) -> str:
    """What a browser says of itself, in two words: `Firefox · Windows`."""
    found = [next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or _("Unknown browser")


def undo_address(extra_tags: str | None) -> str:
    """The address in a message's `extra_tags="undo:/…"`, where a POST undoes the act."""
    tags = extra_tags or ""
    address = tags.removeprefix("undo:") if tags.startswith("undo:/") else ""
    return "" if address.startswith("//") else address
