"""The clock of a conversation on its row and on its page."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from palabre.inbox.models import Conversation
from palabre.inbox.pace import words
from palabre.ui.templatetags.ui import svg

register = template.Library()
CSS = {"negative": " chip-neg", "warning": " chip-warn", "": ""}


@register.simple_tag
def due_chip(row: Conversation) -> SafeString | str:
    """What is due first, in words and in a colour; nothing where nothing is."""
    found = words.first_due(row)
    if found is None:
        return ""
    kind, at = found
    told, tone = words.due_words(at, timezone.now())
    title = _("%(due)s: %(at)s") % {"due": kind.label, "at": words.moment_words(at)}
    icon = svg("alert-triangle" if tone == "negative" else "hourglass")
    return format_html('<span class="chip chip-sm{}" title="{}">{}{}</span>', CSS[tone], title, icon, told)


register.filter("span_words", words.span_words)
register.filter("seconds_words", words.seconds_words)
register.filter("moment_words", words.moment_words)
register.filter("spans_words", words.spans_words)


@register.filter
def due_words(at: object) -> str:
    """How far off a due is."""
    return words.due_words(at, timezone.now())[0]  # type: ignore[arg-type]


@register.filter
def due_tone(at: object) -> str:
    """The colour of the same, as a class."""
    return {"negative": "bad", "warning": "warn", "": ""}[words.due_words(at, timezone.now())[1]]  # type: ignore[arg-type]
