"""The style guide (`/ui/`, only with PALABRE_DEBUG=1): every component on one page, to look at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest) -> HttpResponse:
    """Every component once."""
    return render(request, "ui/guide.html", {})
