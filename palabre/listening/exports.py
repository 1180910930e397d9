"""Mentions for a spreadsheet: CSV as it is read, XLSX at constant memory; strangers' formulas stay text."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from palabre.agency.models import Brand
from palabre.listening.filters import MentionFilter
from palabre.listening.selectors import MentionRow, ids_of, rows_of
from palabre.stream.models import Sentiment

AT_ONCE = 1_000
XLSX_MOST = 1_048_575
"""Rows below the heading that a sheet can hold."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"


def heading() -> list[str]:
    """The columns, in the reader's language."""
    return [
        _("Date"),
        _("Network"),
        _("Author"),
        _("Handle"),
        _("Followers"),
        _("Outlet"),
        _("Language"),
        _("Tone"),
        _("Title"),
        _("Text"),
        _("Address"),
        _("Topics"),
        _("Tags"),
        _("Outlets of the story"),
        _("Likes"),
        _("Reposts"),
        _("Replies"),
        _("Views"),
    ]


def cells(row: MentionRow) -> list[Any]:
    """One mention; None is unknown and stays empty."""
    item, author = row.item, row.item.author
    return [
        timezone.localtime(item.occurred_at).replace(tzinfo=None),
        item.network,
        author.name if author else "",
        author.handle if author else "",
        item.reach,
        item.outlet,
        item.language,
        str(Sentiment(item.tone).label),
        item.title,
        item.text,
        item.url,
        ", ".join(topic.name for topic in row.topics),
        ", ".join(tag.name for tag in row.tags),
        row.story_size,
        item.likes,
        item.reposts,
        item.replies,
        item.views,
    ]


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run is shown as text (OWASP, CSV injection, read 2026-11-23)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _rows(brand: Brand, mentions: MentionFilter) -> Iterator[list[Any]]:
    ids = iter(ids_of(brand=brand, mentions=mentions))
    while chunk := list(islice(ids, AT_ONCE)):
        yield from map(cells, rows_of(brand=brand, ids=chunk))


def export_csv(brand: Brand, mentions: MentionFilter) -> HttpResponseBase:
    """UTF-8 with its mark, so that every spreadsheet shows accents; streamed."""

    def lines() -> Iterator[str]:
        yield _BOM + _line(heading())
        for row in _rows(brand, mentions):
            yield _line([_written(value) for value in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(brand)}.csv"'
    return response


def sheet(rows: Iterable[Sequence[Any]]) -> str:
    """A small table as CSV, its heading first."""
    return _BOM + "".join(_line([_written(value) for value in row]) for row in rows)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None else harmless(value)


def _line(values: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()


def export_xlsx(brand: Brand, mentions: MentionFilter) -> HttpResponseBase:
    """A workbook of one sheet; text is written as text, addresses as links nobody clicks by accident."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(_("Mentions"))
        bold, dated = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        _write(sheet, 0, heading(), bold, dated)
        for number, row in enumerate(islice(_rows(brand, mentions), XLSX_MOST), start=1):
            _write(sheet, number, row, None, dated)
        sheet.freeze_panes(1, 0)
    buffer.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(buffer, as_attachment=True, filename=f"{_name(brand)}.xlsx", content_type=kind)


def _write(sheet: Any, number: int, values: Iterable[Any], style: Any, dated: Any) -> None:
    for column, value in enumerate(values):
        if isinstance(value, datetime):
            sheet.write_datetime(number, column, value, dated)
        elif isinstance(value, str):
            sheet.write_string(number, column, value[:32_767], style)
        elif value is not None:
            sheet.write_number(number, column, value, style)


def _name(brand: Brand) -> str:
    return f"{slugify(brand.name)}-{timezone.localdate():%Y-%m-%d}"
