"""States and proof in words."""

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.channels.words import explained
from palabre.publishing.library.rights import RightsOver
from palabre.publishing.models import Asset, Step
from palabre.ui import moments

TOO_SOON = _("Somebody has to approve it first, and this hour leaves no time to: choose a later one.")


def rights_sentence(refused: RightsOver) -> str:
    """Why a content cannot leave that day, and what to do."""
    return gettext(
        "“%(name)s” may be published until %(until)s, not on %(day)s: choose an earlier day or another file."
    ) % {
        "name": refused.asset.name,
        "until": until(refused.asset),
        "day": date_format(refused.day, "j F Y"),
    }


def until(asset: Asset) -> str:
    """The last day a file may be published, "" where there is none."""
    return date_format(asset.expires_on, "j F Y") if asset.expires_on else ""


class Shown(NamedTuple):
    """A state's words, its icon, and the tone of its chip."""

    words: str | Promise
    icon: str
    tone: str = ""


STATES = {
    "draft": Shown(_("draft"), icon="pencil"),
    "awaiting": Shown(_("to approve"), icon="hourglass", tone="warning"),
    "refused": Shown(_("refused"), icon="thumb-down", tone="negative"),
    "expired": Shown(_("approval came too late"), icon="hourglass-off", tone="negative"),
    "scheduled": Shown(_("planned"), icon="clock"),
    "paused": Shown(_("paused"), icon="player-pause", tone="warning"),
    "sending": Shown(_("leaving"), icon="send"),
    "handed": Shown(_("yours to publish"), icon="hand-click", tone="warning"),
    "published": Shown(_("published"), icon="circle-check", tone="positive"),
    "unknown": Shown(_("to confirm"), icon="help-circle", tone="negative"),
    "missed": Shown(_("missed"), icon="alert-triangle", tone="negative"),
    "rejected": Shown(_("refused by the network"), icon="alert-triangle", tone="negative"),
    "failed": Shown(_("not sent"), icon="alert-triangle", tone="negative"),
    "deleted": Shown(_("taken back"), icon="trash"),
    "cancelled": Shown(_("cancelled"), icon="x"),
}
"""How each state of a delivery is shown."""

ACTS: dict[str, str | Promise] = {
    "created": _("written"),
    "imported": _("brought in from a file with its hour"),
    "planned": _("planned for %(at)s"),
    "moved": _("moved to %(at)s"),
    "unplanned": _("back to a draft"),
    "paused": _("paused with everything else"),
    "resumed": _("taken up again"),
    "trying": _("handed to the network"),
    "part": _("the network has %(step)s"),
    "published": _("published: the network gave its address"),
    "tried": _("the network did not take it"),
    "interrupted": _("interrupted before the answer came"),
    "not_begun": _("interrupted before anything was handed over: sent again"),
    "looked": _("looked for: the network could not tell"),
    "not_there": _("looked for: not there, so it is sent again"),
    "asked_to_look": _("asked to look again"),
    "said_published": _("seen published"),
    "said_absent": _("seen absent: sent again"),
    "missed": _("its hour passed before it could leave"),
    "cancelled": _("cancelled"),
    "asked": _("sent for approval"),
    "approved": _("approved"),
    "approved_step": _("approved at step %(tier)s of %(of)s"),
    "steps_changed": _("the steps of approval changed: asked at step %(tier)s"),
    "released": _("no step of approval was left: it goes on"),
    "changed": _("changed after it was approved: asked again"),
    "refused": _("refused"),
    "expired": _("nobody answered in time"),
    "handed": _("handed to a person, with the kit"),
    "unanswered": _("nobody said that it was posted"),
    "deleted": _("taken back from the network"),
    "edited": _("changed at the network"),
}
"""What happened, as the proof says it."""

CODES: dict[str, str | Promise] = {
    "nobody_sent": _("Palabre was not running, or could not reach its database."),
    "signed_out": _("The account needed a new sign-in."),
    "channel_removed": _("The account was removed."),
    "nobody_posted": _("It was to be posted by hand, and nobody said within a day that it was."),
    "standstill": _("Everything was paused at that hour."),
    "approval_hour": _("Nobody had approved it when its hour came."),
    "approval_days": _("Nobody answered for ninety days."),
    "approved_late": _("It was approved after its hour: choose a new one."),
    "interrupted": _("The machine stopped while it was leaving."),
}
"""Reasons that are Palabre's own; the networks' are in their message table."""


def reason(code: str, params: dict[str, str | int | float]) -> str:
    """Why a delivery stands where it stands, "" without a reason."""
    if not code:
        return ""
    return str(CODES[code]) if code in CODES else explained(code, params)


def step_sentence(step: Step) -> str:
    """One step of the proof."""
    params = dict(step.params)
    if "at" in params:
        params["at"] = moments.moment(timezone.localtime(datetime.fromisoformat(params["at"])))
    said = str(ACTS[step.act]) % {"at": "", "step": "", **params}
    return f"{said}. {reason(step.code, step.params)}" if step.code else said
