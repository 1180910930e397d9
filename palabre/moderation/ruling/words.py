"""Rules in words: conditions, actions and what became of them, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palabre.moderation.ruling.rules import Ask, Do
from palabre.moderation.ruling.signs import Sign
from palabre.moderation.ruling.trust import Trust
from palabre.networks.items import Address

Text = str | Promise

ASKS: dict[Ask, tuple[Text, str]] = {
    Ask.WORDS: (_("Words"), "quote"),
    Ask.ADDRESS: (_("What it is"), "message"),
    Ask.ACCOUNT: (_("Account"), "plug"),
    Ask.NETWORK: (_("Network"), "world"),
    Ask.LANGUAGE: (_("Language"), "language"),
    Ask.SIGNS: (_("Made of"), "link"),
    Ask.SHORT: (_("Words, at most"), "letter-case"),
    Ask.TONE: (_("Tone"), "mood-smile"),
    Ask.TOXICITY: (_("May hurt, from"), "alert-triangle"),
    Ask.SPAM: (_("May be spam, from"), "ban"),
    Ask.TRUST: (_("How well we know the author"), "shield-check"),
    Ask.FIRST: (_("First words to us"), "user-plus"),
    Ask.FOLLOWERS: (_("Followers, at least"), "users"),
    Ask.CLOSED: (_("Outside our hours"), "clock"),
}
"""What a condition is about, and its icon."""
HELP: dict[Ask, Text] = {
    Ask.WORDS: _(
        "As in a topic: words, “a phrase”, OR, NOT, wildcards. Case and accents make no difference."
    ),
    Ask.SHORT: _("Counts everything between spaces."),
    Ask.TOXICITY: _("In percent. The guess of this machine: it orders, it judges nobody."),
    Ask.SPAM: _("In percent. The guess of this machine: it orders, it judges nobody."),
    Ask.TRUST: _(
        "New: they never spoke to us. Doubtful: two or more of their earlier messages, and a third of them, "
        "were judged hurtful or spam. Trusted: five messages or more over thirty days, none judged so. "
        "Known: all others."
    ),
    Ask.FIRST: _("Nothing of theirs was heard before."),
    Ask.FOLLOWERS: _("Where the network does not tell, the condition does not hold."),
    Ask.CLOSED: _("Outside the opening hours of the brand, on its clock. Public holidays are closed days."),
    Ask.LANGUAGE: _("Where it could not be told, the condition does not hold."),
}
DOES: dict[Do, tuple[Text, str]] = {
    Do.ASSIGN: (_("Give it to"), "user-check"),
    Do.LABEL: (_("Put on the label"), "tag"),
    Do.PRIORITY: (_("Make it"), "flame"),
    Do.FLAG: (_("Bring it to the queue"), "flag"),
    Do.HIDE: (_("Hide it"), "eye-off"),
    Do.HOLD: (_("Hold it back for review"), "hand-stop"),
    Do.NOTIFY: (_("Write a mail to"), "mail"),
    Do.DONE: (_("Mark the conversation done"), "check"),
    Do.STOP: (_("Ask no further rule"), "player-stop"),
}
"""What a rule does, and its icon."""
DOES_HELP: dict[Do, Text] = {
    Do.ASSIGN: _("Unless somebody has it already."),
    Do.HIDE: _(
        "By a decision that stands on the article below. Where the network cannot, it comes to the queue."
    ),
    Do.HOLD: _(
        "By a decision that stands on the article below. Where the network cannot, it comes to the queue."
    ),
    Do.NOTIFY: _("The mail names the rule and the conversation, and holds nobody’s words."),
}
SIGNS: dict[Sign, Text] = {
    Sign.ONLY_EMOJI: _("only emoji"),
    Sign.ONLY_MENTIONS: _("only @mentions"),
    Sign.LINK: _("a link"),
    Sign.EMAIL: _("an e-mail address"),
    Sign.PHONE: _("a telephone number"),
}
TRUSTS: dict[Trust, Text] = {
    Trust.NEW: pgettext_lazy("author", "new"),
    Trust.DOUBTFUL: pgettext_lazy("author", "doubtful"),
    Trust.KNOWN: pgettext_lazy("author", "known"),
    Trust.TRUSTED: pgettext_lazy("author", "trusted"),
}
KINDS: dict[Address, Text] = {
    Address.COMMENT: pgettext_lazy("kind of message", "comment"),
    Address.REPLY: pgettext_lazy("kind of message", "reply"),
    Address.MENTION: pgettext_lazy("kind of message", "mention"),
    Address.QUOTE: pgettext_lazy("kind of message", "quote"),
    Address.MESSAGE: pgettext_lazy("kind of message", "private message"),
    Address.REVIEW: pgettext_lazy("kind of message", "review"),
}
CODES: dict[str, Text] = {
    "done": _("done"),
    "already": _("it was so already"),
    "taken": _("somebody had it already"),
    "nobody": _("this person or team can no longer take it"),
    "no_label": _("the label is no more"),
    "no_article": _("no article of the charter in force: it is in the queue"),
    "unable": _("the network does not let us: it is in the queue"),
}
"""What became of an action."""
