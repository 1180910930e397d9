"""The transparency report on paper, tagged for screen readers."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from palabre.agency.models import Brand
from palabre.moderation.report import Report
from palabre.publishing.calendar.sheet import FONTS, NoPrinter

__all__ = ["NoPrinter", "as_pdf"]


def as_pdf(found: Report, brand: Brand) -> bytes:
    """The report as PDF/UA-1. Raises NoPrinter."""
    try:
        # Half a second, and libraries of the system: only who prints pays for it.
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as missing:
        raise NoPrinter(str(missing)) from missing
    context = {"report": found, "brand": brand, "fonts": FONTS.as_uri(), "LANGUAGE": get_language()}
    page = render_to_string("moderation/paper/report.html", context)
    # Nothing of somebody else's is fetched while a page is drawn: the fonts lie beside the code.
    drawn: Any = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=("file",)))
    return bytes(drawn.write_pdf(pdf_variant="pdf/ua-1"))
