"""Notices asked for by a view that answers htmx; views that redirect use Django's messages."""

import json
from typing import TypeVar

from django.http import HttpResponse

Answer = TypeVar("Answer", bound=HttpResponse)


def toast(response: Answer, text: str, *, level: str = "success", undo: str = "") -> Answer:
    """Have the page show a notice. `level`: success, info, warning or error; `undo`: where to POST."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events["toast"] = {"text": str(text), "level": level, "undo": undo}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response
