"""The queue in words: why an account has no free slot and what to do about it, what was put where."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.channels.models import Channel
from palabre.publishing.queue.slots import Lack
from palabre.publishing.words import until
from palabre.ui import moments

LACKS: dict[str, str | Promise] = {
    "none": _("%(account)s has no slot in the queue yet: give it some on the page “Queue”."),
    "kept": _(
        "Every slot of %(account)s is kept for other pillars: choose one of them, or add an open slot."
    ),
    "full": _("Every slot of %(account)s is taken for two years: add slots on the page “Queue”."),
    "rights": _(
        "%(account)s has no free slot as long as “%(file)s” may be published, until %(until)s: choose an "
        "hour yourself, or another file."
    ),
    "removed": _("%(account)s was removed: connect it again, or leave it out."),
}

DAYS: tuple[str | Promise, ...] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


def lacking(lacks: Iterable[Lack]) -> list[str]:
    """A sentence for each account without a free slot, with its next step."""
    return [
        str(LACKS[lack.why])
        % {
            "account": lack.channel,
            "file": lack.limit.asset.name if lack.limit else "",
            "until": until(lack.limit.asset) if lack.limit else "",
        }
        for lack in lacks
    ]


def placed_words(placed: Sequence[tuple[Channel, datetime]]) -> str:
    """Where each account's content stands: “Baobab, Monday 23 November at 09:00 · …”."""
    return " · ".join(f"{channel}, {moments.moment(at)}" for channel, at in placed)
