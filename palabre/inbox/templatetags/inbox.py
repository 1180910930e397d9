"""Filters of the inbox's pages."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from palabre.channels.models import Channel
from palabre.channels.words import manifest_of, said
from palabre.inbox.attaching import media_of
from palabre.inbox.models import Line, Reply
from palabre.inbox.words import ABOUT, STATES, problem_words, waited_words
from palabre.networks.errors import Problem
from palabre.networks.items import Address
from palabre.publishing.models import Asset

register = template.Library()
SNIPPET = 90
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad]+")
"""Characters that show nothing and change what one reads: directions turned over, breaks inside words."""


@register.filter
def snippet(text: str) -> str:
    """The beginning of what was said, on one line, without what shows nothing."""
    line = " ".join(_HIDDEN.sub("", text).split())
    return line if len(line) <= SNIPPET else line[:SNIPPET].rstrip() + "…"


@register.filter
def hidden_shown(text: str) -> SafeString:
    """A text with a mark where something invisible stands: what one reads is what was written."""
    pieces: list[str] = []
    place = 0
    for found in _HIDDEN.finditer(text):
        names = ", ".join(unicodedata.name(char, "?") for char in dict.fromkeys(found.group()))
        pieces += [escape(text[place : found.start()])]
        pieces += [
            f'<abbr class="hidden-char" title="{escape(_("hidden character"))}: {escape(names)}">·</abbr>'
        ]
        place = found.end()
    return mark_safe("".join([*pieces, escape(text[place:])]))  # noqa: S308 - every piece is escaped above


@register.filter
def waited(since: datetime) -> str:
    """How long somebody has waited."""
    return waited_words(int((timezone.now() - since).total_seconds() // 60))


@register.filter
def state_words(state: str) -> str:
    """A conversation's state."""
    return str(STATES[state])


@register.filter
def about(address: str) -> str:
    """Why a conversation is here."""
    return str(ABOUT[Address(address)])


@register.filter
def problem_list(reply: Reply) -> list[str]:
    """What the network said against an answer."""
    return [problem_words(Problem(**problem)) for problem in reply.problems]


@register.filter
def attachments(reply: Reply) -> list[Asset]:
    """The files of an answer, as the library has them."""
    if not reply.media:
        return []
    wanted = [medium.asset for medium in media_of(reply)]
    there = Asset.objects.in_bulk(wanted)
    return [there[key] for key in wanted if key in there]


@register.filter
def of(held: Mapping[object, object], key: object) -> object:
    """What a mapping holds there, None for nothing."""
    return held.get(key) if held else None


@register.filter
def ear_label(line: Line) -> str:
    """What is heard on a line."""
    return said(ear.label) if (ear := _ear(line)) else line.ear


@register.filter
def ear_hint(line: Line) -> str:
    """The same in a sentence."""
    return said(ear.hint) if (ear := _ear(line)) else ""


@register.filter
def is_heard(channel: Channel, lines: Iterable[Line]) -> bool:
    """Whether one of these lines is of the account."""
    return any(line.channel_id == channel.pk for line in lines)


def _ear(line: Line):  # type: ignore[no-untyped-def]
    manifest = manifest_of(line.channel.network)
    return next((ear for ear in manifest.ears if ear.key == line.ear), None) if manifest else None
