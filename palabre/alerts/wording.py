"""An event in words, in the language that is active: for pages, mails and feeds alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palabre.alerts.models import Event, Trigger
from palabre.ui.typography import number, percent

HEADLINE = 110
EXCERPT = 280


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a reader sees of an event. `tone` is a word, `reasons` are sentences; bad is a bad buzz."""

    trigger: str

    headline: str
    excerpt: str
    who: str
    network: str
    at: datetime
    tone: str
    outlets: int
    topic: str
    url: str
    reasons: tuple[str, ...] = ()
    topic_id: int | None = None
    is_bad: bool = False


def line_of(event: Event) -> Line:
    """The event's line."""
    details = event.details
    title, text = _clean(event.title), _clean(event.excerpt)
    headline, excerpt = (title, text) if title else (text, "")
    reasons: tuple[str, ...] = ()
    if event.trigger == Trigger.BURST:
        headline, reasons = _burst(event), _driven(details)
    elif event.trigger == Trigger.THRESHOLD:
        headline, reasons = _threshold(event), _reached(details)
    return Line(
        trigger=event.trigger,
        headline=_short(headline, HEADLINE),
        excerpt=_short(excerpt, EXCERPT),
        who=details.get("author") or details.get("outlet") or event.topic_name,
        network=details.get("outlet") or details.get("network") or "",
        at=event.at,
        tone=_tone(details.get("tone")) if event.trigger == Trigger.MENTION else "",
        outlets=details.get("story_size") or 1,
        topic=event.topic_name,
        url=event.url,
        reasons=reasons,
        topic_id=event.topic,
        is_bad=details.get("kind") == "bad_buzz",
    )


def heading(lines: Sequence[Line], more: int) -> str:
    """How many there are to read."""
    count = len(lines) + more
    if any(line.trigger != Trigger.MENTION for line in lines):
        return ngettext("%(count)d alert", "%(count)d alerts", count) % {"count": count}
    return ngettext("%(count)d new mention", "%(count)d new mentions", count) % {"count": count}


def _tone(tone: Any) -> str:
    return {-1: _("negative"), 0: _("neutral"), 1: _("positive")}.get(tone, "")


def _burst(event: Event) -> str:
    given = {"topic": event.topic_name, "ratio": _times(event.details.get("ratio"))}
    if event.details.get("kind") == "bad_buzz":
        return _("Bad buzz about “%(topic)s”: %(ratio)s times as many negative mentions as usual") % given
    return _("Unusual volume about “%(topic)s”: %(ratio)s times as many mentions as usual") % given


def _driven(details: dict[str, Any]) -> tuple[str, ...]:
    reasons = []
    if stories := [_short(_clean(story["key"]), 80) for story in details.get("stories", [])[:3]]:
        reasons.append(_("What drives it: %(stories)s") % {"stories": " · ".join(stories)})
    if authors := [author["key"] for author in details.get("authors", [])[:3]]:
        reasons.append(_("Who drives it: %(authors)s") % {"authors": ", ".join(authors)})
    share, usual = details.get("negative_share"), details.get("usual_negative_share")
    if share is not None and usual is not None:
        given = {"now": round(share * 100), "usual": round(usual * 100)}
        reasons.append(_("Negative part: %(now)d%%, usually %(usual)d%%") % given)
    return tuple(reasons)


def _threshold(event: Event) -> str:
    current, minutes = int(event.details.get("current", 0)), event.details.get("minutes", 60)
    return ngettext(
        "“%(topic)s”: %(count)d mention in %(span)s", "“%(topic)s”: %(count)d mentions in %(span)s", current
    ) % {"topic": event.topic_name, "count": current, "span": _span(minutes)}


def _reached(details: dict[str, Any]) -> tuple[str, ...]:
    """Which bars were reached, and by how much."""
    reasons = [_bar(bar) for bar in details.get("reached", [])]
    if details.get("narrowed"):
        reasons.append(_("Only the mentions this alert asks for are counted."))
    return tuple(reasons)


def _bar(bar: Mapping[str, Any]) -> str:
    asked, measured = bar["asked"], bar["measured"]
    if bar["bar"] == "volume":
        return _("You asked to be told from %(asked)s on.") % {"asked": number(asked)}
    if bar["bar"] == "percent":
        return _("%(measured)s more than in the period before; you asked for %(asked)s.") % {
            "measured": percent(measured),
            "asked": percent(asked),
        }
    return _("%(measured)s standard deviations above the usual; you asked for %(asked)s.") % {
        "measured": number(measured, 1),
        "asked": number(asked, 1),
    }


def _span(minutes: int) -> str:
    if minutes >= 1440 and minutes % 1440 == 0:
        days = minutes // 1440
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if minutes % 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def _times(ratio: Any) -> str:
    return number(ratio, 1) if isinstance(ratio, float | int) else "?"


def _clean(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
