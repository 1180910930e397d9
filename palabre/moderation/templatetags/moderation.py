"""Filters of moderation's pages."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from palabre.channels.words import said
from palabre.moderation.models import Kind, Reason
from palabre.moderation.words import ACTS, APPEALS, DONE, STATES
from palabre.networks.contract import Words
from palabre.ui.icons import MODERATION

register = template.Library()


@register.filter
def act_label(act: str) -> str:
    """The word on the button of an act."""
    return str(ACTS.get(act, act))


@register.filter
def act_icon(act: str) -> str:
    """The icon of an act."""
    return MODERATION.get(act, "gavel")


@register.filter
def done_label(act: str) -> str:
    """What was done."""
    return str(DONE.get(act, act))


@register.filter
def state_label(state: str) -> str:
    """A decision's state."""
    return str(STATES[state][0])


@register.filter
def state_tone(state: str) -> str:
    """The tone of a state's chip."""
    return STATES[state][1]


@register.filter
def appeal_label(state: str) -> str:
    """An appeal's state."""
    return str(APPEALS[state])


@register.filter
def kind_label(kind: str) -> str:
    """Why a message is reviewed."""
    return str(Kind(kind).label)


@register.filter
def kind_icon(kind: str) -> str:
    """The icon of a reason."""
    return MODERATION[kind]


@register.filter
def reason_words(reason: Reason) -> str:
    """What a reason says beside its name."""
    parts = [reason.label, reason.note, ", ".join(reason.words)]
    return " · ".join(part for part in parts if part)


@register.filter
def in_words(words: Words | None) -> str:
    """A sentence of the pure rooms in the reader's language."""
    return said(words) if words is not None else ""


@register.filter
def delay(span: timedelta | None) -> str:
    """A delay in one short word; a dash where nothing was measured."""
    if span is None:
        return "–"
    minutes = span.total_seconds() / 60
    if minutes < 1:
        return _("under a minute")
    if minutes < 120:
        return _("%(n)d min") % {"n": round(minutes)}
    hours = minutes / 60
    return _("%(n)d h") % {"n": round(hours)} if hours < 48 else _("%(n)d d") % {"n": round(hours / 24)}


@register.filter
def share_of(part: float | None) -> str:
    """A share in per cent; a dash where there is none."""
    return "–" if part is None else f"{100 * part:.0f}"
