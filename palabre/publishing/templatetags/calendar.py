"""The small parts of the calendar, put together in Python: a month has hundreds of them."""

from dataclasses import dataclass, field
from datetime import UTC, date
from functools import lru_cache
from html import escape
from typing import Any, cast

from django import template
from django.urls import reverse
from django.utils import dateformat
from django.utils.formats import date_format, localize
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palabre.channels.words import icon_of, label_of, language
from palabre.publishing.calendar.board import Cell
from palabre.publishing.calendar.days.almanac import Mark
from palabre.publishing.calendar.entries import Entry
from palabre.publishing.calendar.native import Native
from palabre.publishing.calendar.selection import Selection, View
from palabre.publishing.words import STATES
from palabre.ui.templatetags.ui import svg

register = template.Library()

LOOKS = {"awaiting": " ev-wait", "paused": " ev-paused", "published": " ev-done", "deleted": " ev-done"}
_KEPT = "calendar page"
"""Where a page that is being drawn keeps its `_Page`."""


@dataclass(frozen=True, kw_only=True)
class _Page:
    """What every small part of one page needs: addresses and words, worked out once and fit for HTML.

    A content's own addresses are these with its key between their two halves; `day` likewise with a date.
    """

    here: str
    chosen: tuple[str, str]
    day: tuple[str, str]
    compose: str
    may_publish: bool
    states: dict[str, str] = field(default_factory=dict)

    def state(self, key: str) -> str:
        """What a state is called."""
        if key not in self.states:
            self.states[key] = escape(str(STATES[key].words))
        return self.states[key]


def _page(context: template.Context) -> _Page:
    page = context.render_context.get(_KEPT)
    if page is None:
        slug, selection = context["brand"].slug, context["selection"]
        one_day = selection.address(on=date.min, view=View.DAY, page=1, everything=False)
        page = context.render_context[_KEPT] = _Page(
            here=escape(selection.here),
            chosen=_halves(reverse("publishing:chosen", args=[slug, 0]), "0"),
            day=_halves(one_day, date.min.isoformat()),
            compose=escape(reverse("publishing:compose", args=[slug])),
            may_publish=bool(context.get("may_publish")),
        )
    return cast(_Page, page)


def _halves(address: str, key: str) -> tuple[str, str]:
    before, _key, after = address.rpartition(key)
    return escape(before), escape(after)


@lru_cache(maxsize=256)
def _icon(name: str) -> SafeString:
    return svg(name)


@lru_cache(maxsize=256)
def _network(key: str) -> SafeString:
    """A network's icon with its name, which is the same in every language."""
    return svg(icon_of(key), label_of(key))


@register.simple_tag(takes_context=True)
def month_cell(context: template.Context, cell: Cell) -> SafeString:
    """A day of the month: its head, what is on it, and how many more there are."""
    page, day = _page(context), cell.day.isoformat()
    looks = f"{'off' if cell.weekend else ''}{' outside' if cell.outside else ''}"
    look = f' class="{looks}"' if looks else ""
    more = ""
    if cell.more:
        said = ngettext("%(n)s more", "%(n)s more", cell.more) % {"n": localize(cell.more)}
        more = f'<a class="more xs" href="{day.join(page.day)}">{said}</a>'
    return mark_safe(  # noqa: S308 - every piece is escaped where it is made
        f'<td data-day="{day}"{look}>{_head(page, cell)}<ul class="evs">{_told(page, cell)}</ul>{more}</td>'
    )


@register.simple_tag(takes_context=True)
def day_head(context: template.Context, cell: Cell) -> SafeString:
    """The number of a day, which leads to writing for it, and what is to be said of the day."""
    return mark_safe(_head(_page(context), cell))  # noqa: S308 - as above


@register.simple_tag(takes_context=True)
def told(context: template.Context, cell: Cell) -> SafeString:
    """What is on a day, or on an hour or an account of it."""
    return mark_safe(_told(_page(context), cell))  # noqa: S308 - as above


def _told(page: _Page, cell: Cell) -> str:
    return "".join([_entry(page, one) for one in cell.entries] + [_native(one) for one in cell.natives])


def _entry(page: _Page, shown: Entry) -> str:
    """A content on a day. It is a link; what may still move says so to the script."""
    key, moves, state, stuck = str(shown.post), "", shown.state, shown.stuck
    look = " ev-late" if stuck else LOOKS.get(state, "")
    if page.may_publish and shown.movable:
        parts = ",".join([str(part.pk) for part in shown.parts])
        moves = f' draggable="true" data-entry="{parts}" data-at="{shown.at.astimezone(UTC).isoformat()}"'
    icons = "".join(map(_network, shown.networks))
    if shown.recurring:
        icons = svg("repeat", _("in a series")) + icons
    mark = _icon(STATES[state].icon) if stuck or state in ("awaiting", "paused") else ""
    return (
        f'<li class="ev{look}"{moves}><a href="{page.here}&amp;post={key}#chosen"'
        f' hx-get="{key.join(page.chosen)}">{mark}{icons}'
        f'<span class="ev-words"><b class="num">{shown.at.hour:02}:{shown.at.minute:02}</b>'
        f" {escape(shown.name or _('(no text)'))}</span>"
        f'<span class="visually-hidden"> · {page.state(state)}</span></a></li>'
    )


def _native(post: Native) -> str:
    """A post made on the network itself."""
    said = escape(_("made on %(network)s, not by Palabre") % {"network": label_of(post.network)})
    return (
        f'<li class="ev ev-native"><a href="{escape(post.url)}" rel="noopener noreferrer nofollow"'
        f' title="{said}">{_icon("external-link")}{_network(post.network)}'
        f'<span class="ev-words"><b class="num">{post.at.hour:02}:{post.at.minute:02}</b>'
        f' {escape(post.text[:70])}</span><span class="visually-hidden"> · {said}</span></a></li>'
    )


def _head(page: _Page, cell: Cell) -> str:
    day, today = cell.day, " day-today" if cell.today else ""
    if page.may_publish:
        label = _("Write for %(day)s") % {"day": escape(dateformat.format(day, "l j F"))}
        hour, current = ("", ' aria-current="date"') if cell.today else ("&amp;hour=10:00", "")
        number = (
            f'<a class="day-n num{today}" href="{page.compose}?day={day.isoformat()}{hour}"'
            f' aria-label="{label}"{current}>{day.day}</a>'
        )
    else:
        number = f'<span class="day-n num{today}">{day.day}</span>'
    return f'<div class="day-head">{number}{_marks(cell)}</div>'


def _marks(cell: Cell) -> str:
    """What is to be said of a day, but for the marronniers there is no room for, which are counted."""
    if not cell.marks:
        return ""
    schools, more = "", cell.marks_more
    if cell.schools:
        named = escape(schools_named(cell.marks))
        schools = (
            f'<span class="schools" title="{named}"><span class="visually-hidden">{named}</span>'
            f'<span aria-hidden="true">{escape(cell.schools)}</span></span>'
        )
    shown = "".join(mark(one) for one in cell.marks if one.name not in more)
    if not more:
        return f"{schools}{shown}"
    names = escape(" · ".join(more))
    return (
        f'{schools}{shown}<span class="mark mark-more" title="{names}">+{len(more)}'
        f'<span class="visually-hidden"> {names}</span></span>'
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
