"""How a feed and its entries stand, in words."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palabre.channels.words import explained
from palabre.publishing.models import Relay
from palabre.publishing.words import Shown

register = template.Library()

STATES = {
    "active": Shown(pgettext_lazy("feed", "followed"), icon="rss"),
    "failing": Shown(pgettext_lazy("feed", "tried again"), icon="alert-triangle", tone="warning"),
    "stopped": Shown(pgettext_lazy("feed", "stopped"), icon="alert-triangle", tone="negative"),
    "paused": Shown(pgettext_lazy("feed", "paused"), icon="player-pause"),
}
ENTRY = {
    "out": Shown(_("not about your words"), icon="filter"),
    "waiting": Shown(_("waits for a day with room"), icon="hourglass"),
    "made": Shown(_("content made"), icon="check"),
    "old": Shown(_("waited too long"), icon="hourglass-off"),
    "known": Shown(_("was there before"), icon="history"),
}
FAULTS: dict[str, str | Promise] = {
    "refused": _("Kept as a draft: an account would refuse it as it is."),
    "no_slot": _("Kept as a draft: an account has no free slot in its queue."),
}


@register.filter
def relay_shown(relay: Relay) -> Shown:
    """How a feed stands."""
    return STATES[relay.state]


@register.filter
def relay_why(relay: Relay) -> str:
    """Why it could not be read, "" when it could."""
    return explained(relay.error_code, relay.error_params) if relay.error_code else ""


@register.filter
def entry_shown(state: str) -> Shown:
    """What became of an entry."""
    return ENTRY[state]


@register.filter
def entry_fault(code: str) -> str | Promise:
    """Why its content is only a draft."""
    return FAULTS[code] if code else ""
