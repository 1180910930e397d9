"""The calendar on paper and in a spreadsheet: what a selection shows, by hour."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from palabre.channels.words import label_of
from palabre.publishing.calendar.board import Board
from palabre.publishing.calendar.entries import chosen
from palabre.publishing.words import STATES

FONTS = Path(settings.BASE_DIR) / "palabre" / "ui" / "static" / "build" / "fonts"
BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the machine's old encoding."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula (OWASP, CSV injection)."""


class NoPrinter(Exception):
    """The libraries that WeasyPrint draws with (Pango) are not on this machine."""


def lines(board: Board) -> Iterator[list[str]]:
    """One line a delivery, the heading first."""
    yield [
        _("Day"), _("Hour"), _("Time zone"), _("Content"), _("Text"), _("Network"), _("Account"), _("State"),
        _("Campaign"), _("Pillar"), _("Author"), _("Address"),
    ]  # fmt: skip
    rows = chosen(board.selection, board.zone).select_related(
        "channel", "variant__post__campaign", "variant__post__pillar", "variant__post__author"
    )
    for delivery in rows.iterator(chunk_size=500):
        post = delivery.variant.post
        due = timezone.localtime(delivery.due_at, board.zone)
        yield [
            f"{due:%Y-%m-%d}",
            f"{due:%H:%M}",
            board.brand.time_zone,
            str(post),
            delivery.variant.said.text,
            label_of(delivery.channel.network),
            str(delivery.channel),
            str(STATES[delivery.state].words),
            str(post.campaign or ""),
            str(post.pillar or ""),
            str(post.author or ""),
            delivery.remote_url,
        ]


def as_csv(board: Board) -> Iterator[str]:
    """The lines as CSV; what a spreadsheet would run stays text."""
    yield BOM
    for line in lines(board):
        buffer = io.StringIO()
        csv.writer(buffer).writerow(_harmless(cell) for cell in line)
        yield buffer.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def as_pdf(board: Board, title: str) -> bytes:
    """The list by day, tagged for screen readers (PDF/UA-1). Raises NoPrinter."""
    try:
        # Half a second, and libraries of the system: only who prints pays for it.
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as missing:
        raise NoPrinter(str(missing)) from missing
    context = {
        "board": board,
        "cells": board.days_told(),
        "title": title,
        "brand": board.brand,
        "fonts": FONTS.as_uri(),
        "LANGUAGE": board.language,
    }
    page = render_to_string("publishing/paper/calendar.html", context)
    # Nothing of somebody else's is fetched while a page is drawn: the fonts lie beside the code.
    drawn: Any = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=("file",)))
    return bytes(drawn.write_pdf(pdf_variant="pdf/ua-1"))
