"""What the pages of series say often."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from palabre.publishing.models import Asset, Recurring
from palabre.publishing.recurring.forms import SeriesForm
from palabre.publishing.recurring.words import rule_words
from palabre.publishing.words import until

register = template.Library()

STATES: dict[str, tuple[str | Promise, str]] = {
    "active": (pgettext_lazy("series", "going on"), "repeat"),
    "paused": (pgettext_lazy("series", "paused"), "player-pause"),
    "ended": (pgettext_lazy("series", "ended"), "check"),
}
_WHEN = ("starts_on", "hour", "interval", "every", "days", "month_day", "ends", "until", "count", "rule")


@register.filter
def in_words(series: Recurring) -> str:
    """When it comes back."""
    return rule_words(series.rule, series.starts_on, series.hour)


@register.filter
def series_state(state: str) -> str | Promise:
    """Where a series stands."""
    return STATES[state][0]


@register.filter
def series_icon(state: str) -> str:
    """Its icon."""
    return STATES[state][1]


@register.filter
def until_words(asset: Asset) -> str:
    """The last day a file may be published."""
    return until(asset)


@register.filter
def rule_errors(form: SeriesForm) -> list[str]:
    """What is wrong with the dates that were typed, field by field."""
    return [str(said) for name in _WHEN for said in form.errors.get(name, ())]
