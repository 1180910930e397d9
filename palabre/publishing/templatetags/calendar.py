"""The small parts of the calendar, put together in Python: a month has hundreds of them."""

from datetime import UTC, date
from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from palabre.channels.words import icon_of, label_of, language
from palabre.publishing.calendar.days.almanac import Mark
from palabre.publishing.calendar.entries import Entry
from palabre.publishing.calendar.native import Native
from palabre.publishing.calendar.selection import Selection, View
from palabre.publishing.words import STATES
from palabre.ui.templatetags.ui import svg

register = template.Library()

LOOKS = {"awaiting": " ev-wait", "paused": " ev-paused", "published": " ev-done", "deleted": " ev-done"}


@lru_cache(maxsize=256)
def _icon(name: str) -> SafeString:
    return svg(name)


@lru_cache(maxsize=256)
def _network(key: str) -> SafeString:
    """A network's icon with its name, which is the same in every language."""
    return svg(icon_of(key), label_of(key))


@register.simple_tag(takes_context=True)
def entry(context: template.Context, shown: Entry) -> SafeString:
    """A content on a day. It is a link; what may still move says so to the script."""
    slug = context["brand"].slug
    state = STATES[shown.state]
    look = " ev-late" if shown.stuck else LOOKS.get(shown.state, "")
    instant = shown.at.astimezone(UTC).isoformat()
    moves: str | SafeString = ""
    if shown.movable and context.get("may_publish"):
        parts = ",".join(str(part.pk) for part in shown.parts)
        moves = format_html(' draggable="true" data-entry="{}" data-at="{}"', parts, instant)
    icons = [_network(network) for network in shown.networks]
    if shown.recurring:
        icons.insert(0, svg("repeat", _("in a series")))
    mark = _icon(state.icon) if shown.stuck or shown.state in ("awaiting", "paused") else ""
    return format_html(
        '<li class="ev{}"{}><a href="{}&amp;post={}#chosen" hx-get="{}">{}{}'
        '<span class="ev-words"><b class="num">{}</b> {}</span>'
        '<span class="visually-hidden"> · {}</span></a></li>',
        look,
        moves,
        context["selection"].here,
        shown.post,
        reverse("publishing:chosen", args=[slug, shown.post]),
        mark,
        format_html_join("", "{}", ((icon,) for icon in icons)),
        shown.at.strftime("%H:%M"),
        shown.name or _("(no text)"),
        state.words,
    )


@register.simple_tag
def native(post: Native) -> SafeString:
    """A post made on the network itself."""
    said = _("made on %(network)s, not by Palabre") % {"network": label_of(post.network)}
    return format_html(
        '<li class="ev ev-native"><a href="{}" rel="noopener noreferrer nofollow" title="{}">{}{}'
        '<span class="ev-words"><b class="num">{}</b> {}</span>'
        '<span class="visually-hidden"> · {}</span></a></li>',
        post.url,
        said,
        svg("external-link"),
        svg(icon_of(post.network), label_of(post.network)),
        post.at.strftime("%H:%M"),
        post.text[:70],
        said,
    )


@register.simple_tag
def mark(shown: Mark) -> SafeString | str:
    """A word on a day; school holidays are shown by their zones instead."""
    if shown.zones:
        return ""
    return format_html(
        '<span class="mark mark-{}" title="{}">{}</span>', shown.kind, shown.source or shown.name, shown.name
    )


@register.simple_tag
def day_name(day: date) -> str:
    """Mon or lun.: a day of the week as short as it is written."""
    short = date_format(day, "D")
    return f"{short.lower()}." if language() == "fr" else short


@register.filter
def schools_named(marks: Any) -> str:
    """The names of a day's school holidays with their zones, for the title of the letters."""
    return " · ".join(f"{one.name} ({', '.join(one.zones)})" for one in marks if one.zones)


@register.filter
def hour_words(hour: int) -> str:
    """09:00."""
    return f"{hour:02}:00"


@register.simple_tag(takes_context=True)
def calendar_at(context: template.Context, day: date, view: str = "", channel: int | None = None) -> str:
    """The address of the calendar at a day, everything else as it is."""
    selection: Selection = context["selection"]
    changes: dict[str, Any] = {"on": day, "page": 1, "everything": False}
    if view:
        changes["view"] = View(view)
    if channel is not None:
        changes["channel"] = channel
    return selection.address(**changes)


@register.simple_tag(takes_context=True)
def calendar_plain(context: template.Context) -> str:
    """The address of the calendar without its filter."""
    selection: Selection = context["selection"]
    nothing: dict[str, Any] = dict.fromkeys(("channel", "campaign", "pillar", "author"))
    return selection.address(state="", everything=False, **nothing)
