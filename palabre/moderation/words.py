"""Moderation in words: acts, states, reasons, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise

ACTS: dict[str, Text] = {
    "keep": pgettext_lazy("moderation act", "Leave it"),
    "approve": pgettext_lazy("moderation act", "Approve"),
    "hold": pgettext_lazy("moderation act", "Hold back"),
    "hide": pgettext_lazy("moderation act", "Hide"),
    "unhide": pgettext_lazy("moderation act", "Show again"),
    "spam": pgettext_lazy("moderation act", "Spam"),
    "unspam": pgettext_lazy("moderation act", "Not spam"),
    "delete": pgettext_lazy("moderation act", "Delete"),
    "restore": pgettext_lazy("moderation act", "Restore"),
    "rewrite": pgettext_lazy("moderation act", "Change the words"),
    "mute": pgettext_lazy("moderation act", "Mute the author"),
    "unmute": pgettext_lazy("moderation act", "Hear the author again"),
    "block": pgettext_lazy("moderation act", "Block the author"),
    "unblock": pgettext_lazy("moderation act", "Unblock the author"),
    "kick": pgettext_lazy("moderation act", "Show the author out"),
    "ban": pgettext_lazy("moderation act", "Ban the author"),
    "unban": pgettext_lazy("moderation act", "End the ban"),
    "report": pgettext_lazy("moderation act", "Report to the network"),
}
"""The word on a button."""
DONE: dict[str, Text] = {
    "keep": pgettext_lazy("moderation done", "left as it is"),
    "approve": pgettext_lazy("moderation done", "approved"),
    "hold": pgettext_lazy("moderation done", "held back"),
    "hide": pgettext_lazy("moderation done", "hidden"),
    "unhide": pgettext_lazy("moderation done", "shown again"),
    "spam": pgettext_lazy("moderation done", "marked as spam"),
    "unspam": pgettext_lazy("moderation done", "no longer spam"),
    "delete": pgettext_lazy("moderation done", "deleted"),
    "restore": pgettext_lazy("moderation done", "restored"),
    "rewrite": pgettext_lazy("moderation done", "words changed"),
    "mute": pgettext_lazy("moderation done", "author muted"),
    "unmute": pgettext_lazy("moderation done", "author heard again"),
    "block": pgettext_lazy("moderation done", "author blocked"),
    "unblock": pgettext_lazy("moderation done", "author unblocked"),
    "kick": pgettext_lazy("moderation done", "author shown out"),
    "ban": pgettext_lazy("moderation done", "author banned"),
    "unban": pgettext_lazy("moderation done", "ban ended"),
    "report": pgettext_lazy("moderation done", "reported to the network"),
}
STATES: dict[str, tuple[Text, str]] = {
    "waiting": (pgettext_lazy("decision", "waits for a second person"), "warning"),
    "asked": (pgettext_lazy("decision", "on its way"), ""),
    "acting": (pgettext_lazy("decision", "on its way"), ""),
    "done": (pgettext_lazy("decision", "done"), "positive"),
    "by_hand": (pgettext_lazy("decision", "to do by hand"), "warning"),
    "refused": (pgettext_lazy("decision", "refused by the network"), "negative"),
    "failed": (pgettext_lazy("decision", "failed"), "negative"),
    "undone": (pgettext_lazy("decision", "taken back"), ""),
    "dropped": (pgettext_lazy("decision", "given up"), ""),
}
"""A decision's state, and the tone of its chip."""
TABS: dict[str, Text] = {
    "all": pgettext_lazy("decisions", "All"),
    "todo": pgettext_lazy("decisions", "To do by hand, or failed"),
    "waiting": pgettext_lazy("decisions", "Waiting for a second person"),
}
APPEALS: dict[str, Text] = {
    "open": pgettext_lazy("appeal", "to look at again"),
    "upheld": pgettext_lazy("appeal", "upheld"),
    "overturned": pgettext_lazy("appeal", "overturned"),
}
KEPT: dict[str, Text] = {
    "no_right": _("you may no longer moderate for this brand"),
    "gone": _("it was taken away meanwhile"),
    "decided": _("a colleague decided meanwhile"),
    "claimed": _("a colleague looks at it now"),
    "pointless": _("this act would change nothing here"),
    "unfounded": _("no article of the charter was named"),
}
"""Why nothing was decided on a case."""


def done_words(act: str) -> Text:
    """What was done."""
    return DONE.get(act, act)
