"""Tags and filters of every page; built in, so that no template has to load them."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from palabre.ui import icons, navigation, typography
from palabre.ui.typography import NBSP, Number

register = template.Library()

register.filter("compact", typography.compact)
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


@register.simple_tag(name="icon")
def svg(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "ear" %}`; decorative unless it has a `label`."""
    says = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')  # noqa: S308
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        says,
        static("build/icons.svg"),
        name,
    )


@register.inclusion_tag("ui/parts/logo.html")
def logo(size: int = 26) -> dict[str, Any]:
    """The palaver tree, drawn for any ground."""
    return {"size": size}


# --- time ------------------------------------------------------------------------------------------


@register.filter
def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long since, in words: `il y a 12 min`, `hier`, then the date; a dash for None."""
    if value is None:
        return typography.DASH
    now = now or datetime.now(UTC)
    passed = now - value
    if passed < timedelta(seconds=-60):
        return day(value, now)
    if passed < timedelta(seconds=60):
        return _("just now")
    if passed < timedelta(hours=1):
        return _("%(count)s min ago") % {"count": passed.seconds // 60}
    here, there = timezone.localtime(now).date(), timezone.localtime(value).date()
    days = (here - there).days
    if days == 0 or passed < timedelta(hours=6):
        return _("%(count)s h ago") % {"count": int(passed.total_seconds() // 3600)}
    if days == 1:
        return _("yesterday")
    if days < 7:
        return _("%(count)s d ago") % {"count": days}
    return day(value, now)


@register.filter
def day(value: datetime | None, now: datetime | None = None) -> str:
    """A date as short as it stays clear: `21 nov.`, with its year when it is not this one."""
    if value is None:
        return typography.DASH
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    this_year = timezone.localtime(now or datetime.now(UTC)).year
    months = _short_months()
    text = pgettext("day and month", "%(day)s %(month)s") % {"day": _day(local.day), "month": months[local.month - 1]}
    return text if local.year == this_year else f"{text} {local.year}"


def _day(number: int) -> str:
    return "1er" if number == 1 and typography.french() else str(number)


def _short_months() -> list[str]:
    if typography.french():
        return "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
    return "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@register.filter
def moment(value: datetime | None) -> str:
    """A date and time in full, in the page's zone: `lundi 23 novembre 2026 à 10:02`."""
    if value is None:
        return typography.DASH
    local = timezone.localtime(value)
    form = "l j F Y à H:i" if typography.french() else "l j F Y, H:i"
    text = dateformat.format(local, form.replace("à", "\\à"))
    return text.replace(" 1 ", " 1er ", 1) if typography.french() and local.day == 1 else text


@register.simple_tag
def when(value: datetime | None, form: str = "ago") -> str:
    """`{% when item.published_at %}`: a `<time>` in words, its full date and zone in the title.

    `form`: "ago" (words), "day", "time" (10:02) or "moment" (in full).
    """
    if value is None:
        return typography.DASH
    local = timezone.localtime(value)
    texts = {"ago": ago, "day": day, "moment": moment}
    text = texts[form](value) if form in texts else dateformat.format(local, get_format("TIME_FORMAT"))
    zone = timezone.get_current_timezone_name()
    return format_html(
        '<time datetime="{}" data-when="{}" title="{}">{}</time>',
        value.astimezone(UTC).isoformat(timespec="seconds"),
        form,
        f"{moment(value)} ({zone})",
        text,
    )


# --- figures ---------------------------------------------------------------------------------------


@register.simple_tag
def delta(value: Number | None, unit: str = "percent", good: str = "up", digits: int = 0) -> str:
    """A change as an arrow and words. `unit`: percent, points or number; `good`: up, down or neither."""
    if value is None:
        return ""
    size = abs(value)
    texts = {
        "percent": lambda: typography.percent(size, digits),
        "points": lambda: typography.number(size, digits) + NBSP + (_("points") if size >= 2 else _("point")),
        "number": lambda: typography.number(size, digits),
    }
    if typography.number(size, digits).strip("0,.") == "":
        return format_html('<span class="delta">{}</span>', pgettext("change", "stable"))
    up = value > 0
    tone = "" if good == "neither" else " good" if up == (good == "up") else " bad"
    return format_html(
        '<span class="delta{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>{}{}</span>',
        tone,
        "▲" if up else "▼",
        pgettext("change", "up") if up else pgettext("change", "down"),
        NBSP,
        texts[unit](),
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
    says = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')  # noqa: S308
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
    says = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')  # noqa: S308
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" {}>{}</svg>',
        says,
        format_html_join("", '<rect class="fill-{}" x="{}" width="{}" height="8"></rect>', cells),
    )


@register.inclusion_tag("ui/parts/bars.html")
def bars(rows: Iterable[tuple[str, Number, str]], label: str = "") -> dict[str, Any]:
    """Shares as bars, largest first as given: rows are (name, percentage 0 to 100, words)."""
    shown = [
        {"name": name, "width": f"{max(0.0, min(100.0, float(part))):.2f}", "text": text, "fill": 1 + index % 6}
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
    names = {"positive": pgettext("sentiment", "positive"), "neutral": pgettext("sentiment", "neutral"), "negative": pgettext("sentiment", "negative")}
    if value not in names:
        return ""
    reasons = ", ".join(quote(word) for word in words)
    text = f"{names[value]} · {reasons}" if reasons else names[value]
    return chip(text, tone=value, icon=icons.SENTIMENT[value])


@register.filter
def quote(text: str) -> str:
    """Text between the language's own quotation marks, inside which nothing breaks."""
    return f"«{NBSP}{text}{NBSP}»" if typography.french() else f"“{text}”"


@register.inclusion_tag("ui/parts/avatar.html")
def avatar(name: str, *, network: str = "", network_label: str = "", size: str = "", image: str = "") -> dict[str, Any]:
    """Initials on the name's own colour, with the network's badge; `size`: sm or lg."""
    return locals()


@register.simple_tag
def highlight(text: str, spans: Iterable[Sequence[int]]) -> SafeString:
    """Text with the given (start, end) character spans marked; everything is escaped."""
    out: list[str] = []
    at = 0
    for start, end in sorted((int(span[0]), int(span[1])) for span in spans):
        start = max(start, at)
        if end <= start or start >= len(text):
            continue
        out += [conditional_escape(text[at:start]), "<mark>", conditional_escape(text[start:end]), "</mark>"]
        at = min(end, len(text))
    out.append(conditional_escape(text[at:]))
    return mark_safe("".join(out))  # noqa: S308 - every piece is escaped above


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


# What the query editor calls the kinds of pieces, in classes of the sheet.
QUERY_CLASSES = {
    **dict.fromkeys(("and", "or", "near"), "q-op"),
    "not": "q-not",
    **dict.fromkeys(("phrase", "raw"), "q-phrase"),
    **dict.fromkeys(("field", "network", "language"), "q-field"),
    **dict.fromkeys(("inflect", "prefix"), "q-form"),
    **dict.fromkeys(("hashtag", "handle"), "q-tag"),
    **dict.fromkeys(("open", "close", "paren"), "q-paren"),
    **dict.fromkeys(("unclosed", "stray", "unknown_field", "error"), "q-error"),
}


@register.inclusion_tag("ui/parts/query_layer.html")
def query_layer(
    source: str, pieces: Iterable[Any], *, start: int | None = None, length: int = 0, swap: bool = False
) -> dict[str, Any]:
    """The coloured layer behind a query: pieces have `kind`, `start` and `end` in characters.

    `start` and `length` place an error; `swap` makes it an htmx answer that replaces the one shown.
    """
    wrong = range(start, start + max(length, 1)) if start is not None else range(0)
    cells: list[tuple[str, str]] = []
    at = 0
    for piece in sorted(pieces, key=lambda piece: piece.start):
        kind = getattr(piece.kind, "value", piece.kind)
        text = source[piece.start : piece.end]
        css = QUERY_CLASSES.get(kind, "q-form" if text.endswith("*") else "q-tag" if text[:1] in "#@" else "q-word")
        cells += [("", source[at : piece.start]), (css, text)]
        at = piece.end
    cells.append(("", source[at:]))
    return {"cells": _underlined(cells, wrong), "swap": swap}


def _underlined(cells: list[tuple[str, str]], wrong: range) -> list[tuple[str, str]]:
    """The same cells, cut where an error begins and ends, its part underlined."""
    out = []
    at = 0
    for css, text in cells:
        cuts = sorted({0, len(text), *(edge - at for edge in (wrong.start, wrong.stop) if 0 < edge - at < len(text))})
        for left, right in zip(cuts, cuts[1:], strict=False):
            out.append((f"{css} q-error".strip() if wrong and at + left in wrong else css, text[left:right]))
        at += len(text)
    return out


# In order: each of them also claims to be one of those after it.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser(agent: str) -> str:
    """What a browser says of itself, in two words: `Firefox · Windows`."""
    found = [next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or _("Unknown browser")


@register.filter
def undo_address(extra_tags: str | None) -> str:
    """The address in a message's `extra_tags="undo:/…"`, where a POST undoes the act."""
    tags = extra_tags or ""
    return tags.removeprefix("undo:") if tags.startswith("undo:/") else ""


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
def menu(content: str, label: str, icon: str = "", css: str = "btn", side: str = "", hide: bool = False) -> str:
    """A button that opens a sheet of links, with or without a script.

    `side`: "end" (right edge) or "up"; `hide` shows the icon alone, the label staying its name.
    """
    head = format_html('<span class="visually-hidden">{}</span>', label) if hide else format_html("<span>{}</span>", label)
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
