"""The inbox in words: states, kinds, units, problems, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from palabre.channels.words import language
from palabre.inbox.models import Conversation
from palabre.inbox.states import CONVERSATION
from palabre.networks.errors import Problem
from palabre.networks.items import Address
from palabre.networks.rules import PostingRules, TextUnit

TAB_NAMES = {
    "todo": pgettext_lazy("conversations", "To answer"),
    "mine": pgettext_lazy("conversations", "Mine"),
    "waiting": pgettext_lazy("conversations", "Waiting for them"),
    "snoozed": pgettext_lazy("conversations", "Later"),
    "done": pgettext_lazy("conversations", "Done"),
    "all": pgettext_lazy("conversations", "All"),
}
STATES = {
    "open": pgettext_lazy("conversation", "to answer"),
    "pending": pgettext_lazy("conversation", "being looked into"),
    "waiting": pgettext_lazy("conversation", "waiting for the author"),
    "snoozed": pgettext_lazy("conversation", "later"),
    "done": pgettext_lazy("conversation", "done"),
}
ADDRESSES = tuple(address for address in Address if address is not Address.OURS)
KINDS = {
    Address.COMMENT: gettext_lazy("Comments"),
    Address.REPLY: gettext_lazy("Replies"),
    Address.MENTION: pgettext_lazy("conversations", "Mentions"),
    Address.QUOTE: gettext_lazy("Quotes"),
    Address.MESSAGE: gettext_lazy("Private messages"),
    Address.REVIEW: gettext_lazy("Reviews"),
}
ABOUT = {
    Address.COMMENT: gettext_lazy("commented on what you published"),
    Address.REPLY: gettext_lazy("replied to you"),
    Address.MENTION: gettext_lazy("mentioned you"),
    Address.QUOTE: gettext_lazy("quoted you"),
    Address.MESSAGE: gettext_lazy("wrote to you in private"),
    Address.REVIEW: gettext_lazy("left a review"),
}
UNITS = {
    TextUnit.CODE_POINTS: gettext_lazy("characters"),
    TextUnit.GRAPHEMES: gettext_lazy("graphemes"),
    TextUnit.UTF16: gettext_lazy("characters"),
    TextUnit.WEIGHTED: gettext_lazy("characters, counted as the network does"),
    TextUnit.BYTES: gettext_lazy("bytes"),
    TextUnit.EMOJI_BYTES: gettext_lazy("characters"),
}
_MOVES = {
    "open": (pgettext_lazy("act", "Open again"), "arrow-back-up"),
    "pending": (gettext_lazy("Being looked into"), "eye-search"),
    "waiting": (gettext_lazy("Wait for them"), "hourglass"),
    "done": (pgettext_lazy("act", "Done"), "check"),
}


def states_offered(conversation: Conversation) -> list[tuple[str, object, str]]:
    """Where a person may put it beside sleep: state, words, icon."""
    return [(to, *_MOVES[to]) for to in _MOVES if to in CONVERSATION.moves[conversation.state]]


def unit_words(rules: PostingRules) -> str:
    """What the network counts in."""
    return str(UNITS[rules.text_unit])


def problem_words(problem: Problem) -> str:
    """Why the network would refuse it."""
    return problem.message(language())


def put_words(to: str, n: int) -> str:
    """What was done with some conversations."""
    told = {
        "open": ngettext("%(n)d conversation opened again.", "%(n)d conversations opened again.", n),
        "pending": ngettext(
            "%(n)d conversation is being looked into.", "%(n)d conversations are being looked into.", n
        ),
        "waiting": ngettext(
            "%(n)d conversation waits for its author.", "%(n)d conversations wait for their author.", n
        ),
        "snoozed": ngettext("%(n)d conversation put off.", "%(n)d conversations put off.", n),
        "done": ngettext("%(n)d conversation done.", "%(n)d conversations done.", n),
    }
    return told[to] % {"n": n}


def waited_words(minutes: int) -> str:
    """How long somebody has waited, in one short word."""
    if minutes < 60:
        return _("%(n)d min") % {"n": max(minutes, 1)}
    hours = minutes // 60
    return _("%(n)d h") % {"n": hours} if hours < 48 else _("%(n)d d") % {"n": hours // 24}
