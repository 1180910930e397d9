"""How a delivery's state is said and shown, and a text as a network would show it."""

from collections.abc import Iterable

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from palabre.channels.words import language
from palabre.networks.advice import Advice
from palabre.networks.errors import Problem
from palabre.networks.text_length import whole
from palabre.publishing.delivery.afterwards import may_delete, may_edit
from palabre.publishing.models import Delivery, Step
from palabre.publishing.words import STATES, reason, step_sentence

register = template.Library()


@register.filter
def state_words(state: str) -> str | Promise:
    """The state in words."""
    return STATES[state].words


@register.filter
def state_icon(state: str) -> str:
    """The state's icon."""
    return STATES[state].icon


@register.filter
def state_tone(state: str) -> str:
    """The state's tone for a chip."""
    return STATES[state].tone


@register.filter
def act_words(step: Step) -> str:
    """What a step of the proof says."""
    return step_sentence(step)


@register.filter
def why(delivery: Delivery) -> str:
    """Why a delivery stands where it stands, "" without a reason."""
    return reason(delivery.error_code, delivery.error_params)


register.filter("may_edit", may_edit)
register.filter("may_delete", may_delete)


@register.filter
def age_words(seconds: int) -> str:
    """The age at which a content was counted: 1 h, 24 h, 7 d."""
    if seconds <= 86_400:
        return gettext("after %(n)s h") % {"n": seconds // 3600}
    return gettext("after %(n)s d") % {"n": seconds // 86_400}


@register.filter
def sentence(told: Problem | Advice) -> str:
    """A problem or a suggestion in the reader's language."""
    return told.message(language())


@register.filter
def linked(text: str) -> SafeString:
    """A text as networks show it: links, names and hashtags stand out, lines break."""
    pieces: list[tuple[str, str]] = []
    place = 0
    for start, end in whole(text):
        pieces += [("", text[place:start]), ("linked", text[start:end])]
        place = end
    pieces.append(("", text[place:]))
    marked = format_html_join("", "{}", ((_marked(css, part),) for css, part in pieces))
    return mark_safe(marked.replace("\n", "<br>"))  # noqa: S308 - every piece was escaped above


def _marked(css: str, part: str) -> str:
    return format_html('<span class="{}">{}</span>', css, part) if css else part


@register.filter
def open_delivery(deliveries: Iterable[Delivery]) -> Delivery | None:
    """The delivery of a variant that counts: the one that is not over, else the last."""
    every = list(deliveries)
    return next((one for one in every if one.state != "cancelled"), every[-1] if every else None)
