"""Tags and filters of every page; built in, so that no template has to load them."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from palabre.ui import addresses, icons, moments, navigation, texts, typography
from palabre.ui.typography import NBSP, Number

register = template.Library()

register.filter("quote", texts.quote)
register.filter("figures", addresses.figures)
register.filter("by_name", addresses.by_name)
register.filter("browser", texts.browser)
register.filter("undo_address", texts.undo_address)
register.simple_tag(texts.highlight)
register.filter("compact", typography.compact)
register.filter("weight", typography.weight)
register.filter("initials", typography.initials)
register.filter("hue", typography.hue)


@register.filter
def number(value: Number | None, digits: int = 0) -> str:
    """`{{ 1284|number }}`: 1 284 or 1,284; a dash for a missing measure."""
    return typography.number(value, digits)


@register.filter
def percent(value: Number | None, digits: int = 0) -> str:
    """`{{ 18|percent }}`: 18 % or 18%."""
    return typography.percent(value, digits)


@register.filter
def share(value: Number | None, digits: int = 0) -> str:
    """`{{ 0.18|share }}`: 18 % or 18%."""
    return typography.share(value, digits)


@register.filter
def signed(value: Number | None, digits: int = 0) -> str:
    """`{{ -4|signed }}`: −4."""
    return typography.signed(value, digits)


@register.filter
def plain(value: float) -> str:
    """A figure for an attribute or a script: never localised (`{{ x|plain }}`)."""
    return repr(round(value, 3)) if isinstance(value, float) else str(value)


# --- icons -----------------------------------------------------------------------------------------


def _named(label: str) -> SafeString:
    """The attributes of a drawing: named for screen readers, or hidden from them."""
    if label:
        return format_html('role="img" aria-label="{}"', label)
    return mark_safe('aria-hidden="true"')


@cache
def _drawings() -> str:
    """The file of all of them; its name changes with what is in it, not while a process runs."""
    return static("build/icons.svg")


@register.simple_tag(name="icon")
def svg(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "ear" %}`; decorative unless it has a `label`."""
    says = _named(label)
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        says,
        _drawings(),
        name,
    )


@register.inclusion_tag("ui/parts/logo.html")
def logo(size: int = 26) -> dict[str, Any]:
    """The palaver tree, drawn for any ground."""
    return {"size": size}


# --- time ------------------------------------------------------------------------------------------


register.filter("ago", moments.ago)
register.filter("day", moments.day)
register.filter("moment", moments.moment)


@register.simple_tag
def when(value: datetime | None, form: str = "ago") -> str:
    """`{% when item.published_at %}`: a `<time>` in words, its full date and zone in the title.

    `form`: "ago" (words), "day", "time" (10:02) or "moment" (in full).
    """
    if value is None:
        return typography.DASH
    local = timezone.localtime(value)
    forms = {"ago": moments.ago, "day": moments.day, "moment": moments.moment}
    text = forms[form](value) if form in forms else dateformat.format(local, get_format("TIME_FORMAT"))
    zone = timezone.get_current_timezone_name()
    return format_html(
        '<time datetime="{}" data-when="{}" title="{}">{}</time>',
        value.astimezone(UTC).isoformat(timespec="seconds"),
        form,
        f"{moments.moment(value)} ({zone})",
        text,
    )


# --- figures ---------------------------------------------------------------------------------------


@register.simple_tag
def delta(value: Number | None, unit: str = "percent", good: str = "up", digits: int = 0) -> str:
    """A change as an arrow and words. `unit`: percent, points or number; `good`: up, down or neither."""
    if value is None:
        return ""
    size: Number = -value if value < 0 else value
    text = typography.number(size, digits)
    if unit == "percent":
        text = typography.percent(size, digits)
    elif unit == "points":
        text += NBSP + (_("points") if size >= 2 else _("point"))
    if typography.number(size, digits).strip("0,.") == "":
        return format_html('<span class="delta">{}</span>', pgettext("change", "stable"))
    up = value > 0
    tone = "" if good == "neither" else " good" if up == (good == "up") else " bad"
    return format_html(
        '<span class="delta{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span>{}{}</span>',
        tone,
        "▲" if up else "▼",
        pgettext("change", "up") if up else pgettext("change", "down"),
        NBSP,
        text,
    )


@register.simple_tag
def sparkline(values: Sequence[Number], tone: str = "", label: str = "") -> str:
    """A line of figures, 86 by 26, drawn as attributes. `tone`: "" or "bad"."""
    points = [float(value) for value in values]
    if len(points) < 2:
        return ""
    low, high = min(points), max(points)
    spread = (high - low) or 1.0
    step = 86 / (len(points) - 1)
    flat = high == low
    spots = [
        (f"{index * step:.1f}", "13" if flat else f"{23 - (value - low) * 20 / spread:.1f}")
        for index, value in enumerate(points)
    ]
    says = _named(label)
    return format_html(
        '<svg class="spark{}" viewBox="0 0 86 26" preserveAspectRatio="none" {}>'
        '<polyline points="{}"></polyline></svg>',
        f" {tone}" if tone else "",
        says,
        " ".join(f"{x},{y}" for x, y in spots),
    )


@register.inclusion_tag("ui/parts/kpi.html")
def kpi(
    label: str,
    value: str | Number | None,
    *,
    interval: str = "",
    change: Number | None = None,
    unit: str = "percent",
    good: str = "up",
    note: str = "",
    series: Sequence[Number] = (),
    formula: str = "",
    csv: str = "",
    href: str = "",
    missing: str = "",
) -> dict[str, Any]:
    """One figure: `{% kpi "Mentions" 1284 change=18 note="…" series=days formula="…" %}`.

    A number is written as people write it; text is shown as given. `missing` says why there is none.
    """
    shown = value if isinstance(value, str) else typography.number(value)
    worse = change is not None and good != "neither" and (change > 0) != (good == "up") and change != 0
    return {**locals(), "shown": shown, "tone": "bad" if worse else ""}


@register.simple_tag
def split(parts: Iterable[tuple[str, Number]], label: str = "") -> str:
    """A bar cut in parts: `parts` are (fill, amount), fill being pos, neu, neg or 1 to 6."""
    given = [(str(fill), float(amount)) for fill, amount in parts]
    total = sum(amount for _fill, amount in given) or 1.0
    left = 0.0
    cells = []
    for fill, amount in given:
        width = amount * 100 / total
        cells.append((fill, f"{left:.2f}", f"{width:.2f}"))
        left += width
    says = _named(label)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" {}>{}</svg>',
        says,
        format_html_join("", '<rect class="fill-{}" x="{}" width="{}" height="8"></rect>', cells),
    )


@register.inclusion_tag("ui/parts/bars.html")
def bars(rows: Iterable[tuple[str, Number, str]], label: str = "") -> dict[str, Any]:
    """Shares as bars, largest first as given: rows are (name, percentage 0 to 100, words)."""
    shown = [
        (name, f"{max(0.0, min(100.0, float(part))):.2f}", text, 1 + index % 6)
        for index, (name, part, text) in enumerate(rows)
    ]
    return {"rows": shown, "label": label}


# --- small parts -----------------------------------------------------------------------------------

TONES = {"positive": "pos", "negative": "neg", "neutral": "neu", "warning": "warn"}


@register.simple_tag
def chip(text: str, tone: str = "", icon: str = "") -> str:
    """`{% chip "brunch" %}`; `tone`: positive, negative, neutral or warning."""
    return format_html(
        '<span class="chip{}">{}{}</span>',
        f" chip-{TONES[tone]}" if tone else "",
        svg(icon) if icon else "",
        text,
    )


@register.simple_tag
def sentiment(value: str, words: Iterable[str] = ()) -> str:
    """A judgement with its reasons: face, word and what weighed most; never colour alone."""
    names = {
        "positive": pgettext("sentiment", "positive"),
        "neutral": pgettext("sentiment", "neutral"),
        "negative": pgettext("sentiment", "negative"),
    }
    if value not in names:
        return ""
    reasons = ", ".join(texts.quote(word) for word in words)
    text = f"{names[value]} · {reasons}" if reasons else names[value]
    return chip(text, tone=value, icon=icons.SENTIMENT[value])


@register.inclusion_tag("ui/parts/avatar.html")
def avatar(
    name: str, *, network: str = "", network_label: str = "", size: str = "", image: str = ""
) -> dict[str, Any]:
    """Initials on the name's own colour, with the network's badge; `size`: sm or lg."""
    return locals()


@register.inclusion_tag("ui/parts/empty.html")
def empty(
    icon: str,
    title: str,
    text: str = "",
    *,
    action: str = "",
    href: str = "",
    second: str = "",
    second_href: str = "",
    error: bool = False,
    level: int = 2,
) -> dict[str, Any]:
    """Nothing here yet: why, and the button to the next step. `error` for what went wrong."""
    return {**locals(), "tag": f"h{level}"}


@register.inclusion_tag("ui/parts/steps.html")
def steps(labels: Iterable[str], current: int) -> dict[str, Any]:
    """The steps of a wizard; `current` counts from 1."""
    return {"steps": list(enumerate(labels, start=1)), "current": current}


@register.inclusion_tag("ui/parts/pager.html")
def pager(text: str = "", newer: str = "", older: str = "") -> dict[str, Any]:
    """Keyset paging: what is shown, and the addresses of the newer and older pages."""
    return locals()


@register.inclusion_tag("ui/parts/progress.html")
def progress(
    label: str,
    done: Number | None = None,
    total: Number | None = None,
    *,
    note: str = "",
    poll: str = "",
    cancel: str = "",
) -> dict[str, Any]:
    """Long work: what, how far, how to cancel. `poll` is asked every second for this same part."""
    return locals()


@register.inclusion_tag("ui/parts/copy.html")
def copy(text: str, label: str = "") -> dict[str, Any]:
    """An address or a key to copy, selectable without a script."""
    return {"text": text, "label": label}


@register.inclusion_tag("ui/parts/chart.html")
def chart(
    name: str,
    spec: dict[str, Any],
    title: str,
    *,
    head: Sequence[str] = (),
    rows: Iterable[Sequence[Any]] = (),
    csv: str = "",
    height: int = 180,
) -> dict[str, Any]:
    """A Vega-Lite definition drawn in the browser, its table below for who cannot see it.

    `name` is unique on the page; `title` says what the chart shows, `head` and `rows` the same figures.
    """
    return {**locals(), "rows": [list(row) for row in rows]}


@register.inclusion_tag("ui/parts/query_layer.html")
def query_layer(
    source: str, pieces: Iterable[Any], *, start: int | None = None, length: int = 0, swap: bool = False
) -> dict[str, Any]:
    """The coloured layer behind a query: pieces have `kind`, `start` and `end` in characters.

    `start` and `length` place an error; `swap` makes it an htmx answer that replaces the one shown.
    """
    cells = texts.query_cells(source, pieces, start=start, length=length)
    return {"cells": cells, "swap": swap}


@register.simple_tag
def json_script_tag(value: Any, name: str) -> SafeString:
    """JSON for a script to read, which can never end its own element."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    safe = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return format_html('<script type="application/json" id="{}">{}</script>', name, mark_safe(safe))  # noqa: S308


@register.simple_tag
def message_icon(level: str) -> SafeString:
    """The icon of a message's level (Django's `level_tag`)."""
    return svg(icons.MESSAGE.get(level, "info-circle"))


@register.simple_tag(takes_context=True)
def side_bar(context: template.Context) -> navigation.SideBar:
    """The side bar's entries for this request and the current brand (`brand` in the context)."""
    return navigation.side_bar(context["request"], context.get("brand"))


@register.simple_tag(takes_context=True)
def brand_home(context: template.Context, brand: Any) -> str:
    """Where the brand switcher leads."""
    return navigation.address(navigation.BRAND_HOME, brand) or "/"


@register.simple_tag
def room_url(key: str, brand: Any = None) -> str:
    """The address of a room of the side bar, or of the page that says it is to come."""
    room = next(room for room in navigation.ROOMS if room.key == key)
    return navigation.address(room.url, brand) or navigation.address("ui:room", None) or "/"


# --- blocks ----------------------------------------------------------------------------------------


@register.simple_block_tag
def banner(content: str, icon: str = "flame", tone: str = "") -> str:
    """`{% banner %}<div>…</div><a class="btn">…</a>{% endbanner %}`: needs a person.

    `tone`: "" (clay), info or warn.
    """
    css = f" banner-{tone}" if tone else ""
    return format_html('<div class="banner{}">{}{}</div>', css, svg(icon), content)


@register.simple_block_tag
def menu(
    content: str, label: str, icon: str = "", css: str = "btn", side: str = "", hide: bool = False
) -> str:
    """A button that opens a sheet of links, with or without a script.

    `side`: "end" (right edge) or "up"; `hide` shows the icon alone, the label staying its name.
    """
    head = format_html('<span class="{}">{}</span>', "visually-hidden" if hide else "", label)
    return format_html(
        '<details class="menu{}" data-menu><summary class="{}">{}{}{}</summary>'
        '<div class="menu-sheet">{}</div></details>',
        f" menu-{side}" if side else "",
        f"{css} btn-icon" if hide and css.startswith("btn") else css,
        svg(icon) if icon else "",
        head,
        "" if hide else svg("chevron-down"),
        content,
    )


@register.simple_block_tag
def hint(content: str, label: str = "") -> str:
    """How a figure is computed: opens by mouse, touch and keyboard."""
    return format_html(
        '<details class="menu hint" data-menu><summary><span class="visually-hidden">{}</span>{}</summary>'
        '<div class="menu-sheet">{}</div></details>',
        label or _("How is this computed?"),
        svg("info-circle"),
        content,
    )


@register.simple_block_tag
def dialog(content: str, name: str, title: str, css: str = "") -> str:
    """A dialog opened by `data-dialog="name"`; its acts go in `<div class="dialog-acts">`."""
    return format_html(
        '<dialog class="dialog {}" id="{}" aria-labelledby="{}-title"><div class="dialog-body">'
        '<h2 id="{}-title">{}</h2>{}</div></dialog>',
        css,
        name,
        name,
        name,
        title,
        content,
    )
